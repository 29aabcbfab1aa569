#pragma once

#include "core/net/answer.h"
#include "core/notify/api/wayregistry.h"

// An event as the Events API v2 takes it, and what its answer means. Pure.

namespace tierline::notify::pagerduty {

/// Whether a text has the form of a routing key: 32 letters and digits.
bool isRoutingKey(QByteArrayView text);

/// The whole body, JSON, less than 300 KB: the other side takes 512. It holds the key, so it goes nowhere but into a
/// request. The topic is the event's dedup key: a second arrival changes nothing.
QByteArray eventBody(const Telling &telling, const Secret &key);

/// What became of it. Their words are shown where they are short and repeat neither key nor card.
Told toldOfEvent(const net::Answer &answer, const Telling &telling, const Secret &key);

} // namespace tierline::notify::pagerduty

#pragma once

#include "core/domain/event.h"

#include <QJsonObject>

namespace tierline {

/// What an event says, as exports and handoff packages spell it: kind and at, then only what it set
/// (tier team assignee status priority), its note and its data. Who did it is the reader's to add.
/// Pure; thread: any.
QJsonObject eventJson(const Event &event);

} // namespace tierline

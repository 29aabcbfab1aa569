#pragma once

#include "core/net/credentials.h"
#include "core/notify/api/way.h"

namespace tierline::notify::webhook {

/// A telling as programs read it: resources/schemas/notice-1.json. One line of UTF-8; empty parts are left out.
QByteArray noticeJson(const Telling &telling);

/// The value of Tierline-Signature: "t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>".
QByteArray signatureOf(const QByteArray &body, const Secret &secret, Instant now);

} // namespace tierline::notify::webhook

#pragma once

#include "core/net/answer.h"
#include "core/notify/api/way.h"

namespace tierline::notify::webhook {

/// What an answer to a telling means. Only the status counts: what else a receiver says is not read. Pure.
Told toldBy(const net::Answer &answer, const QString &host);

/// What an answer to a question for the headers alone says to whoever sets the address up. Pure.
Result<QString> testedBy(const net::Answer &answer, const QString &host, bool isEncrypted);

} // namespace tierline::notify::webhook

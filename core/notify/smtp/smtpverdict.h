#pragma once

#include "core/notify/api/way.h"
#include "core/notify/smtp/smtpdialogue.h"

namespace tierline::notify::smtp {

/// What the end of a dialogue means for the mail, without a receipt. `withheld`: what of a server's words no sentence
/// repeats beside the secret. Pure.
Told toldBy(const SmtpEnd &end, const SmtpServer &server, const QStringList &withheld);

/// The sentence for whoever sets the server up, of a dialogue without a mail; or what is wrong.
Result<QString> testedBy(const SmtpEnd &end, const SmtpServer &server);

} // namespace tierline::notify::smtp

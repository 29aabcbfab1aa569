#pragma once

#include "core/notify/smtp/smtpdialogue.h"

namespace tierline::notify::smtp {

/// What is said to sign in, the command first and then the answer to each question (334) of the server, by the way that
/// is wanted or the first that both know; empty where there is none. `hello`: the answer to EHLO.
QList<QByteArray> signInLines(const SmtpServer &server, const Reply &hello);

/// The secret in every form in which it was said: what no sentence may repeat.
QStringList formsOfSecret(const SmtpServer &server);

} // namespace tierline::notify::smtp

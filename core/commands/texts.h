#pragma once

#include "core/domain/people.h"
#include "core/domain/ticket.h"

namespace tierline::commands {

// Sentences that commands write, and the bounds of those that people give. Pure.

constexpr qsizetype MaxMessage
    = 1'000'000; ///< characters of a reply or of something a customer said
constexpr qsizetype MaxHtml = 2'000'000; ///< of a mail's HTML
constexpr qsizetype MaxNote = 100'000; ///< of a note, a reason, a form's field
constexpr qsizetype MaxLine = 1000; ///< of a subject, a name, one value of a field

/// The text without lone surrogates, NUL and spaces around it. BadInput naming `where` where it is
/// longer than `limit`.
Result<QString> cleaned(const QString &text, qsizetype limit, const QString &where);
/// The same, and BadInput with `ifEmpty` as its sentence where nothing is left.
Result<QString> required(
    const QString &text, qsizetype limit, const QString &where, const QString &ifEmpty);

/// "missing permission" from "missing-permission".
QString reasonInWords(const QString &reason);

/// Agent handles that a note names with @, in order, each once; which exist is the caller's business.
QStringList mentionsIn(const QString &text);

} // namespace tierline::commands

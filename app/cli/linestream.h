#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// Answers plain lines from their bytes, ASCII without its line's end; nothing for those that are none.
using QuickAnswer = std::function<std::optional<QByteArray>(QByteArrayView)>;

/// Answers each line of standard input (one JSON object) with one line, as soon as it is there. A line that
/// cannot be used is answered with its error, and the others go on: exit code 3, or 1 where none was good.
/// `what` names the lines in errors: "clocks". At most 1 MiB a line. `quick` is asked first, where there is one.
Result<Answer> answerLines(const QString &what,
    const std::function<Result<QJsonObject>(const QJsonObject &)> &answer,
    const QuickAnswer &quick = {});

} // namespace tierline::cli

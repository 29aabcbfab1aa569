#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// Answers each line of standard input (one JSON object) with one line, as soon as it is there. A line that
/// cannot be used is answered with its error, and the others go on: exit code 3, or 1 where none was good.
/// `what` names the lines in errors: "clocks". At most 1 MiB a line.
Result<Answer> answerLines(
    const QString &what, const std::function<Result<QJsonObject>(const QJsonObject &)> &answer);

} // namespace tierline::cli

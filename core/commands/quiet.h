#pragma once

#include "core/calendar/servicetime.h"
#include "core/commands/commands.h"

namespace tierline::commands {

/// When rules wake nobody: levels of their ladders wait for the end of such a time (setting "quiet").
struct QuietTimes {
    std::vector<TimeSpan> spans; ///< in order, not overlapping
    bool criticalPasses = true; ///< what is critical is done all the same
    /// Name of a calendar of the agreements: outside its hours it is quiet, every day. Empty: no such rule; the
    /// same where there is no such calendar any more.
    QString outsideOf;
    bool operator==(const QuietTimes &) const = default;
};
/// Empty where nothing is set, or what is set cannot be read.
Result<QuietTimes> loadQuietTimes(storage::Connection &connection);

/// Takes the place of all that were set; spans that touch become one. BadInput where one ends before it begins,
/// or is longer than a year, or there are more than a hundred, or the calendar is not there.
struct SetQuietTimes {
    QuietTimes times;
    QString why; ///< kept with the change; empty: nothing was said
};
Result<WorkspaceOutcome> run(Context &context, const SetQuietTimes &command);
/// The same inside a transaction under way.
Result<Done> replaceQuietTimes(
    Context &context, storage::WriteScope &scope, const SetQuietTimes &command);

} // namespace tierline::commands

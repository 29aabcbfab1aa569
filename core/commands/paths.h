#pragma once

#include "core/commands/commands.h"
#include "core/escalation/pathbook.h"

#include <variant>

namespace tierline::commands {

// The workspace's escalation matrix (core/escalation/matrix.h), and which way a ticket goes by it. The dialog, rules
// ("escalate by matrix") and the command line all ask alongPath(), so they cannot disagree.

/// The edition that rules; empty where there is none.
Result<escalation::Matrix> loadMatrix(storage::Connection &connection);

/// The next edition. Leads and admins may. BadInput as escalation::check(); where nothing changes nothing is written.
struct SaveMatrix {
    escalation::Matrix matrix;
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const SaveMatrix &command);
/// The same inside a transaction under way.
Result<Done> replaceMatrix(Context &context, storage::WriteScope &scope,
    const escalation::Matrix &matrix, const QString &why);

/// The shipped lines become the first edition, and the departments that they lead to become teams where they are
/// missing. An admin's to do, since teams are. Conflict where there is a matrix; BadInput where the workspace's tiers
/// or teams are not those that the lines name.
struct BeginMatrix {
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const BeginMatrix &command);

/// Which team has a customer's account (M65); an empty one: none has. Leads and admins may.
struct SetAccountTeam {
    QString organization; ///< its name, in any case of letters
    QString team;
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const SetAccountTeam &command);

/// The matrix with all that following it needs.
Result<escalation::PathBook> loadPathBook(storage::Connection &connection);

QJsonObject toJson(const PathMark &mark);
/// The line that an event followed; none: it followed none.
std::optional<PathMark> pathMarkOf(const Event &event);
/// A line of an edition as it was then. NotFound where there was none of that name.
Result<escalation::MatrixCell> loadCell(storage::Connection &connection, const PathMark &mark);

/// An escalation without a target, completed by the matrix: up as an escalation, sideways as a reassignment with the
/// form's summary as its note. Target, kind and priority are taken from the line; all else stays as it was asked.
/// Faults as PathBook::pathOf(), and NotFound for tickets that may not be seen.
using PathMove = std::variant<Escalate, Reassign>;
Result<PathMove> alongPath(
    storage::Connection &connection, const Escalate &asked, const Visibility &visibility);
/// The same for a ticket that is known.
Result<PathMove> alongPath(const escalation::PathBook &book, const Escalate &asked,
    const Ticket &ticket, const QString &plan);
/// The same for a way that is known.
PathMove alongPath(const escalation::TicketPath &path, const Escalate &asked);

} // namespace tierline::commands

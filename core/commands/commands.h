#pragma once

#include "core/base/ids.h"
#include "core/domain/event.h"
#include "core/domain/handoff.h"
#include "core/domain/people.h"
#include "core/storage/store.h"

namespace tierline::commands {

/// Who does it, when, and with which randomness. `actor` is an agent of the workspace.
struct Context {
    storage::Store &store;
    RandomSource &random;
    Agent actor;
    Visibility visibility;
    Instant now;
    storage::Durability durability = storage::Durability::Person;
    Millis undoWindow { 0 }; ///< how long what a remote must hear of stays here first
    QString operation = {}; ///< UUID that the command is known by; empty: a new one
};

/// What a command did: printed by the command line, and what the desktop tells its user.
struct Outcome {
    QString operation; ///< UUID of the command
    TicketState state; ///< after it
    std::vector<Event> events; ///< as they stand in the log
    QStringList queued; ///< operations that a remote must still hear of
    QString notice; ///< text of the customer's notice, where one was written
};

// One value for each change. `ticket` is a key as people write it. Every command checks the
// transition table and the guards first, writes everything in one store transaction or nothing, and
// refuses with BadInput (a field is missing: `where` names it), NotAllowed, NotFound or Conflict.

struct CreateTicket {
    Ticket ticket;
    Requester requester;
    Organization organization;
    QString text;
    QString html; ///< the same as it came, where it came as HTML; shown made harmless. Needs `text`
};
struct Reply {
    QString ticket;
    QString text;
};
struct Note {
    QString ticket;
    QString text;
    QStringList mentions;
};
/// Something the customer (or a bot) said, that came by a way which is no import or sync: a call
/// noted by hand, a pasted chat. The customer's "yes" and "no" to a solution are commands of their own.
struct CustomerMessage {
    QString ticket;
    QString text;
    AuthorKind author = AuthorKind::Customer;
    QString authorName;
    QString html = {}; ///< the same as it came, where it came as HTML
};
/// Field changes by name: subject, priority, status (new open pending hold), category, product,
/// type, severity, complex, tags, assignee, and custom fields as "field.NAME". Never tier or team.
struct SetFields {
    QString ticket;
    QList<std::pair<QString, QString>> changes;
};
struct Flag {
    QString ticket;
    QString note;
};
struct Unflag {
    QString ticket;
};
struct Triage {
    QString ticket;
};
struct Claim {
    QString ticket;
};
/// Which line of which edition of the escalation matrix a move follows, and which step of its path.
struct PathMark {
    int edition = 0;
    QString cell; ///< "billing · enterprise"
    int step = 0;
    bool operator==(const PathMark &) const = default;
};
struct Reassign {
    QString ticket;
    QString team;
    QString to;
    QString note;
    std::optional<PathMark> path = {}; ///< the line of the matrix that it follows
    bool isOwnReason = true; ///< false: a program composed the note, which is no reason to go back
};
struct Escalate {
    QString ticket;
    QString toTier;
    QString team; ///< empty: the tier's first team that is not confidential, or none
    QString to; ///< an agent, or nobody
    EscalationKind kind = EscalationKind::Functional;
    Trigger trigger = Trigger::Proactive;
    QString reason; ///< a reason code of the workspace
    HandoffForm form;
    QString notice; ///< the customer's notice as edited; empty: the composed one
    QString skipNotice; ///< why the customer is not told; empty: they are
    QString overrideGuard; ///< why a warning of the guards is passed over
    int priorityStep = 1; ///< how far the priority goes up; 0 keeps it
    std::optional<PathMark> path = {}; ///< the line of the matrix that it follows
    QString sentence; ///< why, in words, as a rule prints it; empty: composed of reason and summary
    bool isOwnReason = true; ///< false: a program composed the form, which is no reason to go back
};
struct Accept {
    QString ticket;
};
struct Return {
    QString ticket;
    Verdict verdict = Verdict::Answered;
    QString note;
};
struct Withdraw {
    QString ticket;
    QString note;
};
struct Solve {
    QString ticket;
    QString text;
}; ///< text: the question to the customer; empty: composed
struct Confirm {
    QString ticket;
    QStringList tags;
}; ///< the customer's yes: archived with tags
struct Reopen {
    QString ticket;
    QString note;
}; ///< the customer's no, or work that came back
struct Review {
    QString ticket;
    QString note;
};
struct Csat {
    QString ticket;
    int score = 0;
    QString comment;
};
struct Follow {
    QString ticket;
    QString agent;
    bool follows = true;
};
/// Undoes the newest undoable command of the actor on this ticket.
struct Undo {
    QString ticket;
};

Result<Outcome> run(Context &, const CreateTicket &);
Result<Outcome> run(Context &, const Reply &);
Result<Outcome> run(Context &, const Note &);
Result<Outcome> run(Context &, const CustomerMessage &);
Result<Outcome> run(Context &, const SetFields &);
Result<Outcome> run(Context &, const Flag &);
Result<Outcome> run(Context &, const Unflag &);
Result<Outcome> run(Context &, const Triage &);
Result<Outcome> run(Context &, const Claim &);
Result<Outcome> run(Context &, const Reassign &);
Result<Outcome> run(Context &, const Escalate &);
Result<Outcome> run(Context &, const Accept &);
Result<Outcome> run(Context &, const Return &);
Result<Outcome> run(Context &, const Withdraw &);
Result<Outcome> run(Context &, const Solve &);
Result<Outcome> run(Context &, const Confirm &);
Result<Outcome> run(Context &, const Reopen &);
Result<Outcome> run(Context &, const Review &);
Result<Outcome> run(Context &, const Csat &);
Result<Outcome> run(Context &, const Follow &);
Result<Outcome> run(Context &, const Undo &);

// Changes of the workspace itself; each is an event of ticket 0.
struct SaveAgent {
    Agent agent;
    bool isNew = false;
    QString grantNote;
};
struct SaveTeam {
    Team team;
    bool isNew = false;
};
struct SaveTier {
    Tier tier;
    bool isNew = false;
};
struct SetMe {
    QString agent;
};
/// How many open tickets an agent can have at a time: what rules measure a team's free capacity by. None: not said,
/// and rules that ask for it are not judged.
struct SetCapacity {
    std::optional<int> ticketsPerAgent;
};
inline constexpr int largestCapacity = 1'000;

/// What to tell the person besides "done": a fourth human tier, a grant without a note …
struct WorkspaceOutcome {
    QStringList warnings;
};

Result<WorkspaceOutcome> run(Context &, const SaveAgent &);
Result<WorkspaceOutcome> run(Context &, const SaveTeam &);
Result<WorkspaceOutcome> run(Context &, const SaveTier &);
Result<WorkspaceOutcome> run(Context &, const SetMe &);
Result<WorkspaceOutcome> run(Context &, const SetCapacity &);

/// One imported ticket with its whole history, ready to be written: events in order (the first is
/// Created), messages that events point to by index through `messageOf`. Used by core/import.
struct History {
    Ticket ticket; ///< key, subject, channel, created …; the rest comes from the events
    Requester requester;
    Organization organization;
    std::vector<Event> events;
    std::vector<Message> messages;
    std::vector<qint64> messageOf; ///< for each event the index into messages, or -1
};
/// Writes a ticket that is not there yet, under an import. Not guarded: history is what it was.
Result<TicketId> ingest(
    storage::WriteScope &scope, History &history, ImportId import, bool indexText);
/// Adds those events of `history` to a ticket that is there already whose origin it does not have;
/// gives how many were new. The state is folded again from the whole log.
Result<int> merge(storage::WriteScope &scope, TicketId ticket, History &history);
/// Rebuilds a ticket's rows from its log and says whether they were as they should be.
Result<bool> rebuild(storage::WriteScope &scope, TicketId ticket);

} // namespace tierline::commands

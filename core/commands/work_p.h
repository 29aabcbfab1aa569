#pragma once

#include "core/commands/agreements.h"
#include "core/commands/reasons.h"
#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"
#include "core/escalation/limits.h"
#include "core/escalation/transitions.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QJsonArray>

namespace tierline::commands {

/// The people, teams and tiers as one transaction sees them.
struct Staff {
    QList<Tier> tiers;
    QList<Team> teams;
    QList<Agent> agents;

    const Tier *tier(const QString &id) const;
    const Team *team(const QString &name) const;
    const Agent *agent(const QString &id) const;
    /// The name to say to people; the id where nobody has it.
    QString nameOf(const QString &agent) const;
};
Result<Staff> loadStaff(storage::Connection &connection);

/// Whether somebody may hold a ticket at this tier; leads and admins may everywhere.
bool mayHold(const Agent &agent, const QString &tier);
/// Whether this agent may be given a ticket of that tier and team: there, active, working at the
/// tier, and allowed to see the team. BadInput with `where` else.
Result<Done> checkHolder(const Staff &staff, const QString &agent, const QString &tier,
    const QString &team, const QString &where);
/// One command on one ticket inside its transaction: events are frozen, appended and folded one by
/// one; finish() saves what they gave.
class Work
{
public:
    Work(Context &context, storage::WriteScope &scope);

    /// Finds and loads the ticket. NotFound where it is not there or may not be seen.
    Result<Done> open(const QString &key);
    /// Instead of open(), for a ticket that is not there yet: first the people, then its first event,
    /// whose data hold it whole.
    Result<Done> loadPeople();
    Result<Done> create(Event created);

    const TicketState &state() const { return m_state; }
    const Ticket &ticket() const { return m_state.ticket; }
    const Escalation *record() const { return m_state.openEscalation(); }
    std::optional<Stage> stage() const;
    const Staff &staff() const { return m_staff; }
    const Agent &actor() const { return m_context.actor; }
    Context &context() { return m_context; }
    Instant now() const { return m_context.now; }
    storage::WriteScope &scope() { return m_scope; }
    storage::Connection &connection() { return m_scope.connection(); }
    const QString &operation() const { return m_outcome.operation; }
    const std::vector<Event> &events() const { return m_outcome.events; } ///< so far

    /// Conflict in words where the table does not have this action now.
    Result<Done> check(escalation::Action action) const;
    /// Conflict where the ticket is solved, closed or deleted.
    Result<Done> checkWorkable() const;

    /// An event of the actor, now, of this operation.
    Event event(EventKind kind, const QString &note = {}) const;
    /// Who the actor is to the log: a person of the desk, the customer, or a rule.
    AuthorKind actorKind() const;
    /// Freezes, appends and applies it.
    Result<Done> add(Event event);
    /// Adds to the thread and logs it.
    Result<Done> say(Message message, const QJsonObject &data = {},
        std::optional<Status> status = {}, std::optional<QString> assignee = {});
    /// A message of the actor.
    Message message(MessageKind kind, const QString &text) const;
    /// The state as it is without some of its events; used by undo.
    Result<Done> foldAgain();
    /// Written after the ticket's rows, which it refers to.
    void freezePackage(Handoff package) { m_package = std::move(package); }
    /// No remote ever heard of what this operation undoes.
    void staysHere() { m_staysHere = true; }
    void setNotice(const QString &text) { m_outcome.notice = text; }

    /// Runs one of several steps. What it has written is taken back where it is refused (BadInput, NotAllowed,
    /// NotFound, Conflict), and the work goes on; a fault of the store ends it. Gives the refusal, or none.
    Result<std::optional<Error>> attempt(const std::function<Result<Done>()> &step);

    /// Saves the rows, and queues the operation where a remote must hear of it.
    Result<Done> finish(const QString &kind);
    Outcome take() { return std::move(m_outcome); }

private:
    Result<Done> queue(const QString &kind);

    Context &m_context;
    storage::WriteScope &m_scope;
    Staff m_staff;
    TicketState m_before;
    TicketState m_saved; ///< as the rows are
    TicketState m_state;
    Instant m_order;
    std::optional<Handoff> m_package;
    bool m_staysHere = false;
    QJsonArray m_texts; ///< of this operation's messages, for the remote
    Outcome m_outcome;
};

// What commands do, for those that do several at once.
Result<Done> escalate(Work &work, const Escalate &command);
Result<Done> setFields(Work &work, const SetFields &command);
Result<Done> writeNote(Work &work, const Note &command);
Result<Done> flag(Work &work, const Flag &command);
Result<Done> reassign(Work &work, const Reassign &command);
Result<Done> giveAgreement(Work &work, const GiveAgreement &command);

/// A move that somebody wants to make: where to, why, and the field that says so.
struct WayBack {
    const QString &tier, &team;
    const QString &reason;
    bool isOwnReason = true; ///< false: a program composed it, and it says nothing of the way back
    QString where;
};
/// A ticket goes back to a queue in which it was in its present life only where somebody says why. BadInput else.
/// Every command that moves asks it; those that need a note whatever the way have asked for the reason with it.
Result<Done> checkWayBack(
    storage::Connection &connection, const Ticket &ticket, const WayBack &way);

/// Takes the open escalation back and puts the ticket where it came from.
Result<Done> withdrawEscalation(Work &work, const QString &note);

/// Runs `body(Work &)` on a ticket in one store transaction, or nothing of it.
template<typename Body>
Result<Outcome> onTicket(Context &context, const QString &key, const QString &kind, Body body)
{
    Outcome outcome;
    const Result<Done> written
        = context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
              Work work(context, scope);
              TIERLINE_CHECK(work.open(key));
              TIERLINE_CHECK(body(work));
              TIERLINE_CHECK(work.finish(kind));
              outcome = work.take();
              return Done {};
          });
    if (!written)
        return written.error();
    return outcome;
}

/// Name of the account that a key belongs to ("zd" of "zd:4812"), where the workspace has such an
/// account; empty else.
Result<QString> accountOf(storage::Connection &connection, const QString &key);

} // namespace tierline::commands

#pragma once

#include "core/commands/paths.h"
#include "core/commands/templates.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "core/sync/decide.h"

namespace tierline::desk {

/// What somebody needs to be allowed for a command.
enum class Right : quint8 {
    Write, ///< anybody but read-only: make a ticket, follow one
    Work, ///< at their own tiers; leads and admins everywhere
    Talk, ///< as Work, and those who follow the ticket: they see it through to its end
    Triage, ///< specialists for flags of their own tiers and the one below, leads everywhere
    Unflag, ///< who flagged it, and who may triage it
    Escalate, ///< as Work, and who may triage the ticket's flag
    Withdraw, ///< who escalated it, and leads
    Own, ///< concerns only what they did themselves: undo
    Lead, ///< leads and admins
};

constexpr Right rightFor(const commands::CreateTicket &)
{
    return Right::Write;
}
constexpr Right rightFor(const commands::Follow &)
{
    return Right::Write;
}
constexpr Right rightFor(const commands::Reply &)
{
    return Right::Talk;
}
constexpr Right rightFor(const commands::Note &)
{
    return Right::Talk;
}
constexpr Right rightFor(const commands::CustomerMessage &)
{
    return Right::Talk;
}
constexpr Right rightFor(const commands::Csat &)
{
    return Right::Talk;
}
constexpr Right rightFor(const commands::SetFields &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Flag &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Unflag &)
{
    return Right::Unflag;
}
constexpr Right rightFor(const commands::Triage &)
{
    return Right::Triage;
}
constexpr Right rightFor(const commands::Claim &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Reassign &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Escalate &)
{
    return Right::Escalate;
}
constexpr Right rightFor(const commands::Accept &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Return &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Withdraw &)
{
    return Right::Withdraw;
}
constexpr Right rightFor(const commands::Solve &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Confirm &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Reopen &)
{
    return Right::Work;
}
constexpr Right rightFor(const commands::Review &)
{
    return Right::Lead;
}
constexpr Right rightFor(const commands::Undo &)
{
    return Right::Own;
}

/// Changes of the workspace that are not an admin's alone; their command says who else may.
template<typename Command>
constexpr bool leadsMay
    = std::is_same_v<Command,
          commands::
              SaveTemplate> || std::is_same_v<Command, commands::PutTemplate> || std::is_same_v<Command, commands::SaveMatrix> || std::is_same_v<Command, commands::SetAccountTeam>;

/// The verbs that a person can do, with what their role allows: the only door from desktop and
/// command line to core/commands. Thread: the store's.
///
///   read-only  reads
///   agent      reply note set flag claim reassign (own tier) escalate accept return solve reopen …
///              at their home and granted tiers
///   specialist the same; may triage flags of the tier below
///   lead       all of it at every tier, reviews, withdraws for others
///   admin      the same, and people, teams, tiers; sees confidential teams
class Desk
{
public:
    /// `as`: an agent id, or empty for the workspace's `me`. NotFound where there is none, NotAllowed
    /// where they are inactive.
    static Result<Desk> open(storage::Store &store, RandomSource &random, const QString &as = {});

    /// What is done from now on stays on this machine so long, whoever syncs meanwhile: undone within
    /// it, it never left. None unless set.
    void setUndoWindow(Millis window) { m_undoWindow = window; }

    storage::Store &store() const { return *m_store; }
    const Agent &actor() const { return m_actor; }
    const Visibility &visibility() const { return m_visibility; }

    /// Checks the role, then runs the command at the clock's now.
    template<typename Command>
    Result<commands::Outcome> run(const Command &command)
    {
        TIERLINE_CHECK(mayRun(command));
        commands::Context context = makeContext();
        using commands::
            run; // found where it is called from: a command's header may come after this one
        return run(context, command);
    }
    template<typename Command>
    Result<commands::WorkspaceOutcome> change(const Command &command)
    {
        if constexpr (!leadsMay<Command>)
            TIERLINE_CHECK(mayChange());
        commands::Context context = makeContext();
        using commands::
            run; // found where it is called from: a command's header may come after this one
        return run(context, command);
    }

    /// Whether the role allows it now: what enables a button. NotAllowed with a sentence that says
    /// who may, NotFound for tickets that are not there or may not be seen.
    template<typename Command>
    Result<Done> mayRun(const Command &command)
    {
        if constexpr (std::is_same_v<Command, commands::CreateTicket>)
            return may(rightFor(command), QString());
        else
            return may(rightFor(command), command.ticket);
    }
    Result<Done> mayChange() const;

    // Accounts with remote helpdesks: admins add and remove them. What waits to be sent or disagrees is
    // decided by whoever may work on the ticket; of what they may not see they hear as of what is not there.
    Result<Done> addAccount(const storage::Account &account);
    Result<Done> removeAccount(const QString &name, bool evenIfPending);
    Result<std::vector<storage::OutboxEntry>> outbox();
    Result<std::vector<storage::Conflict>> conflicts();
    Result<Done> resolveConflict(const QString &id, sync::Side side);
    Result<Done> retryOperation(const QString &id);
    Result<Done> dropOperation(const QString &id);

    /// The escalate form filled in with what the store knows: tiers above with team, reasons, tried
    /// steps from notes and bot turns, urgency flags, the customer's notice as it would be sent.
    struct Draft {
        commands::Escalate
            command; ///< its team is empty: chosen by reason, receiver and what the ticket is about, or none
        QList<Tier> targets; ///< tiers above, lowest first
        QList<Team> teams; ///< of those tiers, as far as they may be seen
        QStringList reasons;
        QString noticePreview;
        QStringList warnings; ///< what the guards will say
        QString
            path; ///< what the escalation matrix says of this ticket, a sentence; empty: there is no matrix
    };
    Result<Draft> draftEscalation(const QString &ticket);
    /// The notice for a draft as edited so far.
    Result<QString> previewNotice(const commands::Escalate &command);
    /// What the guards will say to it.
    Result<QStringList> previewWarnings(const commands::Escalate &command);
    /// The handoff card for a draft as edited so far, without writing anything. BadInput with the
    /// field in `where` where the form is not complete.
    Result<Handoff> previewHandoff(const commands::Escalate &command);

private:
    Desk(storage::Store &store, RandomSource &random, Agent actor, Visibility visibility);
    commands::Context makeContext();
    Result<Done> may(Right right, const QString &ticket);
    Result<Done> mayDecide(TicketId ticket, const QString &what);
    Result<QString> visibleKey(TicketId ticket);

    storage::Store *m_store;
    RandomSource *m_random;
    Agent m_actor;
    Visibility m_visibility;
    Millis m_undoWindow { 0 };
};

} // namespace tierline::desk

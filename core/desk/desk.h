#pragma once

#include "core/commands/commands.h"

namespace tierline::desk {

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

    const Agent &actor() const { return m_actor; }
    const Visibility &visibility() const { return m_visibility; }

    /// Checks the role, then runs the command at the clock's now.
    template<typename Command>
    Result<commands::Outcome> run(const Command &command)
    {
        TIERLINE_CHECK(mayRun(command));
        commands::Context context = makeContext();
        return commands::run(context, command);
    }
    template<typename Command>
    Result<commands::WorkspaceOutcome> change(const Command &command)
    {
        TIERLINE_CHECK(mayChange());
        commands::Context context = makeContext();
        return commands::run(context, command);
    }

    /// The escalate form filled in with what the store knows: tiers above with team, reasons, tried
    /// steps from notes and bot turns, urgency flags, the customer's notice as it would be sent.
    struct Draft {
        commands::Escalate command;
        QList<Tier> targets;
        QList<Team> teams;
        QStringList reasons;
        QString noticePreview;
        QStringList warnings; ///< what the guards will say
    };
    Result<Draft> draftEscalation(const QString &ticket);
    /// The notice for a draft as edited so far.
    Result<QString> previewNotice(const commands::Escalate &command);
    /// The handoff card for a draft as edited so far, without writing anything.
    Result<Handoff> previewHandoff(const commands::Escalate &command);

private:
    Desk(storage::Store &store, RandomSource &random, Agent actor, Visibility visibility);
    commands::Context makeContext();
    Result<Done> mayChange() const;
    template<typename Command>
    Result<Done> mayRun(const Command &command);
    Result<Done> mayWorkOn(const QString &ticket, bool isLeadOnly);

    storage::Store *m_store;
    RandomSource *m_random;
    Agent m_actor;
    Visibility m_visibility;
};

} // namespace tierline::desk

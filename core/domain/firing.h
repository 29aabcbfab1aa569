#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

#include <optional>
#include <vector>

namespace tierline {

/// What became of a rule that held, or of a level of its ladder. Stored numbers never change.
enum class FiringOutcome : quint8 {
    Fired = 0,
    Shadow = 1, ///< of a rule in shadow: what it would have done
    Capped = 2, ///< its weekly cap was reached: as a shadow
    WouldFire = 3, ///< another program fires for this ticket's account
    Refused = 4, ///< a guard refused all that it would have done
    Collapsed = 5, ///< a level passed while nobody looked; a higher one was done instead
    Standing = 6, ///< held already when the rule went live, which was to count from then on only
    Ended = 7, ///< it led to itself, or the chain of rules that led to it was too long
    Stopped = 8, ///< held, and a rule above it had answered the same
};
QString code(FiringOutcome outcome);

/// One thing that a firing was to do.
struct Deed {
    QString action; ///< as the rule says it
    QString outcome; ///< done, refused, asked, kept-back, would
    QString why; ///< a sentence where it was not done
    bool operator==(const Deed &) const = default;
};

/// One line of what fired.
struct Firing {
    qint64 number = 0; ///< 0 until stored
    TicketId ticket;
    QString rule; ///< StoredRule::id; "climb" for a priority that climbs
    int era = 1;
    QString anchor; ///< the cause: rule, era, ticket, anchor and level fire once
    int level = 0; ///< 0 the rule itself; of a ladder from 1
    QString name; ///< of the rule at that time
    int version = 1;
    Instant due; ///< when it became due
    Instant at; ///< when it was done
    FiringOutcome outcome = FiringOutcome::Fired;
    QString sentence; ///< why, with actual values
    std::vector<Deed> deeds;
    QString operation; ///< UUID of its events, made of the fire-once key
    std::optional<qint64> ledBy; ///< the firing whose change led to it
    int depth = 0; ///< how many led to it

    /// Whether it stands for what really happened, and keeps it from happening again. What a shadow would have
    /// done, and what a live rule did as one, keeps only that from being noted again.
    bool isReal = true;

    bool operator==(const Firing &) const = default;
};

/// A ladder under way.
struct LadderRun {
    enum class State : quint8 { Climbing = 0, Resting = 1, Over = 2 };
    qint64 firing = 0; ///< that began it
    TicketId ticket;
    QString text; ///< the action, as the rule said it then
    QString clock; ///< code of the service agreement's clock whose hours it keeps; empty: none
    Instant began;
    Instant looked; ///< levels up to here are done
    int cycle = 0; ///< how often it opened again
    State state = State::Climbing;
    bool operator==(const LadderRun &) const = default;
};

/// Whom a notice is for. Stored numbers never change.
enum class NoticeTarget : quint8 {
    Channel = 0,
    Agent = 1,
    Team = 2,
    Pager = 3,
    Mail = 4,
    Role = 5,
    Webhook = 6,
    Tier = 7, ///< whoever works in a tier
};
QString code(NoticeTarget target);
/// Whether targets of a kind are people, whose desktops tell them. The others are reached by ways that somebody set up
/// (delivery.h), or not at all.
constexpr bool isForDesktops(NoticeTarget kind)
{
    return kind == NoticeTarget::Agent || kind == NoticeTarget::Team || kind == NoticeTarget::Role
        || kind == NoticeTarget::Tier;
}

/// Somebody whom notices can be for.
struct NoticeAddress {
    NoticeTarget kind = NoticeTarget::Agent;
    QString target; ///< as in Notice; empty: all of that kind
    bool operator==(const NoticeAddress &) const = default;
    bool takes(NoticeTarget otherKind, const QString &otherTarget) const
    {
        return kind == otherKind && (target.isEmpty() || target == otherTarget);
    }
};

/// Whose yes a rule asks for: an agent, whoever has a role, or a manager of a team (core/domain/approver.h).
struct Approver {
    NoticeTarget kind = NoticeTarget::Role;
    QString who; ///< agent id, code of the role, team
    bool operator==(const Approver &) const = default;
};

/// Something that waits for a person's yes.
struct EngineQuestion {
    QString id; ///< UUID, made of the fire-once key
    qint64 firing = 0;
    TicketId ticket;
    Instant asked;
    QString why; ///< a sentence: "It would reach the customer 3 h late."
    QString actions; ///< rule text of what is done on a yes; empty: the yes is all that is wanted
    std::optional<Approver> approver; ///< who may answer; none: whoever may write to the customer
    std::optional<Instant> answered;
    bool isYes = false;
    QString answeredBy; ///< agent id; empty: nobody did, the ticket was closed meanwhile
    bool operator==(const EngineQuestion &) const = default;
};

/// One thing that somebody was to be told.
struct Notice {
    enum class State : quint8 { Waiting = 0, HandedOver = 1, KeptBack = 2 };
    qint64 id = 0; ///< 0 until stored
    qint64 firing = 0;
    TicketId ticket;
    Instant at;
    NoticeTarget kind = NoticeTarget::Agent;
    QString target; ///< agent id, team, channel, address …
    QString text; ///< plain
    bool isUrgent = false;
    State state = State::Waiting;
    QString topic; ///< UUID that it belongs to with others: the escalation; empty: its firing
    bool operator==(const Notice &) const = default;
};

} // namespace tierline

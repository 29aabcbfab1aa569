#pragma once

#include "core/sync/pending.h"

#include <QSet>

namespace tierline::sync {

/// What is to be done next for one ticket.
struct Action {
    enum class Kind : quint8 {
        Send, ///< a step of which nothing is under way
        Look, ///< a step of unknown outcome
    };
    Kind kind = Kind::Send;
    storage::OutboxEntry entry;
    size_t step = 0; ///< index into steps
    std::vector<Step> steps; ///< of the entry, planned
    QStringList joined; ///< later operations whose only step goes with this one
    connectors::PushStep push; ///< Fields: what is not held by a conflict
    QJsonObject same; ///< Fields: what stood there already when it was merged
    QString remote; ///< id of the ticket there
    bool isFields() const { return push.kind == connectors::PushStep::Kind::Fields; }
};

/// How the engine waits between attempts: 2 s, 4 s, … at most 15 min, each with jitter of up to a half.
Millis backoff(int attempts, RandomSource &random);
/// An operation that was refused for a reason that may pass is tried this often.
inline constexpr int MaxAttempts = 12;

struct NextActions {
    std::vector<Action> actions;
    std::optional<Instant> nextAt; ///< when something that waits now becomes possible
};

/// Makes all steps of operations that came back with a backup steps of unknown outcome, with the echoes that
/// tell a pull that they have been done. Each round begins with it; it costs one look where there are none.
Result<Done> openRestored(storage::WriteScope &scope, const FieldMap &map, bool canAttach);

/// What may begin now for an account: at most one action a ticket, none for tickets in `busy`;
/// tickets with an escalation come first, then the oldest. Operations of one ticket keep their order;
/// one whose field is in conflict lets later ones of other fields pass, a refused one holds its ticket.
/// `canAttach`: of the remote's Manner. Records what it finds impossible (nothing mapped) as refused.
Result<NextActions> nextActions(storage::WriteScope &scope, const FieldMap &map, bool canAttach,
    const QSet<qint64> &busy, size_t limit);

/// The echoes of a request: what a pull brings of it belongs to the operation.
Result<Done> expectEchoes(storage::WriteScope &scope, const FieldMap &map, const Action &action);

/// Before the first byte of an action leaves: durable, so that a crash from now on is an unknown
/// outcome and not a second sending.
Result<Done> beginAction(storage::WriteScope &scope, const FieldMap &map, Action &action);

/// Compares what a Fields step would set with the ticket as the remote has it now. What is there already
/// needs nothing; what only we changed stays in `action.push.fields`; what both changed becomes a
/// conflict and waits. With nothing left to send the step is done.
struct MergedStep {
    bool isDone = false; ///< the step needs no request (any more)
    bool isBlocked = false; ///< all that is left of it waits for a choice
    QString impossible; ///< a sentence: gone, hidden, deleted
};
Result<MergedStep> mergeAction(storage::WriteScope &scope, const FieldMap &map,
    RandomSource &random, Action &action, const connectors::RemoteTicket &there);

/// What became of a Send.
Result<Done> recordOutcome(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, const connectors::PushOutcome &outcome);

/// What a Look found. `isThere` false and `isOver` true: it will not come any more, so it is sent again.
/// The first look that finds nothing notes the remote's time: the in-flight limit runs from there, so
/// that no clock of ours and no guess at the last byte counts.
Result<Done> recordLook(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, const connectors::Found &found, bool isOver);

/// A look for a move at a ticket that is out of sight. The move may have taken it there; or the remote errs,
/// and then what follows the move would be lost with it. So it counts as done when the ticket is still out of
/// sight the in-flight limit later, and was not seen in between.
Result<Done> recordHidden(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, Instant serverNow, bool isOver);

/// A request that could not even be tried (offline, sign-in): nothing has happened.
Result<Done> recordNotSent(
    storage::WriteScope &scope, RandomSource &random, const Action &action, const Error &error);

} // namespace tierline::sync

#pragma once

#include "core/desk/pastwork.h"
#include "core/domain/rulebook.h"

namespace tierline::desk {

/// A rule as it is about to be: what it would find standing is asked before it begins.
struct StandingAsk {
    QString rule; ///< name or id, in the rule book
    QString text; ///< another sentence for it; empty: the one that is kept
};

/// An open ticket for which a rule holds as things are.
struct StandingTicket {
    TicketId id;
    QString key;
    QString subject;
    QString sentence; ///< why it holds
    bool hasAnswered = false; ///< the rule has acted on this cause before, or it was set aside
    bool operator==(const StandingTicket &) const = default;
};

/// On which open tickets a live rule would act at once. With the other live rules in their order: one above it
/// that stops the round keeps it from acting here too. Its weekly limit is not looked at.
struct RuleStanding {
    std::vector<StandingTicket> tickets; ///< the oldest first; at most `mostListed`
    qint64 fresh = 0; ///< all that it would act on
    qint64 answered = 0; ///< those on which it would act only if it applied again
    qint64 looked = 0; ///< open tickets that were asked
    qint64 unjudged = 0; ///< of them: something that the rule reads is not known
    qint64 foreign = 0; ///< tickets that another workspace's runner acts on; not asked
    static constexpr size_t mostListed = 1'000;
    bool operator==(const RuleStanding &) const = default;
};

/// Of tickets that may be seen. NotFound without such a rule, BadInput where a text cannot be read. Thread: the
/// connection's, never the ui's. Cost: the log of every open ticket, and of all tickets where a live rule reads other
/// ones; `progress` stops with false.
Result<RuleStanding> findStanding(storage::Connection &connection, const Visibility &visibility,
    const StandingAsk &ask, Instant now, const rules::BacktestProgress &progress = {});

/// Finds it off the ui thread. Thread: ui; the session outlives it.
class StandingWork : public PastWork
{
    Q_OBJECT
public:
    explicit StandingWork(Session &session, QObject *parent = nullptr)
        : PastWork(session, parent)
    {
    }
    void start(const StandingAsk &ask, Instant now);

signals:
    /// Cancelled where it was stopped.
    void finished(const tierline::Result<tierline::desk::RuleStanding> &standing);
};

} // namespace tierline::desk

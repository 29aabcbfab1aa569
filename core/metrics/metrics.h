#pragma once

#include "core/metrics/facts.h"
#include "core/metrics/stats.h"
#include "core/metrics/summary.h"

#include <QJsonObject>
#include <QMap>
#include <QTimeZone>

#include <memory>

// Every figure of the dashboard, the command line, reports, alerts and exports, each defined once.
//
// A figure with no data is nothing (std::nullopt, JSON null), never 0. "No data" means: nothing its
// base could count. A log without tiers has no escalation figures; a row without escalated tickets
// has no returned_after_escalation; a row with tiers and no escalation has escalated 0.

namespace tierline::metrics {

/// What the rows of a report stand for.
///  Tier, Team            where the ticket started (first known one)
///  Agent                 every agent with an event in the ticket; a ticket is in several rows. Here
///                        `escalated` counts the tickets whose first escalation step follows
///                        directly on an event of that agent. All other figures speak of the row's
///                        tickets as everywhere else.
///  Week                  ISO week of creation in the report's zone: "2026-W24"
///  the rest              the ticket's value today
/// CSAT by agent, tier or team is credited to who held the ticket when the survey went out.
/// The key is empty where a ticket has no such value.
enum class By : quint8 {
    All,
    Tier,
    Team,
    Agent,
    Category,
    Product,
    Priority,
    Segment,
    Channel,
    Week
};

QString code(By by); ///< "all", "tier", …
std::optional<By> byFromCode(QStringView text);
QStringList byCodes(); ///< what `--by` takes: all but "all"

struct Options {
    std::optional<Instant> from; ///< tickets created at or after it
    std::optional<Instant> to; ///< and before it
    QTimeZone zone = QTimeZone::utc(); ///< days and weeks are cut at its local midnights
    By by = By::All;
    Ranks ranks;
    Instant now; ///< against which running stage limits are held
};

/// Tickets of one tier, and how many of them escalated.
struct TierTally {
    qint64 tickets = 0;
    qint64 escalated = 0;

    bool operator==(const TierTally &) const = default;
};

struct Turns {
    qint64 tickets = 0; ///< with at least one turn
    qint64 turns = 0;

    bool operator==(const Turns &) const = default;
};

struct Reassignments {
    qint64 steps = 0;
    qint64 tickets = 0;

    bool operator==(const Reassignments &) const = default;
};

struct SlaCount {
    qint64 met = 0, breached = 0, running = 0; ///< compliance is met / (met + breached)

    bool operator==(const SlaCount &) const = default;
};

/// The same figure over all tickets, those whose team changed, and the others.
template<typename T>
struct ByMoved {
    std::optional<T> all, moved, notMoved;

    bool operator==(const ByMoved &) const = default;
};

struct ByEscalated {
    std::optional<Spread> escalated, notEscalated;

    bool operator==(const ByEscalated &) const = default;
};

/// One row of a report: a group of tickets and all its figures.
struct Row {
    QString key;
    qint64 tickets = 0;

    std::optional<qint64> escalated; ///< tickets with at least one escalation step
    std::optional<double> escalationRate; ///< escalated / tickets, 0 … 1
    std::optional<QMap<QString, TierTally>> byStartTier; ///< by the tier of the first event
    std::optional<QMap<QString, qint64>>
        intoTier; ///< tickets with an escalation step that arrives there
    std::optional<Share> solvedAtL1; ///< solved tickets that never left L1, of the solved tickets
    std::optional<QMap<QString, TierTally>>
        outOfTier; ///< tickets with an escalation step that leaves t, of those ever at t
    std::optional<qint64> escalationSteps; ///< all of them
    QMap<QString, qint64> stepsByPair; ///< "L1>L2"
    std::optional<qint64> returnSteps;
    std::optional<qint64> returnedAfterEscalation; ///< tickets, of the escalated ones
    std::optional<Spread> timeToEscalate; ///< creation to the first escalation step, wall clock
    /// The same cut by "complex" and "simple", "manual" and "automatic", and "rule:NAME".
    QMap<QString, Spread> timeToEscalateCuts;
    std::optional<qint64>
        repeatEscalation; ///< tickets with two or more steps, of the escalated ones
    std::optional<Turns> pingPongTeams, pingPongTiers;
    std::optional<Reassignments> reassignments; ///< another team at the same tier
    ByEscalated firstResolution, finalResolution;
    std::optional<Spread> resolutionAfterEscalation;
    std::optional<qint64> reopened; ///< tickets
    std::optional<qint64> reversals; ///< escalations, of those that ended
    qint64 escalationsEnded = 0; ///< the base of the reversal rate
    std::optional<Spread> firstResponse;
    QMap<QString, SlaCount> sla; ///< by clock
    ByMoved<SlaCount> slaImported; ///< as the source itself said; nothing runs
    std::optional<Spread> timeToFirstMove;
    std::optional<qint64> moved, moves,
        movedAgain; ///< tickets; changes of team; tickets with two or more
    ByMoved<Spread> resolution; ///< creation to the source's own resolved_at
    std::optional<qint64> priorityRaised; ///< tickets whose priority ever went up
    std::optional<qint64> awaitedCustomer; ///< tickets that ever waited for the customer
    std::optional<CsatFigure> csat, csatAfterEscalation;
    std::optional<Share> firstContactResolution; ///< of the solved tickets
    std::optional<Share>
        unassigned; ///< open tickets without an owner, of the open ones, as the log ends
};

struct Report {
    std::optional<Instant> from, to;
    QString zone; ///< IANA name
    By by = By::All;
    std::vector<Row> rows; ///< by key; tiers by rank
    Summary summary; ///< weekly series of the same tickets
};

/// Takes tickets one by one and makes the report, so that no history is held longer than a call to
/// add(). Keeps numbers only: some tens of bytes a ticket. Thread: one at a time, any.
class Collector
{
public:
    explicit Collector(Options options);
    Collector(Collector &&) noexcept;
    Collector &operator=(Collector &&) noexcept;
    ~Collector();

    /// Whether a ticket created then belongs to the period: ask before reading its log.
    bool wants(Instant created) const;
    /// Tickets outside the period are passed over. O(events + messages).
    void add(const TicketInput &input);
    /// BadInput where the period ends before it begins or the zone is unknown. Ends the collector.
    Result<Report> finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The form that `tierline-cli metrics --json` prints. Durations in seconds, rates from 0 to 1.
QJsonObject toJson(const Report &report);
QJsonObject toJson(const Row &row);

} // namespace tierline::metrics

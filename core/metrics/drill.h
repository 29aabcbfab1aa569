#pragma once

#include "core/metrics/metrics.h"

#include <functional>

namespace tierline::metrics {

/// The tickets behind a figure: what a tile of the dashboard opens, and what a person who doubts a
/// number counts for themselves. Stream the same tickets through holds(): those it takes are as many
/// as the figure counts, or as its n where it is one of durations. For a figure that counts more than
/// tickets (steps, turns, moves, answers) they are the tickets that have any.
/// Thread: any; immutable.
class Drill
{
public:
    /// `figure` is its name in the JSON form, dots for what is inside: "escalated", "into_tier.L2",
    /// "out_of_tier.L1.tickets", "escalation_steps.L1>L2", "final_resolution_s.escalated",
    /// "solved_at_l1.of", "sla.accept.breached", "sla.imported.moved.met", "csat.after_escalation";
    /// and "unassigned". BadInput for any other.
    static Result<Drill> into(const QString &figure, Options options, QString rowKey);

    /// O(events + messages).
    bool holds(const TicketInput &input) const;

private:
    using Predicate = std::function<bool(const TicketFacts &)>;

    Drill(Options options, QString rowKey, QString figure);
    bool isInRow(const TicketInput &input, const TicketFacts &facts) const;
    bool hasAnswer(const TicketFacts &facts, bool isInRow) const;

    Options m_options;
    QString m_rowKey;
    QString m_figure;
    Predicate m_predicate; ///< empty for CSAT, which goes to the holder's row
};

} // namespace tierline::metrics

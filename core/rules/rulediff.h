#pragma once

#include "core/rules/backtest.h"

namespace tierline::rules {

/// A ticket whose outcome two sets of rules tell differently.
struct ChangedTicket {
    TicketId ticket;
    QString key;
    QString a,
        b; ///< what acted, and when: "Late billing at 2026-06-08T10:00:00Z; …"; empty: nothing
    Instant at; ///< of the first difference
    QString flipped; ///< why the other set did not act then: the condition and its value
};

/// Plays every ticket through both sets. Rules are the same by name; of what acts, rule and instant count,
/// and whether it escalates. In the order of the first difference, at most `most`; `changed` counts all.
struct RuleDiff {
    std::vector<ChangedTicket> tickets;
    qint64 changed = 0;
    qint64 played = 0;
    static constexpr size_t most = 100'000;
};
Result<RuleDiff> diff(const RuleSet &a, const RuleSet &b, Past &past, const LifeFrame &frame,
    const BacktestSpan &span);

} // namespace tierline::rules

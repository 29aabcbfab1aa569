#pragma once

#include "core/rules/replay.h"

namespace tierline::rules {

/// Told now and then how many tickets are done; false stops with Cancelled.
using BacktestProgress = std::function<bool(qint64 tickets)>;

/// Which fires count: those in [from, to]. Lives begin before that all the same, so that what acted earlier
/// is spent. Nothing later than `to` is known.
struct BacktestSpan {
    Instant from { Instant::MinMs };
    Instant to;
    BacktestProgress progress;
    int threads
        = 0; ///< that play; 0: as many as there are cores. The outcome is the same for any number
};

/// One fire of one rule.
struct BacktestFire {
    TicketId ticket;
    QString key;
    Instant at;
    QString sentence;
    QString
        tier; ///< of an escalation: where to, else where the ticket was; empty: it escalates nothing
    bool escalates = false; ///< it does, and no rule above it did in this round
};
struct BacktestRule {
    QString name;
    std::vector<BacktestFire> fires; ///< by instant, then ticket; see `mostFires`
    qint64 count = 0; ///< of all fires
    qint64 tickets = 0; ///< in which it fired
    std::map<QDate, qint64> perDay; ///< days of UTC
    /// Of the tickets in which it fired and of which somebody judged whether they should have been
    /// escalated, those that should; none where nobody did.
    std::optional<double> precision;
    /// Of the tickets that should, those in which it fired.
    std::optional<double> recall;
    QStringList missed; ///< keys of those that should, and in which it did not fire
    qint64 unjudged = 0; ///< tickets in which it could not be judged at some moment
    QString unjudgedWhy; ///< for the first of them: "plan is not filled"
};
struct BacktestResult {
    std::vector<BacktestRule> rules; ///< in running order
    std::map<QString, qint64> loadPerTier; ///< escalations by the tier that they go to
    std::map<QString, qint64> notices; ///< by who hears of it: "channel #escalations", "customer"
    qint64 tickets = 0; ///< that were played
    /// Fires that are kept of all rules together; those beyond are counted only.
    static constexpr size_t mostFires = 1'000'000;
};

/// Plays all tickets of a past through rules. Effects are not simulated: an escalation that a rule makes moves
/// no ticket of the past, and steps of a ladder are not counted. Two walks where a rule reads other
/// tickets, one else. The past is walked, texts are fetched and progress is told on the caller's thread; tickets are
/// played on threads that end before this returns.
Result<BacktestResult> backtest(
    const RuleSet &set, Past &past, const LifeFrame &frame, const BacktestSpan &span);

/// The traces of all tickets, for rules that read others; null where none of the set does. One walk; threads as for
/// a backtest.
Result<std::unique_ptr<Neighbours>> neighboursOf(const RuleSet &set, Past &past,
    const LifeFrame &frame, const BacktestProgress &progress = {}, int threads = 0);

/// Where a fire of an action goes: the tier of an escalation, else where the ticket is.
QString tierOf(const Rule &rule, const TicketLife &life, const LifeFrame &frame, Instant at);
/// Who hears of an action at once: "channel #escalations"; empty where nobody does.
QString heardBy(const Action &action);

} // namespace tierline::rules

#pragma once

#include "core/desk/pastwork.h"
#include "core/desk/ruledesk.h"
#include "core/domain/firing.h"

namespace tierline::desk {

/// Everything that a list of rules shows: the book, what the workspace knows by name, and how often each rule
/// fired lately.
struct RuleBoard {
    RuleBook book;
    rules::LintContext context;
    QHash<QString, qint64> firedInWeek; ///< by rule id, in the seven days before
};
/// Thread: the connection's; never the ui's. Some milliseconds.
Result<RuleBoard> loadRuleBoard(storage::Connection &connection, Instant now);

/// One line of what a rule did, or would have done as a shadow.
struct RuleDeed {
    Firing firing;
    QString key; ///< of the ticket
    bool operator==(const RuleDeed &) const = default;
};
/// The newest first, at most `limit`; of tickets that may be seen.
Result<std::vector<RuleDeed>> loadRuleDeeds(storage::Connection &connection,
    const Visibility &visibility, const QString &rule, Instant from, int limit);

using Played = std::shared_ptr<const rules::BacktestResult>;

/// What a rule would have done with the tickets of the past, counted off the ui thread. Thread: ui; the session
/// outlives it.
class RuleTrial : public PastWork
{
    Q_OBJECT
public:
    explicit RuleTrial(Session &session, QObject *parent = nullptr)
        : PastWork(session, parent)
    {
    }
    /// `text` holds one rule, and may read lists of the rule book.
    void start(const QString &text, Instant from, Instant to);

signals:
    /// Cancelled where it was stopped; BadInput where the text cannot be read.
    void finished(const tierline::Result<tierline::desk::Played> &result);
};

/// A change of the rule book in the name of whoever sits here, on the store's thread: `work(RuleDesk &)`
/// gives a Result<commands::RuleOutcome>.
template<typename Work>
QFuture<Result<commands::RuleOutcome>> changeRules(Session &session, Work work)
{
    return session.onStore(
        [work = std::move(work), random = &session.random(), me = session.people().me.id](
            storage::Store &store) mutable -> Result<commands::RuleOutcome> {
            auto desk = Desk::open(store, *random, me);
            if (!desk)
                return desk.error();
            RuleDesk rules(store, *random, *desk);
            return work(rules);
        });
}

} // namespace tierline::desk

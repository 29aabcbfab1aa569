#pragma once

#include "core/base/clock.h"
#include "core/domain/people.h"
#include "core/domain/rulebook.h"
#include "core/rules/backtest.h"
#include "core/rules/explainpast.h"
#include "core/rules/priority.h"
#include "core/rules/rulediff.h"
#include "core/rules/whatif.h"
#include "core/storage/connection.h"

namespace tierline::desk {

/// What rules would have done with the tickets of a workspace: the door for both faces. Texts may read lists
/// of the workspace's rule book beside their own. Only what may be seen is played, and counts of
/// other tickets are of those that may be seen. Nothing is written. Thread: the connection's; meant for a
/// reader's, since a hundred thousand tickets take seconds.
class RulePast
{
public:
    RulePast(storage::Connection &connection, Visibility visibility);
    ~RulePast();

    /// The rules of a text, compiled. BadInput with the first problem where it cannot be read, or has no rule.
    Result<std::unique_ptr<rules::RuleSet>> compile(QByteArrayView utf8) const;
    /// One rule of the rule book, in whatever state. NotFound with the nearest name.
    Result<StoredRule> stored(const QString &name) const;
    /// The words that a rule had at an instant, or today's where it was only written later.
    struct WordsThen {
        QString text;
        int version = 0;
        bool isOther = false; ///< than today's
        std::optional<Instant> written; ///< when the rule began, where that was later
    };
    Result<WordsThen> wordsAt(const StoredRule &rule, Instant at) const;

    /// Judgements of people by ticket key: should it have been escalated? They go before what the ends of
    /// escalations say. Those of the workspace, unless others are given here.
    void setLabels(QHash<QString, bool> labels);

    Result<rules::BacktestResult> backtest(
        const rules::RuleSet &set, const rules::BacktestSpan &span);
    Result<rules::RuleDiff> diff(
        const rules::RuleSet &a, const rules::RuleSet &b, const rules::BacktestSpan &span);
    Result<rules::ExpectedMatches> expectedMatches(
        const rules::Rule &rule, const rules::BacktestSpan &span);
    Result<std::vector<rules::CurvePoint>> thresholdCurve(const rules::Rule &rule, int bound,
        const std::vector<rules::Value> &values, const rules::BacktestSpan &span);
    /// How the first rule of a set stood for a ticket. BadInput where the ticket was not there yet.
    Result<rules::PastVerdict> explain(const rules::RuleSet &set, TicketId ticket, Instant at);
    /// What a priority policy of the book says of a ticket; nothing where it is no policy's name.
    struct PolicyVerdict {
        QString name;
        rules::PriorityVerdict verdict;
        std::optional<Instant> next; ///< when time alone may change it
    };
    Result<std::optional<PolicyVerdict>> explainPolicy(
        const QString &name, TicketId ticket, Instant at);

private:
    Result<rules::Lists> lists() const;
    Result<rules::LifeFrame> frame();
    struct Private;
    storage::Connection &m_connection;
    std::unique_ptr<Private> d;
};

} // namespace tierline::desk

#include "core/desk/rulepast.h"

#include "core/commands/labels.h"
#include "core/desk/storedpast.h"
#include "core/rules/book.h"
#include "core/rules/parse.h"
#include "core/rules/words.h"
#include "core/storage/rulebook.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

struct RulePast::Private {
    StoredPast past;
    bool areLabelsKnown = false;
};

RulePast::RulePast(storage::Connection &connection, Visibility visibility)
    : m_connection(connection)
    , d(new Private { .past = StoredPast(connection, std::move(visibility)) })
{
}

RulePast::~RulePast() = default;

void RulePast::setLabels(QHash<QString, bool> labels)
{
    d->past.setLabels(std::move(labels));
    d->areLabelsKnown = true;
}

Result<rules::Lists> RulePast::lists() const
{
    TIERLINE_TRY(book, storage::loadRuleBook(m_connection));
    return rules::readBook(book, {}).lists;
}

Result<rules::LifeFrame> RulePast::frame()
{
    if (!d->areLabelsKnown) {
        TIERLINE_TRY(labels, commands::loadLabels(m_connection));
        setLabels(labels);
    }
    return loadLifeFrame(m_connection);
}

Result<std::unique_ptr<rules::RuleSet>> RulePast::compile(QByteArrayView utf8) const
{
    rules::Parsed parsed = rules::parse(utf8);
    if (!parsed.isWhole()) {
        QString detail = parsed.problems.front().text();
        if (parsed.problems.size() > 1)
            detail += u" (%1 more; `rules check` shows all)"_s.arg(parsed.problems.size() - 1);
        return badInput(detail);
    }
    if (parsed.document.rules.empty())
        return badInput(u"The text has no rule; write at least one, such as"
                        " rule \"Late\" when no agent reply for 2h then remind."_s);
    // A list of the text goes before one of the same name in the rule book.
    TIERLINE_TRY(known, lists());
    rules::Lists all = std::move(parsed.document.lists);
    for (rules::WordList &list : known) {
        const bool isOwn = std::ranges::any_of(all, [&list](const rules::WordList &own) {
            return own.name.compare(list.name, Qt::CaseInsensitive) == 0;
        });
        if (!isOwn)
            all.push_back(std::move(list));
    }
    auto set = std::make_unique<rules::RuleSet>(std::move(parsed.document.rules), all);
    if (!set->missingLists().isEmpty())
        return badInput(u"There is no list “%1”; write it into the text, or load it first."_s.arg(
            set->missingLists().front()));
    return set;
}

Result<StoredRule> RulePast::stored(const QString &name) const
{
    TIERLINE_TRY(book, storage::loadRuleBook(m_connection));
    const StoredRule *stored = book.find(RuleKind::Rule, name);
    if (!stored) {
        QStringList names;
        for (const StoredRule &rule : book.rules)
            names.append(rule.name);
        const QString near = rules::nearest(name, names);
        return notFound(near.isEmpty()
                ? u"There is no rule “%1”; `rules list` shows them."_s.arg(name)
                : u"There is no rule “%1”; did you mean “%2”?"_s.arg(name, near));
    }
    return *stored;
}

Result<RulePast::WordsThen> RulePast::wordsAt(const StoredRule &rule, Instant at) const
{
    TIERLINE_TRY(versions, storage::loadRuleVersions(m_connection, rule.id));
    WordsThen words { .text = rule.text, .version = rule.version };
    const auto later = std::ranges::upper_bound(versions, at, {}, &RuleVersion::made);
    if (later == versions.begin()) {
        if (!versions.empty())
            words.written = versions.front().made;
        return words;
    }
    const RuleVersion &then = *std::prev(later);
    words.isOther = then.text != rule.text;
    words.version = then.number;
    words.text = then.text;
    return words;
}

Result<rules::BacktestResult> RulePast::backtest(
    const rules::RuleSet &set, const rules::BacktestSpan &span)
{
    TIERLINE_TRY(life, frame());
    return rules::backtest(set, d->past, life, span);
}

Result<rules::RuleDiff> RulePast::diff(
    const rules::RuleSet &a, const rules::RuleSet &b, const rules::BacktestSpan &span)
{
    TIERLINE_TRY(life, frame());
    return rules::diff(a, b, d->past, life, span);
}

Result<rules::ExpectedMatches> RulePast::expectedMatches(
    const rules::Rule &rule, const rules::BacktestSpan &span)
{
    TIERLINE_TRY(life, frame());
    TIERLINE_TRY(known, lists());
    return rules::expectedMatches(rule, known, d->past, life, span);
}

Result<std::vector<rules::CurvePoint>> RulePast::thresholdCurve(const rules::Rule &rule, int bound,
    const std::vector<rules::Value> &values, const rules::BacktestSpan &span)
{
    TIERLINE_TRY(life, frame());
    TIERLINE_TRY(known, lists());
    return rules::thresholdCurve(rule, bound, values, known, d->past, life, span);
}

Result<rules::PastVerdict> RulePast::explain(const rules::RuleSet &set, TicketId ticket, Instant at)
{
    TIERLINE_TRY(life, frame());
    TIERLINE_TRY(neighbours, rules::neighboursOf(set, d->past, life));
    life.tracesNeighbours = neighbours != nullptr;
    rules::Replay replay(set, life, neighbours.get());
    TIERLINE_TRY(past, d->past.one(ticket));
    const rules::PastVerdict told = rules::explainPast(set, 0, replay, past, at);
    if (!told.isThere)
        return badInput(u"Ticket %1 did not exist at %2 yet."_s.arg(past.key, at.iso()));
    return told;
}

Result<std::optional<RulePast::PolicyVerdict>> RulePast::explainPolicy(
    const QString &name, TicketId ticket, Instant at)
{
    TIERLINE_TRY(book, storage::loadRuleBook(m_connection));
    const StoredRule *stored = book.find(RuleKind::Policy, name);
    if (!stored || book.find(RuleKind::Rule, name))
        return std::optional<PolicyVerdict>();
    const rules::Parsed parsed = rules::parse(stored->text);
    if (!parsed.isWhole() || parsed.document.policies.size() != 1)
        return badInput(u"The policy “%1” cannot be read."_s.arg(stored->name));
    TIERLINE_TRY(known, lists());
    const rules::PriorityRules policy(parsed.document.policies.front(), known);
    TIERLINE_TRY(life, frame());
    rules::Replay replay(policy.lines(), life, nullptr);
    TIERLINE_TRY(past, d->past.one(ticket));
    replay.goTo(past, at);
    if (replay.life().isEmpty())
        return badInput(u"Ticket %1 did not exist at %2 yet."_s.arg(past.key, at.iso()));
    const rules::Subject &subject = replay.rounds().subject();
    return std::optional(
        PolicyVerdict { stored->name, policy.judge(subject), policy.nextChange(subject) });
}

} // namespace tierline::desk

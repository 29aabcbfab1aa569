#include "core/commands/rulework_p.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"
#include "core/storage/tickets.h"

#include <QCryptographicHash>
#include <QJsonObject>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestRuleName = 120; // as the rule language has it
constexpr qsizetype longestText = 1 << 20;
constexpr size_t mostRules = 2'000;

/// What did not have to move for the rest to stand in the new order: a longest ascending run of old places.
QSet<QString> unmoved(const std::vector<std::pair<QString, int>> &inNewOrder)
{
    std::vector<size_t> length(inNewOrder.size(), 1), from(inNewOrder.size());
    size_t best = 0;
    for (size_t i = 0; i < inNewOrder.size(); ++i) {
        from[i] = i;
        for (size_t j = 0; j < i; ++j) {
            if (inNewOrder[j].second < inNewOrder[i].second && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                from[i] = j;
            }
        }
        if (length[i] > length[best])
            best = i;
    }
    QSet<QString> stay;
    for (size_t i = best; i < inNewOrder.size(); i = from[i]) {
        stay.insert(inNewOrder[i].first);
        if (from[i] == i)
            break;
    }
    return stay;
}

} // namespace

Result<RuleWork> RuleWork::begin(
    Context &context, storage::WriteScope &scope, const RuleReason &reason)
{
    TIERLINE_CHECK(checkLead(context, u"change rules"_s));
    RuleWork work(context, scope);
    TIERLINE_TRY(why,
        required(
            reason.why, MaxLine, u"why"_s, u"Say why the rules change; it is kept with them."_s));
    TIERLINE_TRY(metric, cleaned(reason.metric, MaxLine, u"metric"_s));
    work.m_reason = { why, metric };
    TIERLINE_TRY(book, storage::loadRuleBook(scope.connection()));
    work.m_book = std::move(book);
    work.m_outcome.operation = context.random.uuid();
    return work;
}

std::vector<StoredRule> &RuleWork::shelf(RuleKind kind)
{
    return kind == RuleKind::Rule ? m_book.rules
        : kind == RuleKind::List  ? m_book.lists
                                  : m_book.policies;
}

StoredRule *RuleWork::byId(RuleKind kind, const QString &id)
{
    for (StoredRule &rule : shelf(kind)) {
        if (rule.id == id)
            return &rule;
    }
    return nullptr;
}

Result<StoredRule *> RuleWork::find(const QString &nameOrId)
{
    const StoredRule *found = m_book.find(nameOrId);
    if (!found)
        return notFound(
            u"There is no rule “%1”; `rules list` shows their names."_s.arg(nameOrId.left(120)));
    return byId(found->kind, found->id);
}

/// The same for equal names in any workspace, so that a file that is read in two of them gives rules that
/// fire once between them.
QString RuleWork::freeId(const RuleText &text) const
{
    for (int n = 1;; ++n) {
        const QString seed = code(text.kind) + u'\n' + text.name.toCaseFolded()
            + (n == 1 ? QString() : u'\n' + QString::number(n));
        const QString id = QString::fromLatin1(
            QCryptographicHash::hash(seed.toUtf8(), QCryptographicHash::Sha256).toHex().left(32));
        bool isTaken = false;
        for (const RuleKind kind : { RuleKind::Rule, RuleKind::List, RuleKind::Policy }) {
            for (const StoredRule &rule : m_book.of(kind))
                isTaken = isTaken || rule.id == id;
        }
        if (!isTaken)
            return id;
    }
}

Result<Done> RuleWork::tell(const StoredRule &rule, RuleChange::What what, const QString &before,
    const QString &after, const QJsonObject &values)
{
    RuleChange change { .rule = rule.id,
        .name = rule.name,
        .what = what,
        .at = m_context.now,
        .actor = m_context.actor.id,
        .before = before,
        .after = after,
        .why = m_reason.why,
        .metric = m_reason.metric,
        .operation = m_outcome.operation };
    TIERLINE_CHECK(storage::addRuleChange(m_scope, change));
    m_outcome.changes.push_back(change);
    if (m_isQuiet)
        return Done {};
    Event event { .at = m_context.now,
        .order = m_context.now,
        .kind = EventKind::Changed,
        .actor = m_context.actor.id };
    event.note = m_reason.why;
    event.operation = m_outcome.operation;
    const QString prefix = u"%1.%2."_s.arg(code(rule.kind), rule.name);
    for (auto it = values.begin(); it != values.end(); ++it)
        event.data[prefix + it.key()] = it.value();
    if (!m_reason.metric.isEmpty())
        event.data[prefix + u"metric"_s] = m_reason.metric;
    return storage::appendEvent(m_scope, event);
}

Result<Done> RuleWork::addNew(const RuleText &text, QString &id)
{
    std::vector<StoredRule> &all = shelf(text.kind);
    if (all.size() >= mostRules)
        return badInput(
            u"A workspace keeps at most %1 rules, lists or policies, retired ones too."_s.arg(
                mostRules));
    StoredRule rule { .id = freeId(text),
        .kind = text.kind,
        .name = text.name,
        .state = text.kind == RuleKind::List ? RuleState::Live : RuleState::Draft,
        .order = text.kind == RuleKind::List ? 0 : static_cast<int>(all.size()) + 1,
        .since = m_context.now,
        .text = text.text };
    id = rule.id;
    TIERLINE_CHECK(storage::saveRule(m_scope, rule));
    TIERLINE_CHECK(storage::addRuleVersion(m_scope,
        { .rule = rule.id,
            .name = rule.name,
            .made = m_context.now,
            .actor = m_context.actor.id,
            .why = m_reason.why,
            .metric = m_reason.metric,
            .text = rule.text }));
    TIERLINE_CHECK(tell(rule, RuleChange::What::Added, {}, u"1"_s,
        { { u"version"_s, 1 }, { u"state"_s, code(rule.state) }, { u"text"_s, rule.text } }));
    all.push_back(std::move(rule));
    return Done {};
}

Result<QString> RuleWork::saveText(const RuleText &given, bool appliesAgain)
{
    RuleText text = given;
    TIERLINE_TRY(name, required(text.name, longestRuleName, u"name"_s, u"A rule has a name."_s));
    text.name = name;
    if (text.text.trimmed().isEmpty() || text.text.size() > longestText)
        return badInput(
            u"The text of “%1” is empty or longer than %2 characters."_s.arg(name).arg(longestText),
            u"text"_s);
    const StoredRule *sameName = nullptr;
    for (const StoredRule &rule : m_book.of(text.kind)) {
        if (rule.name.compare(name, Qt::CaseInsensitive) == 0)
            sameName = &rule;
    }
    StoredRule *there = text.id.isEmpty() ? (sameName ? byId(text.kind, sameName->id) : nullptr)
                                          : byId(text.kind, text.id);
    if (!text.id.isEmpty() && !there)
        return notFound(u"The rule that is to be changed is not in this workspace."_s);
    if (there && sameName && sameName->id != there->id)
        return conflictError(
            u"There is another rule “%1”; two rules never have one name."_s.arg(sameName->name));
    if (!there) {
        QString id;
        TIERLINE_CHECK(addNew(text, id));
        return id;
    }
    if (text.basedOn > 0 && text.basedOn != there->version)
        return conflictError(
            u"“%1” was changed meanwhile: version %2 is newer than version %3, which was edited."_s
                .arg(there->name)
                .arg(there->version)
                .arg(text.basedOn));
    const QString id = there->id;
    if (there->text != text.text || there->name != text.name)
        TIERLINE_CHECK(setText(*there, text.name, text.text, appliesAgain));
    return id;
}

Result<Done> RuleWork::setText(
    StoredRule &rule, const QString &name, const QString &text, bool appliesAgain, int rolledBackTo)
{
    const int before = rule.version;
    QJsonObject values { { u"version"_s, before + 1 }, { u"text"_s, text } };
    if (rule.name != name)
        values[u"renamed_from"_s] = rule.name;
    if (rolledBackTo > 0)
        values[u"rolled_back_to"_s] = rolledBackTo;
    if (appliesAgain)
        values[u"applies_again"_s] = true;
    rule.name = name;
    rule.text = text;
    ++rule.version;
    rule.era += appliesAgain ? 1 : 0;
    TIERLINE_CHECK(storage::saveRule(m_scope, rule));
    TIERLINE_CHECK(storage::addRuleVersion(m_scope,
        { .rule = rule.id,
            .name = rule.name,
            .number = rule.version,
            .era = rule.era,
            .made = m_context.now,
            .actor = m_context.actor.id,
            .why = m_reason.why,
            .metric = m_reason.metric,
            .text = rule.text }));
    return tell(rule, rolledBackTo > 0 ? RuleChange::What::RolledBack : RuleChange::What::Text,
        QString::number(before), QString::number(rule.version), values);
}

Result<Done> RuleWork::setState(StoredRule &rule, RuleState state, bool appliesToStanding)
{
    if (rule.state == state)
        return Done {};
    const bool isListState = state == RuleState::Live || state == RuleState::Retired;
    if (rule.kind == RuleKind::List && !isListState)
        return badInput(
            u"A list is live or retired; “%1” cannot be %2."_s.arg(rule.name, code(state)),
            u"state"_s);
    if (rule.kind == RuleKind::Policy && state == RuleState::Shadow)
        return badInput(
            u"A priority policy is draft, live or retired: nothing acts in its shadow."_s,
            u"state"_s);
    if (rule.kind == RuleKind::Policy && state == RuleState::Live) {
        // One policy says how urgent tickets are.
        for (StoredRule &other : m_book.policies) {
            if (other.state == RuleState::Live)
                TIERLINE_CHECK(setState(other, RuleState::Retired, false));
        }
    }
    const QString before = code(rule.state);
    rule.state = state;
    rule.since = m_context.now;
    rule.appliesToStanding = appliesToStanding && rule.runs();
    TIERLINE_CHECK(storage::saveRule(m_scope, rule));
    QJsonObject values { { u"state"_s, code(state) } };
    if (rule.appliesToStanding)
        values[u"applies_to_standing"_s] = true;
    return tell(rule, RuleChange::What::State, before, code(state), values);
}

Result<Done> RuleWork::setCap(StoredRule &rule, int cap)
{
    if (cap < 0 || cap > largestWeeklyCap)
        return badInput(
            u"A weekly cap is from 1 to %1, or 0 for none."_s.arg(largestWeeklyCap), u"cap"_s);
    if (rule.kind != RuleKind::Rule && cap > 0)
        return badInput(
            u"Only rules have a weekly cap; “%1” is a %2."_s.arg(rule.name, code(rule.kind)),
            u"cap"_s);
    if (rule.weeklyCap == cap)
        return Done {};
    const QString before = QString::number(rule.weeklyCap);
    rule.weeklyCap = cap;
    TIERLINE_CHECK(storage::saveRule(m_scope, rule));
    return tell(rule, RuleChange::What::Cap, before, QString::number(cap), { { u"cap"_s, cap } });
}

Result<Done> RuleWork::setOrder(RuleKind kind, const QStringList &ids)
{
    std::vector<StoredRule> &all = shelf(kind);
    std::vector<std::pair<QString, int>> places;
    for (const QString &id : ids) {
        const StoredRule *rule = byId(kind, id);
        const bool isTwice
            = std::ranges::any_of(places, [&](const auto &place) { return place.first == id; });
        if (!rule || isTwice)
            return badInput(
                u"The order names a rule that is not there, or one twice; load it anew."_s);
        places.emplace_back(id, rule->order);
    }
    if (places.size() != all.size())
        return conflictError(u"The order names %1 of %2: some were added meanwhile; load it anew."_s
                                 .arg(places.size())
                                 .arg(all.size()));
    const QSet<QString> stay = unmoved(places);
    std::vector<StoredRule> sorted;
    for (const auto &[id, place] : places) {
        StoredRule rule = *byId(kind, id);
        rule.order = static_cast<int>(sorted.size()) + 1;
        if (rule.order != place)
            TIERLINE_CHECK(storage::saveRule(m_scope, rule));
        if (!stay.contains(id)) {
            TIERLINE_CHECK(tell(rule, RuleChange::What::Order, QString::number(place),
                QString::number(rule.order), { { u"order"_s, rule.order } }));
        }
        sorted.push_back(std::move(rule));
    }
    all = std::move(sorted);
    return Done {};
}

Result<bool> RuleWork::wasEverLive(const QString &id)
{
    TIERLINE_TRY(changes, storage::loadRuleChanges(m_scope.connection(), id, 1'000'000));
    return std::ranges::any_of(changes, [](const RuleChange &change) {
        return change.what == RuleChange::What::State && change.after == code(RuleState::Live);
    });
}

} // namespace tierline::commands

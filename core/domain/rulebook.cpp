#include "core/domain/rulebook.h"

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

const QStringList &stateCodes()
{
    static const QStringList table { u"draft"_s, u"shadow"_s, u"live"_s, u"retired"_s };
    return table;
}

const QStringList &kindCodes()
{
    static const QStringList table { u"rule"_s, u"list"_s, u"policy"_s };
    return table;
}

template<typename T>
std::optional<T> valueOf(const QStringList &table, QStringView text)
{
    for (qsizetype i = 0; i < table.size(); ++i) {
        if (text.trimmed().compare(table[i], Qt::CaseInsensitive) == 0)
            return static_cast<T>(i);
    }
    return std::nullopt;
}

} // namespace

QString code(RuleKind kind)
{
    return kindCodes().value(static_cast<int>(kind));
}

QString code(RuleState state)
{
    return stateCodes().value(static_cast<int>(state));
}

QString code(RuleChange::What what)
{
    static const QStringList table { u"added"_s, u"text"_s, u"state"_s, u"order"_s, u"cap"_s,
        u"rolled-back"_s };
    return table.value(static_cast<int>(what));
}

template<>
std::optional<RuleKind> fromCode<RuleKind>(QStringView text)
{
    return valueOf<RuleKind>(kindCodes(), text);
}

template<>
std::optional<RuleState> fromCode<RuleState>(QStringView text)
{
    return valueOf<RuleState>(stateCodes(), text);
}

template<>
QStringList codes<RuleState>()
{
    return stateCodes();
}

const StoredRule *RuleBook::find(RuleKind kind, QStringView nameOrId) const
{
    const QStringView wanted = nameOrId.trimmed();
    const StoredRule *byId = nullptr;
    for (const StoredRule &rule : of(kind)) {
        if (wanted.compare(rule.name, Qt::CaseInsensitive) == 0)
            return &rule;
        if (wanted == rule.id)
            byId = &rule;
    }
    return byId;
}

const StoredRule *RuleBook::find(QStringView nameOrId) const
{
    for (const RuleKind kind : { RuleKind::Rule, RuleKind::Policy, RuleKind::List }) {
        if (const StoredRule *found = find(kind, nameOrId))
            return found;
    }
    return nullptr;
}

const StoredRule *RuleBook::livePolicy() const
{
    for (const StoredRule &policy : policies) {
        if (policy.state == RuleState::Live)
            return &policy;
    }
    return nullptr;
}

} // namespace tierline

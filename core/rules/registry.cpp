#include "core/rules/registry.h"

#include "core/escalation/eventdata.h"

#include <array>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

struct SlotName {
    QStringView name;
    Slot slot;
};
constexpr std::array slotNames = std::to_array<SlotName>(
    { { u"tier", Slot::Tier }, { u"team", Slot::Team }, { u"agent", Slot::Agent },
        { u"kind", Slot::Kind }, { u"reason", Slot::Reason }, { u"priority", Slot::Priority },
        { u"severity", Slot::Severity }, { u"status", Slot::Status }, { u"tag", Slot::Tag },
        { u"channel", Slot::Channel }, { u"pager", Slot::Pager }, { u"mail", Slot::Mail },
        { u"field", Slot::Field }, { u"text", Slot::Text }, { u"template", Slot::Template },
        { u"policy", Slot::Policy }, { u"account", Slot::Account }, { u"issue", Slot::Issue },
        { u"hook", Slot::Hook }, { u"role", Slot::Role }, { u"checklist", Slot::Checklist },
        { u"category", Slot::Category }, { u"type", Slot::Type }, { u"steps", Slot::Steps },
        { u"repeat", Slot::Repeat }, { u"until", Slot::Until }, { u"idle", Slot::Idle } });

PatternPart partOf(const QString &word)
{
    using Kind = PatternPart::Kind;
    if (!word.startsWith(u'{'))
        return { .kind = Kind::Words, .words = word.split(u'|') };
    const QString hole = word.sliced(1, word.size() - 2);
    static constexpr auto kinds = std::to_array<std::pair<QStringView, Kind>>(
        { { u"is", Kind::Compare }, { u"count", Kind::Count }, { u"for", Kind::For },
            { u"below", Kind::Below }, { u"window", Kind::Window } });
    for (const auto &[name, kind] : kinds) {
        if (hole == name)
            return { .kind = kind };
    }
    for (const SlotName &known : slotNames) {
        if (hole == known.name)
            return { .kind = Kind::Name, .slot = known.slot };
    }
    Q_ASSERT_X(false, "parsePattern", qPrintable(hole));
    return {};
}

} // namespace

QString slotName(Slot slot)
{
    for (const SlotName &known : slotNames) {
        if (known.slot == slot)
            return known.name.toString();
    }
    return {};
}

Pattern parsePattern(const QString &pattern)
{
    Pattern parts;
    for (const QString &word : pattern.split(u' '))
        parts.push_back(partOf(word));
    return parts;
}

Changes changesOf(const Event &event)
{
    using enum Change;
    Changes changes = 0;
    if (event.data.contains(eventdata::unsent))
        return 0x7ff; // what was said is taken back with it
    if (event.tier || event.team)
        changes = changes | Place;
    if (event.assignee)
        changes = changes | Owner;
    if (event.status)
        changes = changes | Status | Clock;
    if (event.priority)
        changes = changes | Priority | Clock;
    if (event.message)
        changes = changes | Message | Signal | Clock;
    if (event.data.contains(eventdata::noAnswer))
        changes = changes | Message; // as an answer would
    switch (event.kind) {
    case EventKind::Created:
    case EventKind::LogRow:
    case EventKind::Undone: return 0x7ff; // anything
    case EventKind::Message: return changes | Message | Signal | Clock;
    case EventKind::Changed: return changes | Fields | Priority | Customer | Clock;
    case EventKind::Flagged:
    case EventKind::Unflagged:
    case EventKind::Triaged: return changes | Escalation;
    case EventKind::Claimed:
    case EventKind::Reassigned: return changes | Owner | Place;
    case EventKind::Escalated:
    case EventKind::Accepted:
    case EventKind::Returned:
    case EventKind::Withdrawn:
        return changes | Escalation | Place | Owner | Priority | Status | Clock;
    case EventKind::Solved:
    case EventKind::Confirmed:
    case EventKind::Reopened: return changes | Status | Clock | Escalation;
    case EventKind::Reviewed:
    case EventKind::Csat:
    case EventKind::Followed: return changes | Escalation; // somebody touched the ticket
    case EventKind::Moved: return changes | Place | Escalation | Clock;
    }
    return 0x7ff;
}

void FactTable::add(FactInfo info)
{
    Q_ASSERT(m_facts.size() < maxFacts && !find(info.id));
    info.number = FactNumber(m_facts.size());
    info.isPlural = info.isPlural || info.type == FactType::Names;
    for (const QString &pattern : std::as_const(info.patterns)) {
        info.parts.push_back(parsePattern(pattern));
        if (!pattern.contains(u' '))
            m_oneWord += info.parts.back().front().words;
    }
    m_facts.push_back(std::move(info));
}

const FactInfo *FactTable::find(QStringView id) const
{
    for (const FactInfo &fact : m_facts) {
        if (fact.id == id)
            return &fact;
    }
    return nullptr;
}

namespace {

/// The words of a pattern up to its first hole.
QString leadingWords(const Pattern &pattern)
{
    QStringList words;
    for (const PatternPart &part : pattern) {
        if (part.kind == PatternPart::Kind::Words)
            words += part.words.front();
        else if (!words.isEmpty())
            break;
    }
    return words.join(u' ');
}

} // namespace

QStringList FactTable::names() const
{
    QStringList names;
    for (const FactInfo &fact : m_facts) {
        for (const Pattern &pattern : fact.parts)
            names += leadingWords(pattern);
    }
    names.removeDuplicates();
    return names;
}

FactSet FactTable::changedBy(Changes changes) const
{
    FactSet set;
    for (const FactInfo &fact : m_facts)
        set[size_t(fact.number)] = (fact.changes & changes) != 0;
    return set;
}

const FactTable &factTable()
{
    static const FactTable table = [] {
        FactTable made;
        fillTable(made);
        return made;
    }();
    return table;
}

void ActionTable::add(ActionInfo info)
{
    Q_ASSERT(!find(info.id));
    for (const QString &pattern : std::as_const(info.patterns)) {
        Pattern parts = parsePattern(pattern);
        for (PatternPart &part : parts) {
            if (part.kind == PatternPart::Kind::Name)
                part.kind = PatternPart::Kind::Argument;
        }
        info.parts.push_back(std::move(parts));
    }
    m_actions.push_back(std::move(info));
}

const ActionInfo *ActionTable::find(QStringView id) const
{
    for (const ActionInfo &action : m_actions) {
        if (action.id == id)
            return &action;
    }
    return nullptr;
}

QStringList ActionTable::names() const
{
    QStringList names;
    for (const ActionInfo &action : m_actions) {
        for (const Pattern &pattern : action.parts)
            names += leadingWords(pattern);
    }
    names.removeDuplicates();
    return names;
}

const ActionTable &actionTable()
{
    static const ActionTable table = [] {
        ActionTable made;
        fillTable(made);
        return made;
    }();
    return table;
}

const Value *Action::find(Slot slot) const
{
    for (const Argument &argument : arguments) {
        if (argument.slot == slot)
            return &argument.value;
    }
    return nullptr;
}

QString Action::text(Slot slot) const
{
    const Value *value = find(slot);
    return value ? value->text : QString();
}

} // namespace tierline::rules

#include "core/engine/lookwork_p.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

/// Whether the policy speaks about the ticket at all: not where a person has set its priority in its present life,
/// nor of what stood when the policy began, unless that was chosen, nor of imported history.
bool LookWork::isOrdered() const
{
    const StoredRule &policy = m_frame.priorityRule;
    const Instant lives = m_looker.m_life.activity().cycleStart.value_or(ticket().created);
    if (!isWorkable(ticket().status) || (lives < policy.since && !policy.appliesToStanding))
        return false;
    const auto isByHand = [&](const Event &event) {
        return event.at >= lives && event.priority && event.kind == EventKind::Changed
            && event.actorKind == AuthorKind::Agent;
    };
    const auto isOwn = [](const Event &event) { return event.origin == 0; };
    return std::ranges::any_of(m_events, isOwn) && std::ranges::none_of(m_events, isByHand);
}

/// The policy acts when what it says becomes another word. In between, what rules and climbing clocks make of the
/// ticket stays, and what they have raised it never lowers: they would be at odds for ever.
Result<Done> LookWork::runPriority()
{
    if (!m_frame.priority || !isOrdered())
        return Done {};
    const StoredRule &policy = m_frame.priorityRule;
    const rules::Subject &subject = m_looker.m_life.at(present(), m_frame.priorityParts);
    const rules::PriorityVerdict verdict = m_frame.priority->judge(subject);
    expect(m_frame.priority->nextChange(subject), u"priority by “%1”"_s.arg(policy.name));
    if (verdict.priority == ticket().priority)
        return Done {};
    const auto lines = storage::loadFirings(
        m_connection, { .rule = policy.id, .ticket = m_ask.ticket, .limit = 1 });
    if (!lines)
        return lines.error();
    const Firing *last = lines->empty() ? nullptr : &lines->front();
    const QString word = code(verdict.priority);
    const bool isSaid = last && last->era == policy.era && (last->isReal || isForeign())
        && last->anchor.section(u'#', 0, 0) == word;
    if (isSaid)
        return Done {};
    const auto set = std::find_if(m_events.rbegin(), m_events.rend(),
        [](const Event &event) { return event.priority.has_value(); });
    const bool isOthers = set != m_events.rend() && set->kind != EventKind::Created
        && !(last && last->operation == set->operation);
    if (isOthers && verdict.priority < ticket().priority)
        return Done {};
    m_mustAct = true;
    if (!m_scope)
        return Done {};
    const int number = last ? last->anchor.section(u'#', 1).toInt() + 1 : 1;
    Firing line { .ticket = m_ask.ticket,
        .rule = policy.id,
        .era = policy.era,
        .anchor = u"%1#%2"_s.arg(word, QString::number(number)),
        .name = policy.name,
        .version = policy.version,
        .due = m_ask.due ? std::min(*m_ask.due, m_ask.now) : m_ask.now,
        .at = m_ask.now,
        .sentence = verdict.sentence };
    const QString deed = u"set priority "_s + word;
    if (isForeign())
        return noteWouldFire(line, { { deed, u"would"_s, {} } });
    Deeds deeds { .deeds = { { deed, u"done"_s, {} } },
        .steps = { commands::SetFields { {}, { { u"priority"_s, word } } } },
        .deedOf = { 0 } };
    return carryOut(policy.firingId(), line, std::move(deeds));
}

} // namespace tierline::engine

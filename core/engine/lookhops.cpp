#include "core/engine/lookwork_p.h"

#include "core/escalation/eventdata.h"
#include "core/notify/api/sink.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A weekend without a program that looks loses no alarm. What happened before, as in the past of a helpdesk that is
/// connected today, is nobody's any more.
constexpr auto stillNews = 72h;

/// Whether whoever moved a ticket at its helpdesk wrote a note for colleagues there along with it.
bool isExplained(const std::vector<Event> &events, const Event &move)
{
    if (!move.note.trimmed().isEmpty())
        return true;
    return std::ranges::any_of(events, [&](const Event &one) {
        return one.kind == EventKind::Message && one.actor == move.actor
            && one.data.value(eventdata::internal).toBool() && one.at >= move.at - Millis(1min)
            && one.at <= move.at + Millis(1min);
    });
}

} // namespace

Result<Done> LookWork::runHops()
{
    if (!isWorkable(ticket().status))
        return Done {};
    const std::vector<escalation::Stay> stays = escalation::staysOf(m_events);
    const Instant from = m_ask.now - Millis(stillNews);
    if (const auto last = escalation::findPingPong(stays, from))
        TIERLINE_CHECK(tellPingPong(stays, *last));
    for (size_t i = 2; i < stays.size() && !isStopped(); ++i) {
        const Event &move = m_events[stays[i].event];
        if (stays[i].since < from || move.origin == 0 || isExplained(m_events, move))
            continue;
        const std::vector<escalation::Stay> until(stays.begin(), stays.begin() + qsizetype(i));
        if (const auto before = escalation::earlierStay(until, stays[i].tier, stays[i].team))
            TIERLINE_CHECK(tellReturn(stays[*before + 1], stays[i]));
    }
    return Done {};
}

/// Once in a ticket's life: the leads hear of it, whoever moved it.
Result<Done> LookWork::tellPingPong(const std::vector<escalation::Stay> &stays, size_t last)
{
    const QString anchor = stays.front().since.iso();
    if (isAnswered(causeKey(u"ping-pong"_s, 1, anchor)))
        return Done {};
    m_mustAct = true;
    if (!m_scope)
        return Done {};
    QStringList way;
    for (size_t i = last - 3; i <= last; ++i)
        way.append(u"%1 (%2)"_s.arg(stays[i].queue(), stays[i].since.iso()));
    Firing line { .ticket = m_ask.ticket,
        .rule = u"ping-pong"_s,
        .anchor = anchor,
        .name = u"ping-pong"_s,
        .due = stays[last].since,
        .at = m_ask.now,
        .sentence
        = u"It was moved three times within a day, and came back: %1"_s.arg(way.join(u" → "_s)) };
    const QString deed = u"notify role lead"_s;
    if (isForeign())
        return noteWouldFire(line, { { deed, u"would"_s, {} } });
    Deeds deeds { .deeds = { { deed, u"done"_s, {} } } };
    const QString text = u"%1 “%2” goes back and forth. %3. Decide who keeps it to the end."_s.arg(
        ticket().key, ticket().subject.simplified().left(200), line.sentence);
    deeds.notices.push_back({ .kind = NoticeTarget::Role,
        .target = code(Role::Lead),
        .text = text.left(notify::longestNotice),
        .isUrgent = true });
    return carryOut(line.rule, line, std::move(deeds));
}

/// What a helpdesk did cannot be refused any more: whoever has the ticket now is told, so that they ask.
Result<Done> LookWork::tellReturn(const escalation::Stay &after, const escalation::Stay &stay)
{
    const Event &move = m_events[stay.event];
    const QString anchor = u"event %1"_s.arg(move.id.v);
    if (isAnswered(causeKey(u"came-back"_s, 1, anchor)))
        return Done {};
    m_mustAct = true;
    if (!m_scope)
        return Done {};
    Firing line { .ticket = m_ask.ticket,
        .rule = u"came-back"_s,
        .anchor = anchor,
        .name = u"came back without a reason"_s,
        .due = stay.since,
        .at = m_ask.now,
        .sentence
        = u"It came back to %1, which it had left at %2, and the helpdesk gave no reason"_s.arg(
            stay.queue(), after.since.iso()) };
    const QString deed = u"remind"_s;
    if (isForeign())
        return noteWouldFire(line, { { deed, u"would"_s, {} } });
    Deeds deeds { .deeds = { { deed, u"done"_s, {} } } };
    deeds.notices = responsible(ticket(),
        u"%1 “%2”: %3. Ask why before it moves again."_s.arg(
            ticket().key, ticket().subject.simplified().left(200), line.sentence));
    return carryOut(line.rule, line, std::move(deeds));
}

} // namespace tierline::engine

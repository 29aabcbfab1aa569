#pragma once

#include "core/base/ids.h"
#include "tests/metrics/history.h"

#include <algorithm>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

/// Random histories: logs of other systems and our own records, with undoing, withdrawals, nulls,
/// equal instants and tiers without rank. The same seed gives the same histories.
class Generator
{
public:
    explicit Generator(quint64 seed)
        : m_random(seed)
    {
    }

    History next()
    {
        History history("");
        history.ticket.created = { Start.ms + m_random.below(40) * 86'400'000 };
        history.ticket.isComplex = m_random.below(2) == 0;
        m_isLog = m_random.below(2) == 0;
        m_isWithdrawable = false;
        m_state = {};
        qint64 at = history.ticket.created.ms;
        const qint64 count = 1 + m_random.below(14);
        for (qint64 i = 0; i < count; ++i) {
            at += m_random.below(4) == 0 ? 0 : m_random.below(5000) * 100;
            Event event { .id = { i + 1 }, .at = { at }, .order = { at } };
            event.kind = i == 0 ? EventKind::Created : m_isLog ? EventKind::LogRow : kind();
            fill(event, history);
            history.events.push_back(event);
        }
        for (qint64 i = m_random.below(9); i > 0; --i) {
            history.messages.push_back({ .at = { Start.ms + m_random.below(30) * 60'000 },
                .kind = m_random.below(2) == 0 ? MessageKind::PublicReply
                                               : static_cast<MessageKind>(m_random.below(4)),
                .author = static_cast<AuthorKind>(m_random.below(4)) });
        }
        std::sort(history.messages.begin(), history.messages.end(),
            [](const MessageStamp &a, const MessageStamp &b) { return a.at < b.at; });
        return history;
    }

private:
    EventKind kind()
    {
        static constexpr EventKind kinds[] { EventKind::Message, EventKind::Changed,
            EventKind::Reassigned, EventKind::Escalated, EventKind::Escalated, EventKind::Returned,
            EventKind::Accepted, EventKind::Withdrawn, EventKind::Solved, EventKind::Reopened,
            EventKind::Csat, EventKind::Moved, EventKind::Undone };
        const EventKind wanted = kinds[m_random.below(std::size(kinds))];
        // Only what can happen: a withdrawal needs an escalation that nobody has answered.
        return wanted == EventKind::Withdrawn && !m_isWithdrawable ? EventKind::Message : wanted;
    }

    QString pick(const QStringList &from) { return from.at(m_random.below(from.size())); }

    void fill(Event &event, const History &history)
    {
        const QString actor
            = pick({ u"ana"_s, u"ben"_s, u"cem"_s, u"customer"_s, u"rule:R"_s, QString() });
        event.actor = actor;
        event.actorKind = actor == u"customer" ? AuthorKind::Customer
            : actor == u"rule:R"               ? AuthorKind::System
                                               : AuthorKind::Agent;
        switch (event.kind) {
        case EventKind::Withdrawn: // puts back what was before, and ends what can be withdrawn
            event.tier = m_before.tier;
            event.team = m_before.team;
            m_isWithdrawable = false;
            m_state = m_before;
            return;
        case EventKind::Undone:
            if (history.events.size() > 1 && canUndo(history.events.back()))
                event.data.insert(u"undoes"_s, history.events.back().id.v);
            return;
        case EventKind::Csat: event.data.insert(u"score"_s, m_random.below(7)); return;
        case EventKind::Accepted: m_isWithdrawable = false; return;
        case EventKind::Escalated:
            m_before = m_state;
            m_isWithdrawable = true;
            event.tier = pick({ u"L1"_s, u"L2"_s, u"L3"_s });
            break;
        case EventKind::Returned:
            m_isWithdrawable = false;
            event.tier = pick({ u"L1"_s, u"L2"_s });
            event.data.insert(u"verdict"_s, pick(codes<Verdict>()));
            break;
        default:
            if (m_random.below(3) == 0)
                event.tier = pick({ u"L0"_s, u"L1"_s, u"L2"_s, u"L3"_s, u"X"_s, QString() });
            break;
        }
        if (m_random.below(2) == 0)
            event.team = pick({ u"A"_s, u"B"_s, u"C"_s, QString() });
        if (m_random.below(3) == 0)
            event.status = static_cast<Status>(m_random.below(7));
        if (m_random.below(4) == 0)
            event.priority = static_cast<Priority>(m_random.below(4));
        if (m_random.below(9) == 0)
            event.data.insert(u"awaiting"_s, true);
        if (event.tier && !event.tier->isEmpty())
            m_state.tier = *event.tier;
        if (event.team)
            m_state.team = *event.team;
    }

    /// Moves are left alone here, so that "what was before" stays what the generator thinks it is.
    static bool canUndo(const Event &e)
    {
        return e.kind != EventKind::Created && e.kind != EventKind::Undone && !e.tier && !e.team
            && e.kind != EventKind::Accepted && e.kind != EventKind::Withdrawn;
    }

    struct State {
        QString tier, team;
    };
    SeededRandom m_random;
    bool m_isLog = false;
    bool m_isWithdrawable = false;
    State m_state, m_before;
};

} // namespace tierline::metrics

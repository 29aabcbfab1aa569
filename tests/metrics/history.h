#pragma once

#include "core/metrics/metrics.h"

#include <QJsonArray>
#include <QTest>

// Histories written down as text, for tests.

namespace tierline::metrics {

/// 2026-06-08T08:00:00Z, a Monday: second 0 of every drawn history.
inline constexpr Instant Start { 1'780'905'600'000 };

inline const Ranks &threeTiers()
{
    static const Ranks ranks { QHash<QString, int> { { QStringLiteral("L0"), 0 },
        { QStringLiteral("L1"), 1 }, { QStringLiteral("L2"), 2 }, { QStringLiteral("L3"), 3 } } };
    return ranks;
}

/// A ticket and its log, drawn one event a line:
///     0 created tier=L1 team=A status=open actor=ana
///    60 log tier=L2
/// Seconds since Start, the event's code ("log" for log_row), then what it set. "-" is the empty
/// text. `id` counts the lines from 1; `order` is the instant unless given.
struct History {
    Ticket ticket;
    std::vector<Event> events;
    std::vector<MessageStamp> messages;

    explicit History(const char *drawing)
    {
        using namespace Qt::StringLiterals;
        ticket.created = Start;
        for (const QString &line : QString::fromUtf8(drawing).split(u'\n', Qt::SkipEmptyParts)) {
            const QStringList words = line.simplified().split(u' ', Qt::SkipEmptyParts);
            if (!words.isEmpty())
                events.push_back(drawn(words));
        }
    }

    TicketInput input() const
    {
        return { .ticket = ticket, .events = events, .messages = messages };
    }
    TicketFacts facts() const { return factsOf(input(), threeTiers()); }

    /// "customer", "agent", "bot", "system" in public; "note" an agent's internal note.
    History &says(qint64 second, const char *who)
    {
        const QString name = QString::fromLatin1(who);
        const bool isNote = name == QStringLiteral("note");
        messages.push_back({ .at = { Start.ms + second * 1000 },
            .kind = isNote ? MessageKind::InternalNote : MessageKind::PublicReply,
            .author = isNote ? AuthorKind::Agent : *fromCode<AuthorKind>(name) });
        return *this;
    }

private:
    Event drawn(const QStringList &words)
    {
        using namespace Qt::StringLiterals;
        Event e { .id = { static_cast<qint64>(events.size()) + 1 } };
        e.at = e.order = { Start.ms + qRound64(words[0].toDouble() * 1000) };
        e.kind = *fromCode<EventKind>(words[1] == u"log" ? u"log_row"_s : words[1]);
        for (const QString &word : words.mid(2)) {
            const QString name = word.section(u'=', 0, 0);
            QString value = word.section(u'=', 1);
            if (value == u"-")
                value.clear();
            if (name == u"tier")
                e.tier = value;
            else if (name == u"team")
                e.team = value;
            else if (name == u"to")
                e.assignee = value;
            else if (name == u"status")
                e.status = *fromCode<Status>(value);
            else if (name == u"priority")
                e.priority = *fromCode<Priority>(value);
            else if (name == u"actor")
                setActor(e, value);
            else if (name == u"op")
                e.operation = value;
            else if (name == u"order")
                e.order = { value.toLongLong() };
            else if (name == u"score" || name == u"undoes")
                e.data.insert(name, value.toInt());
            else if (name == u"awaiting" || name == u"tier_assumed")
                e.data.insert(name, true);
            else if (name
                == u"record") // a move from outside that became an escalation: from rank 1
                e.data.insert(u"escalation"_s,
                    QJsonObject { { u"fromRank"_s, 1 }, { u"toRank"_s, value.toInt() } });
            else if (name == u"undoesall")
                e.data.insert(u"undoes"_s, QJsonArray { value.toInt(), value.toInt() + 1 });
            else if (name == u"verdict" || name == u"undoesop")
                e.data.insert(name == u"verdict" ? name : u"undoes"_s, value);
            else
                qFatal("unknown word in a drawn history: %s", qPrintable(word));
        }
        return e;
    }

    static void setActor(Event &e, const QString &actor)
    {
        e.actor = actor;
        if (actor == QStringLiteral("customer"))
            e.actorKind = AuthorKind::Customer;
        else if (actor.startsWith(QStringLiteral("rule:")))
            e.actorKind = AuthorKind::System;
    }
};

/// The report over some tickets.
inline Report reportOf(const std::vector<History> &tickets, Options options = {})
{
    options.ranks = threeTiers();
    Collector collector(std::move(options));
    for (const History &history : tickets)
        collector.add(history.input());
    return *collector.finish();
}

inline Row rowOf(const std::vector<History> &tickets)
{
    return reportOf(tickets).rows.at(0);
}

/// The row with this key; fails the test where there is none.
inline Row rowNamed(const Report &report, const char *key)
{
    for (const Row &row : report.rows) {
        if (row.key == QString::fromUtf8(key))
            return row;
    }
    QTest::qFail(key, __FILE__, __LINE__);
    return {};
}

} // namespace tierline::metrics

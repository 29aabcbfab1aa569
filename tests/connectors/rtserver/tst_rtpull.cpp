#include "tests/connectors/rtserver/realrt.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors;
using namespace tierline::test;

namespace {

constexpr int seeded = 200;

QStringList idsOf(const RtLogin::Pulled &pulled)
{
    QStringList ids;
    for (const auto &[id, ticket] : pulled.tickets)
        ids += id;
    return ids;
}

qsizetype messagesOf(const RemoteTicket &ticket)
{
    return std::count_if(ticket.entries.begin(), ticket.entries.end(),
        [](const RemoteEntry &entry) { return entry.message.has_value(); });
}

} // namespace

class TestRtPull : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        const QString error = m_server.start(seeded);
        if (error.startsWith("skip: "_L1))
            QSKIP(qPrintable(error));
        QVERIFY2(error.isEmpty(), qPrintable(error));
        m_agent = std::make_unique<RtLogin>(m_server, QString());
    }

    void cleanupTestCase() { m_agent.reset(); }

    void theFirstPullBringsEverythingWithThreads()
    {
        QString cursor;
        const auto pulled = m_agent->pullAll(cursor);
        QCOMPARE(pulled.error, QString());
        QCOMPARE(pulled.setAside, QStringList());
        const auto listed = m_agent->raw(net::Method::Get, { u"tickets"_s }, {},
            { { u"query"_s, u"id > 0"_s }, { u"per_page"_s, u"1"_s } });
        const auto total = listed.json.object().value("total"_L1).toInteger();
        QVERIFY(total > 150);
        QCOMPARE(static_cast<qint64>(pulled.tickets.size()), total);
        qsizetype messages = 0, htmls = 0, files = 0;
        for (const auto &[id, ticket] : pulled.tickets) {
            QCOMPARE(ticket.presence, Presence::There);
            QVERIFY(!ticket.version.isEmpty());
            QVERIFY(!ticket.requester.id.isEmpty());
            QVERIFY2(messagesOf(ticket) >= 1, qPrintable(id));
            QVERIFY(!ticket.entries.front().author.isAgent);
            for (const char *field : { "subject", "status", "priority", "place", "owner" })
                QVERIFY2(ticket.fields.contains(QLatin1StringView(field)), field);
            for (const RemoteEntry &entry : ticket.entries) {
                QVERIFY(entry.message.has_value() != !entry.fields.isEmpty());
                if (!entry.message)
                    continue;
                ++messages;
                htmls += entry.message->html.isEmpty() ? 0 : 1;
                files += static_cast<qsizetype>(entry.message->files.size());
                QVERIFY(!entry.message->text.isEmpty());
                QVERIFY(!entry.message->isShortened);
            }
        }
        qInfo("%lld tickets, %lld messages, %lld of them HTML, %lld files, %d pages",
            static_cast<long long>(pulled.tickets.size()), static_cast<long long>(messages),
            static_cast<long long>(htmls), static_cast<long long>(files), pulled.pages);
        QVERIFY(messages > 300 && htmls > 50 && files > 10);
        m_cursor = cursor;
        m_first = pulled;
        // Nothing happened: the overlap is read again and leads to no work.
        const auto again = m_agent->pullAll(cursor);
        QCOMPARE(idsOf(again), QStringList());
        QCOMPARE(again.pages, 0);
    }

    void undoingGivesTheStateAtCreation()
    {
        qsizetype moved = 0;
        for (const auto &[id, ticket] : m_first.tickets) {
            QCOMPARE(ticket.fieldsAtCreation.value("status"_L1).toString(), u"new"_s);
            QCOMPARE(ticket.fieldsAtCreation.value("owner"_L1).toString(), QString());
            // Forwards again from there: the present.
            QJsonObject state = ticket.fieldsAtCreation;
            for (const RemoteEntry &entry : ticket.entries) {
                for (auto field = entry.fields.begin(); field != entry.fields.end(); ++field)
                    state.insert(field.key(), field.value());
            }
            QCOMPARE(state, ticket.fields);
            if (ticket.fieldsAtCreation.value("place"_L1) != ticket.fields.value("place"_L1))
                ++moved;
        }
        QVERIFY(moved > 5);
    }

    void aChangeComesAndOnlyThat()
    {
        RtLogin other(m_server, u"SECOND"_s);
        QCOMPARE(
            other
                .raw(net::Method::Put, { u"ticket"_s, u"20"_s },
                    { { u"Priority"_s, 85 },
                        { u"CustomFields"_s,
                            QJsonObject { { u"Tags"_s, QJsonArray { u"x-1"_s, u"y-2"_s } } } } })
                .status,
            200);
        QCOMPARE(
            other
                .raw(net::Method::Post, { u"ticket"_s, u"21"_s, u"comment"_s },
                    { { u"Content"_s, u"<p>Grüße ☕</p>"_s }, { u"ContentType"_s, u"text/html"_s } })
                .status,
            201);
        const auto pulled = m_agent->pullAll(m_cursor);
        QCOMPARE(pulled.error, QString());
        QCOMPARE(idsOf(pulled), (QStringList { u"20"_s, u"21"_s }));
        const RemoteTicket &changed = pulled.tickets.at(u"20"_s);
        QCOMPARE(changed.fields.value("priority"_L1).toString(), u"urgent"_s);
        QCOMPARE(changed.fields.value("tags"_L1).toArray(), (QJsonArray { u"x-1"_s, u"y-2"_s }));
        const RemoteEntry &note = pulled.tickets.at(u"21"_s).entries.back();
        QVERIFY(note.message);
        QCOMPARE(note.message->kind, MessageKind::InternalNote);
        QCOMPARE(note.message->html, u"<p>Grüße ☕</p>"_s);
        QCOMPARE(note.message->text.trimmed(), u"Grüße ☕"_s);
        QCOMPARE(note.author.id, u"agent2"_s);
        QCOMPARE(note.author.name, u"Bo Backup"_s);
        QVERIFY(note.author.isAgent);
    }

    void deletedAndMergedTicketsAreTold()
    {
        const QString first = m_agent->create(), second = m_agent->create();
        QVERIFY(!first.isEmpty() && !second.isEmpty());
        QCOMPARE(m_agent->pullAll(m_cursor).tickets.size(), 2u);
        QCOMPARE(m_agent->raw(net::Method::Delete, { u"ticket"_s, u"22"_s }).status, 204);
        QCOMPARE(m_agent
                     ->raw(net::Method::Put, { u"ticket"_s, first },
                         { { u"MergeInto"_s, second.toLongLong() } })
                     .status,
            200);
        const auto pulled = m_agent->pullAll(m_cursor);
        QCOMPARE(pulled.error, QString());
        QCOMPARE(pulled.tickets.at(u"22"_s).presence, Presence::Deleted);
        QCOMPARE(pulled.tickets.at(first).presence, Presence::Merged);
        QCOMPARE(pulled.tickets.at(first).mergedInto, second);
        const RemoteTicket &kept = pulled.tickets.at(second);
        QCOMPARE(kept.presence, Presence::There);
        QCOMPARE(messagesOf(kept), 2);
        QCOMPARE(kept.fieldsAtCreation.value("status"_L1).toString(), u"new"_s);
        QCOMPARE(m_agent->fetch(first)->presence, Presence::Merged);
        QCOMPARE(m_agent->fetch(u"999999"_s)->presence, Presence::Gone);
        QCOMPARE(m_agent->fetch(u"22"_s)->presence, Presence::Deleted);
    }

    void aCensusFindsWhatWentOutOfSight()
    {
        RtLogin frontline(m_server, u"FRONTLINE"_s, { { u"census_hours"_s, u"0.1"_s } });
        const QString id = m_agent->create();
        QString cursor;
        const auto before = frontline.pullAll(cursor);
        QCOMPARE(before.error, QString());
        QVERIFY(before.tickets.contains(id));
        QVERIFY(before.census.empty()); // never in the first minutes
        for (const auto &[ticketId, ticket] : before.tickets)
            QCOMPARE(ticket.fields.value("place"_L1).toString(), u"L1 Frontline"_s);
        QCOMPARE(m_agent
                     ->raw(net::Method::Put, { u"ticket"_s, id },
                         { { u"Queue"_s, u"L3 Engineering"_s } })
                     .status,
            200);
        QCOMPARE(frontline.pullAll(cursor).tickets.size(), 0u);
        // Six hours later, by the cursor.
        QJsonObject aged = QJsonDocument::fromJson(cursor.toUtf8()).object();
        aged.insert(u"census"_s, aged.value("census"_L1).toInteger() - 6 * 3'600'000);
        cursor = QString::fromUtf8(QJsonDocument(aged).toJson(QJsonDocument::Compact));
        const auto after = frontline.pullAll(cursor);
        QCOMPARE(after.error, QString());
        QVERIFY(!after.census.empty());
        qint64 next = 1;
        QSet<qint64> listed;
        for (const auto &census : after.census) {
            QCOMPARE(census.from, next);
            QVERIFY(std::is_sorted(census.listed.begin(), census.listed.end()));
            for (const qint64 one : census.listed) {
                QVERIFY(one >= census.from && one <= census.to);
                listed.insert(one);
            }
            next = census.to + (census.to < std::numeric_limits<qint64>::max() ? 1 : 0);
        }
        QCOMPARE(after.census.back().to, std::numeric_limits<qint64>::max());
        QCOMPARE(listed.size(), static_cast<qsizetype>(before.tickets.size()) - 1);
        QVERIFY(!listed.contains(id.toLongLong()));
        QCOMPARE(frontline.fetch(id)->presence, Presence::Hidden);
        QVERIFY(frontline.pullAll(cursor).census.empty()); // the next one is hours away
    }

    void aZoneOfTheUserMovesNothing()
    {
        RtLogin newYork(m_server, u"NEWYORK"_s);
        const auto there = newYork.fetch(u"20"_s);
        const auto here = m_agent->fetch(u"20"_s);
        QVERIFY(there && here);
        QCOMPARE(*there, *here);
        QString cursor = m_cursor;
        QCOMPARE(newYork.pullAll(cursor).error, QString());
        QCOMPARE(m_agent->raw(net::Method::Put, { u"ticket"_s, u"30"_s }, { { u"Priority"_s, 55 } })
                     .status,
            200);
        QCOMPARE(idsOf(newYork.pullAll(cursor)), QStringList { u"30"_s });
    }

    void whatOneMayNotSeeIsNotThere()
    {
        RtLogin customer(m_server, u"CUSTOMER"_s);
        QString cursor;
        const auto pulled = customer.pullAll(cursor);
        QCOMPARE(pulled.error, QString());
        QVERIFY(pulled.tickets.empty());
        QCOMPARE(customer.fetch(u"20"_s)->presence, Presence::Hidden);
    }

    void filesComeWholeAndWithinTheLimit()
    {
        RemoteFile picture;
        for (const auto &[id, ticket] : m_first.tickets) {
            for (const RemoteEntry &entry : ticket.entries) {
                if (!entry.message)
                    continue;
                for (const RemoteFile &file : entry.message->files) {
                    if (file.name == "pixel.png"_L1)
                        picture = file;
                }
            }
        }
        QVERIFY(!picture.id.isEmpty());
        const auto bytes = m_agent->download(picture, 1 << 20);
        QVERIFY(bytes);
        QVERIFY(bytes->startsWith("\x89PNG"));
        QCOMPARE(bytes->size(), picture.size);
        QCOMPARE(m_agent->download(picture, 10).error().fault, Fault::BadReply);
    }

    void aConversationOfManyPagesIsWhole()
    {
        const QString id = m_agent->create();
        QJsonArray notes;
        for (int i = 0; i < 110; ++i) {
            notes.append(QJsonObject { { u"id"_s, id.toLongLong() },
                { u"Content"_s, u"Note %1"_s.arg(i) }, { u"ContentType"_s, u"text/plain"_s } });
        }
        QCOMPARE(m_agent
                     ->rawWith(net::Method::Post, { u"tickets"_s, u"bulk"_s, u"comment"_s },
                         QJsonDocument(notes))
                     .status,
            201);
        const auto ticket = m_agent->fetch(id);
        QVERIFY(ticket);
        QCOMPARE(messagesOf(*ticket), 111);
        QCOMPARE(ticket->entries.back().message->text, u"Note 109"_s);
    }

private:
    RealRt m_server;
    std::unique_ptr<RtLogin> m_agent;
    RtLogin::Pulled m_first;
    QString m_cursor;
};

QTEST_GUILESS_MAIN(TestRtPull)
#include "tst_rtpull.moc"

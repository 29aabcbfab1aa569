#include "core/connectors/rt/rtcursor.h"
#include "tests/connectors/rt/cannedrt.h"
#include "tests/connectors/rt/fixtures.h"

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors;
using namespace tierline::test;

namespace {

using State = PushOutcome::State;

Script say(const QByteArray &whole)
{
    return { send(whole) };
}

QByteArray rtAnswer(const QString &fixture)
{
    return answer(200, rtBody(fixture));
}

PushStep noteFor(const QString &ticket)
{
    PushStep step;
    step.kind = PushStep::Kind::Note;
    step.ticket = ticket;
    step.operations = { u"5a0c2b4e-1111-4222-8333-444455556666"_s };
    step.text = u"Look.\n[tl:5a0c2b4e-1111-4222-8333-444455556666]"_s;
    return step;
}

QStringList idsOf(const PullPage &page)
{
    QStringList ids;
    for (const RemoteTicket &ticket : page.tickets)
        ids += ticket.id;
    return ids;
}

/// The rows of a history that a request asks for.
struct HistoryPage {
    HistoryPage(const Arrival &arrival, int rows)
        : size(CannedRt::asked(arrival, u"per_page"_s).toInt())
        , first((CannedRt::asked(arrival, u"page"_s).toInt() - 1) * size)
        , end(std::min(rows, first + size))
    {
    }

    int size = 0;
    int first = 0;
    int end = 0;

    QString name() const { return u"%1+%2"_s.arg(first).arg(size); }
};

/// Pulls until there is nothing more; the ids that came, sorted, or the error.
QString pulled(RtWire &wire, QString &cursor)
{
    QStringList ids;
    for (int i = 0; i < 60; ++i) {
        const auto page = wire.pull(cursor);
        if (!page)
            return u"error: "_s + page.error().detail;
        ids += idsOf(*page);
        cursor = page->cursor;
        if (page->isLast)
            break;
    }
    ids.sort();
    return ids.join(u' ');
}

} // namespace

class TestRtWire : public QObject
{
    Q_OBJECT
private slots:
    // --- sign-in

    void aRefusedSignInIsKnownInEveryShape_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("401") << answer(401, R"({"message":"Unauthorized"})");
        QTest::newRow("redirect") << answer(302, "Login required", "text/plain", "Location: /\r\n");
        QTest::newRow("page") << answer(200, "<html>Login</html>", "text/html");
        QTest::newRow("page as text") << answer(200, "Login", "text/plain");
    }
    void aRefusedSignInIsKnownInEveryShape()
    {
        QFETCH(QByteArray, bytes);
        LyingServer server;
        server.script = [bytes](const Arrival &) { return say(bytes); };
        RtWire wire(server);
        const auto probe = wire.probe();
        QCOMPARE(probe.error().fault, Fault::SignIn);
        QCOMPARE(probe.error().retry, Retry::AfterSignIn);
        QVERIFY(probe.error().detail.contains("token"_L1));
        QVERIFY(!probe.error().detail.contains("abcdef"_L1));
        const auto requests = server.arrivals().size();
        QCOMPARE(requests, 1);
        // Nothing more goes out with that secret.
        QCOMPARE(wire.pull({}).error().fault, Fault::SignIn);
        QCOMPARE(wire.push(noteFor(u"1"_s)).error().fault, Fault::SignIn);
        QCOMPARE(server.arrivals().size(), requests);
        const Arrival &first = server.arrivals().first();
        QVERIFY(!first.header("User-Agent").contains("Mozilla"));
        QVERIFY(first.header("Cookie").isEmpty());
        QVERIFY(first.header("Authorization").startsWith("token 1-51-"));
    }

    void aServerOfAnotherKindIsSaid()
    {
        LyingServer server;
        server.script = [](const Arrival &) { return say(answer(404, R"({"message":"?"})")); };
        RtWire wire(server);
        const auto probe = wire.probe();
        QCOMPARE(probe.error().fault, Fault::NotFound);
        QVERIFY(probe.error().detail.contains("no Request Tracker"_L1));
    }

    void aSignInLostInTheMiddleSendsNoStorm()
    {
        CannedRt desk;
        for (qint64 id = 1; id <= 25; ++id)
            desk.tickets += id;
        RtWire wire(desk.server);
        desk.instead.insert(u"ticket/7/history"_s,
            [](const Arrival &) { return say(answer(401, R"({"message":"Unauthorized"})")); });
        QCOMPARE(wire.pull({}).error().fault, Fault::SignIn);
        const auto requests = desk.server.arrivals().size();
        QVERIFY(requests < 25);
        QCOMPARE(wire.pull({}).error().fault, Fault::SignIn);
        QCOMPARE(desk.server.arrivals().size(), requests);
    }

    // --- pull

    void everythingComesOnceAndThenNothing()
    {
        CannedRt desk;
        for (qint64 id = 1; id <= 60; ++id) {
            desk.tickets += id;
            desk.feed += { id * 10, id };
        }
        RtWire wire(desk.server);
        QString cursor;
        QCOMPARE(pulled(wire, cursor).split(u' ').size(), 60);
        const auto requests = desk.server.arrivals().size();
        QCOMPARE(pulled(wire, cursor), QString());
        QVERIFY(desk.server.arrivals().size() - requests <= 3);
        desk.feed += { 605, 9 };
        desk.tickets += 61;
        desk.feed += { 610, 61 };
        QCOMPARE(pulled(wire, cursor), u"61 9"_s);
        QCOMPARE(pulled(wire, cursor), QString());
    }

    void aRowThatShowsLateIsNotMissed()
    {
        CannedRt desk;
        for (qint64 id = 1; id <= 5; ++id)
            desk.tickets += id;
        desk.feed = { { 1000, 1 }, { 1002, 2 } };
        RtWire wire(desk.server);
        QString cursor;
        pulled(wire, cursor);
        desk.feed += { 1003, 3 };
        QCOMPARE(pulled(wire, cursor), u"3"_s);
        desk.feed += { 1001, 4 }; // had its number before, and commits only now
        QCOMPARE(pulled(wire, cursor), u"4"_s);
        desk.feed += { 720, 5 };
        QCOMPARE(pulled(wire, cursor), u"5"_s);
        QCOMPARE(pulled(wire, cursor), QString());
    }

    void aLongBacklogComesInBoundedPages()
    {
        CannedRt desk;
        desk.tickets = { 1 };
        desk.feed = { { 10, 1 } };
        RtWire wire(desk.server);
        QString cursor;
        QCOMPARE(pulled(wire, cursor), u"1"_s);
        for (qint64 id = 2; id <= 80; ++id) {
            desk.tickets += id;
            for (int i = 0; i < 20; ++i)
                desk.feed += { 1000 + id * 20 + i, id };
        }
        QSet<QString> came;
        for (int pages = 0;; ++pages) {
            QVERIFY(pages < 12);
            const auto page = wire.pull(cursor);
            QVERIFY(page);
            QVERIFY(page->tickets.size() <= 30u);
            for (const QString &id : idsOf(*page))
                came.insert(id);
            cursor = page->cursor;
            QVERIFY(cursor.size() < 20000);
            if (page->isLast)
                break;
        }
        QCOMPARE(came.size(), 79);
        QCOMPARE(pulled(wire, cursor), QString());
    }

    void aCursorThatStandsStillEndsInAFewRequests_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("tickets") << u"tickets"_s;
        QTest::newRow("transactions") << u"transactions"_s;
    }
    void aCursorThatStandsStillEndsInAFewRequests()
    {
        QFETCH(QString, path);
        CannedRt desk;
        desk.tickets = { 1, 2 };
        desk.feed = { { 10, 1 }, { 20, 2 } };
        desk.instead.insert(path, [](const Arrival &) {
            QJsonArray items;
            for (int id = 1; id <= 100; ++id)
                items.append(QJsonObject { { u"id"_s, id }, { u"ObjectId"_s, 1 } });
            return say(CannedRt::listOf(items));
        });
        RtWire wire(desk.server);
        QString cursor;
        QString result;
        for (int i = 0; i < 8 && !result.startsWith("error"_L1); ++i)
            result = pulled(wire, cursor);
        QVERIFY2(result.contains("same page"_L1), qPrintable(result));
        QVERIFY2(desk.server.arrivals().size() < 400,
            qPrintable(QString::number(desk.server.arrivals().size())));
    }

    void oneTicketThatCannotBeReadHoldsBackNoOther_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("500") << u"ticket/2/history"_s << answer(500, {});
        QTest::newRow("deep") << u"ticket/2/history"_s
                              << answer(200, QByteArray(2000, '[') + QByteArray(2000, ']'));
        QTest::newRow("broken") << u"ticket/2/attachments"_s << answer(200, R"({"items":[)");
        QTest::newRow("no list") << u"ticket/2/history"_s << answer(200, "{}");
    }
    void oneTicketThatCannotBeReadHoldsBackNoOther()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, bytes);
        CannedRt desk;
        desk.tickets = { 1, 2, 3 };
        desk.feed = { { 10, 1 }, { 20, 2 }, { 30, 3 } };
        desk.instead.insert(path, [bytes](const Arrival &) { return say(bytes); });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(idsOf(*page), (QStringList { u"1"_s, u"3"_s }));
        QCOMPARE(page->setAside.size(), 1);
        QVERIFY(page->setAside[0].contains("Ticket 2"_L1));
        // It is tried again when its time has come, and then it comes.
        auto cursor = rt::Cursor::parse(page->cursor);
        QCOMPARE(cursor->later.size(), 1u);
        cursor->later[0].next = {};
        desk.instead.clear();
        QString text = cursor->text();
        QCOMPARE(pulled(wire, text), u"2"_s);
        QVERIFY(rt::Cursor::parse(text)->later.empty());
    }

    void oneRecordThatBreaksItsListHoldsBackNoOther()
    {
        CannedRt desk;
        desk.tickets = { 1, 2, 3 };
        desk.instead.insert(u"tickets"_s, [](const Arrival &arrival) {
            const QString query = CannedRt::asked(arrival, u"query"_s);
            if (query.startsWith("id > 0"_L1))
                return say(answer(200, R"({"items":[{"id":1},{"id":"2"},{"id":3}]})"));
            if (query.startsWith("id > "_L1))
                return say(CannedRt::listOf({}));
            if (query.contains("id = 2"_L1))
                return say(answer(200, R"({"items":[{"id":2,"Priority":1e400}]})"));
            return say(CannedRt::listOf({ CannedRt::record(query.mid(5).toLongLong()) }));
        });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(idsOf(*page), (QStringList { u"1"_s, u"3"_s }));
        QCOMPARE(page->setAside.size(), 1);
    }

    // --- honest answers that are more than is taken at once

    void aLargeHonestHistoryComesInSmallerPages()
    {
        constexpr int rows = 120;
        CannedRt desk;
        desk.tickets = { 1 };
        QStringList asked;
        // 30 MiB for a hundred rows, which pack so well that Qt takes them for a bomb.
        const QString value(300'000, u'r');
        desk.instead.insert(u"ticket/1/history"_s, [&](const Arrival &arrival) {
            const HistoryPage page(arrival, rows);
            asked += page.name();
            QJsonArray items;
            for (int row = page.first; row < page.end; ++row) {
                QJsonObject change = CannedRt::message(10 + row, 1);
                change.insert(u"Type"_s, u"Set"_s);
                change.insert(u"Field"_s, u"Subject"_s);
                change.insert(u"NewValue"_s, value);
                change.remove(u"_hyperlinks"_s);
                items.append(change);
            }
            const QByteArray body = CannedRt::json(QJsonObject { { u"items"_s, items } });
            return say(
                answer(200, gzipped(body), "application/json", "Content-Encoding: gzip\r\n"));
        });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(idsOf(*page), QStringList(u"1"_s));
        QCOMPARE(page->setAside, QStringList());
        QCOMPARE(page->tickets[0].version, QString::number(10 + rows - 1));
        QCOMPARE(asked.join(u' '), u"0+100 0+25 25+25 50+25 75+25 100+100"_s);
    }

    void aLargeHonestListComesInHalves()
    {
        CannedRt desk;
        for (qint64 id = 1; id <= 25; ++id)
            desk.tickets += id;
        desk.instead.insert(u"tickets"_s, [&desk](const Arrival &arrival) {
            const QString query = CannedRt::asked(arrival, u"query"_s);
            QJsonArray items;
            const qint64 after = query.startsWith("id > "_L1) ? query.mid(5).toLongLong() : 0;
            for (const qint64 id : std::as_const(desk.tickets)) {
                if (query.startsWith("id > "_L1) && id > after)
                    items.append(QJsonObject { { u"id"_s, id } });
            }
            if (query.startsWith("id > "_L1))
                return say(CannedRt::listOf(items));
            for (const QString &one : query.split(u" OR "_s)) {
                QJsonObject record = CannedRt::record(one.section(u' ', -1).toLongLong());
                record.insert(u"Subject"_s, QString(2'000'000, u's'));
                items.append(record);
            }
            return say(CannedRt::listOf(items));
        });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(page->tickets.size(), 25u);
        QCOMPARE(page->setAside, QStringList());
    }

    void oneChangeThatCannotBeReadIsLeftOutInTheEnd()
    {
        constexpr int broken = 57;
        CannedRt desk;
        desk.tickets = { 1 };
        desk.instead.insert(u"ticket/1/history"_s, [](const Arrival &arrival) {
            const HistoryPage page(arrival, 104);
            if (page.first <= broken && broken < page.end)
                return say(answer(200, R"({"items":[{"id":1e400}]})"));
            QJsonArray items;
            for (int row = page.first; row < page.end; ++row) {
                QJsonObject change = CannedRt::message(10 + row, 1);
                change.insert(u"Type"_s, u"Status"_s);
                change.remove(u"_hyperlinks"_s);
                items.append(change);
            }
            return say(CannedRt::listOf(items));
        });
        RtWire wire(desk.server);
        auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(idsOf(*page), QStringList());
        QCOMPARE(page->setAside.size(), 1);
        // Half an hour later it is still broken: the ticket comes without it, and that is said.
        auto cursor = rt::Cursor::parse(page->cursor);
        QCOMPARE(cursor->later.size(), 1u);
        cursor->later[0].tries = 3;
        cursor->later[0].next = {};
        QString text = cursor->text();
        QString sentence;
        for (int i = 0; i < 3 && sentence.isEmpty(); ++i) {
            page = wire.pull(text);
            QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
            sentence = page->setAside.join(u' ');
            text = page->cursor;
        }
        QCOMPARE(idsOf(*page), QStringList(u"1"_s));
        QCOMPARE(page->tickets[0].version, u"113"_s);
        QVERIFY2(sentence.contains("without 1 of its changes"_L1), qPrintable(sentence));
        QVERIFY(rt::Cursor::parse(text)->later.empty());
    }

    void badListsMoveNoCursor_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("broken") << answer(200, R"({"items":[{"id":1},)");
        QTest::newRow("trailing") << answer(200, R"({"items":[]} x)");
        QTest::newRow("deep") << answer(200, QByteArray(100000, '['));
        QTest::newRow("large") << answer(
            200, "{\"items\":[\"" + QByteArray(17 << 20, 'x') + "\"]}");
        QTest::newRow("no list") << answer(200, R"({"message":"?"})");
        QTest::newRow("cut")
            << answer(200, R"({"items":[]})").replace("Content-Length: 12", "Content-Length: 99");
        QTest::newRow("500") << answer(500, {});
        QTest::newRow("gateway") << answer(502, "<html>", "text/html");
    }
    void badListsMoveNoCursor()
    {
        QFETCH(QByteArray, bytes);
        CannedRt desk;
        desk.tickets = { 1 };
        desk.instead.insert(u"tickets"_s, [bytes](const Arrival &) {
            return Script { send(bytes), close() };
        });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY(!page);
        QVERIFY(page.error().fault == Fault::BadReply || page.error().fault == Fault::Offline);
        QVERIFY(!page.error().detail.isEmpty());
        desk.instead.clear();
        QString cursor;
        QCOMPARE(pulled(wire, cursor), u"1"_s);
    }

    void attachmentPagesWithGapsAreReadToTheEnd()
    {
        CannedRt desk;
        desk.tickets = { 1 };
        desk.instead.insert(u"ticket/1/history"_s, [](const Arrival &) {
            return say(CannedRt::listOf({ CannedRt::message(10, 1), CannedRt::message(11, 1),
                CannedRt::message(12, 1), CannedRt::message(13, 1) }));
        });
        // A page lacks what may not be seen: short, empty, and still not the last. One part is on none.
        desk.instead.insert(u"ticket/1/attachments"_s, [](const Arrival &arrival) {
            const int page = CannedRt::asked(arrival, u"page"_s).toInt();
            const QHash<int, QJsonArray> pages { { 1, { CannedRt::text(10) } },
                { 3, { CannedRt::text(11) } }, { 4, { CannedRt::text(12) } } };
            return say(CannedRt::listOf(pages.value(page)));
        });
        desk.instead.insert(u"attachment/13"_s, [](const Arrival &) {
            QJsonObject part = CannedRt::text(13);
            part.insert(u"Content"_s, u"QWxv\nbmU=\n"_s);
            return say(answer(200, CannedRt::json(part)));
        });
        RtWire wire(desk.server);
        const auto page = wire.pull({});
        QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
        QCOMPARE(page->tickets.size(), 1u);
        QStringList texts;
        for (const RemoteEntry &entry : page->tickets[0].entries)
            texts += entry.message->text;
        QCOMPARE(texts, (QStringList { u"Text 10"_s, u"Text 11"_s, u"Text 12"_s, u"Alone"_s }));
    }

    void textIsMadeValidOnceAndForEver()
    {
        CannedRt desk;
        desk.tickets = { 1 };
        desk.instead.insert(u"ticket/1/attachments"_s, [](const Arrival &) {
            return say(answer(200,
                R"({"items":[{"id":10,"TransactionId":10,"ContentType":"text/plain","Content":"a\ud800b\u0000c"}]})"));
        });
        RtWire wire(desk.server);
        const auto first = wire.pull({});
        QVERIFY(first);
        const QString text = first->tickets.at(0).entries.at(0).message->text;
        QVERIFY(!text.contains(QChar(u'\0')));
        QVERIFY(text.contains(QChar(0xfffd)));
        QCOMPARE(wire.pull({})->tickets, first->tickets);
    }

    void noAddressInAnAnswerIsFollowed()
    {
        CannedRt desk;
        LyingServer spy;
        spy.script = [](const Arrival &) { return say(answer(200, "{}")); };
        desk.tickets = { 1 };
        desk.instead.insert(u"ticket/1/history"_s, [&spy](const Arrival &) {
            QJsonObject row = CannedRt::message(10, 1);
            const QString url = spy.url(u"/attachment/10"_s).toString();
            row.insert(u"_hyperlinks"_s,
                QJsonArray { QJsonObject { { u"ref"_s, u"attachment"_s }, { u"_url"_s, url } } });
            row.insert(u"_url"_s, url);
            QJsonObject list { { u"items"_s, QJsonArray { row } }, { u"next_page"_s, url } };
            return say(answer(200, CannedRt::json(list)));
        });
        RtWire wire(desk.server);
        QString cursor;
        QCOMPARE(pulled(wire, cursor), u"1"_s);
        QCOMPARE(spy.connections(), 0);
    }

    // --- files

    void onlyANumberIsEverFetched_data()
    {
        QTest::addColumn<QString>("id");
        for (const char *id : { "file:///etc/passwd", "//evil.example/x", "\\\\evil\\share",
                 "http://127.0.0.1:9/x", "https://evil.example/attachment/5", "../user/1", "5/../6",
                 "5?x=1", "5#x", "5%2f6", "", "-5", "smb://evil/x", "data:text/plain,x" })
            QTest::addRow("%s.", id) << QString::fromLatin1(id);
    }
    void onlyANumberIsEverFetched()
    {
        QFETCH(QString, id);
        CannedRt desk;
        RtWire wire(desk.server);
        RemoteFile file;
        file.id = id;
        const auto bytes = wire.wait<QByteArray>(
            [&](auto answer) { wire.connector->download(file, 1000, std::move(answer)); });
        QCOMPARE(bytes.error().fault, Fault::BadInput);
        QCOMPARE(desk.server.connections(), 0);
    }

    void aFileWithoutEndIsStopped()
    {
        LyingServer server;
        server.script = [](const Arrival &) -> Script {
            return {
                send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"Content\":\""),
                sendForEver(QByteArray(64000, 'A'))
            };
        };
        RtWire wire(server);
        RemoteFile file;
        file.id = u"5"_s;
        const auto bytes = wire.wait<QByteArray>(
            [&](auto answer) { wire.connector->download(file, 1 << 20, std::move(answer)); });
        QCOMPARE(bytes.error().fault, Fault::BadReply);
        QVERIFY(server.sent() < (64 << 20));
    }

    // --- push

    void whatBecameOfAMessage_data()
    {
        QTest::addColumn<Script>("script");
        QTest::addColumn<State>("state");
        QTest::addColumn<QString>("words");
        const auto row
            = [](const char *name, const Script &script, State state, const QString &words = {}) {
                  QTest::newRow(name) << script << state << words;
              };
        const QByteArray location = "Location: http://evil.example/REST/2.0/transaction/77\r\n";
        row("201", say(answer(201, "[\"Comments added\"]", "application/json", location)),
            State::Done);
        row("201 broken body", say(answer(201, "[\"Comm", "application/json", location)),
            State::Done);
        row("400", say(answer(400, R"({"message":"Permission Denied"})")), State::Refused,
            u"Permission Denied"_s);
        row("403", say(answer(403, R"({"message":"Forbidden"})")), State::Refused, u"Forbidden"_s);
        row("404", say(answer(404, R"({"message":"x"})")), State::Refused, u"does not know"_s);
        row("413 page", say(answer(413, "<html>", "text/html")), State::Refused, u"too large"_s);
        row("415", say(answer(415, R"({"message":"y"})")), State::Refused, u"y"_s);
        row("408", say(answer(408, "{}")), State::NotSent);
        row("429", say(answer(429, "{}", "application/json", "Retry-After: 7\r\n")),
            State::NotSent);
        row("500", say(answer(500, {})), State::Unknown);
        row("502", say(answer(502, "<html>", "text/html")), State::Unknown);
        row("503", say(answer(503, "<html>", "text/html")), State::Unknown);
        row("cut", { close() }, State::Unknown);
        row("reset", { reset() }, State::Unknown);
        row("half a head", { send("HTTP/1.1 201 Cre"), close() }, State::Unknown);
        row("no http", { send("hello\r\n"), close() }, State::Unknown);
    }
    void whatBecameOfAMessage()
    {
        QFETCH(Script, script);
        QFETCH(State, state);
        QFETCH(QString, words);
        CannedRt desk;
        desk.instead.insert(u"ticket/1/comment"_s, [script](const Arrival &) { return script; });
        RtWire wire(desk.server);
        const auto outcome = wire.push(noteFor(u"1"_s));
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
        QCOMPARE(outcome->state, state);
        QVERIFY2(outcome->sentence.contains(words), qPrintable(outcome->sentence));
        QCOMPARE(outcome->sentence.isEmpty(), state == State::Done);
        QCOMPARE(outcome->entry, state == State::Done ? u"77"_s : QString());
        // Never twice, whatever happens on the line, and never anywhere but inside.
        QCOMPARE(desk.server.arrivals().size(), 1);
        QCOMPARE(desk.server.arrivals()[0].method, QByteArray("POST"));
        QVERIFY(desk.server.arrivals()[0].target.endsWith("/ticket/1/comment"));
    }

    void aServerThatIsNotThereHasNothing()
    {
        auto server = std::make_unique<LyingServer>();
        RtWire wire(*server);
        server.reset();
        const auto outcome = wire.push(noteFor(u"1"_s));
        QVERIFY(outcome);
        QCOMPARE(outcome->state, State::NotSent);
        QCOMPARE(outcome->retry, Retry::Later);
    }

    void aForeignChangeBetweenTwoPartsDoesNotStopThem()
    {
        CannedRt desk;
        int version = 100;
        int refusals = 1;
        QJsonObject record = CannedRt::record(1);
        desk.instead.insert(u"ticket/1"_s, [&](const Arrival &arrival) {
            const QByteArray tag = '"' + QByteArray::number(version) + '"';
            if (arrival.method == "GET")
                return say(answer(
                    200, CannedRt::json(record), "application/json", "ETag: " + tag + "\r\n"));
            const QJsonObject body = QJsonDocument::fromJson(arrival.body).object();
            if (arrival.header("If-Match") != tag)
                return say(answer(412, R"({"message":"Precondition Failed"})"));
            if (body.contains("Queue"_L1)) {
                record.insert(u"Queue"_s,
                    QJsonObject { { u"id"_s, u"4"_s }, { u"Name"_s, body.value("Queue"_L1) } });
            } else if (refusals-- > 0) {
                ++version; // a scrip was faster
                return say(answer(412, R"({"message":"Precondition Failed"})"));
            } else {
                record.insert(u"Priority"_s, body.value("Priority"_L1));
            }
            ++version;
            return say(answer(200, R"(["done"])"));
        });
        RtWire wire(desk.server);
        PushStep step;
        step.kind = PushStep::Kind::Fields;
        step.ticket = u"1"_s;
        step.version = u"100"_s;
        step.fields = { { u"place"_s, u"L2 Technical"_s }, { u"priority"_s, u"urgent"_s } };
        const auto outcome = wire.push(step);
        QVERIFY(outcome);
        QVERIFY2(outcome->state == State::Done, qPrintable(outcome->sentence));
        QCOMPARE(outcome->readBack->fields.value("priority"_L1).toString(), u"urgent"_s);
        QCOMPARE(outcome->readBack->version, QString::number(version));
        // A version that is not the present one changes nothing at all.
        step.version = u"100"_s;
        step.fields = { { u"status"_s, u"solved"_s } };
        const auto puts = desk.server.arrivals().size();
        QCOMPARE(wire.push(step)->state, State::Stale);
        QCOMPARE(desk.server.arrivals().size(), puts + 1);
    }

    void anEmptyYesIsNoYes()
    {
        CannedRt desk;
        desk.tickets = { 1 };
        desk.instead.insert(u"ticket/1"_s, [](const Arrival &arrival) {
            return say(arrival.method == "GET" ? answer(200, CannedRt::json(CannedRt::record(1)))
                                               : answer(200, "[]"));
        });
        RtWire wire(desk.server);
        PushStep step;
        step.kind = PushStep::Kind::Fields;
        step.ticket = u"1"_s;
        step.fields = { { u"priority"_s, u"urgent"_s } };
        const auto outcome = wire.push(step);
        QCOMPARE(outcome->state, State::Refused);
        QVERIFY(outcome->sentence.contains("gave no reason"_L1));
    }

    void aMoveWhoseReadBackIsForbiddenIsDone()
    {
        CannedRt desk;
        bool isMoved = false;
        desk.instead.insert(u"ticket/1"_s, [&](const Arrival &arrival) {
            if (isMoved)
                return say(answer(403, R"({"message":"Forbidden"})"));
            isMoved = arrival.method == "PUT";
            return say(arrival.method == "GET" ? answer(200, CannedRt::json(CannedRt::record(1)))
                                               : answer(200, R"(["Queue changed"])"));
        });
        RtWire wire(desk.server);
        PushStep step;
        step.kind = PushStep::Kind::Fields;
        step.ticket = u"1"_s;
        step.fields = { { u"place"_s, u"L2 Technical"_s } };
        const auto outcome = wire.push(step);
        QCOMPARE(outcome->state, State::Done);
        QVERIFY(outcome->isOutOfSight);
    }

    // --- life

    void cancellingEndsWhatIsOpenAndNothingElse()
    {
        LyingServer server;
        server.script = [](const Arrival &) -> Script { return { hold() }; };
        RtWire wire(server);
        QList<Fault> faults;
        wire.connector->pull(
            {}, [&](const Result<PullPage> &page) { faults += page.error().fault; });
        wire.connector->probe([&](const Result<Probe> &probe) { faults += probe.error().fault; });
        QTRY_COMPARE(server.arrivals().size(), 2);
        std::optional<PushOutcome> outcome;
        wire.connector->push(noteFor(u"1"_s), [&](const Result<PushOutcome> &result) {
            if (result)
                outcome = *result;
            else
                faults += result.error().fault;
        });
        wire.connector->cancelAll();
        QTRY_COMPARE(
            faults, (QList<Fault> { Fault::Cancelled, Fault::Cancelled, Fault::Cancelled }));
        // One whose body has left may have been done.
        faults.clear();
        wire.connector->push(noteFor(u"1"_s), [&](const Result<PushOutcome> &result) {
            if (result)
                outcome = *result;
        });
        QTRY_COMPARE(server.arrivals().size(), 3);
        wire.connector->cancelAll();
        QTRY_VERIFY(outcome);
        QCOMPARE(outcome->state, State::Unknown);
    }

    void aProbeAnswersOnceHoweverMuchFails()
    {
        CannedRt desk;
        desk.instead.insert(
            u"rt"_s, [](const Arrival &) { return say(answer(200, R"({"Version":"5.0.3"})")); });
        desk.instead.insert(
            u"user/jonas"_s, [](const Arrival &) { return say(rtAnswer(u"user-jonas"_s)); });
        desk.instead.insert(
            u"queues/all"_s, [](const Arrival &) { return say(rtAnswer(u"queues-all"_s)); });
        for (const char *queue : { "queue/3", "queue/4", "queue/6" }) {
            desk.instead.insert(QString::fromLatin1(queue),
                [](const Arrival &) { return say(answer(502, "<html>", "text/html")); });
        }
        RtWire wire(desk.server);
        int answers = 0;
        wire.connector->probe([&](const Result<Probe> &probe) {
            ++answers;
            QVERIFY(!probe);
        });
        QTRY_COMPARE(answers, 1);
        // A second probe's whole way is long enough for another answer of the first.
        QVERIFY(!wire.probe());
        QCOMPARE(answers, 1);
        for (const char *queue : { "queue/3", "queue/4", "queue/6" }) {
            desk.instead.insert(QString::fromLatin1(queue),
                [](const Arrival &) { return say(rtAnswer(u"queue-3"_s)); });
        }
        desk.instead.insert(u"group/48"_s,
            [](const Arrival &) { return say(answer(403, R"({"message":"Forbidden"})")); });
        const auto probe = wire.probe();
        QVERIFY2(probe, probe ? "" : qPrintable(probe.error().detail));
        QCOMPARE(probe->me.name, u"Jonas Weber"_s);
        QCOMPARE(probe->places.size(), 3);
        QCOMPARE(probe->agents.size(), 1u);
        QVERIFY(probe->warnings.join(u' ').contains("America/New_York"_L1));
        QVERIFY(!probe->warnings.join(u' ').contains("Client Reference"_L1));
    }

    void nobodyHearsFromAConnectorThatIsGone()
    {
        LyingServer server;
        server.script = [](const Arrival &) { return say(answer(200, "{}")); };
        RtWire wire(server);
        int answers = 0;
        wire.connector->pull({}, [&](const Result<PullPage> &) { ++answers; });
        wire.connector->pull(u"nonsense"_s, [&](const Result<PullPage> &) { ++answers; });
        wire.connector.reset();
        QTRY_COMPARE(server.open(), 0);
        QCoreApplication::processEvents();
        QCOMPARE(answers, 0);
    }

    void badArgumentsAreAnsweredLater()
    {
        CannedRt desk;
        RtWire wire(desk.server);
        QCOMPARE(wire.pull(u"nonsense"_s).error().fault, Fault::BadInput);
        QCOMPARE(wire.push(noteFor(u"1/../2"_s)).error().fault, Fault::BadInput);
        PushStep empty = noteFor(u"1"_s);
        empty.text.clear();
        QCOMPARE(wire.push(empty)->state, State::Refused);
        QCOMPARE(desk.server.connections(), 0);
    }

    void theBuildKnowsTheConnector()
    {
        Registry registry;
        registerConnectors(registry);
        const Kind *kind = registry.find(u"rt"_s);
        QVERIFY(kind);
        QCOMPARE(kind->name, u"Request Tracker"_s);
        QVERIFY(kind->options.contains(u"tags_field"_s));
        QCOMPARE(kind->userOf(Secret::fromText(u"1-51-0aF9"_s)), u"51"_s);
        QCOMPARE(kind->userOf(Secret::fromText(u"a password"_s)), QString());
        AccountConfig account;
        QCOMPARE(
            kind->credentials(account, Secret::fromText(u"1-51-0af9"_s)).headerValue().expose(),
            QByteArrayView("token 1-51-0af9"));
        account.user = u"jonas"_s;
        QVERIFY(kind->credentials(account, Secret::fromText(u"pass"_s))
                    .headerValue()
                    .expose()
                    .toByteArray()
                    .startsWith("Basic "));
    }
};

QTEST_GUILESS_MAIN(TestRtWire)
#include "tst_rtwire.moc"

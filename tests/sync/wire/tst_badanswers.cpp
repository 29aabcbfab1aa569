#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/connectors/rt/cannedrt.h"
#include "tests/support/net/testcertificates.h"
#include "tests/support/syncrig/syncrig.h"

#include <QRegularExpression>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Bytes that no helpdesk should send, through connector and engine into a store: refused or mended, the
// cursor where it was, nothing lost.

namespace {

template<typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

/// A workspace with one account at a Request Tracker that says what a test wants.
struct Scene {
    CannedRt desk;
    FakeClock clock;
    SyncStore store { clock };
    SeededRandom random { 5 };

    explicit Scene(qint64 tickets = 3)
    {
        for (qint64 id = 1; id <= tickets; ++id)
            addTicket(id);
        store.create();
        storage::Account account { .name = u"rt"_s,
            .type = u"rt"_s,
            .url = u"https://rt.example"_s,
            .places = { { u"L1 Frontline"_s, u"L1"_s, {} } },
            .me = { { u"id"_s, u"jonas"_s }, { u"name"_s, u"Jonas"_s } } };
        write([&](storage::WriteScope &scope) { return storage::addAccount(scope, account); });
    }

    void addTicket(qint64 id)
    {
        desk.tickets += id;
        desk.feed += { id * 10, id };
    }
    void write(const std::function<Result<Done>(storage::WriteScope &)> &work)
    {
        must(store.store().write(storage::Durability::Background, work));
    }
    storage::Account account() { return must(storage::findAccount(store.connection(), u"rt"_s)); }
    qint64 held() { return must(storage::countHeld(store.connection(), u"rt"_s)); }
    qint64 waiting() { return qint64(must(storage::loadOutbox(store.connection())).size()); }
    /// Something that must not be lost.
    void noteOn(const QString &key)
    {
        const Agent mia = must(storage::findAgent(store.connection(), u"mia"_s));
        commands::Context context { .store = store.store(),
            .random = random,
            .actor = mia,
            .visibility = visibilityOf(mia, {}),
            .now = clock.now(),
            .durability = storage::Durability::Background };
        must(commands::run(context, commands::Note { key, u"Ours."_s, {} }));
    }
    sync::RoundSummary round(sync::RoundOptions options = { .push = false })
    {
        RtWire wire(desk.server);
        return round(*wire.connector, options);
    }
    sync::RoundSummary round(connectors::Connector &connector, sync::RoundOptions options = {})
    {
        sync::DirectGate gate(store.store());
        sync::Round round(u"rt"_s, connector, gate, clock, random, options);
        const auto summary = waitFor<sync::RoundSummary>(
            [&](auto answer) {
                // A round that may not even begin says so at once.
                QTimer::singleShot(0, &round, [&round, answer] {
                    round.start([answer](const sync::RoundSummary &s) { answer(s); });
                });
            },
            Millis(30'000));
        return must(summary);
    }
    void lieAt(const QString &path, const Script &script)
    {
        desk.instead.insert(path, [script](const Arrival &) { return script; });
    }
};

} // namespace

class TestBadAnswers : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void aBadListMovesNothing_data();
    void aBadListMovesNothing();
    void aBadTicketHoldsBackNoOther_data();
    void aBadTicketHoldsBackNoOther();
    void aRefusedTokenAsksOnce();
    void aUrlWithNoServer();
    void aCertificateThatDoesNotFit();
    void rowsThatComeTwiceAndShift();
    void idsBeyondDoubles();
    void tornTextIsMendedOnce();
};

namespace {

void badBodies()
{
    QTest::addColumn<Script>("script");
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    QTest::newRow("100 MB") << Script { send(
                                            head + "Content-Length: 104857600\r\n\r\n{\"items\":["),
        sendForEver(QByteArray(64'000, '1')) };
    QTest::newRow("100 MB, unannounced")
        << Script { send(head + "\r\n{\"items\":[\""), sendForEver(QByteArray(64'000, 'x')) };
    QTest::newRow("depth 2,000") << Script { send(
        answer(200, "{\"items\":" + QByteArray(2000, '[') + QByteArray(2000, ']') + "}")) };
    QTest::newRow("truncated JSON") << Script { send(answer(200, R"({"items":[{"id":1},)")) };
    QTest::newRow("truncated body")
        << Script { send(head + "Content-Length: 100\r\n\r\n{\"ite"), close() };
    QTest::newRow("gzip bomb") << Script { send(answer(200, gzipped(QByteArray(100 << 20, '0')),
        "application/json", "Content-Encoding: gzip\r\n")) };
    QTest::newRow("a number beyond all numbers")
        << Script { send(answer(200, R"({"items":[{"id":1e400}]})")) };
    QTest::newRow("trailing bytes") << Script { send(answer(200, R"({"items":[]} x)")) };
}

} // namespace

void TestBadAnswers::aBadListMovesNothing_data()
{
    badBodies();
}

void TestBadAnswers::aBadListMovesNothing()
{
    QFETCH(Script, script);
    Scene scene;
    QVERIFY(!scene.round().error);
    QCOMPARE(scene.held(), 3);
    scene.noteOn(u"rt:1"_s);
    const QString cursor = scene.account().cursor;
    scene.addTicket(4);
    scene.lieAt(u"transactions"_s, script);
    const sync::RoundSummary summary = scene.round({});
    QVERIFY(summary.error.has_value());
    QVERIFY(summary.error->fault == Fault::BadReply || summary.error->fault == Fault::Offline);
    QVERIFY(summary.error->detail.endsWith(u'.'));
    QCOMPARE(scene.account().cursor, cursor);
    QCOMPARE(scene.account().problem, summary.error->detail); // a person can read it
    QCOMPARE(scene.held(), 3);
    QCOMPARE(scene.waiting(), 1);
    // Once the server is in its right mind, all is there.
    scene.desk.instead.clear();
    QVERIFY(!scene.round().error);
    QCOMPARE(scene.held(), 4);
    QVERIFY(scene.account().cursor != cursor);
    QCOMPARE(scene.waiting(), 1);
}

void TestBadAnswers::aBadTicketHoldsBackNoOther_data()
{
    badBodies();
}

void TestBadAnswers::aBadTicketHoldsBackNoOther()
{
    QFETCH(Script, script);
    Scene scene;
    scene.lieAt(u"ticket/2/history"_s, script);
    const sync::RoundSummary summary = scene.round();
    if (summary.error) { // the way there broke: the page did not come, and the cursor stands
        QCOMPARE(summary.error->fault, Fault::Offline);
        QCOMPARE(scene.account().cursor, QString());
        QCOMPARE(scene.held(), 0);
    } else {
        QCOMPARE(scene.held(), 2);
        QCOMPARE(summary.problems.size(), 1);
        QVERIFY(summary.problems.front().contains(u"Ticket 2"_s));
    }
    scene.desk.instead.clear();
    scene.desk.feed += { 1000, 2 }; // something happens to it
    QVERIFY(!scene.round().error);
    QCOMPARE(scene.held(), 3);
}

void TestBadAnswers::aRefusedTokenAsksOnce()
{
    Scene scene;
    scene.round();
    scene.noteOn(u"rt:1"_s);
    scene.lieAt(u"transactions"_s, { send(answer(401, R"({"message":"Unauthorized"})")) });
    const qsizetype before = scene.desk.server.arrivals().size();
    for (int i = 0; i < 5; ++i)
        QCOMPARE(scene.round({}).error->fault, Fault::SignIn);
    QCOMPARE(scene.desk.server.arrivals().size(), before + 1);
    QVERIFY(scene.account().needsSignIn);
    QCOMPARE(scene.waiting(), 1);
    scene.desk.instead.clear();
    scene.write([&](storage::WriteScope &scope) {
        storage::Account account = scene.account();
        account.needsSignIn = false;
        return storage::saveAccount(scope, account);
    });
    QVERIFY(!scene.round().error);
}

void TestBadAnswers::aUrlWithNoServer()
{
    Scene scene;
    scene.round();
    scene.noteOn(u"rt:1"_s);
    RtWire wire(scene.desk.server);
    scene.desk.server.close();
    scene.desk.server.closeAll();
    const sync::RoundSummary summary = scene.round(*wire.connector);
    QCOMPARE(summary.error->fault, Fault::Offline);
    QCOMPARE(summary.pending, 1);
    const auto entry = must(storage::loadOutbox(scene.store.connection())).front();
    QCOMPARE(entry.state, storage::OutboxState::Waiting);
    QCOMPARE(entry.attempts, 0); // a missing network counts against nothing
}

void TestBadAnswers::aCertificateThatDoesNotFit()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("The openssl program is missing.");
    Scene scene;
    scene.round();
    scene.noteOn(u"rt:1"_s);
    CertificateMaker maker;
    const auto own = maker.selfSigned();
    QVERIFY(own.has_value());
    LyingServer stranger(own->certificate, own->key);
    stranger.script = [](const Arrival &) { return Script { send(answer(200, "{}")) }; };
    RtWire wire(stranger);
    const QString cursor = scene.account().cursor;
    const sync::RoundSummary summary = scene.round(*wire.connector);
    QVERIFY(summary.error.has_value());
    QVERIFY(!summary.error->detail.isEmpty());
    QCOMPARE(stranger.arrivals().size(), 0); // not one byte of a request
    QCOMPARE(scene.account().cursor, cursor);
    QCOMPARE(scene.waiting(), 1);
}

void TestBadAnswers::rowsThatComeTwiceAndShift()
{
    Scene scene(70);
    // Every list has its first row twice, and, from the second page on, the last one of the page before.
    scene.desk.instead.insert(u"tickets"_s, [&](const Arrival &arrival) {
        const QString query = CannedRt::asked(arrival, u"query"_s);
        const qint64 most = CannedRt::asked(arrival, u"per_page"_s).toLongLong();
        QJsonArray items;
        if (!query.startsWith(u"id > ")) {
            for (const QString &one : query.split(u" OR "_s))
                items.append(CannedRt::record(one.section(u' ', -1).toLongLong()));
            return Script { send(CannedRt::listOf(items)) };
        }
        const qint64 after = query.mid(5).toLongLong();
        for (const qint64 id : std::as_const(scene.desk.tickets)) {
            if (id > after && items.size() < most)
                items.append(CannedRt::record(id));
        }
        if (!items.isEmpty()) {
            items.append(items.first());
            if (after > 0)
                items.prepend(CannedRt::record(after));
        }
        return Script { send(CannedRt::listOf(items)) };
    });
    const sync::RoundSummary summary = scene.round();
    QVERIFY2(!summary.error, summary.error ? qPrintable(summary.error->detail) : "");
    QCOMPARE(scene.held(), 70);
    auto row = must(scene.store.connection().prepare("SELECT count(*) FROM message"));
    must(row.step());
    QCOMPARE(row.integer(0), 70);
    QVERIFY(!scene.round().error);
    QCOMPARE(scene.held(), 70);
}

void TestBadAnswers::idsBeyondDoubles()
{
    Scene scene(0);
    const QList<qint64> ids { 9'007'199'254'740'991, 9'007'199'254'740'992, 9'007'199'254'740'993 };
    scene.desk.tickets = ids;
    QVERIFY(!scene.round().error);
    for (const qint64 id : ids) {
        const auto row
            = must(storage::findRemote(scene.store.connection(), u"rt"_s, QString::number(id)));
        QVERIFY2(row.has_value(), qPrintable(QString::number(id)));
        const Ticket ticket
            = must(storage::loadTicket(scene.store.connection(), row->ticket)).ticket;
        QCOMPARE(ticket.key, u"rt:%1"_s.arg(id));
        QCOMPARE(ticket.subject, u"Ticket %1"_s.arg(id));
    }
}

void TestBadAnswers::tornTextIsMendedOnce()
{
    Scene scene(1);
    scene.lieAt(u"ticket/1/attachments"_s,
        { send(answer(200,
            R"({"items":[{"id":10,"TransactionId":10,"ContentType":"text/plain","Content":"a\ud800b\u0000c\ufffe"}]})")) });
    QVERIFY(!scene.round().error);
    const auto row = must(storage::findRemote(scene.store.connection(), u"rt"_s, u"1"_s));
    const auto messages = must(storage::loadMessages(scene.store.connection(), row->ticket));
    QCOMPARE(messages.size(), size_t(1));
    const QString text = messages.front().text;
    QVERIFY(text.isValidUtf16());
    QVERIFY(!text.contains(QChar(u'\0')));
    QVERIFY(text.startsWith(u'a') && text.contains(u'b') && text.contains(u'c'));
    // What is stored is a fixed point: the same page again changes nothing.
    scene.desk.feed += { 2000, 1 };
    const sync::RoundSummary again = scene.round();
    QVERIFY(!again.error);
    QCOMPARE(again.tickets, 0);
    QCOMPARE(must(storage::loadMessages(scene.store.connection(), row->ticket)), messages);
}

QTEST_GUILESS_MAIN(TestBadAnswers)
#include "tst_badanswers.moc"

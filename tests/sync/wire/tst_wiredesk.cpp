#include "tests/sync/wire/wirerig.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

Q_DECLARE_METATYPE(tierline::test::Lie)
Q_DECLARE_METATYPE(tierline::Millis)

// The lying server itself: what it reads, how it lies in bytes, and that time is the desk's alone.

namespace {

struct Wire {
    FakeClock clock;
    SimLoop loop { clock };
    FakeDesk desk;
    RtOverWire rt;
    std::unique_ptr<Connector> connector;

    explicit Wire(DeskOptions options = rtDesk(), Millis offset = 0ms)
        : desk(loop, with(std::move(options), offset))
        , rt(desk)
        , connector(rt.side().makeConnector(1))
    {
    }
    static DeskOptions with(DeskOptions options, Millis offset)
    {
        options.tickets = 3;
        options.clockOffset = offset;
        return options;
    }

    template<typename T>
    Result<T> wait(const std::function<void(Answer<T>)> &call)
    {
        std::optional<Result<T>> kept;
        call([&](Result<T> result) { kept = std::move(result); });
        loop.runUntil([&] { return kept.has_value(); });
        if (!kept)
            return Error { .detail = u"There was no answer."_s };
        return *kept;
    }
    PushStep reply(const QString &text) const
    {
        return { .kind = PushStep::Kind::Reply,
            .ticket = u"1"_s,
            .operations = { u"0a0a0a0a-0000-4000-8000-000000000001"_s },
            .queued = desk.now(),
            .text = text,
            .as = desk.user(u"7"_s) };
    }
    Result<PushOutcome> push(const PushStep &step)
    {
        return wait<PushOutcome>([&](auto answer) { connector->push(step, std::move(answer)); });
    }
};

/// What a raw connection gets back, up to its end.
QByteArray exchange(const WireServer &server, const QByteArrayList &pieces)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, quint16(server.url().port()));
    QByteArray answer;
    const auto read = [&] {
        answer += socket.readAll();
        return socket.state() == QAbstractSocket::UnconnectedState;
    };
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; }))
        return "no connection";
    for (const QByteArray &piece : pieces) {
        socket.write(piece);
        socket.flush();
        QCoreApplication::processEvents();
    }
    if (!QTest::qWaitFor(read))
        return "no end";
    return answer;
}

} // namespace

class TestWireDesk : public QObject
{
    Q_OBJECT
private slots:
    void readsRequests_data();
    void readsRequests();
    void anOutcomeForEachLie_data();
    void anOutcomeForEachLie();
    void refusesForReal();
    void hoursCostNothing();
    void aSeedRepeatsItself();
    void aReplyIsFoundWhateverTheClocks_data();
    void aReplyIsFoundWhateverTheClocks();
    void filesComeThrough();
    void wordsThatCannotBeReadNowAreNotLost();
    void aCopiedMarkerIsNobodysOperation();
};

void TestWireDesk::readsRequests_data()
{
    QTest::addColumn<QByteArrayList>("pieces");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const auto row
        = [](const char *name, const QByteArrayList &pieces, int status,
              const QByteArray &body = {}) { QTest::newRow(name) << pieces << status << body; };
    QByteArrayList letters;
    for (const char letter : QByteArray("PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
        letters.append(QByteArray(1, letter));
    row("byte by byte", letters, 200, "abc");
    row("with a length", { "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel", "lo" }, 200,
        "hello");
    row("chunked",
        { "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "2;x=y\r\nde\r\n0\r\n\r\n" },
        200, "abcde");
    row("no request", { "hello\r\n\r\n" }, 400);
    row("no length", { "PUT /a HTTP/1.1\r\nContent-Length: many\r\n\r\n" }, 400);
    row("a length below nothing", { "PUT /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n" }, 400);
    row("too long", { "PUT /a HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" }, 413);
    row("chunks too long", { "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7ff\r\n" }, 413);
    row("a chunk of no size", { "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
        400);
    row("another coding", { "PUT /a HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n" }, 501);
    row("headers without end", { "GET /a HTTP/1.1\r\nX: " + QByteArray(2000, 'x') }, 431);
}

void TestWireDesk::readsRequests()
{
    QFETCH(QByteArrayList, pieces);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    WireServer server({ .head = 1'000, .body = 1'000 });
    QByteArray came;
    server.onRequest = [&](const WireRequest &request) {
        came = request.body;
        WireAnswer answer { .body = "{}", .closes = true };
        server.put(request.number, answer.head() + answer.tail());
        server.answered(request.number, true);
    };
    const QByteArray answer = exchange(server, pieces);
    QVERIFY2(answer.startsWith("HTTP/1.1 " + QByteArray::number(status)), answer.constData());
    QCOMPARE(came, body);
}

void TestWireDesk::anOutcomeForEachLie_data()
{
    QTest::addColumn<Lie>("lie");
    QTest::addColumn<QList<int>>("states"); ///< PushOutcome::State; none: an error
    QTest::addColumn<int>("applied");
    const auto row = [](const char *name, Lie lie, QList<State> states, int applied) {
        QList<int> numbers;
        for (const State state : states)
            numbers.append(int(state));
        QTest::newRow(name) << lie << numbers << applied;
    };
    row("honest", Lie::Honest, { State::Done }, 1);
    row("cut before", Lie::CutBeforeApply, { State::Unknown }, 0);
    // Of an answer that is broken behind its headers, the headers say that it was done.
    row("dropped answer", Lie::ApplyThenDropAnswer, { State::Unknown, State::Done }, 1);
    row("hangs", Lie::Hang, { State::Unknown }, 0);
    row("hangs after", Lie::ApplyThenHang, { State::Unknown }, 1);
    row("late", Lie::applyLate(20s), { State::Unknown }, 0);
    row("slow headers", Lie::delay(20s), { State::Done }, 1);
    row("headers too slow", Lie::delay(70s), { State::Unknown }, 1);
    row("a second answer", Lie::AnswerTwice, { State::Done }, 1);
    row("sign-in", Lie::SignIn, {}, 0);
    row("too many", Lie::TooMany, { State::NotSent }, 0);
    row("too many, with a wait", Lie::tooMany(7s), { State::NotSent }, 0);
    row("busy", Lie::Busy, { State::Unknown }, 0);
    row("broken", Lie::Broken, { State::Unknown }, 0);
    row("broken after", Lie::ApplyThenBroken, { State::Unknown }, 1);
    row("rejected", Lie::Reject, { State::Refused }, 0);
    row("gone", Lie::SayGone, { State::Refused }, 0);
    row("restart before", Lie::restartBeforeApply(5s), { State::Unknown }, 0);
    row("restart after", Lie::restartAfterApply(5s), { State::Unknown }, 1);
}

void TestWireDesk::anOutcomeForEachLie()
{
    QFETCH(Lie, lie);
    QFETCH(QList<int>, states);
    QFETCH(int, applied);
    for (quint64 seed = 1; seed <= 12; ++seed) { // each has its own way of breaking
        DeskOptions options = rtDesk();
        options.seed = seed;
        Wire wire(options);
        wire.desk.onNth(1, Push::Reply, lie);
        const PushStep step = wire.reply(u"Hello."_s);
        const auto outcome = wire.push(step);
        QCOMPARE(wire.desk.timesApplied(step.operations.front()), applied);
        if (states.isEmpty()) {
            QVERIFY(!outcome);
            QCOMPARE(outcome.error().fault, Fault::SignIn);
            continue;
        }
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().detail));
        QVERIFY2(states.contains(int(outcome->state)),
            qPrintable(
                u"seed %1: %2 %3"_s.arg(seed).arg(int(outcome->state)).arg(outcome->sentence)));
        if (outcome->state == State::Done)
            QVERIFY(!outcome->entry.isEmpty());
        if (lie.hasTime && lie.kind == Lie::Kind::TooMany)
            QVERIFY(outcome->wait >= 7s && outcome->wait < 9s);
        // What was to come late has come by now, once; and the next request is served.
        wire.desk.beHonest();
        wire.loop.runFor(90s);
        if (lie.kind == Lie::Kind::ApplyLate)
            QCOMPARE(wire.desk.timesApplied(step.operations.front()), 1);
        PushStep next = wire.reply(u"And on."_s);
        next.operations = { u"0a0a0a0a-0000-4000-8000-000000000002"_s };
        const auto after = wire.push(next);
        QVERIFY2(after, after ? "" : qPrintable(after.error().detail));
        QCOMPARE(after->state, State::Done);
    }
}

void TestWireDesk::refusesForReal()
{
    Wire wire;
    wire.desk.always(anyCall, Lie::RefuseConnection);
    const auto outcome = wire.push(wire.reply(u"Hello."_s));
    QVERIFY(outcome);
    QCOMPARE(outcome->state, State::NotSent);
    QCOMPARE(wire.rt.wire.requests(), 0);
    wire.desk.beHonest();
    const auto again = wire.push(wire.reply(u"Hello."_s));
    QVERIFY(again);
    QCOMPARE(again->state, State::Done);
}

/// A minute of silence and a client's limit pass as fast as there is nothing to do in them.
void TestWireDesk::hoursCostNothing()
{
    Wire wire;
    wire.desk.always(anyCall, Lie::Hang);
    QElapsedTimer timer;
    timer.start();
    const Millis before = wire.loop.now();
    const auto outcome = wire.push(wire.reply(u"Hello."_s));
    QVERIFY(outcome && outcome->state == State::Unknown);
    QVERIFY(wire.loop.now() - before >= 60s);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void TestWireDesk::aSeedRepeatsItself()
{
    const auto run = [] {
        DeskOptions options = rtDesk();
        options.seed = 7;
        Wire wire(options);
        wire.desk.setTracing(true);
        wire.desk.lies().atRandom({ .percent = 30 }, 7);
        QString cursor;
        for (int i = 0; i < 6; ++i) {
            const auto page = wire.wait<PullPage>(
                [&](auto answer) { wire.connector->pull(cursor, std::move(answer)); });
            if (page)
                cursor = page->cursor;
            wire.loop.runFor(30s);
        }
        return wire.desk.traced();
    };
    const QStringList first = run();
    QVERIFY(first.size() > 10);
    QCOMPARE(run().join(u'\n'), first.join(u'\n'));
}

void TestWireDesk::aReplyIsFoundWhateverTheClocks_data()
{
    QTest::addColumn<Millis>("offset");
    QTest::newRow("together") << Millis(0);
    QTest::newRow("an hour ahead") << Millis(1h);
    QTest::newRow("an hour behind") << Millis(-1h);
    QTest::newRow("a day ahead") << Millis(24h);
}

/// By author, text and time, where nothing else tells: the time is the server's.
void TestWireDesk::aReplyIsFoundWhateverTheClocks()
{
    QFETCH(Millis, offset);
    Wire wire(rtDesk(false), offset);
    const PushStep step = wire.reply(u"Hello."_s);
    const auto sent = wire.push(step);
    QVERIFY(sent && sent->state == State::Done);
    const auto found
        = wire.wait<Found>([&](auto answer) { wire.connector->find(step, std::move(answer)); });
    QVERIFY2(found, found ? "" : qPrintable(found.error().detail));
    QVERIFY(found->isThere);
    QCOMPARE(found->entry, sent->entry);
    // What was said long before is another one.
    wire.loop.runFor(30min);
    PushStep later = wire.reply(u"Hello."_s);
    const auto none
        = wire.wait<Found>([&](auto answer) { wire.connector->find(later, std::move(answer)); });
    QVERIFY(none && !none->isThere);
}

void TestWireDesk::filesComeThrough()
{
    Wire wire;
    QByteArray bytes;
    for (int i = 0; i < 3'000; ++i)
        bytes += char(i % 256);
    wire.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"See this."_s,
        { { .name = u"p.png"_s, .contentType = u"image/png"_s, .bytes = bytes } });
    const auto ticket = wire.wait<RemoteTicket>(
        [&](auto answer) { wire.connector->fetch(u"1"_s, true, std::move(answer)); });
    QVERIFY2(ticket, ticket ? "" : qPrintable(ticket.error().detail));
    const RemoteEntry &last = ticket->entries.back();
    QVERIFY(last.message && last.message->files.size() == 1);
    const RemoteFile file = last.message->files.front();
    QCOMPARE(file.name, u"p.png"_s);
    QCOMPARE(file.size, qint64(bytes.size()));
    const auto fetched = wire.wait<QByteArray>(
        [&](auto answer) { wire.connector->download(file, 1 << 20, std::move(answer)); });
    QVERIFY(fetched);
    QCOMPARE(*fetched, bytes);
}

/// A ticket is read again rather than kept without its words for ever; one that never can be is taken at
/// last without them.
void TestWireDesk::wordsThatCannotBeReadNowAreNotLost()
{
    Wire wire;
    QString cursor;
    const auto pull = [&] { // all pages, as one
        Result<PullPage> all = PullPage {};
        while (all && !all->isLast) {
            auto page = wire.wait<PullPage>(
                [&](auto answer) { wire.connector->pull(cursor, std::move(answer)); });
            if (!page)
                return page;
            cursor = page->cursor;
            std::ranges::copy(page->tickets, std::back_inserter(all->tickets));
            all->setAside += page->setAside;
            all->isLast = page->isLast;
        }
        return all;
    };
    QVERIFY(pull());
    const auto fail
        = [&] { // its history is read; the list of texts is not, nor is a text by itself
              wire.desk.onNth(2, Ask::Part, Lie::Broken);
              wire.desk.onNth(4, Ask::Part, Lie::Broken);
          };
    wire.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Only once."_s);
    fail();
    auto page = pull();
    QVERIFY(page);
    QVERIFY(page->tickets.empty());
    QCOMPARE(page->setAside.size(), 1);
    wire.loop.runFor(11min);
    page = pull();
    QVERIFY(page && page->tickets.size() == 1);
    QCOMPARE(page->tickets[0].entries.back().message->text, u"Only once."_s);
    QVERIFY(!page->tickets[0].entries.back().message->isShortened);
    wire.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Never."_s);
    int tries = 0;
    for (bool isTaken = false; !isTaken && tries < 8; ++tries) {
        fail();
        page = pull();
        QVERIFY(page);
        isTaken = !page->tickets.empty();
        wire.desk.beHonest();
        wire.loop.runFor(3h);
    }
    QCOMPARE(tries, 4);
    // The one that could not be read was the first; all others are whole.
    QVERIFY(page->tickets[0].entries.front().message->isShortened);
    QCOMPARE(page->tickets[0].entries.back().message->text, u"Never."_s);
}

/// Whoever shares our sign-in can copy a note with its marker: only the server's own field is its word.
void TestWireDesk::aCopiedMarkerIsNobodysOperation()
{
    Wire wire;
    const QString operation = u"0a0a0a0a-0000-4000-8000-000000000001"_s;
    PushStep note = wire.reply(u"Looked at it.\n\n[tl:%1]"_s.arg(operation));
    note.kind = PushStep::Kind::Note;
    QVERIFY(wire.push(note));
    wire.desk.say(u"1"_s, u"7"_s, MessageKind::InternalNote, note.text);
    const auto ticket = wire.wait<RemoteTicket>(
        [&](auto answer) { wire.connector->fetch(u"1"_s, true, std::move(answer)); });
    QVERIFY(ticket && ticket->entries.size() == 3);
    QCOMPARE(ticket->entries[1].operation, operation);
    QCOMPARE(ticket->entries[2].operation, QString());
}

QTEST_GUILESS_MAIN(TestWireDesk)
#include "tst_wiredesk.moc"

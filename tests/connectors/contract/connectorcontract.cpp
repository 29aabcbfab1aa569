#include "tests/connectors/contract/connectorcontract.h"

#include "tests/support/caserange.h"

#include <QRegularExpression>
#include <QTest>

Q_DECLARE_METATYPE(tierline::test::Lie)
Q_DECLARE_METATYPE(tierline::Millis)

namespace tierline::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace field = connectors::field;

namespace {

/// What somebody else wrote may end with a marker that it copied; a client need not show it. What we wrote
/// must have exactly one there, which the desk takes off, and none here.
QString shownText(const MessagePicture &message)
{
    static const QRegularExpression marker(u"\\s*\\[tl:[0-9a-f-]{36}\\]\\s*$"_s);
    return message.kind == MessageKind::InternalNote && message.operation.isEmpty()
        ? QString(message.text).remove(marker).trimmed()
        : message.text;
}

bool isTheirs(const MessagePicture &message)
{
    return message.operation.isEmpty();
}

/// By our operation: how many messages of others stand before it.
QMap<QString, qsizetype> placesOfOurs(const TicketPicture &ticket)
{
    QMap<QString, qsizetype> places;
    qsizetype others = 0;
    for (const MessagePicture &message : ticket.messages) {
        if (isTheirs(message))
            ++others;
        else
            places[message.operation] = others;
    }
    return places;
}

// A desk, the client under test, and what a person did here.
struct Scene {
    FakeClock clock;
    SimLoop loop { clock };
    FakeDesk desk;
    std::unique_ptr<ContractRig> rig;
    QStringList done;
    bool choosesTheirs = false; ///< a person is there who answers every question so
    Millis triesAgain;

    Scene(const MakeRig &make, const RemoteKind &kind, int tickets = 3, quint64 seed = 1)
        : desk(loop, optionsOf(kind, tickets, seed))
        , rig(make(desk, kind))
        , triesAgain(kind.triesAgain)
    {
    }

    static DeskOptions optionsOf(const RemoteKind &kind, int tickets, quint64 seed)
    {
        DeskOptions options = kind.desk;
        options.tickets = tickets;
        options.seed = seed;
        return options;
    }

    QString ticket(int number) const
    {
        return QString::number(desk.options().firstTicketId + number - 1);
    }

    // The first sync, and then something of each kind to send.
    void actEverywhere()
    {
        rig->syncOnce();
        rig->syncOnce();
        done.append(rig->note(ticket(1), u"A note."_s));
        done.append(rig->reply(ticket(2), u"A reply."_s));
        done.append(rig->set(ticket(3), field::priority, u"high"_s));
        done.append(rig->reply(ticket(1), u"The same words."_s));
        done.append(rig->reply(ticket(1), u"The same words."_s));
    }

    // The remote is honest, time passes, and the client goes on until nothing waits; then whole pulls.
    bool comesToRest()
    {
        desk.beHonest();
        desk.settle();
        desk.acceptToken();
        loop.runFor(2min);
        for (int round = 0; round < 40; ++round) {
            if (rig->needsSignIn())
                rig->signIn();
            rig->syncOnce();
            for (const QString &ticket : choosesTheirs ? desk.ticketIds() : QStringList()) {
                for (const QString &name : rig->conflicts(ticket))
                    rig->choose(ticket, name, false);
            }
            if (rig->outbox().isEmpty()) {
                loop.runFor(triesAgain);
                return rig->syncOnce() && rig->syncOnce();
            }
            loop.runFor(6min);
        }
        return false;
    }

    /// What is wrong in the end; empty is good.
    QString wrong()
    {
        QString text;
        if (!comesToRest())
            text += u"it does not come to rest: "_s + rig->outbox().join(u", ") + u"; "_s
                + rig->problems().join(u' ') + u'\n';
        for (const QString &operation : std::as_const(done)) {
            const int times = desk.timesApplied(operation);
            if (times != 1)
                text += u"%1 was applied %2 times\n"_s.arg(operation).arg(times);
        }
        return text + differences();
    }

    /// Ours among ours and theirs among theirs stand as they do there. Between the two the remote's order
    /// cannot hold: what we write counts from when it was written, maybe long before a network was there, and
    /// the remote numbers it when it comes. So ours may stand earlier here than there, and never later.
    QString differences()
    {
        DeskState here = rig->state(), there = desk.state();
        QString text = laterHere(here, there);
        for (DeskState *state : { &here, &there }) {
            for (auto &[id, ticket] : state->tickets) {
                for (MessagePicture &message : ticket.messages)
                    message.text = shownText(message);
                std::ranges::stable_partition(ticket.messages, isTheirs);
            }
        }
        return text + difference(here, there);
    }

    /// Where the remote knows no milliseconds, within a second nobody can tell.
    QString laterHere(const DeskState &here, const DeskState &there) const
    {
        QString text;
        for (const auto &[id, ticket] : here.tickets) {
            const auto other = there.tickets.find(id);
            if (desk.options().wholeSeconds || desk.hasTakenIn(id) || other == there.tickets.end())
                continue;
            const auto places = placesOfOurs(other->second);
            const auto shown = placesOfOurs(ticket);
            for (auto at = shown.begin(); at != shown.end(); ++at) {
                if (places.contains(at.key()) && at.value() > places.value(at.key()))
                    text += u"#%1: %2 stands later here than there\n"_s.arg(id, at.key());
            }
        }
        return text;
    }
};

#define REST(scene)                                                                                \
    do {                                                                                           \
        const QString wrong = (scene).wrong();                                                     \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                              \
    } while (false)

} // namespace

const std::vector<RemoteKind> &remoteKinds()
{
    static const std::vector<RemoteKind> kinds {
        // Versions that any entry moves, times in seconds, rows that show late.
        { u"rt"_s, { .wholeSeconds = true, .lateCommitPercent = 15 }, {} },
        // No version: what is written last wins; replies open tickets.
        { u"zendesk"_s, { .wholeSeconds = true, .hasVersions = false, .repliesOpen = true }, {} },
        { u"freshdesk"_s, { .wholeSeconds = true, .hasVersions = false },
            { .manner = { .parallel = 1 } } },
        { u"intercom"_s, { .wholeSeconds = true, .hasVersions = false },
            { .manner = { .canAttach = false } } },
        { u"jira"_s, { .hasVersions = false, .appliesPartly = true }, {} },
        { u"zammad"_s, { .hasVersions = false, .lateCommitPercent = 10 }, {} },
        // Keeps our ids, numbers its changes in order.
        { u"hub"_s, { .keepsOperations = true }, { .manner = { .parallel = 4 } } },
    };
    return kinds;
}

const RemoteKind &ConnectorContract::kindOfRow() const
{
    QFETCH_GLOBAL(int, kind);
    return m_kinds.at(size_t(kind));
}

void ConnectorContract::initTestCase_data()
{
    QTest::addColumn<int>("kind");
    for (size_t i = 0; i < m_kinds.size(); ++i)
        QTest::newRow(qPrintable(m_kinds[i].name)) << int(i);
}

void ConnectorContract::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
}

void ConnectorContract::firstSyncBringsAll()
{
    Scene scene(m_make, kindOfRow(), 23);
    scene.desk.say(scene.ticket(7), u"100"_s, MessageKind::PublicReply, u"Still waiting."_s);
    REST(scene);
    QCOMPARE(scene.rig->state().tickets.size(), 23U);
}

void ConnectorContract::refusedConnection()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.always(anyCall, Lie::RefuseConnection);
    QVERIFY(!scene.rig->syncOnce());
    QCOMPARE(scene.rig->outbox().size(), scene.done.size());
    QVERIFY(!scene.rig->problems().isEmpty());
    REST(scene);
}

void ConnectorContract::hanging()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.onNth(1, Push::Any, Lie::Hang);
    scene.desk.onNth(2, Push::Any, Lie::ApplyThenHang);
    scene.desk.onNth(1, Ask::Pull, Lie::Hang);
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    REST(scene);
}

void ConnectorContract::signInRefusedInTheMiddle()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.beforeNth(2, Push::Any, [&] { scene.desk.revokeToken(); });
    QVERIFY(!scene.rig->syncOnce());
    QVERIFY(scene.rig->needsSignIn());
    const int asked = scene.desk.requests(anyCall);
    for (int i = 0; i < 5; ++i) {
        scene.loop.runFor(10min);
        scene.rig->syncOnce();
    }
    // Asked once: nobody hammers a door that was shut.
    QCOMPARE_LE(scene.desk.requests(anyCall), asked + 1);
    QVERIFY(!scene.rig->outbox().isEmpty());
    REST(scene);
}

void ConnectorContract::tooManyRequests_data()
{
    QTest::addColumn<Lie>("lie");
    QTest::addColumn<Millis>("wait");
    QTest::newRow("with a wait") << Lie::tooMany(90s) << Millis(90s);
    QTest::newRow("without") << Lie::TooMany << Millis(500);
}

void ConnectorContract::tooManyRequests()
{
    QFETCH(Lie, lie);
    QFETCH(Millis, wait);
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.always(Push::Any, lie);
    scene.rig->syncOnce();
    const int asked = scene.desk.requests(Push::Any);
    QCOMPARE_LE(asked, 5);
    // Before its time nothing is sent again, though a round that begins meanwhile may sit it out.
    int inTime = -1;
    const quint64 look
        = scene.loop.after(wait - 200ms, [&] { inTime = scene.desk.requests(Push::Any); });
    scene.loop.runFor(wait / 2 - 100ms);
    scene.rig->syncOnce();
    scene.loop.cancel(look);
    if (inTime < 0)
        inTime = scene.desk.requests(Push::Any);
    QCOMPARE_LE(inTime, asked + (wait < 1s ? 3 : 0));
    REST(scene);
}

void ConnectorContract::serverErrorThenFine()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.onNth(1, Push::Any, Lie::Broken);
    scene.desk.onNth(2, Push::Any, Lie::ApplyThenBroken);
    scene.desk.onNth(3, Push::Any, Lie::Busy);
    scene.desk.onNth(2, Ask::Pull, Lie::Broken);
    scene.rig->syncOnce();
    REST(scene);
}

void ConnectorContract::goneByMistake()
{
    Scene scene(m_make, kindOfRow());
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    scene.desk.always(Ask::Fetch, Lie::SayGone);
    const QString operation = scene.rig->set(scene.ticket(1), field::priority, u"low"_s);
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    scene.desk.beHonest();
    // Either it gets there, or a person can see that it did not.
    const bool isVisible = scene.rig->outbox().contains(operation);
    QVERIFY(isVisible || scene.desk.timesApplied(operation) == 1);
    QVERIFY(!isVisible || !scene.rig->problems().isEmpty());
}

void ConnectorContract::goneForGood()
{
    Scene scene(m_make, kindOfRow(), 6);
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    scene.desk.erase(scene.ticket(2));
    scene.desk.remove(scene.ticket(3));
    scene.desk.hide(scene.ticket(4));
    const QString operation = scene.rig->note(scene.ticket(2), u"Too late."_s);
    scene.rig->syncOnce();
    QCOMPARE(scene.desk.timesApplied(operation), 0);
    for (int i = 0; i < 4; ++i) {
        scene.loop.runFor(10min);
        scene.rig->syncOnce();
    }
    // What the remote has no more is not shown as if it were there; nothing else went with it.
    const DeskState state = scene.rig->state();
    for (const int gone : { 2, 3, 4 })
        QVERIFY2(!state.tickets.contains(scene.ticket(gone)), qPrintable(scene.ticket(gone)));
    for (const int there : { 1, 5, 6 })
        QVERIFY(state.tickets.contains(scene.ticket(there)));
}

void ConnectorContract::duplicatePage()
{
    Scene scene(m_make, kindOfRow(), 17);
    scene.desk.onNth(2, Ask::Pull, Lie::DuplicatePage);
    scene.desk.onNth(3, Ask::Pull, Lie::DuplicatePage);
    scene.desk.onNth(4, Ask::Pull, Lie::ShortPage);
    QVERIFY(scene.rig->syncOnce());
    REST(scene);
}

void ConnectorContract::pageShifting()
{
    Scene scene(m_make, kindOfRow(), 17);
    for (int page = 1; page <= 6; ++page)
        scene.desk.onNth(page, Ask::Pull, Lie::ShiftPage);
    QVERIFY(scene.rig->syncOnce());
    REST(scene);
}

void ConnectorContract::stuckCursorIsReported()
{
    Scene scene(m_make, kindOfRow(), 17);
    scene.desk.always(Ask::Pull, Lie::RepeatCursor);
    const int asked = scene.desk.requests(anyCall);
    QVERIFY(!scene.rig->syncOnce());
    QCOMPARE_LE(scene.desk.requests(anyCall), asked + 10);
    QVERIFY(!scene.rig->problems().isEmpty());
    REST(scene);
}

void ConnectorContract::emptyListByMistake()
{
    Scene scene(m_make, kindOfRow(), 40);
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    scene.desk.onNth(1, Ask::Pull, Lie::EmptyList);
    scene.desk.always(Ask::Fetch, Lie::SayGone);
    scene.rig->syncOnce();
    // A list of all there is may be asked for now and then only.
    if (scene.rig->problems().isEmpty()) {
        scene.loop.runFor(10min);
        scene.rig->syncOnce();
    }
    QCOMPARE(scene.rig->state().tickets.size(), 40U);
    QVERIFY(!scene.rig->problems().isEmpty());
    REST(scene);
}

void ConnectorContract::clockSkew_data()
{
    QTest::addColumn<Millis>("offset");
    QTest::newRow("an hour ahead") << Millis(1h);
    QTest::newRow("an hour behind") << Millis(-1h);
    QTest::newRow("a day ahead") << Millis(24h);
    QTest::newRow("a day behind") << Millis(-24h);
}

void ConnectorContract::clockSkew()
{
    QFETCH(Millis, offset);
    RemoteKind kind = kindOfRow();
    kind.desk.clockOffset = offset;
    Scene scene(m_make, kind);
    scene.actEverywhere();
    scene.desk.onNth(1, Push::Reply, Lie::ApplyThenDropAnswer);
    scene.desk.onNth(1, Push::Note, Lie::applyLate(40s));
    scene.desk.onNth(2, Push::Reply, Lie::CutBeforeApply);
    scene.rig->syncOnce();
    scene.loop.runFor(10s);
    scene.rig->syncOnce();
    REST(scene);
}

void ConnectorContract::unknownCode()
{
    Scene scene(m_make, kindOfRow());
    scene.desk.onNth(1, Ask::Pull, Lie::UnknownCode);
    scene.rig->syncOnce();
    scene.desk.say(scene.ticket(1), u"100"_s, MessageKind::PublicReply, u"Hello?"_s);
    scene.desk.set(scene.ticket(2), u"8"_s, field::status, u"open"_s);
    scene.desk.set(scene.ticket(3), u"8"_s, field::priority, u"urgent"_s);
    REST(scene);
}

void ConnectorContract::appliedButAnswerLost()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.always(Push::Any, Lie::ApplyThenDropAnswer);
    for (int i = 0; i < 8; ++i) {
        scene.rig->syncOnce();
        scene.loop.runFor(30s);
    }
    QCOMPARE(scene.desk.appliedTwice(), QStringList());
    REST(scene);
}

void ConnectorContract::appliedLate()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    scene.desk.onNth(1, Push::Reply, Lie::applyLate(55s));
    scene.desk.onNth(1, Push::Note, Lie::applyLate(20s));
    scene.desk.onNth(1, Push::Fields, Lie::applyLate(35s));
    for (int i = 0; i < 10; ++i) {
        scene.rig->syncOnce();
        scene.loop.runFor(7s);
    }
    QCOMPARE(scene.desk.appliedTwice(), QStringList());
    REST(scene);
}

// "Not there" counts from when the server looked: its answer can come after the limit, and the message
// in between.
void ConnectorContract::appliedWhileTheLookIsSlow()
{
    for (int pause = 0; pause < 30; pause += 2) {
        Scene scene(m_make, kindOfRow());
        scene.rig->syncOnce();
        scene.rig->syncOnce();
        scene.done = { scene.rig->reply(scene.ticket(1), u"Late."_s),
            scene.rig->note(scene.ticket(2), u"Late."_s) };
        scene.desk.onNth(1, Push::Reply, Lie::applyLate(58s));
        scene.desk.onNth(1, Push::Note, Lie::applyLate(58s));
        scene.desk.always(Ask::Find, Lie::delay(29s));
        scene.rig->syncOnce();
        scene.loop.runFor(Millis(pause * 1000));
        for (int i = 0; i < 8; ++i) {
            scene.rig->syncOnce();
            scene.loop.runFor(8s);
        }
        QCOMPARE(scene.desk.appliedTwice(), QStringList());
        REST(scene);
    }
}

void ConnectorContract::conflictOnBothSides()
{
    for (const bool isOurs : { true, false }) {
        Scene scene(m_make, kindOfRow());
        scene.rig->syncOnce();
        scene.rig->syncOnce();
        scene.desk.settle();
        const QString ticket = scene.ticket(1);
        const QString change = scene.rig->set(ticket, field::priority, u"urgent"_s);
        const QString note = scene.rig->note(ticket, u"Goes on."_s);
        const QString other = scene.rig->set(ticket, field::subject, u"Another subject"_s);
        scene.desk.set(ticket, u"8"_s, field::priority, u"low"_s);
        scene.desk.settle();
        for (int i = 0; i < 4; ++i) {
            scene.rig->syncOnce();
            scene.loop.runFor(1min);
        }
        // Nobody is overwritten, the person sees it, and only this field waits.
        QCOMPARE(scene.desk.field(ticket, field::priority).toString(), u"low"_s);
        QCOMPARE(scene.rig->conflicts(ticket), QStringList { field::priority });
        QCOMPARE(scene.desk.timesApplied(change), 0);
        QCOMPARE(scene.desk.timesApplied(note), 1);
        QCOMPARE(scene.desk.timesApplied(other), 1);
        scene.rig->choose(ticket, field::priority, isOurs);
        REST(scene);
        QCOMPARE(scene.rig->conflicts(ticket), QStringList());
        QCOMPARE(
            scene.desk.field(ticket, field::priority).toString(), isOurs ? u"urgent"_s : u"low"_s);
    }
}

void ConnectorContract::anotherFieldMerges()
{
    Scene scene(m_make, kindOfRow());
    scene.rig->syncOnce();
    scene.rig->syncOnce();
    scene.done.append(scene.rig->set(scene.ticket(1), field::priority, u"urgent"_s));
    scene.desk.beforeNth(
        1, Push::Fields, [&] { scene.desk.set(scene.ticket(1), u"8"_s, field::owner, u"9"_s); });
    scene.rig->syncOnce();
    REST(scene);
    QCOMPARE(scene.rig->conflicts(scene.ticket(1)), QStringList());
    QCOMPARE(scene.desk.field(scene.ticket(1), field::owner).toString(), u"9"_s);
}

void ConnectorContract::brokenTextIsStable()
{
    Scene scene(m_make, kindOfRow());
    const QString torn = u"torn "_s + QChar(0xD83D) + u" and "_s + QChar(0) + u" end"_s;
    scene.desk.say(scene.ticket(1), u"100"_s, MessageKind::PublicReply, torn);
    scene.desk.set(scene.ticket(2), u"8"_s, field::subject, torn);
    REST(scene);
    scene.rig->syncOnce();
    QCOMPARE(scene.rig->conflicts(scene.ticket(2)), QStringList());
    QCOMPARE(scene.rig->outbox(), QStringList());
}

void ConnectorContract::bigNumbers()
{
    RemoteKind kind = kindOfRow();
    kind.desk.firstTicketId = 9'007'199'254'740'993;
    kind.desk.firstEntryId = 9'007'199'254'741'993;
    Scene scene(m_make, kind);
    scene.actEverywhere();
    REST(scene);
    QVERIFY(scene.rig->state().tickets.contains(u"9007199254740993"_s));
}

void ConnectorContract::killedBetweenTwoCommits()
{
    bool wasKilled = true;
    for (int nth = 1; wasKilled && nth < 80; ++nth) {
        Scene scene(m_make, kindOfRow());
        scene.actEverywhere();
        scene.desk.onNth(2, Push::Any, Lie::ApplyThenDropAnswer);
        scene.rig->killAfterCommit(nth);
        scene.rig->syncOnce();
        wasKilled = scene.rig->wasKilled();
        scene.rig->killAfterCommit(0);
        const QString wrong = scene.wrong();
        QVERIFY2(wrong.isEmpty(), qPrintable(u"killed after commit %1: %2"_s.arg(nth).arg(wrong)));
    }
    QVERIFY(!wasKilled);
}

// What had left is worked on by the remote, and the next start must find that out.
void ConnectorContract::killedWhileARequestIsOnItsWay()
{
    int kills = 0;
    for (const Calls calls : { Push::Any, Ask::Find, Ask::Fetch, Ask::Pull }) {
        for (int nth = 1; nth < 8; ++nth) {
            Scene scene(m_make, kindOfRow());
            scene.actEverywhere();
            if (calls == Ask::Find)
                scene.desk.onNth(2, Push::Any, Lie::ApplyThenDropAnswer);
            scene.desk.beforeNth(nth, calls, [rig = scene.rig.get()] { rig->killNow(); });
            for (int i = 0; i < 3; ++i) {
                scene.rig->syncOnce();
                kills += scene.rig->wasKilled() ? 1 : 0;
                scene.loop.runFor(3s);
            }
            const QString wrong = scene.wrong();
            QVERIFY2(
                wrong.isEmpty(), qPrintable(u"killed at request %1: %2"_s.arg(nth).arg(wrong)));
        }
    }
    QCOMPARE_GE(kills, 8);
}

void ConnectorContract::fullDisk()
{
    Scene scene(m_make, kindOfRow());
    scene.actEverywhere();
    if (!scene.rig->fillDisk(true))
        QSKIP("This rig has no disk that can be full.");
    QVERIFY(!scene.rig->syncOnce());
    // What could not be written down was not sent either.
    for (const QString &operation : std::as_const(scene.done))
        QCOMPARE(scene.desk.timesApplied(operation), 0);
    QVERIFY(!scene.rig->problems().isEmpty());
    QVERIFY(scene.rig->fillDisk(false));
    REST(scene);
}

// Shuffled lies, other people at work, and a process that dies: the end must be both sides equal.
void ConnectorContract::anyLiesInAnyOrder()
{
    const CaseRange cases = casesToRun(20, 10'000);
    for (qint64 seed = cases.first + 1; seed <= cases.end; ++seed) {
        Scene scene(m_make, kindOfRow(), 6, quint64(seed));
        SeededRandom random { quint64(seed) };
        scene.rig->syncOnce();
        scene.rig->syncOnce();
        scene.desk.lies().atRandom({ .percent = 25 }, quint64(seed));
        for (int i = 0; i < 12; ++i) {
            const QString ticket = scene.ticket(1 + int(random.below(6)));
            switch (random.below(4)) {
            case 0: scene.done.append(scene.rig->note(ticket, u"Note %1"_s.arg(i))); break;
            case 1: scene.done.append(scene.rig->reply(ticket, u"Reply"_s)); break;
            case 2: // a field that nobody else sets
                scene.done.append(scene.rig->set(ticket, u"field.Mine"_s, u"v%1"_s.arg(i)));
                break;
            default: scene.desk.someoneDoesSomething(random); break;
            }
            if (random.below(3) == 0) {
                scene.rig->killAfterCommit(random.below(4) == 0 ? 1 + int(random.below(6)) : 0);
                scene.rig->syncOnce();
                scene.rig->killAfterCommit(0);
            }
            scene.loop.runFor(Millis(random.below(20'000)));
        }
        QString wrong;
        scene.choosesTheirs = true; // a reply may open a ticket that somebody else put on hold
        if (!scene.comesToRest())
            wrong = u"it does not come to rest"_s;
        wrong += scene.desk.appliedTwice().join(u", ") + scene.differences();
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(wrong)));
    }
}

} // namespace tierline::test

#include "tests/sync/synctest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// The machine's clock is set back between what a person did and its sending: it is held for as long as it
// was meant to be, not for as long as the clock went back.

namespace {

const QString mia = u"mia"_s;

void hold(SyncRig &rig, Millis window)
{
    QVERIFY(rig.store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(
                rows, scope.connection().prepare("UPDATE outbox SET not_before = created + ?1"));
            return rows.bind(1, window.count()).run();
        }));
}

} // namespace

class TestClockBack : public QObject
{
    Q_OBJECT
private slots:
    void isHeldNoLonger_data();
    void isHeldNoLonger();
    void keepsItsOrder();
    void aWaitIsNoLongerThanAServerMayAsk();
    void aLostReplyIsStillFound();
};

void TestClockBack::isHeldNoLonger_data()
{
    QTest::addColumn<qint64>("minutes");
    QTest::newRow("a minute") << qint64(1);
    QTest::newRow("an hour") << qint64(60);
    QTest::newRow("a month") << qint64(60 * 24 * 30);
}

void TestClockBack::isHeldNoLonger()
{
    QFETCH(qint64, minutes);
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s }));
    hold(rig, 4s);
    rig.loop.runFor(1s);
    rig.clock.jumpTo(rig.clock.now() - Millis(minutes * 60'000));
    rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 0); // still undone by a key
    rig.loop.runFor(5s);
    rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 1);
    rig.settle();
    QCOMPARE(rig.desk.appliedTwice(), QStringList());
}

/// What was done before the clock went back stays before what is done after it.
void TestClockBack::keepsItsOrder()
{
    SyncRig rig;
    rig.syncOnce();
    for (const QString &words : { u"One"_s, u"Two"_s })
        DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), words }));
    rig.clock.jumpTo(rig.clock.now() - 1h);
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Three"_s }));
    rig.syncOnce();
    rig.settle();
    QStringList said;
    const auto state = rig.desk.state();
    for (const MessagePicture &message : state.tickets.at(u"1"_s).messages) {
        if (!message.operation.isEmpty())
            said.append(message.text);
    }
    QCOMPARE(said, (QStringList { u"One"_s, u"Two"_s, u"Three"_s }));
}

void TestClockBack::aWaitIsNoLongerThanAServerMayAsk()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s }));
    rig.loop.runFor(1min);
    rig.desk.onNth(1, Push::Reply, Lie::tooMany(10min));
    rig.syncOnce();
    rig.clock.jumpTo(rig.clock.now() - 30s - 24h);
    rig.loop.runFor(61min);
    rig.syncOnce();
    rig.loop.runFor(61min);
    rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 1);
}

/// A reply that arrived and was not heard of is found, not sent again, whatever the clock said then.
void TestClockBack::aLostReplyIsStillFound()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), u"Hello."_s }));
    rig.desk.onNth(1, Push::Reply, Lie::ApplyThenDropAnswer);
    rig.syncOnce({ .pull = false });
    rig.clock.jumpTo(rig.clock.now() - 2h);
    for (int round = 0; round < 8; ++round) {
        rig.syncOnce({ .pull = false });
        rig.loop.runFor(20s);
    }
    QCOMPARE(timesSaid(rig.desk, u"1"_s, u"Hello."_s), 1);
    QVERIFY(rig.local.waiting().isEmpty());
}

QTEST_GUILESS_MAIN(TestClockBack)
#include "tst_clockback.moc"

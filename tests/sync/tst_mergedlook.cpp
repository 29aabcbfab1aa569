#include "tests/sync/synctest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// A reply whose answer was lost, and whose ticket was merged before anybody looked: it is looked for in the
// ticket that took the other in, once that is known here, and where it is not, too.

namespace {

const QString mia = u"mia"_s;
const QString words = u"Hello."_s;

enum class Seen { ByPull, OnlyThere };

/// The first reply of somebody takes the ticket and opens it too; these tests are of words alone.
void takeTicket(SyncRig &rig, const QString &ticket)
{
    rig.syncOnce();
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(ticket), u"First."_s }));
    rig.settle();
}

} // namespace

Q_DECLARE_METATYPE(Seen)

class TestMergedLook : public QObject
{
    Q_OBJECT
private slots:
    void isFoundInTheOther_data();
    void isFoundInTheOther();
    void isFoundThroughTwoMerges();
    void anEqualReplyOfTheOtherIsNotTaken();
    void whatNeverArrivedIsRefused();
};

void TestMergedLook::isFoundInTheOther_data()
{
    QTest::addColumn<Seen>("seen");
    QTest::addColumn<bool>("isNote");
    QTest::newRow("a reply, merge pulled") << Seen::ByPull << false;
    QTest::newRow("a note, merge pulled") << Seen::ByPull << true;
    QTest::newRow("a reply, merge unknown here") << Seen::OnlyThere << false;
    QTest::newRow("a note, merge unknown here") << Seen::OnlyThere << true;
}

void TestMergedLook::isFoundInTheOther()
{
    QFETCH(Seen, seen);
    QFETCH(bool, isNote);
    SyncRig rig;
    takeTicket(rig, u"1"_s);
    const QString key = rig.local.key(u"1"_s);
    if (isNote)
        DONE(rig.local.run(mia, commands::Note { key, words, {} }));
    else
        DONE(rig.local.run(mia, commands::Reply { key, words }));
    rig.desk.onNth(1, Push::Any, Lie::ApplyThenDropAnswer);
    rig.syncOnce({ .pull = false });
    rig.desk.merge(u"1"_s, u"2"_s);
    for (int round = 0; round < 10; ++round) {
        rig.syncOnce({ .pull = seen == Seen::ByPull });
        rig.loop.runFor(20s);
    }
    for (const storage::OutboxEntry &entry : rig.local.waiting())
        QFAIL(qPrintable(entry.error));
    QCOMPARE(timesSaid(rig.desk, u"2"_s, words), 1);
    rig.settle();
    QCOMPARE(rig.desk.appliedTwice(), QStringList());
    QCOMPARE(rig.local.wrong(), QString());
}

void TestMergedLook::isFoundThroughTwoMerges()
{
    SyncRig rig;
    takeTicket(rig, u"1"_s);
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), words }));
    rig.desk.onNth(1, Push::Reply, Lie::ApplyThenDropAnswer);
    rig.syncOnce({ .pull = false });
    rig.desk.merge(u"1"_s, u"2"_s);
    rig.desk.merge(u"2"_s, u"3"_s);
    for (int round = 0; round < 10; ++round) {
        rig.syncOnce({ .pull = false });
        rig.loop.runFor(20s);
    }
    QVERIFY(rig.local.waiting().isEmpty());
    QCOMPARE(timesSaid(rig.desk, u"3"_s, words), 1);
    rig.settle();
    QCOMPARE(rig.local.wrong(), QString());
}

/// The same words, sent and known, in the ticket that took the other in are not the lost reply.
void TestMergedLook::anEqualReplyOfTheOtherIsNotTaken()
{
    SyncRig rig;
    takeTicket(rig, u"1"_s);
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"2"_s), words }));
    rig.syncOnce();
    QCOMPARE(timesSaid(rig.desk, u"2"_s, words), 1);
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), words }));
    rig.desk.onNth(1, Push::Reply, Lie::CutBeforeApply);
    rig.syncOnce({ .pull = false });
    rig.desk.merge(u"1"_s, u"2"_s);
    for (int round = 0; round < 10; ++round) {
        rig.syncOnce({ .pull = false });
        rig.loop.runFor(20s);
    }
    // It never arrived, and nobody may believe that it did.
    QCOMPARE(timesSaid(rig.desk, u"2"_s, words), 1);
    QCOMPARE(rig.local.waiting().size(), 1);
    QCOMPARE(rig.local.waiting().first().state, storage::OutboxState::Refused);
}

void TestMergedLook::whatNeverArrivedIsRefused()
{
    SyncRig rig;
    takeTicket(rig, u"1"_s);
    DONE(rig.local.run(mia, commands::Reply { rig.local.key(u"1"_s), words }));
    rig.desk.onNth(1, Push::Reply, Lie::CutBeforeApply);
    rig.syncOnce({ .pull = false });
    rig.desk.merge(u"1"_s, u"2"_s);
    for (int round = 0; round < 10; ++round) {
        rig.syncOnce();
        rig.loop.runFor(20s);
    }
    QCOMPARE(timesSaid(rig.desk, u"2"_s, words), 0);
    QCOMPARE(rig.local.waiting().size(), 1);
    QVERIFY(rig.local.waiting().first().error.contains(u"merged into 2"_s));
}

QTEST_GUILESS_MAIN(TestMergedLook)
#include "tst_mergedlook.moc"

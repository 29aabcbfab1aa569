#include "tests/sync/synctest.h"

#include <QTemporaryDir>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using storage::OutboxState;
namespace field = connectors::field;

// A backup is put back whose operations waited when it was made and have been sent since, or have not, or
// in part: the helpdesk has each once, whatever it keeps of our ids, and nothing is shown twice here.

namespace {

const QString mia = u"mia"_s;
const QString notice = u"Our specialists have it."_s;

/// A workspace that can be put back to an earlier state.
struct BackedUp : SyncRig {
    QTemporaryDir folder;
    QString file = folder.filePath(u"backup.db"_s);

    explicit BackedUp(bool keepsOperations)
        : SyncRig({ .tickets = 4, .keepsOperations = keepsOperations })
    {
    }
    Result<Done> backup() { return store.store().backup(file, {}); }
    Result<Done> restore()
    {
        return storage::Store::restore(store.store().workspace(), file, clock);
    }
    /// As often as it takes a person who syncs now and then.
    void send(bool pulls)
    {
        for (int i = 0; i < 40; ++i) {
            syncOnce({ .pull = pulls });
            loop.runFor(5s);
        }
    }
    Result<Done> work()
    {
        TIERLINE_CHECK(local.run(mia, commands::Reply { local.key(u"2"_s), u"The same."_s }));
        TIERLINE_CHECK(local.run(mia, commands::Reply { local.key(u"2"_s), u"The same."_s }));
        TIERLINE_CHECK(local.run(mia, commands::Note { local.key(u"2"_s), u"Seen."_s, {} }));
        commands::Escalate escalate = escalation(local.key(u"1"_s));
        escalate.notice = notice;
        TIERLINE_CHECK(local.run(mia, escalate));
        TIERLINE_CHECK(local.run(mia, change(local.key(u"3"_s), u"priority"_s, u"low"_s)));
        TIERLINE_CHECK(local.run(mia, change(local.key(u"3"_s), u"field.Product"_s, u"P9"_s)));
        return Done {};
    }
};

} // namespace

class TestRestored : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsSentTwice_data();
    void nothingIsSentTwice();
    void whatWasHalfDoneIsDoneOnce();
    void nothingLeavesBeforeItWasLookedFor();
    void cannotBeTakenBackBeforeItWasLookedFor();
};

void TestRestored::nothingIsSentTwice_data()
{
    QTest::addColumn<bool>("keepsOperations");
    QTest::addColumn<bool>("wasSent");
    QTest::addColumn<bool>("pulls");
    for (const bool keeps : { true, false }) {
        for (const bool sent : { true, false }) {
            for (const bool pulls : { true, false }) {
                QTest::addRow("%s, %s, %s", keeps ? "a field for our ids" : "no such field",
                    sent ? "sent since" : "never sent", pulls ? "both ways" : "push alone")
                    << keeps << sent << pulls;
            }
        }
    }
}

void TestRestored::nothingIsSentTwice()
{
    QFETCH(bool, keepsOperations);
    QFETCH(bool, wasSent);
    QFETCH(bool, pulls);
    BackedUp rig(keepsOperations);
    rig.syncOnce();
    DONE(rig.work());
    DONE(rig.backup());
    if (wasSent) {
        rig.settle();
        QVERIFY(rig.local.waiting().isEmpty());
    }
    DONE(rig.restore());
    const auto back = rig.local.waiting();
    QVERIFY(back.size() >= 6);
    for (const storage::OutboxEntry &entry : back)
        QCOMPARE(entry.state, OutboxState::Unknown);
    rig.loop.runFor(10min);
    rig.send(pulls);
    const auto there = [&] {
        QCOMPARE(rig.desk.appliedTwice(), QStringList());
        QCOMPARE(timesSaid(rig.desk, u"2"_s, u"The same."_s), 2);
        QCOMPARE(timesSaid(rig.desk, u"2"_s, u"Seen."_s), 1);
        QCOMPARE(timesSaid(rig.desk, u"1"_s, notice), 1);
        QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
        QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L2 Technical"_s);
        QCOMPARE(rig.desk.field(u"3"_s, field::priority).toString(), u"low"_s);
    };
    there();
    QVERIFY(rig.local.waiting().isEmpty());
    rig.settle();
    there();
    QVERIFY(rig.local.conflicts().empty());
    QCOMPARE(rig.local.wrong(), QString());
}

/// Of an escalation the note was there when the backup was made, and the rest came after.
void TestRestored::whatWasHalfDoneIsDoneOnce()
{
    for (const bool pulls : { true, false }) {
        BackedUp rig(false);
        rig.syncOnce();
        commands::Escalate escalate = escalation(rig.local.key(u"1"_s));
        escalate.notice = notice;
        DONE(rig.local.run(mia, escalate));
        rig.desk.onNth(1, Push::Fields, Lie::Busy);
        rig.syncOnce();
        QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
        QCOMPARE(rig.local.waiting().size(), 1);
        DONE(rig.backup());
        rig.settle();
        QVERIFY(rig.local.waiting().isEmpty());
        DONE(rig.restore());
        rig.send(pulls);
        rig.settle();
        QCOMPARE(rig.desk.appliedTwice(), QStringList());
        QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
        QCOMPARE(timesSaid(rig.desk, u"1"_s, notice), 1);
        QVERIFY(rig.local.waiting().isEmpty());
        QCOMPARE(rig.local.wrong(), QString());
    }
}

void TestRestored::nothingLeavesBeforeItWasLookedFor()
{
    BackedUp rig(false);
    rig.syncOnce();
    DONE(rig.work());
    DONE(rig.backup());
    DONE(rig.restore());
    rig.syncOnce();
    QCOMPARE(rig.desk.requests(Push::Any), 0); // the in-flight limit has not passed
    rig.loop.runFor(30s);
    rig.syncOnce();
    QCOMPARE(rig.desk.requests(Push::Any), 0);
    rig.loop.runFor(2min);
    rig.send(true);
    QVERIFY(rig.desk.requests(Push::Any) > 0);
    QVERIFY(rig.local.waiting().isEmpty());
}

/// An undo cannot call back what may be there: it queues the inverse, as for what was sent.
void TestRestored::cannotBeTakenBackBeforeItWasLookedFor()
{
    BackedUp rig(false);
    rig.syncOnce();
    const QString before = rig.desk.field(u"3"_s, field::priority).toString();
    DONE(rig.local.run(mia, change(rig.local.key(u"3"_s), u"priority"_s, u"low"_s)));
    DONE(rig.backup());
    rig.settle();
    DONE(rig.restore());
    DONE(rig.local.run(mia, commands::Undo { rig.local.key(u"3"_s) }));
    QCOMPARE(rig.local.waiting().size(), 2);
    rig.send(true);
    rig.settle();
    QVERIFY(rig.local.waiting().isEmpty());
    QCOMPARE(rig.desk.field(u"3"_s, field::priority).toString(), before);
    QCOMPARE(rig.local.wrong(), QString());
}

QTEST_GUILESS_MAIN(TestRestored)
#include "tst_restored.moc"

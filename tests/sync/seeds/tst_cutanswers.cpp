#include "tests/support/caserange.h"
#include "tests/sync/synctest.h"
#include "tests/sync/wire/wirerig.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace field = connectors::field;

// The server has done it, and its answer breaks off: behind each byte in turn. There it is once.

namespace {

const QString mia = u"mia"_s;

} // namespace

class TestCutAnswers : public QObject
{
    Q_OBJECT
private slots:
    void behindEachByte_data();
    void behindEachByte();
};

void TestCutAnswers::behindEachByte_data()
{
    QTest::addColumn<Calls>("kind");
    QTest::addColumn<bool>("keepsOperations");
    for (const bool keeps : { true, false }) {
        const char *const where = keeps ? ", with the server's own field" : ", without";
        QTest::addRow("a reply%s", where) << Push::Reply << keeps;
        QTest::addRow("a note%s", where) << Push::Note << keeps;
        QTest::addRow("a change%s", where) << Push::Fields << keeps;
    }
}

void TestCutAnswers::behindEachByte()
{
    QFETCH(Calls, kind);
    QFETCH(bool, keepsOperations);
    FakeClock clock;
    SimLoop loop { clock };
    SyncStore store { clock, SyncStore::Weight::Light };
    DeskOptions options = rtDesk(keepsOperations);
    options.tickets = 1;
    FakeDesk desk(loop, options);
    RtOverWire rt(desk);
    store.create();
    SyncSide local(store, desk, rt.side());
    local.syncOnce();
    const QString key = local.key(u"1"_s);
    // A long run takes every byte, the others some of each part of the answer.
    const CaseRange cases = casesToRun(60, 1'000);
    const qint64 step = cases == CaseRange { 0, 60 } ? 13 : 1;
    int cuts = 0;
    for (qint64 i = cases.first; i < cases.end; ++i, ++cuts) {
        const qsizetype at = i * step;
        if (cuts > 0 && at > rt.wire.lastCutLength())
            break;
        const QString text = u"Words %1."_s.arg(at);
        if (kind == Push::Reply)
            DONE(local.run(mia, commands::Reply { key, text }));
        else if (kind == Push::Note)
            DONE(local.run(mia, commands::Note { key, text, {} }));
        else
            DONE(local.run(mia, change(key, u"subject"_s, text)));
        rt.wire.cutAnswersAt(at);
        desk.onNth(1, kind, Lie::ApplyThenDropAnswer);
        for (int i = 0; i < 40 && (i == 0 || !local.isSettled()); ++i) {
            local.syncOnce();
            loop.runFor(5s);
        }
        QVERIFY2(local.waiting().isEmpty(), qPrintable(u"behind byte %1"_s.arg(at)));
        QCOMPARE(desk.appliedTwice(), QStringList());
        if (kind == Push::Fields)
            QCOMPARE(desk.field(u"1"_s, field::subject).toString(), text);
        else
            QVERIFY2(timesSaid(desk, u"1"_s, text) == 1, qPrintable(u"behind byte %1"_s.arg(at)));
    }
    QVERIFY2(cuts > 9 || cases.first > 0, qPrintable(QString::number(cuts)));
    QVERIFY(local.conflicts().empty());
    desk.beHonest();
    local.syncOnce();
    QCOMPARE(local.wrong(), QString());
}

QTEST_GUILESS_MAIN(TestCutAnswers)
#include "tst_cutanswers.moc"

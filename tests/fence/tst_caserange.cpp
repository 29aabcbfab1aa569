#include "tests/support/caserange.h"

#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestCaseRange : public QObject
{
    Q_OBJECT
private slots:
    void picks_data();
    void picks();
    void slicesCoverEveryCaseOnce_data();
    void slicesCoverEveryCaseOnce();
};

void TestCaseRange::picks_data()
{
    QTest::addColumn<QString>("longRun");
    QTest::addColumn<QString>("seeds");
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("end");
    QTest::newRow("every day") << u""_s << u""_s << qint64(0) << qint64(30);
    QTest::newRow("seeds mean nothing then") << u""_s << u"5-9"_s << qint64(0) << qint64(30);
    QTest::newRow("all") << u"1"_s << u""_s << qint64(0) << qint64(200);
    QTest::newRow("first slice") << u"1"_s << u"1-1"_s << qint64(0) << qint64(2);
    QTest::newRow("five slices") << u"1"_s << u"6-10"_s << qint64(10) << qint64(20);
    QTest::newRow("last slices") << u"1"_s << u"96-100"_s << qint64(190) << qint64(200);
    QTest::newRow("more than all") << u"1"_s << u"101-102"_s << qint64(200) << qint64(204);
    QTest::newRow("one number") << u"1"_s << u"3"_s << qint64(4) << qint64(6);
    QTest::newRow("backwards") << u"1"_s << u"9-3"_s << qint64(16) << qint64(18);
}

void TestCaseRange::picks()
{
    QFETCH(QString, longRun);
    QFETCH(QString, seeds);
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    QCOMPARE(casesToRun(30, 200, longRun, seeds), (CaseRange { first, end }));
}

void TestCaseRange::slicesCoverEveryCaseOnce_data()
{
    QTest::addColumn<qint64>("fullCount");
    QTest::newRow("fewer than slices") << qint64(7);
    QTest::newRow("no multiple") << qint64(333);
    QTest::newRow("many") << qint64(10'000);
}

void TestCaseRange::slicesCoverEveryCaseOnce()
{
    QFETCH(qint64, fullCount);
    qint64 next = 0;
    for (int slice = 1; slice <= 100; ++slice) {
        const CaseRange range = casesToRun(1, fullCount, u"1"_s, u"%1-%1"_s.arg(slice));
        QCOMPARE(range.first, next);
        next = range.end;
    }
    QCOMPARE(next, fullCount);
}

QTEST_GUILESS_MAIN(TestCaseRange)
#include "tst_caserange.moc"

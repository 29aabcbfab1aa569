#include "core/base/ids.h"
#include "core/model/queuemodel.h"
#include "tests/model/fakequeuesource.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;
using model::QueueModel;
using model::QueueOrder;
using test::FakeQueueSource;

namespace {

const storage::QueueQuery l2 { .tier = u"L2"_s };

QString subjects(const QueueModel &m)
{
    QStringList all;
    for (int row = 0; row < m.rowCount(); ++row)
        all.append(m.index(row, QueueModel::Subject).data().toString());
    return all.join(u'|');
}

} // namespace

class TestQueueArrange : public QObject
{
    Q_OBJECT
private slots:
    void anotherOrderIsOneReset();
    void aFilterShowsLessAndBackAgain();
    void rowsOfBeforeStayUntilTheOrderIsThere();
    void onlyTheLastQuestionIsAnswered();
    void oneChangeMovesOneRow();
    void everythingChangedIsArrangedAgain();
    void staysRightThroughRandomChanges_data();
    void staysRightThroughRandomChanges();
};

void TestQueueArrange::anotherOrderIsOneReset()
{
    FakeQueueSource source;
    source.put(u"1 L2 low 1 Cherry"_s);
    source.put(u"2 L2 high 2 apple"_s);
    source.put(u"3 L2 urgent 3 Banana"_s);
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    QTRY_COMPARE(subjects(m), u"Cherry|apple|Banana"_s);
    QSignalSpy reset(&m, &QAbstractItemModel::modelReset);
    m.setOrder(QueueOrder::Priority, false);
    QTRY_COMPARE(subjects(m), u"Banana|apple|Cherry"_s);
    QCOMPARE(reset.size(), 1);
    m.setOrder(QueueOrder::Priority, true);
    QTRY_COMPARE(subjects(m), u"Cherry|apple|Banana"_s);
    m.setOrder(QueueOrder::Work, false);
    QTRY_COMPARE(subjects(m), u"Cherry|apple|Banana"_s);
    QVERIFY(m.arrangement().isPlain());
}

void TestQueueArrange::aFilterShowsLessAndBackAgain()
{
    FakeQueueSource source;
    for (int i = 1; i <= 30; ++i)
        source.put(
            u"%1 L2 normal %1 %2"_s.arg(i).arg(i % 3 ? u"Login fails"_s : u"Bill is wrong"_s));
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 30);
    QSignalSpy arranged(&m, &QueueModel::arranged);
    m.setFilter({ .text = u"BILL"_s });
    QTRY_COMPARE(arranged.size(), 1);
    QCOMPARE(m.rowCount(), 10);
    QCOMPARE(m.ticketAt(0).v, 3);
    QCOMPARE(m.rowOf({ 6 }), 1);
    QCOMPARE(m.rowOf({ 7 }), -1);
    m.setFilter({});
    QTRY_COMPARE(m.rowCount(), 30);
}

void TestQueueArrange::rowsOfBeforeStayUntilTheOrderIsThere()
{
    FakeQueueSource source;
    source.put(u"1 L2 low 1 b"_s);
    source.put(u"2 L2 low 2 a"_s);
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(subjects(m), u"b|a"_s);
    source.hold();
    m.setOrder(QueueOrder::Subject, false);
    QVERIFY(!m.isArranged());
    QCOMPARE(subjects(m), u"b|a"_s);
    QCOMPARE(m.state(), QueueModel::State::Ready);
    source.release();
    QTRY_COMPARE(subjects(m), u"a|b"_s);
    QVERIFY(m.isArranged());
}

void TestQueueArrange::onlyTheLastQuestionIsAnswered()
{
    FakeQueueSource source;
    for (int i = 1; i <= 20; ++i)
        source.put(u"%1 L2 normal %1 word%1"_s.arg(i));
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 20);
    QSignalSpy reset(&m, &QAbstractItemModel::modelReset);
    source.hold();
    m.setFilter({ .text = u"w"_s });
    m.setFilter({ .text = u"word1"_s });
    m.setFilter({ .text = u"word12"_s });
    source.release();
    QTRY_COMPARE(m.rowCount(), 1);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(m.ticketAt(0).v, 12);
}

void TestQueueArrange::oneChangeMovesOneRow()
{
    FakeQueueSource source;
    for (const QString &row :
        { u"1 L2 low 5 a"_s, u"2 L2 low 4 b"_s, u"3 L2 low 3 c"_s, u"4 L2 low 2 d"_s })
        source.put(row);
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    m.setOrder(QueueOrder::Subject, false);
    QTRY_COMPARE(subjects(m), u"a|b|c|d"_s);
    const QPersistentModelIndex first = m.index(0, 0);
    QSignalSpy moved(&m, &QAbstractItemModel::rowsMoved),
        reset(&m, &QAbstractItemModel::modelReset), applied(&m, &QueueModel::applied);
    source.put(u"1 L2 low 5 cc"_s);
    source.tell({ 1 });
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(subjects(m), u"b|c|cc|d"_s);
    QCOMPARE(moved.size(), 1);
    QCOMPARE(first.row(), 2);
    source.put(u"3 L1 low 3 c"_s); // leaves
    source.put(u"5 L2 low 3 bb"_s); // comes
    source.tell({ 3, 5 });
    QTRY_COMPARE(applied.size(), 2);
    QCOMPARE(subjects(m), u"b|bb|cc|d"_s);
    QCOMPARE(reset.size(), 0);
}

void TestQueueArrange::everythingChangedIsArrangedAgain()
{
    FakeQueueSource source;
    source.put(u"1 L2 low 5 b"_s);
    QueueModel m(source);
    m.setQuery(l2);
    m.setOrder(QueueOrder::Subject, true);
    QTRY_COMPARE(subjects(m), u"b"_s);
    source.put(u"2 L2 low 5 c"_s);
    source.tell({}, true);
    QTRY_COMPARE(subjects(m), u"c|b"_s);
}

void TestQueueArrange::staysRightThroughRandomChanges_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
}

void TestQueueArrange::staysRightThroughRandomChanges()
{
    QFETCH(quint64, seed);
    SeededRandom random(seed);
    FakeQueueSource source;
    for (int i = 1; i <= 100; ++i)
        source.put(u"%1 L2 normal %2 s%3"_s.arg(i).arg(random.below(40)).arg(random.below(30)));
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    m.setArrangement({ seed % 2 ? QueueOrder::Subject : QueueOrder::Priority, seed % 3 == 0,
        { .text = u"s"_s } });
    QTRY_VERIFY(m.isArranged() && m.rowCount() == 100);
    QSignalSpy applied(&m, &QueueModel::applied), reset(&m, &QAbstractItemModel::modelReset);
    for (int round = 0; round < 20; ++round) {
        std::vector<qint64> touched;
        for (qint64 n = random.below(12) + 1; n > 0; --n) {
            const qint64 id = random.below(110) + 1;
            const QString tier = random.below(5) == 0 ? u"L1"_s : u"L2"_s;
            const QString priority = codes<Priority>().at(random.below(4));
            const QString subject
                = random.below(10) == 0 ? u"other"_s : u"s%1"_s.arg(random.below(30));
            source.put(
                u"%1 %2 %3 %4 %5"_s.arg(id).arg(tier, priority).arg(random.below(40)).arg(subject));
            touched.push_back(id);
        }
        source.tell(touched);
        QTRY_COMPARE(applied.size(), round + 1);
        const auto truth = source.arrangedRows(l2, m.arrangement());
        QCOMPARE(m.rowCount(), static_cast<int>(truth.size()));
        for (int row = 0; row < m.rowCount(); ++row) {
            QVERIFY2(m.ticketAt(row) == truth[static_cast<size_t>(row)].id,
                qPrintable(u"round %1 row %2"_s.arg(round).arg(row)));
            if (const storage::QueueRow *shown = m.rowIfLoaded(row))
                QCOMPARE(*shown, truth[static_cast<size_t>(row)]);
        }
    }
    QCOMPARE(reset.size(), 0); // every change was told row by row
}

QTEST_GUILESS_MAIN(TestQueueArrange)
#include "tst_queuearrange.moc"

#include "core/model/queuemodel.h"
#include "tests/model/fakequeuesource.h"

#include "core/base/ids.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;
using model::QueueModel;
using test::FakeQueueSource;

namespace {

QString printed(const QueueModel &m)
{
    QStringList lines;
    for (int row = 0; row < m.rowCount(); ++row)
        lines.append(m.index(row, QueueModel::Key).data().toString() + u' '
            + m.index(row, QueueModel::Subject).data().toString());
    return lines.join(u'|');
}

const storage::QueueQuery l2 { .tier = u"L2"_s };

} // namespace

class TestQueueModel : public QObject
{
    Q_OBJECT
private slots:
    void showsTheQueueInItsOrder();
    void firstPageComesBeforeTheOrder();
    void oneChangeIsOneDataChanged();
    void aNewBreachMovesTheRowAndKeepsThePersistentIndex();
    void leavingTheQueueRemovesTheRow();
    void tiesStandInKeyOrder();
    void manyChangesAtOnceAreAReset();
    void manyMovesAreOneSignal();
    void aLateAnswerToAnOlderQuestionIsDropped();
    void placeholdersAskForTheirPageOnce();
    void probesLoadNothing();
    void aFailureIsAState();
    void staysRightThroughRandomChanges();
    void worksUnderASortProxy();
};

void TestQueueModel::showsTheQueueInItsOrder()
{
    FakeQueueSource source;
    source.put(u"1 L2 normal - Later"_s);
    source.put(u"2 L2 urgent - Urgent"_s);
    source.put(u"3 L2 low 5 Breaks first"_s);
    source.put(u"4 L1 low 1 Elsewhere"_s);
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    QCOMPARE(m.state(), QueueModel::State::Empty);
    m.setQuery(l2);
    QTRY_COMPARE(m.state(), QueueModel::State::Ready);
    QTRY_COMPARE(printed(m), u"T-0003 Breaks first|T-0002 Urgent|T-0001 Later"_s);
    QCOMPARE(m.rowOf({ 2 }), 1);
    QCOMPARE(m.rowOf({ 4 }), -1);
}

void TestQueueModel::firstPageComesBeforeTheOrder()
{
    FakeQueueSource source;
    for (int i = 1; i <= 300; ++i)
        source.put(u"%1 L2 normal %1 Ticket"_s.arg(i));
    QueueModel m(source);
    QSignalSpy inserted(&m, &QAbstractItemModel::rowsInserted),
        reset(&m, &QAbstractItemModel::modelReset);
    m.setQuery(l2);
    const auto resets = reset.size();
    QTRY_COMPARE(m.rowCount(), 300);
    // 64 rows at once, then the rest behind them: nothing that was painted is painted again.
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(inserted.at(0).at(2).toInt(), 63);
    QCOMPARE(inserted.at(1).at(1).toInt(), 64);
    QCOMPARE(reset.size(), resets);
}

void TestQueueModel::oneChangeIsOneDataChanged()
{
    FakeQueueSource source;
    source.put(u"1 L2 normal 5 One"_s);
    source.put(u"2 L2 normal 6 Two"_s);
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 2);
    QTRY_COMPARE(printed(m), u"T-0001 One|T-0002 Two"_s);
    QSignalSpy changed(&m, &QAbstractItemModel::dataChanged),
        reset(&m, &QAbstractItemModel::modelReset), moved(&m, &QAbstractItemModel::rowsMoved),
        applied(&m, &QueueModel::applied);
    source.put(u"2 L2 normal 6 Two, renamed"_s);
    source.tell({ 2 });
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 1);
    QCOMPARE(reset.size() + moved.size(), 0);
    QCOMPARE(printed(m), u"T-0001 One|T-0002 Two, renamed"_s);
}

void TestQueueModel::aNewBreachMovesTheRowAndKeepsThePersistentIndex()
{
    FakeQueueSource source;
    for (int i = 1; i <= 5; ++i)
        source.put(u"%1 L2 normal %2 S%1"_s.arg(i).arg(i * 10));
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 5);
    const QPersistentModelIndex last = m.index(4, 0);
    QSignalSpy moved(&m, &QAbstractItemModel::rowsMoved),
        reset(&m, &QAbstractItemModel::modelReset);
    source.put(u"5 L2 normal 1 S5"_s);
    source.tell({ 5 });
    QTRY_COMPARE(moved.size(), 1);
    QCOMPARE(last.row(), 0);
    source.put(u"5 L2 normal 35 S5"_s);
    source.tell({ 5 });
    QTRY_COMPARE(moved.size(), 2);
    QCOMPARE(last.row(), 3);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(printed(m), u"T-0001 S1|T-0002 S2|T-0003 S3|T-0005 S5|T-0004 S4"_s);
}

void TestQueueModel::leavingTheQueueRemovesTheRow()
{
    FakeQueueSource source;
    source.put(u"1 L2 normal 5 One"_s);
    source.put(u"2 L2 normal 6 Two"_s);
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 2);
    const QPersistentModelIndex gone = m.index(0, 0);
    QSignalSpy removed(&m, &QAbstractItemModel::rowsRemoved),
        inserted(&m, &QAbstractItemModel::rowsInserted);
    source.put(u"1 L3 normal 5 One"_s);
    source.tell({ 1 });
    QTRY_COMPARE(removed.size(), 1);
    QVERIFY(!gone.isValid());
    source.put(u"1 L2 normal 7 One"_s);
    source.tell({ 1 });
    QTRY_COMPARE(inserted.size(), 1);
    QCOMPARE(printed(m), u"T-0002 Two|T-0001 One"_s);
}

void TestQueueModel::tiesStandInKeyOrder()
{
    FakeQueueSource source;
    for (const int i : { 1, 2, 4, 5 })
        source.put(u"%1 L2 normal 10 S%1"_s.arg(i));
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 4);
    source.put(u"3 L2 normal 10 S3"_s);
    source.tell({ 3 });
    QTRY_COMPARE(printed(m), u"T-0001 S1|T-0002 S2|T-0003 S3|T-0004 S4|T-0005 S5"_s);
}

void TestQueueModel::manyChangesAtOnceAreAReset()
{
    FakeQueueSource source;
    std::vector<qint64> some, most;
    for (int i = 1; i <= 3000; ++i) {
        source.put(u"%1 L2 normal %1 S"_s.arg(i));
        if (i <= 250)
            some.push_back(i);
        if (i <= 400)
            most.push_back(i);
    }
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 3000);
    QSignalSpy reset(&m, &QAbstractItemModel::modelReset), applied(&m, &QueueModel::applied);
    source.tell(some); // under a tenth
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(reset.size(), 0);
    source.tell(most); // over a tenth
    QTRY_COMPARE(reset.size(), 1);
    QTRY_COMPARE(m.rowCount(), 3000);
}

void TestQueueModel::manyMovesAreOneSignal()
{
    FakeQueueSource source;
    for (int i = 1; i <= 3000; ++i)
        source.put(u"%1 L2 normal %1 S"_s.arg(i));
    QueueModel m(source);
    QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 3000);
    const QPersistentModelIndex moving = m.index(9, QueueModel::Subject),
                                beside = m.index(9, QueueModel::Key),
                                staying = m.index(1000, QueueModel::Subject);
    QSignalSpy moved(&m, &QAbstractItemModel::rowsMoved),
        order(&m, &QAbstractItemModel::layoutChanged),
        changed(&m, &QAbstractItemModel::dataChanged), applied(&m, &QueueModel::applied);
    std::vector<qint64> touched;
    for (int i = 10; i <= 1000; i += 10) {
        source.put(u"%1 L2 normal %2 S"_s.arg(i).arg(3000 - i)); // to the other end
        touched.push_back(i);
    }
    for (int i = 1005; i <= 2005; i += 10) { // new values in the same place
        source.put(u"%1 L2 normal %1 new"_s.arg(i));
        touched.push_back(i);
    }
    source.put(u"4000 L2 normal 5 comes"_s);
    source.put(u"1 L1 normal 1 goes"_s);
    touched.push_back(4000);
    touched.push_back(1);
    source.tell(touched);
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(moved.size(), 0);
    QCOMPARE(order.size(), 1);
    QVERIFY(changed.size() <= 2);
    const auto truth = source.sorted(l2);
    QCOMPARE(m.rowCount(), static_cast<int>(truth.size()));
    for (int row = 0; row < m.rowCount(); ++row)
        QVERIFY2(m.ticketAt(row) == truth[static_cast<size_t>(row)].id,
            qPrintable(QString::number(row)));
    QCOMPARE(m.ticketAt(moving.row()).v, 10);
    QCOMPARE(beside.row(), moving.row());
    QCOMPARE(m.ticketAt(staying.row()).v, 1001);
}

void TestQueueModel::aLateAnswerToAnOlderQuestionIsDropped()
{
    FakeQueueSource source;
    source.put(u"1 L2 normal 5 Two"_s);
    source.put(u"2 L3 normal 5 Three"_s);
    QueueModel m(source);
    source.hold();
    m.setQuery(l2);
    m.setQuery({ .tier = u"L3"_s });
    source.release();
    QTRY_COMPARE(printed(m), u"T-0002 Three"_s);
}

void TestQueueModel::placeholdersAskForTheirPageOnce()
{
    FakeQueueSource source;
    for (int i = 1; i <= 1000; ++i)
        source.put(u"%1 L2 normal %1 S%1"_s.arg(i));
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 1000);
    source.rowRequests = 0;
    QVERIFY(m.row(700) == nullptr);
    QCOMPARE(m.index(700, QueueModel::Subject).data().toString(), u"…"_s);
    QVERIFY(m.row(701) == nullptr);
    QTRY_VERIFY(m.row(700) != nullptr);
    QCOMPARE(m.row(700)->subject, u"S701"_s);
    QCOMPARE(source.rowRequests, 3); // its page, and those beside it
}

void TestQueueModel::probesLoadNothing()
{
    FakeQueueSource source;
    for (int i = 1; i <= 1000; ++i)
        source.put(u"%1 L2 normal %1 S%1"_s.arg(i));
    QueueModel m(source);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 1000);
    source.rowRequests = 0;
    for (int row = 0; row < m.rowCount(); ++row) {
        m.index(row, 0).data(Qt::SizeHintRole);
        m.index(row, 0).data(Qt::AccessibleTextRole);
        m.index(row, 0).data(QueueModel::TicketIdRole);
        m.rowIfLoaded(row);
    }
    QCoreApplication::processEvents();
    QCOMPARE(source.rowRequests, 0);
}

void TestQueueModel::aFailureIsAState()
{
    FakeQueueSource source;
    source.put(u"1 L2 normal 5 One"_s);
    QueueModel m(source);
    source.failNext(storageError(u"The disk is gone."_s));
    m.setQuery(l2);
    QTRY_COMPARE(
        m.state(), QueueModel::State::Ready); // the order came, only the first page did not
    QCOMPARE(m.rowCount(), 1);
    source.hold();
    source.failNext(storageError(u"The disk is gone."_s));
    m.reload();
    source.release();
    QTRY_COMPARE(m.rowCount(), 1);
}

void TestQueueModel::staysRightThroughRandomChanges()
{
    for (quint64 seed = 1; seed <= 6; ++seed) {
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        SeededRandom random(seed);
        FakeQueueSource source;
        for (int i = 1; i <= 100; ++i)
            source.put(u"%1 L2 normal %2 S"_s.arg(i).arg(random.below(40)));
        QueueModel m(source);
        QAbstractItemModelTester strict(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
        m.setQuery(l2);
        QTRY_COMPARE(m.rowCount(), 100);
        QSignalSpy applied(&m, &QueueModel::applied);
        for (int round = 0; round < 20; ++round) {
            std::vector<qint64> touched;
            for (qint64 n = random.below(12) + 1; n > 0; --n) {
                const qint64 id = random.below(110) + 1;
                const QString tier = random.below(5) == 0 ? u"L1"_s : u"L2"_s;
                const QString priority = codes<Priority>().at(random.below(4));
                const qint64 due = random.below(40);
                source.put(u"%1 %2 %3 %4 S%5"_s.arg(id).arg(tier, priority).arg(due).arg(round));
                touched.push_back(id);
            }
            source.tell(touched);
            QTRY_COMPARE(applied.size(), round + 1);
            const auto truth = source.sorted(l2);
            QVERIFY2(
                m.rowCount() == static_cast<int>(truth.size()), qPrintable(u"seed %1"_s.arg(seed)));
            for (int row = 0; row < m.rowCount(); ++row)
                QVERIFY2(m.ticketAt(row) == truth[static_cast<size_t>(row)].id,
                    qPrintable(u"seed %1 round %2 row %3"_s.arg(seed).arg(round).arg(row)));
        }
    }
}

void TestQueueModel::worksUnderASortProxy()
{
    FakeQueueSource source;
    for (int i = 1; i <= 50; ++i)
        source.put(u"%1 L2 normal %2 S%1"_s.arg(i).arg(100 - i));
    QueueModel m(source);
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(&m);
    proxy.setSortRole(QueueModel::SortRole);
    QAbstractItemModelTester strict(&proxy, QAbstractItemModelTester::FailureReportingMode::Fatal);
    m.setQuery(l2);
    QTRY_COMPARE(m.rowCount(), 50);
    proxy.sort(QueueModel::Key);
    source.put(u"7 L2 normal 1 S7"_s);
    source.tell({ 7 });
    QSignalSpy applied(&m, &QueueModel::applied);
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(proxy.rowCount(), 50);
}

QTEST_GUILESS_MAIN(TestQueueModel)
#include "tst_queuemodel.moc"

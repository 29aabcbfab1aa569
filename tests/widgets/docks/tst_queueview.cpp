#include "widgets/docks/queues/queueview.h"

#include <QAbstractListModel>
#include <QAccessible>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStyledItemDelegate>
#include <QTest>

using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr int rowHeight = 40;

/// Numbers, which come, go and move.
class Numbers : public QAbstractListModel
{
public:
    explicit Numbers(int count)
        : m_from(0)
        , m_count(count)
    {
    }
    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : m_count;
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(m_from + index.row()) : QVariant();
    }
    void prepend(int rows)
    {
        beginInsertRows({}, 0, rows - 1);
        m_from -= rows;
        m_count += rows;
        endInsertRows();
    }
    void takeFirst(int rows)
    {
        beginRemoveRows({}, 0, rows - 1);
        m_from += rows;
        m_count -= rows;
        endRemoveRows();
    }

private:
    int m_from, m_count;
};

class FixedHeight : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        ++asked;
        return { 100, rowHeight };
    }
    void paint(
        QPainter *, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painted.append({ index.row(), option.state });
    }
    mutable int asked = 0;
    mutable QList<std::pair<int, QStyle::State>> painted;
};

} // namespace

class TestQueueView : public QObject
{
    Q_OBJECT
private slots:
    void placesAgree_data();
    void placesAgree();
    void onlyWhatIsSeenIsPainted();
    void keysWalk();
    void aClickChooses();
    void whatIsReadStays();
    void aLostRowChoosesNone();
    void costsNothingByItsLength();
    void readersHearOfRows();

private:
    struct Shown {
        explicit Shown(int rows)
            : numbers(rows)
        {
            view.setItemDelegate(&delegate);
            view.setModel(&numbers);
            view.resize(300, 10 * rowHeight);
            view.show();
        }
        int numberAt(int y) const { return view.indexAt({ 10, y }).data().toInt(); }
        Numbers numbers;
        FixedHeight delegate;
        QueueView view;
    };
};

void TestQueueView::placesAgree_data()
{
    QTest::addColumn<int>("rows");
    for (const int rows : { 0, 1, 9, 10, 11, 1000, 1'000'000 })
        QTest::addRow("%d", rows) << rows;
}

void TestQueueView::placesAgree()
{
    QFETCH(int, rows);
    Shown shown(rows);
    QScrollBar *bar = shown.view.verticalScrollBar();
    QCOMPARE(bar->maximum(), qMax(0, rows * rowHeight - shown.view.viewport()->height()));
    for (const int row : { 0, rows / 3, rows - 1 }) {
        const QModelIndex index = shown.numbers.index(row);
        if (!index.isValid())
            continue;
        for (const auto hint : { QAbstractItemView::EnsureVisible, QAbstractItemView::PositionAtTop,
                 QAbstractItemView::PositionAtBottom, QAbstractItemView::PositionAtCenter }) {
            shown.view.scrollTo(index, hint);
            const QRect rect = shown.view.visualRect(index);
            QCOMPARE(rect.size(), QSize(shown.view.viewport()->width(), rowHeight));
            QVERIFY(shown.view.viewport()->rect().contains(rect));
            QCOMPARE(shown.view.indexAt(rect.center()).row(), row);
        }
    }
    QVERIFY(!shown.view.indexAt({ 10, -1 }).isValid() || bar->value() > 0);
    bar->setValue(bar->maximum());
    QVERIFY(!shown.view.indexAt({ 10, shown.view.viewport()->height() + rowHeight }).isValid());
}

void TestQueueView::onlyWhatIsSeenIsPainted()
{
    Shown shown(1'000'000);
    shown.view.verticalScrollBar()->setValue(500'000 * rowHeight + 5);
    shown.view.setCurrentIndex(shown.numbers.index(500'003));
    shown.delegate.painted.clear();
    shown.view.viewport()->grab();
    QCOMPARE(shown.delegate.painted.front().first, 500'000);
    QVERIFY(shown.delegate.painted.size() <= 11);
    for (const auto &[row, state] : std::as_const(shown.delegate.painted))
        QCOMPARE(state.testFlag(QStyle::State_Selected), row == 500'003);
}

void TestQueueView::keysWalk()
{
    Shown shown(100);
    const auto press = [&](Qt::Key key) {
        QTest::keyClick(&shown.view, key);
        return shown.view.currentIndex().row();
    };
    QCOMPARE(press(Qt::Key_J), 0);
    QCOMPARE(press(Qt::Key_Down), 1);
    QCOMPARE(press(Qt::Key_K), 0);
    QCOMPARE(press(Qt::Key_Up), 0);
    QCOMPARE(press(Qt::Key_PageDown), 9);
    QCOMPARE(press(Qt::Key_PageUp), 0);
    QCOMPARE(press(Qt::Key_End), 99);
    QCOMPARE(press(Qt::Key_J), 99);
    QVERIFY(
        shown.view.viewport()->rect().contains(shown.view.visualRect(shown.view.currentIndex())));
    QCOMPARE(press(Qt::Key_Home), 0);
    QSignalSpy entered(&shown.view, &QueueView::entered);
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(entered.size(), 1);
}

void TestQueueView::aClickChooses()
{
    Shown shown(100);
    QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, { 50, 3 * rowHeight + 5 });
    QCOMPARE(shown.view.currentIndex().row(), 3);
    QCOMPARE(shown.view.selectionModel()->selectedIndexes().size(), 1);
}

void TestQueueView::whatIsReadStays()
{
    Shown shown(1000);
    QCOMPARE(shown.numberAt(5), 0);
    shown.numbers.prepend(3); // at the very top the newest is wanted
    QCOMPARE(shown.numberAt(5), -3);
    shown.view.verticalScrollBar()->setValue(100 * rowHeight);
    const int read = shown.numberAt(5);
    shown.numbers.prepend(7);
    QCOMPARE(shown.numberAt(5), read);
    shown.numbers.takeFirst(5);
    QCOMPARE(shown.numberAt(5), read);
}

void TestQueueView::aLostRowChoosesNone()
{
    Shown shown(10);
    shown.view.setCurrentIndex(shown.numbers.index(0));
    shown.numbers.takeFirst(1);
    QVERIFY(!shown.view.currentIndex().isValid());
    QTest::keyClick(&shown.view, Qt::Key_J);
    QCOMPARE(shown.view.currentIndex().data().toInt(), 1);
}

void TestQueueView::costsNothingByItsLength()
{
    // How often the delegate is asked for a size does not depend on the rows.
    const auto asked = [](int rows) {
        Shown shown(rows);
        shown.delegate.asked = 0;
        for (int i = 0; i < 20; ++i) {
            shown.numbers.prepend(1);
            shown.numbers.takeFirst(1);
            shown.view.viewport()->grab();
        }
        return shown.delegate.asked;
    };
    const int few = asked(100), many = asked(1'000'000);
    QVERIFY2(many <= few, qPrintable(u"%1 and %2"_s.arg(few).arg(many)));
}

void TestQueueView::readersHearOfRows()
{
    Shown shown(100);
    QAccessibleInterface *list = QAccessible::queryAccessibleInterface(&shown.view);
    QVERIFY(list && list->tableInterface());
    QCOMPARE(list->tableInterface()->rowCount(), 100);
    QAccessibleInterface *cell = list->tableInterface()->cellAt(4, 0);
    QVERIFY(cell);
    QCOMPARE(cell->text(QAccessible::Name), u"4"_s);
}

QTEST_MAIN(TestQueueView)
#include "tst_queueview.moc"

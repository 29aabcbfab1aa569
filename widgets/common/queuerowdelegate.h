#pragma once

#include "core/base/clock.h"
#include "widgets/common/queuerow.h"

#include <QStyledItemDelegate>

#include <functional>

namespace tierline::ui {

/// Paints the rows of a queue. Countdowns come from the clock at the instant of painting, so a view
/// that shows clocks only has to be updated (`viewport()->update()`), never its model.
/// Give the view uniform row heights. Thread: ui. `clock` must outlive the delegate.
class QueueRowDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// Reads a row out of whatever model the view shows; called for each row painted.
    using Reader = std::function<QueueRowView(const QModelIndex &)>;

    QueueRowDelegate(const Clock &clock, TimeWords words, Reader reader, QObject *parent = nullptr);

    /// Views must be told to lay out again (`doItemsLayout()`).
    void setDensity(Density density) { m_density = density; }
    Density density() const { return m_density; }

    /// How long the view may sleep before one of its clocks reads otherwise.
    Millis untilChange(const QModelIndex &index) const;

    /// Where the clock of a row stands in the view; empty where it has none.
    QRect clockRect(const QAbstractItemView &view, const QModelIndex &index) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;
    /// The same for every row; asks the model nothing.
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
        const QModelIndex &index) override;

private:
    const Clock &m_clock;
    TimeWords m_words;
    Reader m_reader;
    Density m_density = Density::Comfortable;
    mutable QueueRowPainter m_painter;
};

} // namespace tierline::ui

#include "widgets/common/queuerowdelegate.h"

#include "widgets/common/plainlabel.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QToolTip>

namespace tierline::ui {

QueueRowDelegate::QueueRowDelegate(
    const Clock &clock, TimeWords words, Reader reader, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_clock(clock)
    , m_words(std::move(words))
    , m_reader(std::move(reader))
{
}

Millis QueueRowDelegate::untilChange(const QModelIndex &index) const
{
    return untilBriefChanges(m_reader(index).clock, m_clock.now());
}

void QueueRowDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    m_painter.paint(painter, option, m_reader(index), { m_clock.now(), m_words, m_density });
}

QRect QueueRowDelegate::clockRect(const QAbstractItemView &view, const QModelIndex &index) const
{
    QStyleOptionViewItem option;
    option.initFrom(&view);
    option.rect = view.visualRect(index);
    return QueueRowPainter::clockRect(
        option, m_reader(index), { m_clock.now(), m_words, m_density });
}

QSize QueueRowDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return { 240, queueRowHeight(m_density) };
}

bool QueueRowDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view,
    const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QueueRowView row = m_reader(index);
    if (row.isLoading)
        return false;
    QStringList lines { oneLine(row.subject), oneLine(row.reason) };
    if (row.clock.due)
        //: Due time of a ticket; %1 is an exact day and time
        lines << tr("Due %1; click the clock, or press L, to see why")
                     .arg(m_words.exact(*row.clock.due));
    lines << markSentences(row);
    lines.removeAll(QString());
    QToolTip::showText(
        event->globalPos(), asRichSource(plainLines(lines.join(u'\n'))), view, option.rect);
    return true;
}

} // namespace tierline::ui

#include "widgets/common/scrollcolumn.h"

#include <QEvent>
#include <QScrollBar>

namespace tierline::ui {

namespace {

constexpr int LeastHeight = 120;

} // namespace

ScrollColumn::ScrollColumn(QWidget *parent)
    : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
}

QSize ScrollColumn::minimumSizeHint() const
{
    return { widget()->minimumSizeHint().width() + barWidth(), LeastHeight };
}

bool ScrollColumn::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        updateGeometry(); // the content may want another width
    return QScrollArea::event(event);
}

int ScrollColumn::barWidth() const
{
    return verticalScrollBar()->sizeHint().width();
}

} // namespace tierline::ui

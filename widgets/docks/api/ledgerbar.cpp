#include "widgets/docks/api/ledgerbar.h"

#include <QPainter>
#include <QPainterPath>

namespace tierline::ui {

using Kind = desk::LedgerStretch::Kind;

void paintStretch(
    QPainter *painter, const QRectF &rect, Kind kind, const Theme &theme, bool isLate, bool isAhead)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    const QColor ground = theme[Token::Panel];
    const QColor strong = theme[isLate ? Token::Breached : Token::Accent];
    switch (kind) {
    case Kind::Running:
        painter->fillRect(rect, isAhead ? mixed(ground, strong, 0.28) : strong);
        break;
    case Kind::Paused: {
        painter->fillRect(rect, mixed(ground, theme[Token::Muted], 0.16));
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setClipRect(rect);
        painter->setPen(QPen(theme[Token::Muted], 1.5));
        for (qreal x = rect.left() - rect.height(); x < rect.right(); x += 5)
            painter->drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
        break;
    }
    case Kind::Closed: {
        const qreal middle = rect.center().y();
        painter->fillRect(QRectF(rect.left(), middle - 1, rect.width(), 2), theme[Token::Edge]);
        break;
    }
    }
    painter->restore();
}

LedgerBar::LedgerBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void LedgerBar::show(const desk::LedgerClock &clock, Instant now, const QString &spoken)
{
    m_clock = clock;
    m_now = now;
    setAccessibleName(spoken);
    update();
}

void LedgerBar::paintEvent(QPaintEvent *)
{
    if (m_clock.past.empty() && m_clock.ahead.empty())
        return;
    const Theme &theme = Theme::of(this);
    QPainter painter(this);
    const auto &first = m_clock.past.empty() ? m_clock.ahead.front() : m_clock.past.front();
    const auto &last = m_clock.ahead.empty() ? m_clock.past.back() : m_clock.ahead.back();
    const std::optional<Instant> due = m_clock.clock.reading.due;
    const qint64 from = first.span.from.ms;
    const qint64 to = std::max(last.span.to.ms, due.value_or(last.span.to).ms);
    const QRectF room = QRectF(rect()).adjusted(0, 4, -2, -4);
    const auto place = [&](Instant at) {
        const qreal share = to > from ? qreal(at.ms - from) / qreal(to - from) : 0;
        const qreal x = std::round(room.left() + share * room.width());
        return layoutDirection() == Qt::RightToLeft ? room.right() + room.left() - x : x;
    };
    const auto draw = [&](TimeSpan span, Kind kind, bool isAhead) {
        // Where it was due in the middle of a stretch, what ran after that is late.
        const auto put = [&](Instant a, Instant b, bool isLate) {
            const qreal left = std::min(place(a), place(b)), right = std::max(place(a), place(b));
            if (b > a)
                paintStretch(&painter,
                    { left, room.top(), std::max(1.0, right - left), room.height() }, kind, theme,
                    isLate, isAhead);
        };
        const Instant edge = due ? std::clamp(*due, span.from, span.to) : span.to;
        put(span.from, edge, false);
        put(edge, span.to, true);
    };
    for (const desk::LedgerStretch &stretch : m_clock.past)
        draw(stretch.span, stretch.kind, false);
    for (const desk::LedgerStretch &stretch : m_clock.ahead)
        draw(stretch.span, stretch.kind, true);
    if (due) {
        const qreal x = place(*due);
        painter.fillRect(QRectF(x - 1, 0, 2, height()), theme[Token::Text]);
    }
}

} // namespace tierline::ui

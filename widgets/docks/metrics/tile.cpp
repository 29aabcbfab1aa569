#include "widgets/docks/metrics/tile.h"

#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QPainter>

namespace tierline::ui {

Tile::Tile(QWidget *parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Tile::set(const TileText &text)
{
    m_text = text;
    setText(text.name);
    setAccessibleName(text.name);
    setAccessibleDescription(text.value + QStringLiteral(", ") + text.change);
    setToolTip({});
    update();
}

void Tile::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isChosen = isChecked();
    shape::box(&painter, rect(), theme[underMouse() ? Token::Hover : Token::Raised],
        theme[isChosen ? Token::Accent : Token::Border]);
    if (isChosen || hasFocus())
        shape::ring(&painter, rect(), theme[Token::Accent]);

    const QRect box = rect().adjusted(space::Inner, space::Inner, -space::Inner, -space::Inner);
    const QFont name = textFont(TextRole::MutedStrong), value = textFont(TextRole::Page),
                change = textFont(TextRole::Muted);
    const int nameHeight = QFontMetrics(name).height(), valueHeight = QFontMetrics(value).height();
    painter.setFont(name);
    painter.setPen(theme[Token::Muted]);
    painter.drawText(QRect(box.left(), box.top(), box.width(), nameHeight),
        Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(name).elidedText(m_text.name, Qt::ElideRight, box.width()));
    painter.setFont(value);
    painter.setPen(theme[Token::Text]);
    painter.drawText(
        QRect(box.left(), box.top() + nameHeight + space::Hair, box.width(), valueHeight),
        Qt::AlignLeft | Qt::AlignVCenter, m_text.value);
    painter.setFont(change);
    painter.setPen(theme[m_text.direction > 0 ? Token::Met
            : m_text.direction < 0            ? Token::AtRisk
                                              : Token::Muted]);
    const QRect below(box.left(), box.top() + nameHeight + valueHeight + space::Tight, box.width(),
        box.bottom() - (box.top() + nameHeight + valueHeight + space::Tight));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_text.change);
}

} // namespace tierline::ui

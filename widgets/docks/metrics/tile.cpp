#include "widgets/docks/metrics/tile.h"

#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QPainter>

namespace tierline::ui {

namespace {

constexpr int Wrapped = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

/// Heights of the three parts in a column of so many pixels.
struct Lines {
    int name;
    int value;
    int change;
};

Lines linesFor(const TileText &text, int width)
{
    const auto wrapped = [&](TextRole role, const QString &words) {
        const QFontMetrics metrics(textFont(role));
        return std::max(metrics.height(),
            metrics.boundingRect(QRect(0, 0, width, 10'000), Wrapped, words).height());
    };
    return { wrapped(TextRole::MutedStrong, text.name),
        QFontMetrics(textFont(TextRole::Page)).height(), wrapped(TextRole::Muted, text.change) };
}

} // namespace

Tile::Tile(QWidget *parent)
    : QAbstractButton(parent)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void Tile::set(const TileText &text)
{
    m_text = text;
    setText(text.name);
    setAccessibleName(text.name);
    setAccessibleDescription(text.value + QStringLiteral(", ") + text.change);
    setToolTip({});
    updateGeometry();
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
    const Lines lines = linesFor(m_text, box.width());
    int top = box.top();
    painter.setFont(textFont(TextRole::MutedStrong));
    painter.setPen(theme[Token::Muted]);
    painter.drawText(QRect(box.left(), top, box.width(), lines.name), Wrapped, m_text.name);
    top += lines.name + space::Hair;
    painter.setPen(theme[Token::Text]);
    drawValue(&painter, { box.left(), top, box.width(), lines.value });
    top += lines.value + space::Hair;
    painter.setFont(textFont(TextRole::Muted));
    painter.setPen(theme[m_text.direction > 0 ? Token::Met
            : m_text.direction < 0            ? Token::AtRisk
                                              : Token::Muted]);
    painter.drawText(QRect(box.left(), top, box.width(), lines.change), Wrapped, m_text.change);
}

int Tile::drawValue(QPainter *painter, const QRect &line) const
{
    const QFont large = textFont(TextRole::Page), small = textFont(TextRole::Strong);
    const QFontMetrics metrics(large);
    const int baseline = line.top() + metrics.ascent();
    int x = line.left();
    const QString &text = m_text.value;
    for (qsizetype from = 0; from < text.size();) {
        const bool isUnit = text[from].isLetter();
        qsizetype to = from;
        while (to < text.size() && text[to].isLetter() == isUnit)
            ++to;
        const QString part = text.mid(from, to - from);
        const QFont &font = isUnit ? small : large;
        if (painter) {
            painter->setFont(font);
            painter->drawText(x, baseline, part);
        }
        x += QFontMetrics(font).horizontalAdvance(part);
        from = to;
    }
    return x - line.left();
}

int Tile::heightForWidth(int width) const
{
    const Lines lines = linesFor(m_text, width - 2 * space::Inner);
    return lines.name + lines.value + lines.change + 2 * space::Inner + 2 * space::Hair;
}

QSize Tile::minimumSizeHint() const
{
    const int width = std::max(104, drawValue(nullptr, {}) + 2 * space::Inner);
    return { width, heightForWidth(width) };
}

} // namespace tierline::ui

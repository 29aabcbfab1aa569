#include "widgets/common/plainlabel.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

/// Characters that change the order of what follows, or cannot be seen: they let one text pose as
/// another.
bool isTrick(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069) || u == 0x200E || u == 0x200F
        || u == 0x061C || u == 0xFEFF || (u >= 0xFFF9 && u <= 0xFFFB) || u == 0x00AD;
}

bool isGap(QChar c)
{
    return c.isSpace() || c.unicode() < 0x20 || (c.unicode() >= 0x7F && c.unicode() < 0xA0);
}

/// Ends `text` after `most` characters, not inside a surrogate pair.
void cut(QString &text, qsizetype most)
{
    if (text.size() <= most)
        return;
    if (most > 0 && text[most - 1].isHighSurrogate())
        --most;
    text.truncate(most);
    text += u'…';
}

} // namespace

QString oneLine(const QString &text, qsizetype most)
{
    QString out;
    out.reserve(std::min(text.size(), most + 1));
    bool isGapOpen = false;
    for (const QChar c : text) {
        if (out.size() > most)
            break;
        if (isTrick(c))
            continue;
        if (isGap(c)) {
            isGapOpen = !out.isEmpty();
            continue;
        }
        if (std::exchange(isGapOpen, false))
            out += u' ';
        out += c;
    }
    cut(out, most);
    return out;
}

QString plainLines(const QString &text, qsizetype most, int mostLines)
{
    QString out;
    out.reserve(std::min(text.size(), most + 1));
    int lines = 1;
    for (const QChar c : text) {
        if (out.size() > most)
            break;
        if (isTrick(c) || c == u'\r')
            continue;
        if (c == u'\n' || c.unicode() == 0x2028 || c.unicode() == 0x2029) {
            if (++lines > mostLines) {
                out += u'…';
                return out;
            }
            out += u'\n';
        } else {
            out += isGap(c) ? QChar(u' ') : c;
        }
    }
    cut(out, most);
    return out;
}

QString asRichSource(const QString &plain)
{
    if (plain.isEmpty())
        return {};
    // Real markup around escaped text: Qt then has nothing to guess, and wraps the text.
    return u"<p style=\"white-space:pre-wrap\">"_s + plain.toHtmlEscaped() + u"</p>"_s;
}

void setPlainToolTip(QWidget *widget, const QString &text)
{
    widget->setToolTip(asRichSource(plainLines(text, 1'000, 20)));
}

PlainLabel::PlainLabel(const QString &text, QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setOpenExternalLinks(false);
    setTextInteractionFlags(Qt::NoTextInteraction);
    setText(text);
}

void PlainLabel::setElided(bool on)
{
    m_isElided = on;
    setWordWrap(false);
    QSizePolicy policy = sizePolicy();
    policy.setHorizontalPolicy(on ? QSizePolicy::Ignored : QSizePolicy::Preferred);
    setSizePolicy(policy);
    updateGeometry();
    update();
}

QSize PlainLabel::sizeHint() const
{
    if (!m_isElided)
        return QLabel::sizeHint();
    const QMargins m = contentsMargins();
    return { fontMetrics().horizontalAdvance(oneLine(text())) + m.left() + m.right() + 2 * margin(),
        fontMetrics().height() + m.top() + m.bottom() + 2 * margin() };
}

QSize PlainLabel::minimumSizeHint() const
{
    return m_isElided ? QSize(fontMetrics().averageCharWidth() * 4, sizeHint().height())
                      : QLabel::minimumSizeHint();
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    if (!m_isElided) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    const QRect room = contentsRect().adjusted(margin(), margin(), -margin(), -margin());
    const QString shown = fontMetrics().elidedText(oneLine(text()), Qt::ElideRight, room.width());
    style()->drawItemText(&painter, room, int(QStyle::visualAlignment(layoutDirection(), alignment())),
        palette(), isEnabled(), shown, foregroundRole());
}

bool PlainLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && m_isElided && toolTip().isEmpty()) {
        const QString whole = oneLine(text());
        if (fontMetrics().horizontalAdvance(whole) > contentsRect().width()) {
            QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
                asRichSource(plainLines(text(), 1'000, 20)), this);
            return true;
        }
    }
    return QLabel::event(event);
}

} // namespace tierline::ui

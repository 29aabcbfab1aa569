#include "widgets/common/plainlabel.h"

#include "core/text/display.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

/// Takes off the isolates that an earlier call put around each line: text passes through several
/// hands on its way to the screen, and each may clean it.
QString peeled(const QString &text)
{
    constexpr QChar Open(0x2068);
    constexpr QChar Close(0x2069);
    if (!text.contains(Open))
        return text;
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        if (line.size() >= 2 && line.front() == Open && line.back() == Close)
            line = line.mid(1, line.size() - 2);
    return lines.join(u'\n');
}

} // namespace

QString oneLine(const QString &text, qsizetype most)
{
    return text::displayLine(peeled(text), most);
}

QString plainLines(const QString &text, qsizetype most, int mostLines)
{
    QString out = text::displayText(peeled(text), most);
    qsizetype end = -1;
    for (int lines = 0; lines < mostLines; ++lines) {
        end = out.indexOf(u'\n', end + 1);
        if (end < 0)
            return out;
    }
    out.truncate(end);
    return out + u"\n…"_s;
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
    style()->drawItemText(&painter, room,
        int(QStyle::visualAlignment(layoutDirection(), alignment())), palette(), isEnabled(), shown,
        foregroundRole());
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

#include "widgets/common/queuerow.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/tabulartext.h"
#include "widgets/common/typography.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QStyle>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

struct RowWords {
    Q_DECLARE_TR_FUNCTIONS(QueueRow)
};

constexpr int Glyph = 16; ///< clock and marks
constexpr int HealthWidth = 24;
constexpr int AccentBar = 3;

/// Marks of a row, in the order in which they stand.
struct Mark {
    Icon icon;
    Token token;
};

QVarLengthArray<Mark, 4> marksOf(const QueueRowView &row)
{
    QVarLengthArray<Mark, 4> marks;
    if (row.hasConflict)
        marks.append({ Icon::Conflict, Token::Breached });
    if (row.isRefused)
        marks.append({ Icon::Warning, Token::Breached });
    if (row.waitsToBeSent)
        marks.append({ Icon::Send, Token::Muted });
    if (row.isConfidential)
        marks.append({ Icon::Lock, Token::Muted });
    return marks;
}

QString separated(const QString &a, const QString &b)
{
    return a.isEmpty() ? b : b.isEmpty() ? a : a + u" · "_s + b;
}

QStaticText staticText(const QString &text, const QFont &font)
{
    QStaticText laid(text);
    laid.setTextFormat(Qt::PlainText);
    laid.setPerformanceHint(QStaticText::AggressiveCaching);
    laid.prepare({}, font);
    return laid;
}

} // namespace

/// Where everything of one row stands, in reading direction from the left; `mirrored` turns it.
struct QueueRowPainter::Frame {
    const QStyleOptionViewItem &option;
    const Theme &theme;
    Density density;
    ClockState state;
    QString clockText;
    QString priority;
    QRect chip;
    QRect clock; ///< glyph and words
    QRect subject;
    QRect details; ///< second line, or the middle of the only one
    QRect marks; ///< marks and priority
    QColor ground;

    void arrange(const QueueRowView &row);
    QRect mirrored(const QRect &r) const
    {
        return QStyle::visualRect(option.direction, option.rect, r);
    }
    bool isCompact() const { return density == Density::Compact; }
};

int queueRowHeight(Density density)
{
    const int body = QFontMetrics(textFont(TextRole::Strong)).height();
    const int muted = QFontMetrics(textFont(TextRole::Muted)).height();
    if (density == Density::Compact)
        return std::max(28, body + 2 * space::Hair);
    return std::max(52, body + 2 + muted + space::Inner);
}

QStringList markSentences(const QueueRowView &row)
{
    QStringList said;
    if (row.hasConflict)
        said << RowWords::tr("Both sides changed the same field: choose which value holds");
    if (row.isRefused)
        said << RowWords::tr("The helpdesk refused a change: retry it or drop it");
    if (row.waitsToBeSent)
        said << RowWords::tr("A change waits to be sent");
    if (row.isConfidential)
        said << RowWords::tr("Only a few people may see this ticket");
    return said;
}

QString spokenQueueRow(const QueueRowView &row, Instant now, const TimeWords &words)
{
    if (row.isLoading)
        return RowWords::tr("loading");
    QStringList parts { row.tierId, oneLine(row.subject), words.spoken(row.clock, now),
        oneLine(row.customer), oneLine(row.plan),
        RowWords::tr("priority %1").arg(priorityText(row.priority)) };
    if (row.health)
        parts << healthbar::spoken(*row.health);
    parts << oneLine(row.reason);
    if (row.isUnread)
        //: Something new came to this ticket
        parts << RowWords::tr("unread");
    if (row.hasConflict)
        //: Both sides changed the same field
        parts << RowWords::tr("in conflict");
    if (row.isRefused)
        //: The helpdesk refused a change of this ticket
        parts << RowWords::tr("a change was refused");
    if (row.waitsToBeSent)
        parts << RowWords::tr("waits to be sent");
    if (row.isConfidential)
        //: Only a few people may see this ticket
        parts << RowWords::tr("confidential");
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

void QueueRowPainter::paint(QPainter *painter, const QStyleOptionViewItem &option,
    const QueueRowView &row, const QueueRowContext &context)
{
    if (m_scale != textScale()) {
        m_laid.clear();
        m_scale = textScale();
    }
    const Theme &theme = Theme::of(option.palette);
    const bool isSelected = option.state & QStyle::State_Selected;
    const bool isUnderPointer = option.state & QStyle::State_MouseOver;
    Frame frame { option, theme, context.density, clockState(row.clock, context.now),
        context.words.brief(row.clock, context.now), {}, {}, {}, {}, {}, {}, {} };
    frame.ground = theme[isSelected ? Token::Selection
            : isUnderPointer        ? Token::Hover
                                    : Token::Panel];

    painter->save();
    painter->fillRect(option.rect, frame.ground);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
        theme[Token::Border]);
    if (row.isLoading) {
        paintShape(painter, frame);
    } else {
        frame.arrange(row);
        if (frame.chip.width() > 0)
            chip::paint(painter, frame.mirrored(frame.chip), row.tierId, row.tierRank, theme,
                isSelected ? theme[Token::Panel] : QColor(Qt::transparent));
        paintTexts(painter, frame, row, laidOut(row, frame));
        paintClock(painter, frame);
        paintMarks(painter, frame, row);
    }
    const QRect whole = option.rect.adjusted(0, 0, 0, -1);
    if (isSelected)
        painter->fillRect(frame.mirrored({ whole.left(), whole.top(), AccentBar, whole.height() }),
            theme[Token::Accent]);
    if ((option.state & QStyle::State_HasFocus)
        && (option.state & QStyle::State_KeyboardFocusChange)) {
        painter->setRenderHint(QPainter::Antialiasing, false);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(
            QPen(theme[Token::Accent], FocusRing, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter->drawRect(whole.adjusted(1, 1, -1, -1));
    }
    painter->restore();
}

QRect QueueRowPainter::clockRect(
    const QStyleOptionViewItem &option, const QueueRowView &row, const QueueRowContext &context)
{
    if (row.isLoading)
        return {};
    Frame frame { option, Theme::of(option.palette), context.density,
        clockState(row.clock, context.now), context.words.brief(row.clock, context.now), {}, {}, {},
        {}, {}, {}, {} };
    frame.arrange(row);
    return frame.clock.isEmpty() ? QRect() : frame.mirrored(frame.clock);
}

void QueueRowPainter::Frame::arrange(const QueueRowView &row)
{
    const QRect room = option.rect.adjusted(space::Inner, 0, -space::Inner, -1);
    const int body = QFontMetrics(textFont(TextRole::Strong)).height();
    const QFontMetrics mutedMetrics(textFont(TextRole::Muted));
    const int muted = mutedMetrics.height();
    const int top = isCompact() ? room.top() : room.top() + (room.height() - body - muted - 2) / 2;
    const int height = isCompact() ? room.height() : body;
    const int end = room.right() + 1;

    int left = room.left();
    if (!row.tierId.isEmpty()) {
        chip = { left, top, ui::chip::size(row.tierId).width(), height };
        left += chip.width() + space::Tight;
    }
    int right = end;
    if (!clockText.isEmpty()) {
        const int words
            = int(std::ceil(tabular::width(clockText, textFont(TextRole::MutedStrong))));
        const int width = Glyph + space::Hair + words;
        clock = { end - width, top, width, height };
        right = clock.left() - space::Tight;
    }
    priority
        = isCompact() && row.priority < Priority::High ? QString() : priorityText(row.priority);
    const int marksWidth = int(marksOf(row).size()) * (Glyph + space::Hair)
        + mutedMetrics.horizontalAdvance(priority);
    const int gap = marksWidth ? space::Tight : 0;
    if (isCompact()) {
        marks = { right - marksWidth, top, marksWidth, height };
        subject = { left, top, std::max(0, marks.left() - gap - left), height };
        details = subject;
        return;
    }
    subject = { left, top, std::max(0, right - left), height };
    const int second = top + body + 2;
    marks = { end - marksWidth, second, marksWidth, muted };
    details = { room.left(), second, std::max(0, marks.left() - gap - room.left()), muted };
}

void QueueRowPainter::paintShape(QPainter *painter, const Frame &frame)
{
    const QRect room = frame.option.rect.adjusted(space::Inner, 0, -space::Inner, -1);
    painter->setPen(Qt::NoPen);
    painter->setBrush(frame.theme[Token::Border]);
    painter->setRenderHint(QPainter::Antialiasing);
    const auto bar = [&](int middle, int width, int height) {
        painter->drawRoundedRect(
            frame.mirrored({ room.left(), middle - height / 2, width, height }), 4, 4);
    };
    if (frame.isCompact()) {
        bar(room.center().y(), room.width() / 2, 8);
        return;
    }
    bar(room.top() + room.height() / 3, room.width() * 3 / 5, 10);
    bar(room.top() + room.height() * 7 / 10, room.width() * 2 / 5, 8);
}

const QueueRowPainter::Laid &QueueRowPainter::laidOut(const QueueRowView &row, const Frame &frame)
{
    const Key key { row.subject, row.customer, row.plan, row.reason, frame.subject.width(),
        frame.details.width(), row.health.value_or(-1),
        quint8(int(row.isUnread) | (int(frame.density) << 1)) };
    if (const Laid *found = m_laid.object(key))
        return *found;

    auto laid = std::make_unique<Laid>();
    const auto put
        = [](QStaticText &text, int &width, const QString &whole, const QFont &font, int room) {
              const QFontMetrics metrics(font);
              const QString cut = metrics.elidedText(whole, Qt::ElideRight, std::max(0, room));
              text = staticText(cut, font);
              width = cut.isEmpty() ? 0 : int(std::ceil(text.size().width()));
          };
    // In one line the subject leaves the rest of the room to the details, and at least a third of it
    // where it is long.
    const int subjectRoom
        = frame.isCompact() ? frame.subject.width() * 2 / 3 : frame.subject.width();
    put(laid->subject, laid->subjectWidth, oneLine(row.subject),
        textFont(row.isUnread ? TextRole::Strong : TextRole::Body), subjectRoom);
    int room = frame.details.width() - (frame.isCompact() ? laid->subjectWidth + space::Inner : 0);
    const QFont muted = textFont(TextRole::Muted);
    const QString details = separated(oneLine(row.customer, 80), oneLine(row.plan, 40));
    put(laid->details, laid->detailsWidth, details, muted, room);
    if (laid->detailsWidth)
        room -= laid->detailsWidth + space::Tight;
    if (row.health)
        room -= HealthWidth + space::Tight;
    // Less than a few words of a reason say nothing.
    if (room > 36)
        put(laid->reason, laid->reasonWidth, oneLine(row.reason), muted, room);
    Laid *kept = laid.release();
    m_laid.insert(key, kept);
    return *kept;
}

void QueueRowPainter::paintTexts(
    QPainter *painter, const Frame &frame, const QueueRowView &row, const Laid &laid)
{
    const auto put = [&](const QStaticText &text, const QFont &font, QRect place) {
        painter->setFont(font);
        const qreal height = text.size().height();
        painter->drawStaticText(QPointF(frame.mirrored(place).left(),
                                    std::round(place.top() + (place.height() - height) / 2)),
            text);
    };
    painter->setPen(frame.theme[Token::Text]);
    QRect place = frame.subject;
    place.setWidth(laid.subjectWidth);
    put(laid.subject, textFont(row.isUnread ? TextRole::Strong : TextRole::Body), place);

    painter->setPen(frame.theme[Token::Muted]);
    const QFont muted = textFont(TextRole::Muted);
    int x = frame.isCompact() ? frame.subject.left() + laid.subjectWidth + space::Inner
                              : frame.details.left();
    const int end = frame.details.right() + 1;
    if (laid.detailsWidth) {
        put(laid.details, muted,
            { x, frame.details.top(), laid.detailsWidth, frame.details.height() });
        x += laid.detailsWidth + space::Tight;
    }
    if (row.health && x + HealthWidth <= end) {
        const QRect bar
            = frame.mirrored({ x, frame.details.top(), HealthWidth, frame.details.height() });
        const int y = bar.center().y() - 1;
        painter->save();
        painter->setLayoutDirection(frame.option.direction);
        healthbar::paint(painter, QRectF(bar.left(), y, bar.width(), 4), *row.health, frame.theme);
        painter->restore();
        x += HealthWidth + space::Tight;
    }
    if (laid.reasonWidth)
        put(laid.reason, muted,
            { x, frame.details.top(), laid.reasonWidth, frame.details.height() });
}

void QueueRowPainter::paintClock(QPainter *painter, const Frame &frame)
{
    if (frame.clockText.isEmpty())
        return;
    const QColor color = frame.theme[clockToken(frame.state)];
    const QRect glyph
        = frame.mirrored({ frame.clock.left(), frame.clock.top(), Glyph, frame.clock.height() });
    paintIcon(painter, QRect(glyph.left(), glyph.center().y() - Glyph / 2 + 1, Glyph, Glyph),
        clockIcon(frame.state), color);
    const QRect words = frame.mirrored(frame.clock.adjusted(Glyph + space::Hair, 0, 0, 0));
    painter->setPen(color);
    tabular::draw(painter, words,
        frame.option.direction == Qt::RightToLeft ? Qt::AlignLeft : Qt::AlignRight, frame.clockText,
        textFont(TextRole::MutedStrong));
}

void QueueRowPainter::paintMarks(QPainter *painter, const Frame &frame, const QueueRowView &row)
{
    int x = frame.marks.left();
    for (const Mark &mark : marksOf(row)) {
        const QRect place = frame.mirrored({ x, frame.marks.top(), Glyph, frame.marks.height() });
        paintIcon(painter, QRect(place.left(), place.center().y() - Glyph / 2 + 1, Glyph, Glyph),
            mark.icon, frame.theme[mark.token]);
        x += Glyph + space::Hair;
    }
    if (frame.priority.isEmpty())
        return;
    painter->setPen(frame.theme[priorityToken(row.priority)]);
    painter->setFont(textFont(TextRole::Muted));
    painter->drawText(
        frame.mirrored({ x, frame.marks.top(), frame.marks.right() + 1 - x, frame.marks.height() }),
        int(Qt::AlignVCenter | Qt::AlignRight) | Qt::TextSingleLine | Qt::TextDontClip,
        frame.priority);
}

} // namespace tierline::ui

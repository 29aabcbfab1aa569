#include "app/desktop/searchdelegate.h"

#include "app/desktop/searchbox.h"
#include "widgets/common/chip.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/typography.h"

#include <QPainter>

namespace tierline::ui {

namespace {

/// The snippet with its matches (between U+0002 and U+0003) in bold, cut at the right edge.
void paintSnippet(QPainter *painter, const QRect &line, const QString &snippet, const Theme &theme)
{
    const QFont plain = textFont(TextRole::Muted), strong = textFont(TextRole::MutedStrong);
    int x = line.left();
    qsizetype from = 0;
    bool isMatch = false;
    while (from < snippet.size() && x < line.right()) {
        qsizetype to = from;
        while (to < snippet.size() && snippet[to] != QChar(2) && snippet[to] != QChar(3))
            ++to;
        const QFont &f = isMatch ? strong : plain;
        const QFontMetrics metrics(f);
        QString part = oneLine(snippet.mid(from, to - from));
        // oneLine() trims; the blanks between matches must stay.
        if (from < to && snippet[from].isSpace())
            part.prepend(u' ');
        if (to > from + 1 && snippet[to - 1].isSpace())
            part.append(u' ');
        part = metrics.elidedText(part, Qt::ElideRight, line.right() - x);
        painter->setFont(f);
        painter->setPen(theme[isMatch ? Token::Text : Token::Muted]);
        painter->drawText(QRect(x, line.top(), line.right() - x, line.height()),
            Qt::AlignLeft | Qt::AlignVCenter, part);
        x += metrics.horizontalAdvance(part);
        isMatch = to < snippet.size() && snippet[to] == QChar(2);
        from = to + 1;
    }
}

} // namespace

void SearchDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.palette);
    painter->save();
    const bool isCurrent = option.state & QStyle::State_Selected;
    const QColor ground = theme[isCurrent            ? Token::Selection
            : option.state & QStyle::State_MouseOver ? Token::Hover
                                                     : Token::Panel];
    painter->fillRect(option.rect, ground);
    const QRect box
        = option.rect.adjusted(space::Inner, space::Tight, -space::Inner, -space::Tight);
    const QRect upper(box.left(), box.top(), box.width(), box.height() / 2);
    const QRect lower(box.left(), upper.bottom() + 1, box.width(), box.height() - upper.height());

    const QString tier = index.data(SearchResults::TierRole).toString();
    chip::paint(painter, upper, tier, index.data(SearchResults::RankRole).toInt(), theme, ground);
    const int chipWidth = chip::size(tier).width();
    const QString aside = index.data(SearchResults::KeyRole).toString() + QStringLiteral(" · ")
        + statusText(static_cast<Status>(index.data(SearchResults::StatusRole).toInt()));
    const QFont small = textFont(TextRole::Muted);
    const int asideWidth = QFontMetrics(small).horizontalAdvance(aside);
    painter->setFont(small);
    painter->setPen(theme[Token::Muted]);
    painter->drawText(upper, Qt::AlignRight | Qt::AlignVCenter, aside);
    const QFont body = textFont(TextRole::Body);
    painter->setFont(body);
    painter->setPen(theme[Token::Text]);
    const QRect subject
        = upper.adjusted(chipWidth + space::Tight, 0, -asideWidth - space::Inner, 0);
    painter->drawText(subject, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(body).elidedText(index.data().toString(), Qt::ElideRight, subject.width()));
    QString snippet = index.data(SearchResults::SnippetRole).toString();
    if (snippet.isEmpty())
        snippet = index.data(SearchResults::CustomerRole).toString();
    paintSnippet(painter, lower, snippet, theme);
    painter->restore();
}

QSize SearchDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    const int body = std::max(QFontMetrics(textFont(TextRole::Body)).height(), 20);
    return { 200, body * 2 + 2 * space::Tight };
}

} // namespace tierline::ui

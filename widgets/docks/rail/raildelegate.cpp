#include "widgets/docks/rail/raildelegate.h"

#include "widgets/common/tabulartext.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QLocale>
#include <QPainter>

namespace tierline::ui {

void RailDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::of(option.palette);
    painter->save();
    const QRect box = option.rect.adjusted(space::Tight, 0, -space::Tight, 0);
    const bool isHeading = index.data(PlaceRole).toString().isEmpty();
    if (isHeading) {
        painter->setFont(textFont(TextRole::MutedStrong));
        painter->setPen(theme[Token::Muted]);
        painter->drawText(box.adjusted(space::Tight, 0, 0, -space::Hair),
            Qt::AlignLeft | Qt::AlignBottom, index.data().toString());
        painter->restore();
        return;
    }
    const bool isCurrent = option.state & QStyle::State_Selected;
    if (isCurrent || (option.state & QStyle::State_MouseOver)) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme[isCurrent ? Token::Selection : Token::Hover]);
        painter->drawRoundedRect(box, radius::Corner, radius::Corner);
    }
    if (option.state & QStyle::State_HasFocus)
        shape::ring(painter, box, theme[Token::Accent]);

    const QLocale locale;
    QRect line = box.adjusted(space::Tight, 0, -space::Tight, 0);
    const qlonglong total = index.data(TotalRole).toLongLong();
    const qlonglong risk = index.data(RiskRole).toLongLong();
    const QFont counts = textFont(TextRole::Body);
    if (total >= 0) {
        const QString text = locale.toString(total);
        painter->setPen(theme[Token::Muted]);
        tabular::draw(painter, line, Qt::AlignRight | Qt::AlignVCenter, text, counts);
        line.setRight(line.right() - int(tabular::width(text, counts)) - space::Tight);
    }
    if (risk > 0) {
        const QString text = locale.toString(risk);
        const QFont strong = textFont(TextRole::Strong);
        painter->setPen(
            theme[index.data(LateRole).toLongLong() > 0 ? Token::Breached : Token::AtRisk]);
        tabular::draw(painter, line, Qt::AlignRight | Qt::AlignVCenter, text, strong);
        line.setRight(line.right() - int(tabular::width(text, strong)) - space::Tight);
    }
    const QFont name = textFont(isCurrent ? TextRole::Strong : TextRole::Body);
    painter->setFont(name);
    painter->setPen(theme[Token::Text]);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(name).elidedText(index.data().toString(), Qt::ElideRight, line.width()));
    painter->restore();
}

int RailDelegate::widthOf(const QModelIndex &index)
{
    // The chosen place is the widest: its name is strong.
    int width = 4 * space::Tight
        + QFontMetrics(textFont(TextRole::Strong)).horizontalAdvance(index.data().toString()) + 1;
    const QLocale locale;
    const auto add = [&](int role, TextRole font, qlonglong least) {
        const qlonglong count = index.data(role).toLongLong();
        if (count >= least)
            width += space::Tight + int(tabular::width(locale.toString(count), textFont(font))) + 1;
    };
    add(TotalRole, TextRole::Body, 0);
    add(RiskRole, TextRole::Strong, 1);
    return width;
}

QSize RailDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const bool isHeading = index.data(PlaceRole).toString().isEmpty();
    const int text = QFontMetrics(textFont(TextRole::Body)).height();
    return { 120,
        std::max(HitArea + space::Hair, text + space::Inner) + (isHeading ? space::Tight : 0) };
}

} // namespace tierline::ui

#include "widgets/common/stylecontrols_p.h"

#include "widgets/common/icons.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QAbstractScrollArea>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace tierline::ui::controls {

namespace {

bool isEnabled(const QStyleOption *option)
{
    return option->state & QStyle::State_Enabled;
}
bool isHovered(const QStyleOption *option)
{
    return isEnabled(option) && (option->state & QStyle::State_MouseOver);
}

struct ButtonLook {
    QColor fill;
    QColor line;
    QColor text;
};

ButtonLook lookOf(const QStyleOption *option, const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    const Prominence wish = prominence(widget);
    const bool isDown = option->state & (QStyle::State_Sunken | QStyle::State_On);
    if (!isEnabled(option))
        return { wish == Prominence::Quiet ? QColor(Qt::transparent) : t[Token::Window],
            wish == Prominence::Quiet ? QColor(Qt::transparent) : t[Token::Border],
            t[Token::Disabled] };
    if (wish == Prominence::Primary) {
        const QColor fill = t[isDown ? Token::AccentPressed
                : isHovered(option)  ? Token::AccentHover
                                     : Token::Accent];
        return { fill, fill, t[Token::OnAccent] };
    }
    const bool isQuiet = wish == Prominence::Quiet;
    // A quiet button is text that can be pressed: its palette may say what the text means.
    const QColor text = isQuiet      ? option->palette.color(QPalette::ButtonText)
        : wish == Prominence::Danger ? t[Token::Breached]
                                     : t[Token::Text];
    QColor fill = isQuiet ? QColor(Qt::transparent) : t[Token::Panel];
    if (isDown)
        fill = t[Token::Selection];
    else if (isHovered(option))
        fill = t[Token::Hover];
    return { fill, isQuiet ? QColor(Qt::transparent) : t[Token::Border], text };
}

void chevron(QPainter *painter, const QRect &rect, Icon icon, const QStyleOption *option)
{
    const Theme &t = Theme::of(option->palette);
    paintIcon(painter, QRect(rect.center().x() - 7, rect.center().y() - 7, 16, 16), icon,
        t[isEnabled(option) ? Token::Muted : Token::Disabled]);
}

} // namespace

bool hasToolChevron(const QStyleOptionToolButton *option)
{
    return (option->features & QStyleOptionToolButton::HasMenu)
        && option->toolButtonStyle != Qt::ToolButtonIconOnly && !option->text.isEmpty();
}

bool isFocusVisible(const QStyleOption *option)
{
    return (option->state & QStyle::State_HasFocus)
        && (option->state & QStyle::State_KeyboardFocusChange);
}

void button(const QStyleOptionButton *option, QPainter *painter, const QWidget *widget)
{
    const ButtonLook look = lookOf(option, widget);
    const bool isFlat = option->features & QStyleOptionButton::Flat;
    if (!isFlat || look.fill.alpha() > 0)
        shape::box(painter, option->rect, look.fill, look.line);
    if (isFocusVisible(option)) {
        const Theme &t = Theme::of(option->palette);
        shape::ring(painter, option->rect, t[Token::Accent]);
        if (prominence(widget) == Prominence::Primary)
            shape::ring(
                painter, option->rect.adjusted(2, 2, -2, -2), t[Token::OnAccent], radius::Chip);
    }
}

void buttonLabel(const QStyleOptionButton *option, QPainter *painter, const QWidget *widget)
{
    const ButtonLook look = lookOf(option, widget);
    const QString key = keycap(widget);
    const int capWidth = key.isEmpty() ? 0 : shape::keycap(nullptr, {}, key, {}) + space::Tight;
    const bool hasIcon = !option->icon.isNull();
    const bool hasMenu = option->features & QStyleOptionButton::HasMenu;
    const int iconWidth
        = hasIcon ? option->iconSize.width() + (option->text.isEmpty() ? 0 : space::Tight) : 0;
    const int menuWidth = hasMenu ? 16 : 0;
    const int textWidth = option->fontMetrics.size(Qt::TextShowMnemonic, option->text).width();
    const int room = option->rect.width() - 2 * space::Tight;
    const int whole = std::min(room, iconWidth + textWidth + capWidth + menuWidth);
    QRect place(option->rect.left() + (option->rect.width() - whole) / 2, option->rect.top(), whole,
        option->rect.height());
    const auto mirrored
        = [&](const QRect &r) { return QStyle::visualRect(option->direction, option->rect, r); };
    if (hasIcon) {
        const QRect at
            = mirrored({ place.left(), place.top(), option->iconSize.width(), place.height() });
        if (prominence(widget) == Prominence::Primary && isEnabled(option)) {
            // An icon carries its own colour; on the accent only the accent's text colour can be read.
            QPixmap pixmap
                = option->icon.pixmap(option->iconSize, painter->device()->devicePixelRatioF());
            QPainter tint(&pixmap);
            tint.setCompositionMode(QPainter::CompositionMode_SourceIn);
            tint.fillRect(QRect({}, option->iconSize), look.text);
            tint.end();
            painter->drawPixmap(
                at.left(), at.center().y() - option->iconSize.height() / 2 + 1, pixmap);
        } else {
            option->icon.paint(
                painter, at, Qt::AlignCenter, isEnabled(option) ? QIcon::Normal : QIcon::Disabled);
        }
        place.setLeft(place.left() + iconWidth);
    }
    const int textRoom = std::max(0, place.width() - capWidth - menuWidth);
    painter->setPen(look.text);
    painter->setFont(widget ? widget->font() : textFont(TextRole::Body));
    painter->drawText(mirrored({ place.left(), place.top(), textRoom, place.height() }),
        int(Qt::AlignCenter) | Qt::TextShowMnemonic | Qt::TextSingleLine,
        option->fontMetrics.elidedText(
            option->text, Qt::ElideRight, textRoom, Qt::TextShowMnemonic));
    if (capWidth) {
        const QRect cap(place.left() + textRoom + space::Tight, place.top(),
            capWidth - space::Tight, place.height());
        const Theme &t = Theme::of(option->palette);
        const bool isNormal = prominence(widget) != Prominence::Primary && isEnabled(option);
        shape::keycap(painter, mirrored(cap), key, isNormal ? t[Token::Muted] : look.text);
    }
    if (hasMenu)
        chevron(painter,
            mirrored({ place.right() - menuWidth + 2, place.top(), menuWidth, place.height() }),
            Icon::ChevronDown, option);
}

void field(const QStyleOption *option, QPainter *painter, const QWidget *)
{
    const Theme &t = Theme::of(option->palette);
    const bool hasFocus = option->state & QStyle::State_HasFocus;
    shape::box(painter, option->rect, t[isEnabled(option) ? Token::Panel : Token::Window],
        t[isEnabled(option) ? Token::Edge : Token::Border]);
    if (hasFocus && isEnabled(option))
        shape::ring(painter, option->rect, t[Token::Accent]);
}

void frame(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    const auto *area = qobject_cast<const QAbstractScrollArea *>(widget);
    if (!area) {
        shape::box(painter, option->rect, Qt::transparent, t[Token::Border]);
        return;
    }
    const bool isWritten
        = area->inputMethodHints() != Qt::ImhNone || area->testAttribute(Qt::WA_InputMethodEnabled);
    const QColor ground = area->viewport()->palette().color(area->viewport()->backgroundRole());
    shape::box(painter, option->rect, ground,
        t[isWritten && isEnabled(option) ? Token::Edge : Token::Border]);
    if ((option->state & QStyle::State_HasFocus) && isEnabled(option))
        shape::ring(painter, option->rect, t[Token::Accent]);
}

void checkBox(const QStyleOption *option, QPainter *painter, bool isRound)
{
    const Theme &t = Theme::of(option->palette);
    const bool isOn = option->state & (QStyle::State_On | QStyle::State_NoChange);
    const int side = std::min(option->rect.width(), option->rect.height());
    QRect box(0, 0, side, side);
    box.moveCenter(option->rect.center());
    const QColor mark = t[isEnabled(option) ? Token::OnAccent : Token::Panel];
    const QColor fill = !isOn ? t[isEnabled(option) ? Token::Panel : Token::Window]
                              : t[isEnabled(option) ? Token::Accent : Token::Disabled];
    const QColor line = isOn ? fill
        : isHovered(option)  ? t[Token::Accent]
                             : t[isEnabled(option) ? Token::Edge : Token::Border];
    shape::box(painter, box, fill, line, isRound ? side / 2 : radius::Chip);
    if (!isOn)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (isRound) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mark);
        painter->drawEllipse(QRectF(box).center(), side / 5.0, side / 5.0);
    } else if (option->state & QStyle::State_NoChange) {
        painter->fillRect(QRectF(box.left() + 4, box.center().y(), side - 8, 2), mark);
    } else {
        paintIcon(painter, box, Icon::Check, mark);
    }
    painter->restore();
}

void toolPanel(const QStyleOption *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    const QRect rect = option->rect;
    if (option->state & (QStyle::State_Sunken | QStyle::State_On))
        shape::box(painter, rect, t[Token::Selection], t[Token::Selection]);
    else if (isHovered(option))
        shape::box(painter, rect, t[Token::Hover], t[Token::Hover]);
    if (isFocusVisible(option))
        shape::ring(painter, rect, t[Token::Accent]);
}

void toolButton(const QStyleOptionToolButton *option, QPainter *painter, const QStyle *style,
    const QWidget *widget)
{
    QStyleOptionToolButton panel = *option;
    panel.state.setFlag(QStyle::State_Sunken,
        (option->state & QStyle::State_Sunken)
            || (option->activeSubControls & QStyle::SC_ToolButtonMenu));
    toolPanel(&panel, painter);
    const bool hasChevron = hasToolChevron(option);
    QStyleOptionToolButton label = *option;
    label.features &= ~QStyleOptionToolButton::HasMenu;
    if (hasChevron)
        label.rect = QStyle::visualRect(
            option->direction, option->rect, option->rect.adjusted(0, 0, -ToolChevron, 0));
    style->drawControl(QStyle::CE_ToolButtonLabel, &label, painter, widget);
    if (hasChevron)
        chevron(painter,
            QStyle::visualRect(option->direction, option->rect,
                { option->rect.right() - ToolChevron - space::Hair, option->rect.top(), ToolChevron,
                    option->rect.height() }),
            Icon::ChevronDown, option);
}

void tabShape(const QStyleOptionTab *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    const bool isChosen = option->state & QStyle::State_Selected;
    QRect line = option->rect;
    switch (option->shape) {
    case QTabBar::RoundedSouth:
    case QTabBar::TriangularSouth: line.setHeight(2); break;
    case QTabBar::RoundedWest:
    case QTabBar::TriangularWest: line.setLeft(line.right() - 1); break;
    case QTabBar::RoundedEast:
    case QTabBar::TriangularEast: line.setWidth(2); break;
    default: line.setTop(line.bottom() - 1);
    }
    if (isChosen)
        painter->fillRect(line, t[isEnabled(option) ? Token::Accent : Token::Border]);
    else if (isHovered(option))
        painter->fillRect(line, t[Token::Border]);
    if (isFocusVisible(option) && isChosen)
        shape::ring(painter, option->rect.adjusted(2, 2, -2, -4), t[Token::Accent], radius::Chip);
}

void header(const QStyleOptionHeader *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    painter->fillRect(option->rect, t[isHovered(option) ? Token::Hover : Token::Raised]);
    painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
        t[Token::Border]);
}

void headerLabel(const QStyleOptionHeader *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    painter->save();
    painter->setFont(textFont(TextRole::MutedStrong));
    painter->setPen(t[Token::Muted]);
    const Qt::Alignment across = option->textAlignment & Qt::AlignHorizontal_Mask;
    const Qt::Alignment alignment = QStyle::visualAlignment(
        option->direction, (across ? across : Qt::AlignLeft) | Qt::AlignVCenter);
    const QRect room = option->rect.adjusted(6, 0, -6, 0); // Qt has left 2 already
    painter->drawText(room, int(alignment) | Qt::TextSingleLine,
        painter->fontMetrics().elidedText(option->text, Qt::ElideRight, room.width()));
    painter->restore();
}

void menuItem(
    const QStyleOptionMenuItem *option, QPainter *painter, const QStyle *, const QWidget *)
{
    const Theme &t = Theme::of(option->palette);
    const QRect rect = option->rect;
    painter->fillRect(rect, t[Token::Raised]);
    if (option->menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(rect.left() + space::Tight, rect.center().y(),
            rect.width() - 2 * space::Tight, 1, t[Token::Border]);
        if (option->text.isEmpty())
            return;
    }
    if ((option->state & QStyle::State_Selected) && isEnabled(option))
        shape::box(painter, rect.adjusted(space::Hair, 1, -space::Hair, -1), t[Token::Selection],
            t[Token::Selection], radius::Chip);
    const auto mirrored
        = [&](const QRect &r) { return QStyle::visualRect(option->direction, rect, r); };
    const int left = rect.left() + space::Inner;
    const QColor text = t[isEnabled(option) ? Token::Text : Token::Disabled];
    const QRect mark = mirrored({ left, rect.top(), 16, rect.height() });
    if (option->checkType != QStyleOptionMenuItem::NotCheckable && option->checked)
        paintIcon(painter, mark, Icon::Check, text);
    else if (!option->icon.isNull())
        option->icon.paint(
            painter, mark, Qt::AlignCenter, isEnabled(option) ? QIcon::Normal : QIcon::Disabled);
    const QStringList parts = option->text.split(u'\t');
    const QRect room(left + 24, rect.top(), rect.right() - space::Apart - left - 24, rect.height());
    painter->setFont(option->font);
    painter->setPen(text);
    painter->drawText(mirrored(room),
        int(QStyle::visualAlignment(option->direction, Qt::AlignLeft | Qt::AlignVCenter))
            | Qt::TextShowMnemonic | Qt::TextSingleLine | Qt::TextDontClip,
        parts.value(0));
    if (parts.size() > 1) {
        painter->setPen(t[isEnabled(option) ? Token::Muted : Token::Disabled]);
        painter->drawText(mirrored(room),
            int(QStyle::visualAlignment(option->direction, Qt::AlignRight | Qt::AlignVCenter))
                | Qt::TextSingleLine,
            parts[1]);
    }
    if (option->menuItemType == QStyleOptionMenuItem::SubMenu)
        chevron(painter, mirrored({ rect.right() - 20, rect.top(), 16, rect.height() }),
            option->direction == Qt::RightToLeft ? Icon::ChevronLeft : Icon::ChevronRight, option);
}

void dockTitle(const QStyleOptionDockWidget *option, QPainter *painter, const QRect &text)
{
    const Theme &t = Theme::of(option->palette);
    painter->save();
    painter->fillRect(option->rect, t[Token::Panel]);
    if (!option->verticalTitleBar)
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            t[Token::Border]);
    painter->setFont(textFont(TextRole::Strong));
    painter->setPen(t[Token::Text]);
    const QRect room = text.adjusted(space::Inner - 2, 0, -space::Hair, 0);
    painter->drawText(room,
        int(QStyle::visualAlignment(option->direction, Qt::AlignLeft | Qt::AlignVCenter))
            | Qt::TextSingleLine,
        painter->fontMetrics().elidedText(option->title, Qt::ElideRight, room.width()));
    painter->restore();
}

void scrollBar(
    const QStyleOptionSlider *option, QPainter *painter, const QStyle *style, const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    if (option->minimum >= option->maximum)
        return;
    QRect slider
        = style->subControlRect(QStyle::CC_ScrollBar, option, QStyle::SC_ScrollBarSlider, widget);
    const bool isGrasped = option->state & QStyle::State_Sunken || isHovered(option);
    slider = option->orientation == Qt::Vertical ? slider.adjusted(3, 2, -3, -2)
                                                 : slider.adjusted(2, 3, -2, -3);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(isGrasped ? t[Token::Edge] : mixed(t[Token::Border], t[Token::Edge], 0.4));
    const qreal round = std::min(slider.width(), slider.height()) / 2.0;
    painter->drawRoundedRect(slider, round, round);
    painter->restore();
}

void comboBox(const QStyleOptionComboBox *option, QPainter *painter, const QStyle *style,
    const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    if (option->frame || option->editable) {
        QStyleOption whole = *option;
        field(&whole, painter, widget);
    } else if (isHovered(option)) {
        shape::box(painter, option->rect, t[Token::Hover], t[Token::Hover]);
    }
    chevron(painter,
        style->subControlRect(QStyle::CC_ComboBox, option, QStyle::SC_ComboBoxArrow, widget),
        Icon::ChevronDown, option);
}

void spinBox(const QStyleOptionSpinBox *option, QPainter *painter, const QStyle *style,
    const QWidget *widget)
{
    if (option->frame)
        field(option, painter, widget);
    if (option->buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto step
        = [&](QStyle::SubControl which, Icon icon, QAbstractSpinBox::StepEnabledFlag flag) {
              QStyleOption part = *option;
              if (!(option->stepEnabled & flag))
                  part.state &= ~QStyle::State_Enabled;
              chevron(painter, style->subControlRect(QStyle::CC_SpinBox, option, which, widget),
                  icon, &part);
          };
    step(QStyle::SC_SpinBoxUp, Icon::ChevronUp, QAbstractSpinBox::StepUpEnabled);
    step(QStyle::SC_SpinBoxDown, Icon::ChevronDown, QAbstractSpinBox::StepDownEnabled);
}

void progress(const QStyleOptionProgressBar *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    QRect groove(option->rect.left(), option->rect.center().y() - 2, option->rect.width(), 4);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(t[Token::Border]);
    painter->drawRoundedRect(groove, 2, 2);
    const qint64 span = qint64(option->maximum) - option->minimum;
    // Of unknown length: a third in the middle, at rest. The text beside it says what goes on.
    qreal share
        = span > 0 ? qreal(qint64(option->progress) - option->minimum) / qreal(span) : 1.0 / 3;
    QRectF filled(groove);
    filled.setWidth(groove.width() * std::clamp(share, 0.0, 1.0));
    if (span <= 0)
        filled.moveCenter(QRectF(groove).center());
    else if (option->direction == Qt::RightToLeft)
        filled.moveRight(groove.right() + 1);
    painter->setBrush(t[Token::Accent]);
    painter->drawRoundedRect(filled, 2, 2);
    painter->restore();
}

} // namespace tierline::ui::controls

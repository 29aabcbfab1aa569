// The primitives of TierlineStyle: frames, panels and marks. Each answers whether it drew.
#include "widgets/common/icons.h"
#include "widgets/common/stylecontrols_p.h"
#include "widgets/common/tierlinestyle.h"

#include <QAbstractItemView>
#include <QPainter>

namespace tierline::ui::controls {

bool framePrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    switch (element) {
    case QStyle::PE_FrameLineEdit: return true; // drawn with the panel
    case QStyle::PE_Frame: frame(option, painter, widget); return true;
    case QStyle::PE_FrameFocusRect:
        // Buttons and fields draw their ring with their panel.
        if (!qobject_cast<const QAbstractItemView *>(widget) || isFocusVisible(option))
            shape::ring(painter, option->rect, t[Token::Accent], radius::Chip);
        return true;
    case QStyle::PE_FrameTabBarBase:
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            t[Token::Border]);
        return true;
    case QStyle::PE_FrameTabWidget:
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
            t[Token::Border]);
        return true;
    case QStyle::PE_FrameStatusBarItem: return true;
    case QStyle::PE_FrameGroupBox:
        shape::box(painter, option->rect, Qt::transparent, t[Token::Border]);
        return true;
    case QStyle::PE_FrameMenu:
    case QStyle::PE_FrameDockWidget:
        painter->setPen(t[Token::Border]);
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return true;
    default: break;
    }
    return false;
}

bool panelPrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget)
{
    const Theme &t = Theme::of(option->palette);
    switch (element) {
    case QStyle::PE_PanelButtonCommand:
        if (const auto *pressed = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            button(pressed, painter, widget);
            return true;
        }
        break;
    case QStyle::PE_PanelButtonTool:
    case QStyle::PE_IndicatorButtonDropDown: toolPanel(option, painter); return true;
    case QStyle::PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame && frame->lineWidth > 0)
            field(option, painter, widget);
        return true;
    case QStyle::PE_PanelMenu: painter->fillRect(option->rect, t[Token::Raised]); return true;
    case QStyle::PE_PanelTipLabel:
        painter->fillRect(option->rect, t[Token::Raised]);
        painter->setPen(t[Token::Edge]);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return true;
    case QStyle::PE_PanelStatusBar:
        painter->fillRect(option->rect, t[Token::Panel]);
        painter->fillRect(QRect(option->rect.left(), option->rect.top(), option->rect.width(), 1),
            t[Token::Border]);
        return true;
    case QStyle::PE_PanelItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option)) {
            const bool isChosen = item->state & QStyle::State_Selected;
            if (item->backgroundBrush.style() != Qt::NoBrush)
                painter->fillRect(item->rect, item->backgroundBrush);
            const bool isHovered
                = (item->state & QStyle::State_MouseOver) && (item->state & QStyle::State_Enabled);
            if (!isChosen && !isHovered)
                return true;
            const QColor fill = t[isChosen ? Token::Selection : Token::Hover];
            if (isRail(widget))
                shape::box(painter, item->rect, fill, fill);
            else
                painter->fillRect(item->rect, fill);
            return true;
        }
        break;
    case QStyle::PE_PanelItemViewRow:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
            item && (item->features & QStyleOptionViewItem::Alternate))
            painter->fillRect(item->rect, t[Token::Raised]);
        return true;
    default: break;
    }
    return false;
}

bool markPrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter)
{
    const Theme &t = Theme::of(option->palette);
    switch (element) {
    case QStyle::PE_IndicatorCheckBox:
    case QStyle::PE_IndicatorItemViewItemCheck: checkBox(option, painter, false); return true;
    case QStyle::PE_IndicatorRadioButton: checkBox(option, painter, true); return true;
    case QStyle::PE_IndicatorBranch:
        if (option->state & QStyle::State_Children) {
            const bool isOpen = option->state & QStyle::State_Open;
            const Icon closed
                = option->direction == Qt::RightToLeft ? Icon::ChevronLeft : Icon::ChevronRight;
            QRect place(0, 0, 16, 16);
            place.moveCenter(option->rect.center());
            paintIcon(painter, place, isOpen ? Icon::ChevronDown : closed, t[Token::Muted]);
        }
        return true;
    case QStyle::PE_IndicatorTabClose: {
        QRect place(0, 0, 16, 16);
        place.moveCenter(option->rect.center());
        if (option->state & QStyle::State_MouseOver)
            shape::box(painter, option->rect, t[Token::Hover], t[Token::Hover], radius::Chip);
        paintIcon(painter, place, Icon::Close, t[Token::Muted]);
        return true;
    }
    case QStyle::PE_IndicatorHeaderArrow:
        if (const auto *head = qstyleoption_cast<const QStyleOptionHeader *>(option))
            paintIcon(painter, option->rect,
                head->sortIndicator & QStyleOptionHeader::SortUp ? Icon::ChevronUp
                                                                 : Icon::ChevronDown,
                t[Token::Muted]);
        return true;
    case QStyle::PE_IndicatorArrowDown:
    case QStyle::PE_IndicatorArrowUp:
    case QStyle::PE_IndicatorArrowLeft:
    case QStyle::PE_IndicatorArrowRight: {
        QRect place(0, 0, 16, 16);
        place.moveCenter(option->rect.center());
        const Icon icon = element == QStyle::PE_IndicatorArrowUp ? Icon::ChevronUp
            : element == QStyle::PE_IndicatorArrowLeft           ? Icon::ChevronLeft
            : element == QStyle::PE_IndicatorArrowRight          ? Icon::ChevronRight
                                                                 : Icon::ChevronDown;
        paintIcon(painter, place, icon,
            t[option->state & QStyle::State_Enabled ? Token::Muted : Token::Disabled]);
        return true;
    }
    default: break;
    }
    return false;
}

} // namespace tierline::ui::controls

// Sizes, places and habits of TierlineStyle; its drawing is in tierlinestyle.cpp.
#include "widgets/common/icons.h"
#include "widgets/common/stylecontrols_p.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QAbstractScrollArea>
#include <QStyleOption>
#include <QToolButton>

namespace tierline::ui {

QSize TierlineStyle::sizeFromContents(
    ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        const QString key = keycap(widget);
        const int cap = key.isEmpty() ? 0 : shape::keycap(nullptr, {}, key, {}) + space::Tight;
        const int menu = button && (button->features & QStyleOptionButton::HasMenu) ? 16 : 0;
        const bool hasText = button && !button->text.isEmpty();
        const int gap = button && !button->icon.isNull() && hasText ? space::Hair : 0;
        s.setWidth(
            size.width() + gap + cap + menu + (hasText ? 2 * space::Inner : 2 * space::Tight));
        s.setHeight(std::max(size.height() + 2 * space::Hair, ControlHeight));
        return s;
    }
    case CT_ComboBox:
        return { size.width() + 24 + 2 * space::Tight + space::Hair,
            std::max(size.height() + 2 * space::Hair, ControlHeight) };
    case CT_SpinBox:
        return { s.width() + space::Tight,
            std::max(option->fontMetrics.height() + 2 * space::Hair, ControlHeight) };
    case CT_LineEdit: s.setHeight(std::max(s.height(), ControlHeight)); return s;
    case CT_CheckBox:
    case CT_RadioButton:
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator && item->text.isEmpty())
                return { s.width(), 9 };
            // Room for the mark before and the arrow after the text.
            s.setWidth(size.width() + 24 + 2 * space::Inner + space::Wide);
        }
        s.setHeight(std::max(s.height(), HitArea));
        return s;
    case CT_MenuBarItem:
    case CT_ToolButton:
    case CT_HeaderSection:
    case CT_ItemViewItem:
        s.setHeight(std::max(s.height(), HitArea));
        if (type == CT_ToolButton) {
            const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option);
            const int chevron = tool && controls::hasToolChevron(tool) ? controls::ToolChevron : 0;
            s.setWidth(std::max(s.width() + chevron, HitArea));
        }
        return s;
    case CT_TabBarTab: s.setHeight(std::max(s.height(), ControlHeight)); return s;
    default: return s;
    }
}

QRect TierlineStyle::subElementRect(
    SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    switch (element) {
    case SE_PushButtonFocusRect: return {}; // the ring belongs to the panel
    case SE_PushButtonContents: return option->rect;
    case SE_LineEditContents: {
        const QRect rect = QProxyStyle::subElementRect(element, option, widget);
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        return frame && frame->lineWidth > 0 ? rect.adjusted(6, 0, -6, 0) : rect;
    }
    case SE_ProgressBarContents:
    case SE_ProgressBarGroove: return option->rect;
    default: return QProxyStyle::subElementRect(element, option, widget);
    }
}

QRect TierlineStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option,
    SubControl subControl, const QWidget *widget) const
{
    const QRect whole = option->rect;
    const auto mirrored = [&](const QRect &r) { return visualRect(option->direction, whole, r); };
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return {};
        // No buttons at the ends: the whole length is the groove.
        const bool isVertical = bar->orientation == Qt::Vertical;
        const int length = isVertical ? whole.height() : whole.width();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        int slider = length;
        if (range > 0)
            slider = int(std::max<qint64>(
                HitArea, qint64(length) * bar->pageStep / (range + bar->pageStep)));
        slider = std::min(slider, length);
        const int at = sliderPositionFromValue(
            bar->minimum, bar->maximum, bar->sliderPosition, length - slider, bar->upsideDown);
        const auto part = [&](int from, int size) {
            return isVertical
                ? QRect(whole.left(), whole.top() + from, whole.width(), size)
                : mirrored({ whole.left() + from, whole.top(), size, whole.height() });
        };
        switch (subControl) {
        case SC_ScrollBarSlider: return part(at, slider);
        case SC_ScrollBarSubPage: return part(0, at);
        case SC_ScrollBarAddPage: return part(at + slider, length - at - slider);
        case SC_ScrollBarGroove: return whole;
        default: return {};
        }
    }
    if (control == CC_ComboBox) {
        const int arrow = 24;
        if (subControl == SC_ComboBoxArrow)
            return mirrored(
                { whole.right() + 1 - arrow - space::Hair, whole.top(), arrow, whole.height() });
        if (subControl == SC_ComboBoxEditField)
            return mirrored({ whole.left() + space::Tight, whole.top() + 2,
                whole.width() - arrow - 2 * space::Tight, whole.height() - 4 });
    }
    if (control == CC_SpinBox) {
        const int width = 24;
        const int half = whole.height() / 2;
        const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
        const int buttons = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : width;
        switch (subControl) {
        case SC_SpinBoxUp:
            return mirrored({ whole.right() - buttons, whole.top() + 1, buttons, half - 1 });
        case SC_SpinBoxDown:
            return mirrored({ whole.right() - buttons, whole.top() + half, buttons, half - 1 });
        case SC_SpinBoxEditField:
            return mirrored({ whole.left() + space::Hair, whole.top() + 2,
                whole.width() - buttons - 2 * space::Hair, whole.height() - 4 });
        default: break;
        }
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

int TierlineStyle::pixelMetric(
    PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_MenuButtonIndicator:
    case PM_DockWidgetFrameWidth:
    case PM_ToolBarFrameWidth:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabOverlap: return 0;
    case PM_DefaultFrameWidth:
        // Framed areas keep their square content out of the round corners.
        return qobject_cast<const QAbstractScrollArea *>(widget) ? 3 : 1;
    case PM_MenuPanelWidth: return 1;
    case PM_FocusFrameHMargin: return space::Tight - 1; // Qt adds one
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent: return 5;
    case PM_ScrollBarExtent: return 12;
    case PM_ScrollBarSliderMin: return HitArea;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin: return space::Inner;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
    case PM_ToolBarItemMargin: return space::Tight;
    case PM_ToolBarItemSpacing:
    case PM_MenuVMargin: return space::Hair;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return 16;
    case PM_ToolBarIconSize: return 20;
    case PM_TabBarTabHSpace: return space::Inner; // four docks stand beside each other in 312
    case PM_TabBarTabVSpace: return 2 * space::Tight;
    case PM_DockWidgetTitleMargin: return space::Tight;
    case PM_DockWidgetTitleBarButtonMargin: return space::Hair;
    case PM_TitleBarHeight: return ControlHeight;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int TierlineStyle::styleHint(
    StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_Widget_Animation_Duration: return m_hasMotion ? 120 : 0;
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ScrollBar_Transient:
    case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
    case SH_TabBar_PreferNoArrows: return 0;
    case SH_MenuBar_AltKeyNavigation:
    case SH_ItemView_ShowDecorationSelected:
    case SH_ScrollBar_LeftClickAbsolutePosition:
    case SH_Menu_MouseTracking:
    case SH_MenuBar_MouseTracking: return 1;
    case SH_TabBar_Alignment: return Qt::AlignLeft;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QIcon TierlineStyle::standardIcon(
    StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const
{
    const Theme &theme = option ? Theme::of(option->palette) : Theme::of(widget);
    switch (pixmap) {
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
    case SP_LineEditClearButton:
    case SP_DialogCloseButton: return icon(Icon::Close, theme, Token::Muted);
    case SP_TitleBarNormalButton: return icon(Icon::Copy, theme, Token::Muted);
    case SP_ToolBarHorizontalExtensionButton:
    case SP_ToolBarVerticalExtensionButton: return icon(Icon::More, theme, Token::Muted);
    case SP_MessageBoxWarning:
    case SP_MessageBoxCritical: return icon(Icon::Warning, theme, Token::AtRisk);
    default: return QProxyStyle::standardIcon(pixmap, option, widget);
    }
}

} // namespace tierline::ui

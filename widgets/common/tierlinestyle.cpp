#include "widgets/common/tierlinestyle.h"

#include "widgets/common/icons.h"
#include "widgets/common/stylecontrols_p.h"
#include "widgets/common/typography.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

constexpr char ProminenceProperty[] = "tierlineProminence";
constexpr char KeycapProperty[] = "tierlineKeycap";
constexpr char RailProperty[] = "tierlineRail";

template<typename Option>
const Option *as(const QStyleOption *option)
{
    return qstyleoption_cast<const Option *>(option);
}

} // namespace

void setProminence(QAbstractButton *button, Prominence prominence)
{
    button->setProperty(ProminenceProperty, int(prominence));
    button->update();
}

Prominence prominence(const QWidget *widget)
{
    return widget ? Prominence(widget->property(ProminenceProperty).toInt()) : Prominence::Normal;
}

void setKeycap(QAbstractButton *button, const QString &key)
{
    button->setProperty(KeycapProperty, key);
    button->setAccessibleDescription(
        key.isEmpty() ? QString() : QCoreApplication::translate("Keycap", "Key: %1").arg(key));
    // A button remembers its size until it hears of a change.
    QEvent changed(QEvent::StyleChange);
    QCoreApplication::sendEvent(button, &changed);
    button->updateGeometry();
    button->update();
}

QString keycap(const QWidget *widget)
{
    return widget ? widget->property(KeycapProperty).toString() : QString();
}

void setRail(QWidget *view, bool on)
{
    view->setProperty(RailProperty, on);
    if (auto *area = qobject_cast<QAbstractScrollArea *>(view)) {
        area->setFrameShape(on ? QFrame::NoFrame : QFrame::StyledPanel);
        area->viewport()->setBackgroundRole(on ? QPalette::Window : QPalette::Base);
    }
    view->update();
}

bool isRail(const QWidget *view)
{
    return view && view->property(RailProperty).toBool();
}

void shape::box(
    QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line, int corner)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(fill);
    painter->setPen(QPen(line, 1));
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner);
    painter->restore();
}

void shape::ring(QPainter *painter, const QRect &rect, const QColor &color, int corner)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(color, FocusRing));
    painter->drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), corner, corner);
    painter->restore();
}

int shape::keycap(QPainter *painter, const QRect &rect, const QString &key, const QColor &color)
{
    const QFont small = textFont(TextRole::Muted);
    const QFontMetrics metrics(small);
    const int width = std::max(metrics.horizontalAdvance(key) + 2 * 6, 22);
    if (!painter)
        return width;
    const int height = std::min(rect.height(), metrics.height() + 2);
    const QRect cap(rect.left(), rect.top() + (rect.height() - height) / 2, width, height);
    QColor line = color;
    line.setAlphaF(0.45f);
    box(painter, cap, Qt::transparent, line, radius::Chip);
    painter->save();
    painter->setFont(small);
    painter->setPen(color);
    painter->drawText(cap, int(Qt::AlignCenter) | Qt::TextSingleLine, key);
    painter->restore();
    return width;
}

TierlineStyle::TierlineStyle()
    : QProxyStyle(u"Fusion"_s)
{
}

void TierlineStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
    QPainter *painter, const QWidget *widget) const
{
    if (element == PE_IndicatorDockWidgetResizeHandle) {
        drawControl(CE_Splitter, option, painter, widget);
        return;
    }
    const bool isDrawn = controls::framePrimitive(element, option, painter, widget)
        || controls::panelPrimitive(element, option, painter, widget)
        || controls::markPrimitive(element, option, painter);
    if (!isDrawn)
        QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void TierlineStyle::drawControl(ControlElement element, const QStyleOption *option,
    QPainter *painter, const QWidget *widget) const
{
    const Theme &t = Theme::of(option->palette);
    switch (element) {
    case CE_PushButtonBevel:
        if (const auto *button = as<QStyleOptionButton>(option)) {
            controls::button(button, painter, widget);
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto *button = as<QStyleOptionButton>(option)) {
            controls::buttonLabel(button, painter, widget);
            return;
        }
        break;
    case CE_PushButton:
        drawControl(CE_PushButtonBevel, option, painter, widget);
        drawControl(CE_PushButtonLabel, option, painter, widget);
        return;
    case CE_TabBarTabShape:
        if (const auto *tab = as<QStyleOptionTab>(option)) {
            controls::tabShape(tab, painter);
            return;
        }
        break;
    case CE_TabBarTabLabel:
        if (const auto *tab = as<QStyleOptionTab>(option)) {
            QStyleOptionTab quiet = *tab;
            quiet.state &= ~State_HasFocus;
            if (!(tab->state & State_Selected) && (tab->state & State_Enabled))
                quiet.palette.setColor(QPalette::WindowText, t[Token::Muted]);
            QProxyStyle::drawControl(element, &quiet, painter, widget);
            return;
        }
        break;
    case CE_HeaderSection:
        if (const auto *head = as<QStyleOptionHeader>(option)) {
            controls::header(head, painter);
            return;
        }
        break;
    case CE_HeaderLabel:
        if (const auto *head = as<QStyleOptionHeader>(option)) {
            controls::headerLabel(head, painter);
            return;
        }
        break;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, t[Token::Raised]);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            t[Token::Border]);
        return;
    case CE_MenuItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option)) {
            controls::menuItem(item, painter, this, widget);
            return;
        }
        break;
    case CE_MenuBarEmptyArea: painter->fillRect(option->rect, t[Token::Panel]); return;
    case CE_MenuBarItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option)) {
            painter->fillRect(item->rect, t[Token::Panel]);
            if (item->state & (State_Selected | State_Sunken))
                shape::box(painter, item->rect.adjusted(1, 2, -1, -2), t[Token::Hover],
                    t[Token::Hover], radius::Chip);
            drawItemText(painter, item->rect,
                Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, item->palette,
                item->state & State_Enabled, item->text, QPalette::ButtonText);
            return;
        }
        break;
    case CE_DockWidgetTitle:
        if (const auto *dock = as<QStyleOptionDockWidget>(option)) {
            controls::dockTitle(
                dock, painter, subElementRect(SE_DockWidgetTitleBarText, option, widget));
            return;
        }
        break;
    case CE_Splitter: {
        // A line of one pixel in the middle of a strip that can be grasped.
        painter->fillRect(option->rect, t[Token::Panel]);
        QRect line = option->rect;
        if (line.width() < line.height())
            line = { line.center().x(), line.top(), 1, line.height() };
        else
            line = { line.left(), line.center().y(), line.width(), 1 };
        painter->fillRect(line, t[option->state & State_MouseOver ? Token::Accent : Token::Border]);
        return;
    }
    case CE_ToolBar:
        painter->fillRect(option->rect, t[Token::Panel]);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            t[Token::Border]);
        return;
    case CE_ProgressBarGroove: return;
    case CE_ProgressBarContents:
        if (const auto *bar = as<QStyleOptionProgressBar>(option)) {
            controls::progress(bar, painter);
            return;
        }
        break;
    case CE_ProgressBarLabel: return; // the text stands beside the bar, in a label
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void TierlineStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
    QPainter *painter, const QWidget *widget) const
{
    switch (control) {
    case CC_ScrollBar:
        if (const auto *bar = as<QStyleOptionSlider>(option)) {
            controls::scrollBar(bar, painter, this, widget);
            return;
        }
        break;
    case CC_ComboBox:
        if (const auto *combo = as<QStyleOptionComboBox>(option)) {
            controls::comboBox(combo, painter, this, widget);
            return;
        }
        break;
    case CC_SpinBox:
        if (const auto *spin = as<QStyleOptionSpinBox>(option)) {
            controls::spinBox(spin, painter, this, widget);
            return;
        }
        break;
    case CC_ToolButton:
        if (const auto *tool = as<QStyleOptionToolButton>(option)) {
            controls::toolButton(tool, painter, this, widget);
            return;
        }
        break;
    default: break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void TierlineStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget)
        || qobject_cast<QAbstractSpinBox *>(widget) || qobject_cast<QTabBar *>(widget)
        || qobject_cast<QHeaderView *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    // Words stand at the left above their column; figures are aligned by their model.
    if (auto *head = qobject_cast<QHeaderView *>(widget); head
        && head->orientation() == Qt::Horizontal && head->defaultAlignment() == Qt::AlignCenter)
        head->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
}

} // namespace tierline::ui

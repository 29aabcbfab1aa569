#pragma once

#include "widgets/common/theme.h"

#include <QStyle>
#include <QStyleOption>

class QPainter;

// Pieces of TierlineStyle, one function for each control that it draws by itself. This room only.
namespace tierline::ui::controls {

/// Focus that should be seen: always in fields, elsewhere only while the person uses keys.
bool isFocusVisible(const QStyleOption *option);

// Frames, panels and marks: true where the element was drawn.
bool framePrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget);
bool panelPrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter,
    const QWidget *widget);
bool markPrimitive(QStyle::PrimitiveElement element, const QStyleOption *option, QPainter *painter);

void button(const QStyleOptionButton *option, QPainter *painter, const QWidget *widget);
void buttonLabel(const QStyleOptionButton *option, QPainter *painter, const QWidget *widget);
void field(const QStyleOption *option, QPainter *painter, const QWidget *widget);
/// Around scroll areas: text that is written in has the outline of a field.
void frame(const QStyleOption *option, QPainter *painter, const QWidget *widget);
void checkBox(const QStyleOption *option, QPainter *painter, bool isRound);
void toolPanel(const QStyleOption *option, QPainter *painter);
/// A button that opens a menu has a chevron after its text; one with an icon alone has none.
inline constexpr int ToolChevron = 16;
bool hasToolChevron(const QStyleOptionToolButton *option);
void toolButton(const QStyleOptionToolButton *option, QPainter *painter, const QStyle *style,
    const QWidget *widget);
void tabShape(const QStyleOptionTab *option, QPainter *painter);
void header(const QStyleOptionHeader *option, QPainter *painter);
void headerLabel(const QStyleOptionHeader *option, QPainter *painter);
void menuItem(const QStyleOptionMenuItem *option, QPainter *painter, const QStyle *style,
    const QWidget *widget);
void dockTitle(const QStyleOptionDockWidget *option, QPainter *painter, const QRect &text);
void scrollBar(const QStyleOptionSlider *option, QPainter *painter, const QStyle *style,
    const QWidget *widget);
void comboBox(const QStyleOptionComboBox *option, QPainter *painter, const QStyle *style,
    const QWidget *widget);
void spinBox(const QStyleOptionSpinBox *option, QPainter *painter, const QStyle *style,
    const QWidget *widget);
void progress(const QStyleOptionProgressBar *option, QPainter *painter);

} // namespace tierline::ui::controls

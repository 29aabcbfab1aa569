#pragma once

#include "widgets/common/theme.h"

#include <QProxyStyle>

class QAbstractButton;

namespace tierline::ui {

/// How much a button wants to be pressed. At most one Primary in a view.
enum class Prominence : quint8 {
    Normal, ///< outlined
    Primary, ///< filled with the accent
    Quiet, ///< no outline until the pointer is on it
    Danger, ///< outlined, its words in the colour of failure
};
void setProminence(QAbstractButton *button, Prominence prominence);
Prominence prominence(const QWidget *widget);

/// A key's name drawn as a small key cap after the button's text ("A", "Ctrl ↵"). It is a hint: the
/// shortcut itself is set on the action. The button's accessible description tells it too.
void setKeycap(QAbstractButton *button, const QString &key);
QString keycap(const QWidget *widget);

/// A list or tree whose items stand on the window's ground with rounded selection (the left rail).
void setRail(QWidget *view, bool on);
bool isRail(const QWidget *view);

/// Fusion with our shapes: flat, rounded, one accent, a 2 px focus ring on everything that takes keys,
/// nothing pressable smaller than 28. Colours come from the palette's theme, so it is the same object
/// for light and dark. Thread: ui.
class TierlineStyle : public QProxyStyle
{
    Q_OBJECT
public:
    TierlineStyle();

    /// No animation at all, for people and systems that ask for it.
    void setMotion(bool on) { m_hasMotion = on; }

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
        const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
        const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
        QPainter *painter, const QWidget *widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
        const QWidget *widget) const override;
    QRect subElementRect(
        SubElement element, const QStyleOption *option, const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option,
        SubControl subControl, const QWidget *widget) const override;
    int pixelMetric(
        PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
        QStyleHintReturn *data) const override;
    QIcon standardIcon(
        StandardPixmap pixmap, const QStyleOption *option, const QWidget *widget) const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

private:
    bool m_hasMotion = true;
};

/// The pieces that our style and our own widgets are drawn with.
namespace shape {
/// A rounded, one-pixel outlined box on whole pixels.
void box(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line,
    int corner = radius::Corner);
/// The focus ring just inside `rect`.
void ring(QPainter *painter, const QRect &rect, const QColor &color, int corner = radius::Corner);
/// A key cap; returns its width when `painter` is null.
int keycap(QPainter *painter, const QRect &rect, const QString &key, const QColor &color);
} // namespace shape

} // namespace tierline::ui

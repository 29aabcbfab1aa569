#pragma once

#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace tierline::ui {

/// Text whose digits all take the same room, so that a countdown never jumps in width. Fonts draw
/// digits at widths of their own, and Qt 6.4 cannot ask a font for its tabular ones.
/// Text that needs shaping (Arabic, Indic …) is drawn by Qt as it is. Thread: ui.
namespace tabular {

/// Width of `text`; any two texts that differ only in their digits are equally wide.
qreal width(const QString &text, const QFont &font);

/// Draws with the painter's pen, one line, vertically centred unless AlignTop or AlignBottom.
void draw(QPainter *painter, const QRectF &rect, Qt::Alignment alignment, const QString &text,
    const QFont &font);

} // namespace tabular

} // namespace tierline::ui

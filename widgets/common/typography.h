#pragma once

#include <QFont>

class QWidget;

namespace tierline::ui {

/// The type scale, by meaning.
enum class TextRole : quint8 {
    Body, ///< 11 pt
    Strong, ///< body, semibold: names, counts, clocks
    Muted, ///< 9.5 pt details; the colour is the painter's affair
    MutedStrong, ///< 9.5 pt semibold: section labels, chips
    Title, ///< 13 pt semibold
    Page, ///< 18 pt bold heads of pages and wide panels
    Figure, ///< 40 pt bold figures of tiles
    Mono, ///< logs, codes, ids
};

/// Font of a role: the system's interface font at our size, times the person's text scale.
/// Thread: ui. O(1) after the first call; the application object must exist.
QFont textFont(TextRole role);

/// Sets a role's font on one widget and keeps it when the scale changes. The two muted roles take the
/// muted colour too; a later setForegroundRole() wins.
void setTextRole(QWidget *widget, TextRole role);

/// The person's text scale, 0.8 … 2.0; 1 is the scale above. Applies to fonts asked for from then on
/// (Appearance re-applies it to widgets).
void setTextScale(qreal scale);
qreal textScale();

/// Space between lines of a thread, as a factor of the font's own line.
inline constexpr qreal ReadingLineHeight
    = 1.2; ///< ×1.2 of a font's own spacing is 1.45 of its size
inline constexpr int ReadingColumns = 80; ///< longest line in a thread, in average characters

/// Width of a line of so many characters of running text in a role's font, in pixels.
int textColumn(TextRole role, int characters = ReadingColumns);

} // namespace tierline::ui

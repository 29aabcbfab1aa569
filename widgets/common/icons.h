#pragma once

#include "widgets/common/theme.h"

#include <QIcon>
#include <QPixmap>

namespace tierline::ui {

/// Icons by meaning. Each is one drawing in resources/icons, named as the enumerator in kebab case.
enum class Icon : quint8 {
    Queue,
    Mine,
    Triage,
    Search,
    Reply,
    Note,
    Escalate,
    Accept,
    Return,
    Solve,
    Reopen,
    Flag,
    Claim,
    Reassign,
    ClockRunning,
    ClockAtRisk,
    ClockBreached,
    ClockMet,
    ClockPaused,
    Customer,
    Team,
    Settings,
    Metrics,
    Handoff,
    Light,
    Dark,
    Close,
    ChevronDown,
    ChevronUp,
    ChevronLeft,
    ChevronRight,
    Attach,
    Link,
    Warning,
    Check,
    Bot,
    Lock, ///< confidential
    Sync,
    Offline,
    Send,
    Snooze,
    Conflict,
    Rule,
    Bell,
    Add,
    More,
    Undo,
    Copy,
    ChartTable,
};
inline constexpr int IconCount = int(Icon::ChartTable) + 1;

/// File name of the drawing, without folder and ending ("clock-at-risk").
QString iconName(Icon icon);

/// An icon in one colour of a scheme; drawn sharp at any size and scale, greyed where disabled.
/// Cached for each (icon, scheme, token): asking again is a hash look-up. Thread: ui.
QIcon icon(Icon icon, const Theme &theme, Token token = Token::Text);
/// The same in the scheme of a palette (`icon(Icon::Reply, palette())` in a widget).
QIcon icon(Icon icon, const QPalette &palette, Token token = Token::Text);

/// Draws an icon of `size` pixels with one colour, from a bounded cache. Thread: ui.
void paintIcon(QPainter *painter, const QRectF &rect, Icon icon, const QColor &color);

/// One drawing as a pixmap; strokes are 1.5 pixels wide at 16 and at 20.
QPixmap iconPixmap(Icon icon, int size, qreal devicePixelRatio, const QColor &color);

} // namespace tierline::ui

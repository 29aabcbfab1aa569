#pragma once

#include "core/base/instant.h"
#include "widgets/common/icons.h"

#include <QLocale>
#include <QTimeZone>

#include <optional>

namespace tierline::ui {

enum class ClockState : quint8 {
    None, ///< nothing is due
    Running,
    AtRisk, ///< from 75 % of the clock
    Breached,
    Paused,
    Met,
};

/// One clock as a view knows it. `start` is where it began to run: without it nothing is ever at risk,
/// only running or breached.
struct ClockFace {
    std::optional<Instant> due;
    std::optional<Instant> start;
    bool isPaused = false;
    bool isMet = false;

    bool operator==(const ClockFace &) const = default;
};

/// Share of a clock after which it is at risk.
inline constexpr double AtRiskFrom = 0.75;

ClockState clockState(const ClockFace &clock, Instant now);

/// Where and in which language times are shown. Handed down from the composition root.
struct TimeWords {
    QTimeZone zone = QTimeZone::utc();
    QLocale locale = QLocale::c();

    /// What a row shows: "12:41" under an hour, "1 h 52", "tomorrow", "3 d", "18 min late",
    /// "2 h 10 late", "3 d late", "paused", "met"; empty without a clock. While a clock runs it is
    /// rounded up, so that 0:00 is never seen.
    QString brief(const ClockFace &clock, Instant now) const;

    /// For screen readers: "due in 12 minutes 41 seconds", "18 minutes late".
    QString spoken(const ClockFace &clock, Instant now) const;

    /// For hovering: the day and the minute at the wall of `zone`, with the zone's name.
    QString exact(Instant instant) const;

    /// How long ago: "now", "20 s ago", "5 min ago", "3 h ago", "yesterday", "12 Jun 2026".
    QString ago(Instant then, Instant now) const;

    /// When something happened, as short as it is clear: "09:12" today, "yesterday 22:10", "Tue 22:10"
    /// within a week, "12 Jun 22:10" within this year, else "12 Jun 2025". exact() belongs in its
    /// tooltip.
    QString stamp(Instant then, Instant now) const;

    /// 09:12 at the wall of `zone`, in the locale's own form.
    QString wallTime(Instant instant) const;
};

/// How long `brief` stays as it is: what a view sleeps until it paints clocks again. At least a
/// millisecond, at most an hour.
Millis untilBriefChanges(const ClockFace &clock, Instant now);

Icon clockIcon(ClockState state);
/// Colour of a clock's words and glyph.
Token clockToken(ClockState state);

} // namespace tierline::ui

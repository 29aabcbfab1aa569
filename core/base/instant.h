#pragma once

#include "core/base/result.h"

#include <QMetaType>

#include <compare>

namespace tierline {

using Millis = std::chrono::milliseconds;

/// A day of 24 hours. A day of a calendar may have 23 or 25.
inline constexpr qint64 DayMs = 86'400'000;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z. Never local time.
struct Instant {
    qint64 ms = 0;

    auto operator<=>(const Instant &) const = default;

    Instant operator+(Millis d) const { return { ms + d.count() }; }
    Instant operator-(Millis d) const { return { ms - d.count() }; }
    Millis operator-(Instant other) const { return Millis(ms - other.ms); }

    /// `2026-06-08T08:00:00Z`, with milliseconds only where there are any. O(1), no zone involved.
    QString iso() const;

    /// ISO 8601 with an offset or `Z`; without either only where `assumeUtc`. Years 1900 to 2199, so
    /// that sums of instants and durations never overflow. BadInput with a sentence else.
    static Result<Instant> parse(QStringView iso, bool assumeUtc = false);

    static constexpr qint64 MinMs = -2208988800000; ///< 1900-01-01T00:00:00Z
    static constexpr qint64 MaxMs = 7258118399999; ///< 2199-12-31T23:59:59.999Z
};

/// `90s`, `30m`, `4h`, `2d` (24 h each). BadInput else; at most one year.
Result<Millis> parseDuration(QStringView text);

/// The same written down, in the largest unit that says it exactly; parts of a second are left out.
QString shortDuration(Millis d);

/// `45 s`, `12 min`, `2 h 10 min`, `3 d 4 h`: two largest units, for people.
QString durationText(Millis d);

} // namespace tierline

Q_DECLARE_METATYPE(tierline::Instant)

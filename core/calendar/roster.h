#pragma once

#include "core/calendar/calendar.h"

#include <QStringList>

namespace tierline::roster {

/// Hours of each day of the week, Monday first, as a calendar has them.
using WeekHours = std::array<DayHours, 7>;

/// How often a layer is handed over. Days and weeks are those of the wall: a shift begins at the same reading on
/// the day after a change of the clocks. Hours are elapsed ones.
struct Rotation {
    enum class Unit : quint8 { Hours, Days, Weeks };
    Unit unit = Unit::Weeks;
    int every = 1; ///< 1 to MostEvery of the unit
    Qt::DayOfWeek weekday = Qt::Monday; ///< of the handover; looked at for weeks only
    bool operator==(const Rotation &) const = default;
};

/// People who take turns. The first turn begins on `starts` at the handover, and is short where weeks are handed
/// over on another day than that.
struct Layer {
    QString name;
    QStringList agents; ///< in the order of their turns
    QDate starts; ///< as the wall of the roster's zone reads; nobody is on duty before
    qint64 handover
        = 0; ///< milliseconds of what the wall reads since midnight; whole minutes, less than 24 h
    Rotation rotation;
    WeekHours hours; ///< when the layer is on duty; always where no day has any
    bool operator==(const Layer &) const = default;
};

/// A swapped shift: says who, never when. Outside its hours a layer stays off duty.
struct Override {
    Instant from;
    Instant to; ///< not in it
    QString layer; ///< all where empty
    QString agent; ///< anybody, of the layer or not
    QString instead; ///< holds only where that one would be on duty; for everybody where empty
    QString why;
    bool operator==(const Override &) const = default;
};

/// Who is on call, by the wall of a named zone.
struct Roster {
    QString name;
    QString zone; ///< IANA
    std::vector<Layer> layers; ///< the first is asked first
    std::vector<Override> overrides; ///< in the order in which they were made: the last wins
    Millis escalateAfter { 5 * 60'000 }; ///< to the next person, unless acknowledged
    int loops = 1; ///< how often the whole ladder is gone through, 1 to 9
    bool operator==(const Roster &) const = default;
};

inline constexpr size_t MostLayers = 10;
inline constexpr qsizetype MostAgents = 100; ///< of a layer
inline constexpr size_t MostOverrides = 1'000;
inline constexpr size_t MostHours = 24; ///< intervals of a day
inline constexpr int MostEvery = 366;
inline constexpr int MostLoops = 9;
inline constexpr qsizetype MostName = 200; ///< characters of a name and of a reason
inline constexpr Millis LongestOverride { 366 * DayMs };

/// Whether the roster can be used. BadInput with the place ("layer 2 (“Nights”)", "override 3"): a zone that is
/// unknown, a layer without people, a name that stands twice, a rotation or time out of range, an override that
/// ends before it begins, more of anything than is taken. Thread: any. O(n log n).
Result<Done> check(const Roster &roster);

} // namespace tierline::roster

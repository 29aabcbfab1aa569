#pragma once

#include "core/calendar/zone.h"

#include <QDate>
#include <QHash>

#include <array>
#include <map>

namespace tierline {

/// Part of a local day, in milliseconds of what its wall clock reads since midnight. `to` may pass
/// midnight: a night shift belongs to the day on which it starts.
struct WallSpan {
    qint64 from = 0; ///< 0 up to less than 24 h
    qint64 to = 0; ///< more than `from`, at most 24 h later
    bool operator==(const WallSpan &) const = default;
};
using DayHours = std::vector<WallSpan>;

/// When a team serves: a zone, a week of hours, and days that differ. An instant is service time when its
/// wall reading lies in an interval of its local date: on a spring gap a window that starts at a missing
/// reading opens at the jump, on an autumn fold both copies of the hour count.
/// Immutable, cheap to copy; thread: any.
class Calendar
{
public:
    struct Definition {
        QString zone;
        bool isAlways = false; ///< 24/7; the hours below are then not looked at
        std::array<DayHours, 7> week; ///< Monday first
        std::map<QDate, DayHours> days; ///< no hours: a holiday
        std::map<std::pair<int, int>, DayHours>
            yearly; ///< by month and day; a date in `days` goes before
        bool operator==(const Definition &) const = default;
    };

    /// Sorts and merges the hours. BadInput with the place: an unknown zone, an interval that ends before it
    /// starts, a calendar that never opens.
    static Result<Calendar> make(Definition definition);

    const Definition &definition() const { return m_data->definition; }
    const Zone &zone() const { return m_data->zone; }
    bool isAlways() const { return definition().isAlways; }
    /// Hours of a local day, counted in days since 1970-01-01.
    const DayHours &hoursOf(qint64 day) const;

private:
    struct Data {
        Definition definition;
        Zone zone;
        QHash<qint64, DayHours> days; ///< of `definition.days`, by number
        bool hasYearly = false;
        std::array<const DayHours *, 13 * 32>
            yearly {}; ///< of `definition.yearly`, month * 32 + day
    };
    explicit Calendar(std::shared_ptr<const Data> data)
        : m_data(std::move(data))
    {
    }

    std::shared_ptr<const Data> m_data;
};

/// A calendar through its editions: each rules from its instant until the next one's. The first rules
/// from ever.
class CalendarEditions
{
public:
    struct Edition {
        Instant from;
        Calendar calendar;
    };
    CalendarEditions(Calendar only)
        : m_editions { { Instant { Instant::MinMs }, std::move(only) } }
    {
    }
    /// From `from` on; what ruled later than that no longer does.
    void add(Instant from, Calendar calendar);
    const std::vector<Edition> &all() const { return m_editions; }

private:
    std::vector<Edition> m_editions;
};

} // namespace tierline

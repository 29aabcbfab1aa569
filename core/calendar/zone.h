#pragma once

#include "core/base/instant.h"

#include <memory>
#include <vector>

namespace tierline {

/// A named time zone as stretches of one offset each, read once from the system's zone data. Local time
/// is never asked for through a date-time of the toolkit: missing and doubled readings are then a matter
/// of its defaults. Immutable, cheap to copy; thread: any.
class Zone
{
public:
    /// Half open, in UTC milliseconds: the wall reads `ms + offset` in it. Neighbours differ in offset.
    struct Stretch {
        qint64 from = 0;
        qint64 to = 0;
        qint64 offset = 0; ///< milliseconds east of UTC
    };

    /// An IANA name such as "Europe/Berlin". BadInput with a sentence where the zone data has no such
    /// name. The first call for a name costs some milliseconds, later ones a look-up.
    static Result<Zone> named(const QString &name);
    static Zone utc();

    const QString &name() const { return m_data->name; }
    /// From before Instant::MinMs to after Instant::MaxMs without a gap.
    const std::vector<Stretch> &stretches() const { return m_data->stretches; }
    /// Index of the stretch that holds the instant. O(log n).
    size_t stretchAt(Instant at) const;
    /// A short text that is another one where the zone data has other rules for the years 2000 to 2037.
    QString digest() const;
    /// Milliseconds east of UTC.
    qint64 offsetAt(Instant at) const { return stretches()[stretchAt(at)].offset; }

private:
    struct Data {
        QString name;
        std::vector<Stretch> stretches;
    };
    explicit Zone(std::shared_ptr<const Data> data)
        : m_data(std::move(data))
    {
    }
    static std::shared_ptr<const Data> read(const QString &name);

    std::shared_ptr<const Data> m_data;
};

} // namespace tierline

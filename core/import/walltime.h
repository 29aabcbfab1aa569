#pragma once

#include "core/base/instant.h"

#include <QTimeZone>

namespace tierline::importing {

/// Reads the times of a log: ISO 8601 (`iso`), or a pattern of d dd M MM MMM yy yyyy H HH h hh m mm
/// s ss zzz AP and literal characters. A time without an offset is wall time in the zone.
///
/// Wall time that happens twice (the hour that summer time gives back) is taken as the earlier of
/// both instants; wall time that never happens (the hour that it skips) is taken with the offset
/// before the change, so that it lands as far behind the change as it stood in the gap.
/// Thread: one; immutable but for a small cache.
class TimeReader
{
public:
    /// BadInput where the pattern or the zone's name is not known.
    static Result<TimeReader> make(const QString &format, const QString &zone);

    /// BadInput saying why; years 1900 to 2199.
    Result<Instant> read(QStringView text) const;

private:
    struct Piece {
        char16_t letter = 0; ///< 0: a literal
        int count = 0;
        QChar literal;
    };
    Result<qint64> readPattern(QStringView text) const;
    qint64 toUtc(qint64 wallMs) const;

    std::vector<Piece> m_pieces; ///< empty: iso
    QString m_format;
    QTimeZone m_zone;
    bool m_isUtc = true;
};

/// The instant of a wall time, both in milliseconds since 1970 (see TimeReader for gap and fold).
qint64 wallToUtc(qint64 wallMs, const QTimeZone &zone);

} // namespace tierline::importing

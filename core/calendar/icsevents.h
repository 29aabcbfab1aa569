#pragma once

#include "core/base/result.h"

#include <QByteArrayView>
#include <QDate>

#include <optional>
#include <vector>

namespace tierline::ics {

/// A date, or a time of day on it, as a calendar file writes it.
struct Moment {
    QDate date;
    qint64 ms = 0; ///< since midnight
    bool isWholeDay = false;
    bool isUtc = false;
    QString zone; ///< as the file names it; empty: none, or UTC
};

/// An event of a calendar file (RFC 5545), as far as holidays need it.
struct Event {
    QString name; ///< one line of at most 200 characters, without controls
    Moment start;
    std::optional<Moment> end;
    std::optional<qint64> lengthMs; ///< where it says how long instead of until when
    bool isEveryYear = false; ///< on the start's month and day, for ever
    std::vector<QDate> days; ///< on which it begins, where it is not every year's; in order
    QString problem; ///< why it gives no day, as a sentence's end; empty: it does
};

/// Reads the events of a file, each with the days between `from` and `until` (both in it) on which it
/// begins. Only what comes once or every year has days. The file is hostile: at most 1 MiB, 5,000 events,
/// lines and repetitions bounded, and only the few properties that are needed reach the parsing library.
/// BadInput where it is no calendar file, or too much. Thread: any; one call at a time goes on.
Result<std::vector<Event>> readEvents(QByteArrayView file, QDate from, QDate until);

} // namespace tierline::ics

#pragma once

#include "core/calendar/ticketclocks.h"
#include "core/domain/people.h"
#include "core/storage/connection.h"

#include <QDate>

namespace tierline::desk {

/// Part of a clock's time, and why it counted or did not.
struct LedgerStretch {
    using Kind = sla::LedgerLine::Kind;
    enum class Cause : quint8 {
        None, ///< it ran
        Customer, ///< paused: it was the customer's turn
        Hold, ///< paused: it was on hold
        Paused, ///< paused, and the log does not say by which status
        Hours, ///< closed: outside business hours
        Holiday, ///< closed, and one of its days is a holiday or has other hours than its weekday
    };
    TimeSpan span;
    Kind kind = Kind::Running;
    Cause cause = Cause::None;
    QDate holiday; ///< the first such day of a stretch that is closed
    int calendarVersion = 1;
    bool operator==(const LedgerStretch &) const = default;
};

struct LedgerClock {
    sla::TicketClock clock;
    std::vector<LedgerStretch> past; ///< oldest first, up to `at` or the clock's end
    qint64 leftOut
        = 0; ///< earlier stretches than those in `past`, which holds the last five hundred
    std::vector<LedgerStretch> ahead; ///< from then until it is due, as it is planned
};

/// Why a ticket is due when it is: each of its clocks with its stretches.
struct TicketLedger {
    TicketId ticket;
    QString key, subject;
    Instant at; ///< what "now" was
    std::vector<LedgerClock> clocks; ///< what is due first leads; what has ended is last
};

/// NotFound for a ticket that is not there or may not be seen. Thread: the connection's; never the ui's.
/// Cost: the ticket's log.
Result<TicketLedger> loadLedger(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket, Instant now);

/// The same as a JSON document in a file, as `sla explain --json` prints it: the proof of a due time.
Result<Done> saveLedger(const TicketLedger &ledger, const QString &path);

} // namespace tierline::desk

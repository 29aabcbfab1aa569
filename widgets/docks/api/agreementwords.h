#pragma once

#include "core/desk/ledger.h"
#include "widgets/common/clocktext.h"

#include <QCoreApplication>

namespace tierline::ui {

/// Clocks of service agreements and what their ledgers say, in plain words. Names of policies and calendars
/// are foreign text: made harmless here, to be shown as plain text. Thread: ui.
class AgreementWords
{
    Q_DECLARE_TR_FUNCTIONS(tierline::ui::AgreementWords)
public:
    /// "First reply"; of a tier's clock with the tier: "Reply by L3".
    static QString clock(sla::ClockKind kind, const QString &tier = {});
    static QString party(sla::Party party);
    static QString zoneChoice(sla::ZoneChoice choice);

    /// How a clock stands, for glyph, colour and countdown.
    static ClockFace face(const sla::TicketClock &clock);
    /// "12:41", "18 min late", "met", "paused", "cancelled".
    static QString brief(const sla::TicketClock &clock, const TimeWords &words, Instant now);
    /// "Due Tue 14:00", "Met 13:20, 40 min early", "Paused, 2 h left".
    static QString headline(const sla::TicketClock &clock, const TimeWords &words, Instant now);
    /// "Promised 4 h · 1 h 50 used · 2 h 10 left".
    static QString account(const sla::TicketClock &clock);
    /// Which policy, calendar and zone ruled, with their versions.
    static QString source(const desk::LedgerClock &clock);

    /// Service time: "40 min", "26 h 10 min". Never in days, which calendars make unlike.
    static QString serviceTime(Millis time);
    /// "Running", "Paused", "Closed".
    static QString stretch(desk::LedgerStretch::Kind kind);
    /// "waiting for the customer"; empty where it ran.
    static QString cause(const desk::LedgerStretch &stretch, const TimeWords &words);
    /// "Tue 09:00 – 12:00".
    static QString span(const TimeSpan &span, const TimeWords &words, Instant now);
    /// The whole ledger as text, for the clipboard.
    static QString text(const desk::TicketLedger &ledger, const TimeWords &words);
};

} // namespace tierline::ui

#pragma once

#include "core/metrics/stats.h"

#include <QDate>
#include <QMap>
#include <QString>

namespace tierline::metrics {

/// What customers said: answers, satisfied ones (4 and 5 of 5), and the mean score.
struct CsatFigure {
    qint64 n = 0;
    qint64 satisfied = 0;
    double mean = 0;

    bool operator==(const CsatFigure &) const = default;
};

/// One week of a chart: the tickets created in it (in the report's zone), whenever they escalated or
/// were answered for. Figures as in Row, nothing where there is no data.
struct WeekPoint {
    QDate monday;
    QString key; ///< "2026-W24"
    qint64 tickets = 0;
    std::optional<qint64> escalated;
    std::optional<double> escalationRate;
    QMap<QString, Share>
        outOfTier; ///< tickets with an escalation step that leaves the tier, of those ever at it
    std::optional<Spread> timeToEscalate;
    std::optional<CsatFigure> csatAfterEscalation;

    bool operator==(const WeekPoint &) const = default;
};

/// Series for charts. Every week between the first and the last ticket has a point, so that a week
/// without tickets is a gap and not a straight line.
struct Summary {
    std::vector<WeekPoint> weeks;

    bool operator==(const Summary &) const = default;
};

} // namespace tierline::metrics

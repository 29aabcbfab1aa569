#pragma once

#include "core/domain/people.h"
#include "core/metrics/metrics.h"
#include "widgets/common/chartdata.h"

namespace tierline::ui {

enum class Figure : quint8 { EscalationRate, TimeToEscalate, CsatAfterEscalation };
inline constexpr int FigureCount = 3;

/// What a tile says: the newest week that has the figure, and how it differs from the one before.
struct TileText {
    QString name;
    QString value; ///< "24.1 %", "11 min", "4.3"; "–" without data
    QString change; ///< "1.9 points up on the week before", with its n
    int direction = 0; ///< -1 worse, 1 better, 0 neither
    QList<double> trend; ///< by week, NaN for gaps
};

TileText tileText(Figure figure, const metrics::Report &report, const QLocale &locale);
ChartData chartOf(
    Figure figure, const metrics::Report &report, const QList<Tier> &tiers, const QLocale &locale);

} // namespace tierline::ui

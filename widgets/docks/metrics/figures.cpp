#include "widgets/docks/metrics/figures.h"

#include "core/base/instant.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <limits>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using metrics::WeekPoint;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
/// How many weeks a chart shows; older ones are in the export.
constexpr size_t mostWeeks = 26;

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("Figures", text, nullptr, n);
}

double valueOf(Figure figure, const WeekPoint &week)
{
    switch (figure) {
    case Figure::EscalationRate: return week.escalationRate ? *week.escalationRate * 100 : gap;
    case Figure::TimeToEscalate:
        return week.timeToEscalate ? week.timeToEscalate->median / 60 : gap;
    case Figure::CsatAfterEscalation:
        return week.csatAfterEscalation ? week.csatAfterEscalation->mean : gap;
    }
    return gap;
}

qint64 baseOf(Figure figure, const WeekPoint &week)
{
    switch (figure) {
    case Figure::EscalationRate: return week.tickets;
    case Figure::TimeToEscalate: return week.timeToEscalate ? week.timeToEscalate->n : 0;
    case Figure::CsatAfterEscalation:
        return week.csatAfterEscalation ? week.csatAfterEscalation->n : 0;
    }
    return 0;
}

QString words(Figure figure, double value, const QLocale &locale)
{
    switch (figure) {
    case Figure::EscalationRate: return locale.toString(value, 'f', 1) + u" %"_s;
    case Figure::TimeToEscalate: return durationText(Millis(qint64(value * 60'000)));
    case Figure::CsatAfterEscalation: return locale.toString(value, 'f', 1);
    }
    return {};
}

QString changeWords(Figure figure, double difference, const QLocale &locale)
{
    const double size = std::abs(difference);
    const bool isUp = difference > 0;
    switch (figure) {
    case Figure::EscalationRate:
        return (
            isUp ? tr("%1 points up on the week before") : tr("%1 points down on the week before"))
            .arg(locale.toString(size, 'f', 1));
    case Figure::TimeToEscalate:
        return (isUp ? tr("%1 slower than the week before") : tr("%1 faster than the week before"))
            .arg(durationText(Millis(qint64(size * 60'000))));
    case Figure::CsatAfterEscalation:
        return (isUp ? tr("%1 better than the week before") : tr("%1 worse than the week before"))
            .arg(locale.toString(size, 'f', 1));
    }
    return {};
}

QString nameOf(Figure figure)
{
    switch (figure) {
    case Figure::EscalationRate: return tr("Escalation rate");
    case Figure::TimeToEscalate: return tr("Time to escalate, median");
    case Figure::CsatAfterEscalation: return tr("CSAT after escalation");
    }
    return {};
}

} // namespace

TileText tileText(Figure figure, const metrics::Report &report, const QLocale &locale)
{
    TileText tile { .name = nameOf(figure), .value = u"–"_s };
    const auto &weeks = report.summary.weeks;
    for (size_t i = weeks.size() > mostWeeks ? weeks.size() - mostWeeks : 0; i < weeks.size(); ++i)
        tile.trend.append(valueOf(figure, weeks[i]));
    for (size_t i = weeks.size(); i-- > 0;) {
        const double value = valueOf(figure, weeks[i]);
        if (std::isnan(value))
            continue;
        tile.value = words(figure, value, locale);
        tile.change = tr("n = %1, week %2")
                          .arg(locale.toString(baseOf(figure, weeks[i])))
                          .arg(weeks[i].monday.weekNumber());
        const double before = i > 0 ? valueOf(figure, weeks[i - 1]) : gap;
        const double difference = value - before;
        if (!std::isnan(difference) && std::abs(difference) > 0.05) {
            tile.change = changeWords(figure, difference, locale) + u" · "_s + tile.change;
            const bool isGood
                = figure == Figure::CsatAfterEscalation ? difference > 0 : difference < 0;
            tile.direction = isGood ? 1 : -1;
        }
        return tile;
    }
    tile.change = tr("no data yet");
    return tile;
}

ChartData chartOf(
    Figure figure, const metrics::Report &report, const QList<Tier> &tiers, const QLocale &locale)
{
    ChartData chart {
        .kind = ChartData::Kind::Bars, .title = nameOf(figure), .xTitle = tr("Week")
    };
    const auto &weeks = report.summary.weeks;
    const size_t first = weeks.size() > mostWeeks ? weeks.size() - mostWeeks : 0;
    for (size_t i = first; i < weeks.size(); ++i)
        chart.categories.append(QString::number(weeks[i].monday.weekNumber()));
    const auto add = [&](const QString &name, auto value, std::optional<Token> color = {}) {
        ChartSeries series { .name = name, .color = color };
        bool hasData = false;
        for (size_t i = first; i < weeks.size(); ++i) {
            series.values.append(value(weeks[i]));
            hasData = hasData || !std::isnan(series.values.last());
        }
        if (hasData)
            chart.series.append(series);
    };
    qint64 tickets = 0, base = 0;
    for (size_t i = first; i < weeks.size(); ++i) {
        tickets += weeks[i].tickets;
        base += baseOf(figure, weeks[i]);
    }
    switch (figure) {
    case Figure::EscalationRate:
        chart.yTitle = tr("Escalated (%)");
        for (const Tier &tier : tiers) {
            add(
                tr("out of %1").arg(tier.id),
                [&](const WeekPoint &week) {
                    const auto share = week.outOfTier.constFind(tier.id);
                    return share != week.outOfTier.cend() && share->of > 0
                        ? 100.0 * double(share->n) / double(share->of)
                        : gap;
                },
                Theme::tierToken(tier.rank));
        }
        // The highest tier has nothing above it; a row of zeros says nothing.
        if (!tiers.isEmpty() && chart.series.size() > 1
            && chart.series.last().name == tr("out of %1").arg(tiers.last().id))
            chart.series.removeLast();
        chart.caption = tr(
            "n = %1 tickets · tickets with a step out of the tier, of those ever at it · by week of creation, %2")
                            .arg(locale.toString(tickets), report.zone);
        break;
    case Figure::TimeToEscalate:
        chart.yTitle = tr("Time to escalate (min)");
        add(tr("median"),
            [](const WeekPoint &week) { return valueOf(Figure::TimeToEscalate, week); });
        add(tr("p90"), [](const WeekPoint &week) {
            return week.timeToEscalate ? week.timeToEscalate->p90 / 60 : gap;
        });
        chart.caption = tr(
            "n = %1 escalated tickets · creation to the first step up · by week of creation, %2")
                            .arg(locale.toString(base), report.zone);
        break;
    case Figure::CsatAfterEscalation:
        chart.yTitle = tr("Score (1 to 5)");
        chart.decimals = 1;
        add(tr("mean score"),
            [](const WeekPoint &week) { return valueOf(Figure::CsatAfterEscalation, week); });
        chart.caption = tr("n = %1 answers after an escalation · by week of creation, %2")
                            .arg(locale.toString(base), report.zone);
        break;
    }
    return chart;
}

} // namespace tierline::ui

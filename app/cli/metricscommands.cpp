#include "app/cli/command.h"

#include "core/desk/reading.h"
#include "core/metrics/days.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

QString number(const std::optional<qint64> &n)
{
    return n ? QString::number(*n) : u"–"_s;
}
QString percent(const std::optional<double> &rate)
{
    return rate ? QString::number(*rate * 100, 'f', 1) + u" %"_s : u"–"_s;
}
QString span(const std::optional<metrics::Spread> &spread)
{
    return spread ? durationText(Millis(static_cast<qint64>(spread->median * 1000))) + u" / "_s
            + durationText(Millis(static_cast<qint64>(spread->p90 * 1000)))
                  : u"–"_s;
}
QString score(const std::optional<metrics::CsatFigure> &csat)
{
    return csat ? QString::number(csat->mean, 'f', 1) + u" of 5, n "_s + QString::number(csat->n)
                : u"–"_s;
}

} // namespace

Result<metrics::Options> readMetricsOptions(const Environment &env, const Arguments &args)
{
    metrics::Options options;
    options.now = env.clock().now();
    if (args.has(u"--by"_s)) {
        const auto by = metrics::byFromCode(args.value(u"--by"_s));
        if (!by)
            return usageError(u"--by takes one of: %1."_s.arg(metrics::byCodes().join(u", "_s)));
        options.by = *by;
    }
    options.zone
        = args.has(u"--zone"_s) ? QTimeZone(args.value(u"--zone"_s).toUtf8()) : QTimeZone::utc();
    if (!options.zone.isValid())
        return usageError(
            u"“%1” is no time zone; write it as Europe/Berlin."_s.arg(args.value(u"--zone"_s)));
    const auto readBorder
        = [&](const QString &option, std::optional<Instant> &into) -> Result<Done> {
        if (!args.has(option))
            return Done {};
        TIERLINE_TRY(border, metrics::borderOf(args.value(option), options.zone));
        into = border;
        return Done {};
    };
    TIERLINE_CHECK(readBorder(u"--from"_s, options.from));
    TIERLINE_CHECK(readBorder(u"--to"_s, options.to));
    return options;
}

namespace {

Result<Answer> metricsCommand(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(options, readMetricsOptions(env, args));
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(report, desk::measure(store->connection(), desk->visibility(), options, [&env] {
        env.progress(u"measuring"_s);
        return Environment::isInterrupted();
    }));
    QList<QStringList> lines;
    for (const metrics::Row &row : report.rows) {
        lines.append({ row.key, QString::number(row.tickets), number(row.escalated),
            percent(row.escalationRate), span(row.timeToEscalate), number(row.repeatEscalation),
            number(row.returnedAfterEscalation), number(row.reopened),
            span(row.finalResolution.escalated), score(row.csatAfterEscalation) });
    }
    return Answer { metrics::toJson(report),
        table({ metrics::code(report.by), u"tickets"_s, u"escalated"_s, u"rate"_s,
                  u"time to escalate (median / p90)"_s, u"again"_s, u"returned"_s, u"reopened"_s,
                  u"resolution of escalated"_s, u"CSAT after escalation"_s },
            lines)
            + u"Zone %1. --json has every figure.\n"_s.arg(report.zone) };
}

} // namespace

QList<Command> metricsCommands()
{
    return { { u"metrics"_s, u"[--from T] [--to T] [--by WHAT] [--zone Z]"_s,
        u"escalation rate, time to escalate, satisfaction and the rest"_s,
        { {}, { u"--from"_s, u"--to"_s, u"--by"_s, u"--zone"_s }, {}, {} }, metricsCommand } };
}

} // namespace tierline::cli

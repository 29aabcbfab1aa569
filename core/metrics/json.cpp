#include "core/metrics/metrics.h"

#include "core/base/json.h"

#include <QJsonArray>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {

/// Whole numbers without a fraction, so that 78186 s does not print as 78186.0 anywhere.
QJsonValue number(double value)
{
    const auto whole = static_cast<qint64>(value);
    return static_cast<double>(whole) == value ? QJsonValue(whole) : QJsonValue(value);
}

QJsonValue json(qint64 value)
{
    return value;
}
QJsonValue json(double value)
{
    return number(value);
}

QJsonValue json(const Spread &s)
{
    return QJsonObject { { u"n"_s, s.n }, { u"median"_s, number(s.median) },
        { u"p90"_s, number(s.p90) } };
}

QJsonValue json(const Share &s)
{
    return QJsonObject { { u"n"_s, s.n }, { u"of"_s, s.of } };
}

QJsonValue json(const TierTally &t)
{
    return QJsonObject { { u"tickets"_s, t.tickets }, { u"escalated"_s, t.escalated } };
}

QJsonValue json(const Turns &t)
{
    return QJsonObject { { u"tickets"_s, t.tickets }, { u"turns"_s, t.turns } };
}

QJsonValue json(const Reassignments &r)
{
    return QJsonObject { { u"steps"_s, r.steps }, { u"tickets"_s, r.tickets } };
}

QJsonValue json(const CsatFigure &c)
{
    return QJsonObject { { u"n"_s, c.n }, { u"satisfied"_s, c.satisfied },
        { u"mean"_s, number(c.mean) } };
}

/// Of an imported log: the source gave a verdict, so nothing runs.
QJsonValue json(const SlaCount &s)
{
    return QJsonObject { { u"met"_s, s.met }, { u"breached"_s, s.breached } };
}

template<typename T>
QJsonValue json(const QMap<QString, T> &map)
{
    QJsonObject object;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        object.insert(it.key(), json(it.value()));
    return object;
}

/// No data is null, never 0.
template<typename T>
QJsonValue orNull(const std::optional<T> &value)
{
    return value ? json(*value) : QJsonValue(QJsonValue::Null);
}

template<typename T>
QJsonValue orNull(const ByMoved<T> &v)
{
    return QJsonObject { { u"all"_s, orNull(v.all) }, { u"moved"_s, orNull(v.moved) },
        { u"not_moved"_s, orNull(v.notMoved) } };
}

QJsonValue orNull(const ByEscalated &v)
{
    return QJsonObject { { u"escalated"_s, orNull(v.escalated) },
        { u"not_escalated"_s, orNull(v.notEscalated) } };
}

QJsonValue steps(const Row &row)
{
    if (!row.escalationSteps)
        return QJsonValue::Null;
    QJsonObject object { { u"total"_s, *row.escalationSteps } };
    for (auto it = row.stepsByPair.cbegin(); it != row.stepsByPair.cend(); ++it)
        object.insert(it.key(), *it);
    return object;
}

QJsonObject sla(const Row &row)
{
    QJsonObject object { { u"first_response"_s, QJsonValue::Null } };
    for (auto it = row.sla.cbegin(); it != row.sla.cend(); ++it) {
        object.insert(it.key(),
            QJsonObject { { u"met"_s, it->met }, { u"breached"_s, it->breached },
                { u"running"_s, it->running } });
    }
    object.insert(u"imported"_s, orNull(row.slaImported));
    return object;
}

} // namespace

QJsonObject toJson(const Row &r)
{
    return {
        { u"key"_s, r.key },
        { u"tickets"_s, r.tickets },
        { u"escalated"_s, orNull(r.escalated) },
        { u"escalation_rate"_s, orNull(r.escalationRate) },
        { u"by_start_tier"_s, orNull(r.byStartTier) },
        { u"into_tier"_s, orNull(r.intoTier) },
        { u"solved_at_l1"_s, orNull(r.solvedAtL1) },
        { u"out_of_tier"_s, orNull(r.outOfTier) },
        { u"escalation_steps"_s, steps(r) },
        { u"return_steps"_s, orNull(r.returnSteps) },
        { u"returned_after_escalation"_s, orNull(r.returnedAfterEscalation) },
        { u"time_to_escalate_s"_s, orNull(r.timeToEscalate) },
        { u"repeat_escalation"_s, orNull(r.repeatEscalation) },
        { u"ping_pong_teams"_s, orNull(r.pingPongTeams) },
        { u"ping_pong_tiers"_s, orNull(r.pingPongTiers) },
        { u"reassignments"_s, orNull(r.reassignments) },
        { u"first_resolution_s"_s, orNull(r.firstResolution) },
        { u"final_resolution_s"_s, orNull(r.finalResolution) },
        { u"resolution_after_escalation_s"_s, orNull(r.resolutionAfterEscalation) },
        { u"reopened"_s, orNull(r.reopened) },
        { u"reversals"_s, orNull(r.reversals) },
        { u"first_response_s"_s, orNull(r.firstResponse) },
        { u"sla"_s, sla(r) },
        { u"time_to_first_move_s"_s, orNull(r.timeToFirstMove) },
        { u"moved"_s, orNull(r.moved) },
        { u"moves"_s, orNull(r.moves) },
        { u"moved_again"_s, orNull(r.movedAgain) },
        { u"resolution_s"_s, orNull(r.resolution) },
        { u"priority_raised"_s, orNull(r.priorityRaised) },
        { u"awaited_customer"_s, orNull(r.awaitedCustomer) },
        { u"csat"_s,
            QJsonObject { { u"all"_s, orNull(r.csat) },
                { u"after_escalation"_s, orNull(r.csatAfterEscalation) } } },
        { u"first_contact_resolution"_s, orNull(r.firstContactResolution) },
    };
}

QJsonObject toJson(const Report &report)
{
    QJsonArray rows;
    for (const Row &row : report.rows)
        rows.append(toJson(row));
    return {
        { u"from"_s, orNull(report.from) },
        { u"to"_s, orNull(report.to) },
        { u"zone"_s, report.zone },
        { u"by"_s,
            report.by == By::All ? QJsonValue(QJsonValue::Null) : QJsonValue(code(report.by)) },
        { u"rows"_s, rows },
    };
}

} // namespace tierline::metrics

#include "core/metrics/drill.h"

#include "core/metrics/rowkeys_p.h"

#include <QHash>

#include <algorithm>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {

using Predicate = std::function<bool(const TicketFacts &)>;

/// Whether a ticket has such a duration, and is (or is not) escalated.
Predicate hasDuration(std::optional<qint64> TicketFacts::*duration, const QString &group)
{
    if (group == u"escalated")
        return [=](const TicketFacts &f) { return f.*duration && f.isEscalated(); };
    if (group == u"not_escalated")
        return [=](const TicketFacts &f) { return f.*duration && !f.isEscalated(); };
    return {};
}

/// Whether a ticket belongs to the part "all", "moved" or "not_moved".
Predicate inPart(const QString &part)
{
    if (part == u"all")
        return [](const TicketFacts &) { return true; };
    if (part == u"moved" || part == u"not_moved")
        return
            [isMoved = part == u"moved"](const TicketFacts &f) { return f.isMoved() == isMoved; };
    return {};
}

Predicate ofStep(bool isAnyFrom, const QString &from, const QString &to)
{
    return [=](const TicketFacts &f) {
        return std::any_of(f.steps.begin(), f.steps.end(), [&](const TierStep &s) {
            return s.isUp && (isAnyFrom || s.from == from) && (to.isEmpty() || s.to == to);
        });
    };
}

/// "by_start_tier.L1.escalated", "out_of_tier.L1.tickets"
Predicate ofTier(const QString &figure, const QString &tier, const QString &part)
{
    const bool isEscalated = part == u"escalated";
    if (!isEscalated && part != u"tickets")
        return {};
    if (figure == u"by_start_tier")
        return [=](const TicketFacts &f) {
            return f.hasTier && f.startTier == tier && (!isEscalated || f.isEscalated());
        };
    if (isEscalated)
        return ofStep(false, tier, {});
    return [=](const TicketFacts &f) { return f.hasTier && f.tiersVisited.contains(tier); };
}

Predicate ofImported(const QString &part, const QString &state)
{
    const Predicate inside = inPart(part);
    if (!inside || (state != u"met" && state != u"breached"))
        return {};
    return [inside, isMet = state == u"met"](
               const TicketFacts &f) { return inside(f) && f.knownSlaMet == isMet; };
}

Predicate ofClock(const QString &clock, const QString &state)
{
    const QStringList states { u"running"_s, u"met"_s, u"breached"_s }; // as in ClockState
    const qsizetype place = states.indexOf(state);
    if (place < 0)
        return {};
    return [clock, wanted = static_cast<ClockState>(place)](const TicketFacts &f) {
        return std::any_of(f.clocks.begin(), f.clocks.end(),
            [&](const ClockVerdict &c) { return c.clock == clock && c.state == wanted; });
    };
}

Predicate ofResolution(const QString &part)
{
    const Predicate inside = inPart(part);
    if (!inside)
        return {};
    return [inside](const TicketFacts &f) { return f.knownResolution && inside(f); };
}

/// Figures whose name stands alone.
const QHash<QString, bool (*)(const TicketFacts &)> &plainFigures()
{
    using F = const TicketFacts &;
    static const QHash<QString, bool (*)(F)> figures {
        { u"tickets"_s, [](F) { return true; } },
        { u"escalated"_s, [](F f) { return f.isEscalated(); } },
        { u"escalation_rate"_s, [](F f) { return f.isEscalated(); } },
        { u"solved_at_l1"_s, [](F f) { return f.isSolvedAtFrontline(); } },
        { u"solved_at_l1.n"_s, [](F f) { return f.isSolvedAtFrontline(); } },
        { u"solved_at_l1.of"_s, [](F f) { return f.isSolved; } },
        { u"escalation_steps"_s, [](F f) { return f.isEscalated(); } },
        { u"escalation_steps.total"_s, [](F f) { return f.isEscalated(); } },
        { u"return_steps"_s, [](F f) { return f.returnSteps > 0; } },
        { u"returned_after_escalation"_s, [](F f) { return f.isReturnedAfterEscalation; } },
        { u"time_to_escalate_s"_s, [](F f) { return f.timeToEscalate.has_value(); } },
        { u"repeat_escalation"_s, [](F f) { return f.escalationSteps >= 2; } },
        { u"ping_pong_teams"_s, [](F f) { return f.teamTurns > 0; } },
        { u"ping_pong_tiers"_s, [](F f) { return f.tierTurns > 0; } },
        { u"reassignments"_s, [](F f) { return f.reassignments > 0; } },
        { u"resolution_after_escalation_s"_s,
            [](F f) { return f.resolutionAfterEscalation.has_value(); } },
        { u"reopened"_s, [](F f) { return f.isReopened; } },
        { u"reversals"_s, [](F f) { return f.reversals > 0; } },
        { u"first_response_s"_s, [](F f) { return f.firstResponse.has_value(); } },
        { u"time_to_first_move_s"_s, [](F f) { return f.timeToFirstMove.has_value(); } },
        { u"moved"_s, [](F f) { return f.isMoved(); } },
        { u"moves"_s, [](F f) { return f.isMoved(); } },
        { u"moved_again"_s, [](F f) { return f.moves >= 2; } },
        { u"priority_raised"_s, [](F f) { return f.isPriorityRaised; } },
        { u"awaited_customer"_s, [](F f) { return f.awaitedCustomer.value_or(false); } },
        { u"first_contact_resolution"_s, [](F f) { return f.isFirstContactResolution(); } },
        { u"first_contact_resolution.n"_s, [](F f) { return f.isFirstContactResolution(); } },
        { u"first_contact_resolution.of"_s, [](F f) { return f.isSolved; } },
        { u"unassigned"_s, [](F f) { return f.isUnassigned; } },
    };
    return figures;
}

/// "escalation_steps.L1>L2"
Predicate ofPair(const QString &pair)
{
    const QStringList tiers = pair.split(u'>');
    return tiers.size() == 2 ? ofStep(false, tiers[0], tiers[1]) : Predicate();
}

Predicate predicateOf(const QString &figure)
{
    if (const auto plain = plainFigures().value(figure))
        return plain;
    const QStringList path = figure.split(u'.');
    const QString &name = path[0];
    switch (path.size()) {
    case 2:
        if (name == u"into_tier")
            return ofStep(true, {}, path[1]);
        if (name == u"escalation_steps")
            return ofPair(path[1]);
        if (name == u"first_resolution_s")
            return hasDuration(&TicketFacts::firstResolution, path[1]);
        if (name == u"final_resolution_s")
            return hasDuration(&TicketFacts::finalResolution, path[1]);
        return name == u"resolution_s" ? ofResolution(path[1]) : Predicate();
    case 3:
        if (name == u"by_start_tier" || name == u"out_of_tier")
            return ofTier(name, path[1], path[2]);
        return name == u"sla" ? ofClock(path[1], path[2]) : Predicate();
    case 4:
        return name == u"sla" && path[1] == u"imported" ? ofImported(path[2], path[3])
                                                        : Predicate();
    default: return {};
    }
}

bool isCsat(const QString &figure)
{
    return figure == u"csat.all" || figure == u"csat.after_escalation";
}

} // namespace

Drill::Drill(Options options, QString rowKey, QString figure)
    : m_options(std::move(options))
    , m_rowKey(std::move(rowKey))
    , m_figure(std::move(figure))
{
}

Result<Drill> Drill::into(const QString &figure, Options options, QString rowKey)
{
    Drill drill(std::move(options), std::move(rowKey), figure);
    if (isCsat(figure))
        return drill;
    drill.m_predicate = predicateOf(figure);
    if (!drill.m_predicate)
        return badInput(u"“%1” is no figure that counts tickets. Name one as the JSON form does, "
                        "such as escalated or out_of_tier.L1.escalated."_s.arg(figure.left(60)),
            u"figure"_s);
    return drill;
}

bool Drill::isInRow(const TicketInput &input, const TicketFacts &facts) const
{
    if (m_options.by != By::Agent)
        return rowKey(m_options, input, facts) == m_rowKey;
    if (m_figure == u"escalated" || m_figure == u"escalation_rate")
        return isEscalatedBy(facts, m_rowKey);
    return facts.agents.contains(m_rowKey);
}

/// CSAT stands in the row of whoever held the ticket when the survey went out.
bool Drill::hasAnswer(const TicketFacts &facts, bool isInRow) const
{
    return std::any_of(facts.csat.begin(), facts.csat.end(), [&](const CsatAnswer &answer) {
        const auto holder = creditedTo(m_options.by, answer);
        return (holder ? *holder == m_rowKey : isInRow)
            && (answer.isAfterEscalation || m_figure == u"csat.all");
    });
}

bool Drill::holds(const TicketInput &input) const
{
    if (!isInPeriod(m_options, input.ticket.created))
        return false;
    const TicketFacts facts = factsOf(input, m_options.ranks, m_options.now);
    const bool isHere = isInRow(input, facts);
    return m_predicate ? isHere && m_predicate(facts) : hasAnswer(facts, isHere);
}

} // namespace tierline::metrics

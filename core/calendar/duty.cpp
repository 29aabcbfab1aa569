#include "core/calendar/duty.h"

namespace tierline::roster {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis shortest { 1 }; ///< between two instants

QString shiftText(const Rotation &rotation)
{
    const bool isOne = rotation.every == 1;
    switch (rotation.unit) {
    case Rotation::Unit::Hours:
        return isOne ? u"hourly shift"_s : u"shift of %1 hours"_s.arg(rotation.every);
    case Rotation::Unit::Days:
        return isOne ? u"daily shift"_s : u"shift of %1 days"_s.arg(rotation.every);
    case Rotation::Unit::Weeks:
        return isOne ? u"weekly shift"_s : u"shift of %1 weeks"_s.arg(rotation.every);
    }
    Q_UNREACHABLE();
}

QString whyText(const Duty &duty, const Layer &layer)
{
    switch (duty.reason) {
    case Reason::Turn: return shiftText(layer.rotation);
    case Reason::Override: {
        QString text = u"override"_s;
        if (!duty.swap->instead.isEmpty())
            text += u" instead of "_s + duty.swap->instead;
        if (!duty.swap->why.isEmpty())
            text += u": "_s + duty.swap->why;
        return text;
    }
    case Reason::Deputy: return u"deputy of "_s + duty.of;
    case Reason::Next: return u"next after %1, who is absent"_s.arg(duty.of);
    case Reason::Following: return u"next in the order"_s;
    }
    Q_UNREACHABLE();
}

bool stands(const std::vector<OnCall> &ladder, const QString &agent)
{
    return std::ranges::find(ladder, agent, &OnCall::agent) != ladder.end();
}

} // namespace

/// Who would be on duty if nobody were absent.
struct DutyReader::Chosen {
    QString agent;
    const Override *swap = nullptr;
    bool isOfTurn = true; ///< whose turn it is has a part in it
};

DutyReader::DutyReader(const Roster &roster, const Zone &zone, const std::vector<Absence> &absences)
    : m_roster(roster)
    , m_zone(zone)
    , m_absences(absences)
{
    m_layers.reserve(roster.layers.size());
    for (const Layer &layer : roster.layers)
        m_layers.push_back({ layer, DutyHours(layer.hours, m_zone), startOf(layer, m_zone) });
    m_edges.reserve(2 * (roster.overrides.size() + absences.size()));
    for (const Override &swap : roster.overrides)
        m_edges.insert(m_edges.end(), { swap.from, swap.to });
    for (const Absence &absence : absences)
        m_edges.insert(m_edges.end(), { absence.from, absence.to });
    std::ranges::sort(m_edges);
}

/// nullopt while the layer is not on duty.
std::optional<Turn> DutyReader::openTurn(const OpenLayer &open, Instant at) const
{
    return open.hours.isOpen(at) ? turnAt(open.layer, m_zone, at) : std::nullopt;
}

DutyReader::Chosen DutyReader::chosenAt(const Layer &layer, const QString &onTurn, Instant at) const
{
    Chosen chosen { .agent = onTurn };
    for (const Override &swap : m_roster.overrides) {
        if (at < swap.from || at >= swap.to || (!swap.layer.isEmpty() && swap.layer != layer.name))
            continue;
        if (swap.instead.isEmpty())
            chosen = { swap.agent, &swap, false };
        else if (swap.instead == chosen.agent)
            chosen = { swap.agent, &swap, chosen.isOfTurn };
    }
    return chosen;
}

std::optional<Duty> DutyReader::dutyAt(const OpenLayer &open, Instant at) const
{
    const auto turn = openTurn(open, at);
    if (!turn)
        return {};
    const QStringList &order = open.layer.agents;
    const qsizetype onTurn = turn->number % order.size();
    const Chosen chosen = chosenAt(open.layer, order[onTurn], at);
    const AwayAt away(m_absences, at);
    Duty duty { .turn = chosen.isOfTurn ? turn->number : Duty::noTurn, .swap = chosen.swap };
    if (const auto agent = away.standIn(chosen.agent)) {
        duty.agent = *agent;
        if (*agent != chosen.agent) {
            duty.reason = Reason::Deputy;
            duty.of = chosen.agent;
        } else if (chosen.swap) {
            duty.reason = Reason::Override;
        }
        return duty;
    }
    duty.reason = Reason::Next;
    duty.of = chosen.agent;
    duty.turn = turn->number;
    // Last of all who gave the turn away: better than nobody.
    for (qsizetype i = 1; i <= order.size(); ++i) {
        if (const auto next = away.standIn(order[(onTurn + i) % order.size()])) {
            duty.agent = *next;
            return duty;
        }
    }
    return {};
}

std::optional<Duty> DutyReader::placeAt(
    const OpenLayer &open, const QString &place, Instant at) const
{
    const auto turn = openTurn(open, at);
    const auto agent = turn ? AwayAt(m_absences, at).standIn(place) : std::nullopt;
    if (!agent)
        return {};
    Duty duty {
        .agent = *agent, .reason = Reason::Following, .turn = turn->number, .place = &place
    };
    if (*agent != place) {
        duty.reason = Reason::Deputy;
        duty.of = place;
    }
    return duty;
}

/// `ask` says what is so at another instant. Only where overrides and absences begin or end it can say another
/// thing before the bounds are reached.
template<typename Ask>
OnCall DutyReader::entry(const OpenLayer &open, const Duty &duty, Instant at, Ask ask) const
{
    TimeSpan span = duty.turn == Duty::noTurn ? TimeSpan { duty.swap->from, duty.swap->to }
                                              : turnAt(open.layer, m_zone, at)->span;
    span.from = std::max(span.from, open.start);
    span = open.hours.openAround(at, span);
    const auto after = std::ranges::upper_bound(m_edges, at);
    for (auto edge = after; edge != m_edges.end() && *edge < span.to; ++edge) {
        if (ask(*edge) != duty)
            span.to = *edge;
    }
    for (auto edge = after; edge != m_edges.begin() && *std::prev(edge) > span.from; --edge) {
        if (ask(*std::prev(edge) - shortest) != duty)
            span.from = *std::prev(edge);
    }
    return { duty.agent, open.layer.name, span.from, span.to, duty.reason, duty.of,
        whyText(duty, open.layer) };
}

void DutyReader::addFollowers(const OpenLayer &open, Instant at, std::vector<OnCall> &ladder) const
{
    const QStringList &order = open.layer.agents;
    const qint64 onTurn = turnAt(open.layer, m_zone, at)->number;
    for (qsizetype i = 1; i < order.size() && ladder.size() < MostSteps; ++i) {
        const QString &place = order[(onTurn + i) % order.size()];
        const auto duty = placeAt(open, place, at);
        if (duty && !stands(ladder, duty->agent))
            ladder.push_back(
                entry(open, *duty, at, [&](Instant other) { return placeAt(open, place, other); }));
    }
}

std::vector<OnCall> DutyReader::ladderAt(Instant at) const
{
    std::vector<OnCall> ladder;
    const OpenLayer *first = nullptr;
    for (const OpenLayer &open : m_layers) {
        const auto duty = dutyAt(open, at);
        if (!duty)
            continue;
        if (!first)
            first = &open;
        if (!stands(ladder, duty->agent))
            ladder.push_back(
                entry(open, *duty, at, [&](Instant other) { return dutyAt(open, other); }));
    }
    if (first)
        addFollowers(*first, at, ladder);
    return ladder;
}

Instant DutyReader::nextEdge(Instant at) const
{
    Instant next { Instant::MaxMs + 1 };
    if (const auto edge = std::ranges::upper_bound(m_edges, at); edge != m_edges.end())
        next = std::min(next, *edge);
    const bool isSwapped = std::ranges::any_of(
        m_roster.overrides, [at](const Override &swap) { return swap.from <= at && at < swap.to; });
    for (const OpenLayer &open : m_layers) {
        if (at < open.start) {
            next = std::min(next, open.start);
            continue;
        }
        if (!open.hours.isAlways())
            next = std::min(next, open.hours.pieceAt(at).to);
        // Handovers are nothing that is seen while the layer is closed; nor while nobody of it is there, except where
        // a swap of one person's turns begins with a turn.
        if (open.hours.isOpen(at) && (isSwapped || dutyAt(open, at)))
            next = std::min(next, turnAt(open.layer, m_zone, at)->span.to);
    }
    return next;
}

} // namespace tierline::roster

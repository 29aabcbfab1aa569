#include "core/metrics/group_p.h"

#include <QSet>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {

/// n where there is a base to count over, nothing else.
std::optional<qint64> over(qint64 base, qint64 n)
{
    return base > 0 ? std::optional(n) : std::nullopt;
}

void append(std::vector<qint64> &values, const std::optional<qint64> &value)
{
    if (value)
        values.push_back(*value);
}

void count(Turns &turns, qint64 n)
{
    turns.tickets += n > 0 ? 1 : 0;
    turns.turns += n;
}

} // namespace

void CsatSum::add(const CsatAnswer &answer)
{
    ++n;
    satisfied += answer.isSatisfied() ? 1 : 0;
    total += answer.score;
}

std::optional<CsatFigure> CsatSum::figure() const
{
    if (n == 0)
        return std::nullopt;
    return CsatFigure {
        .n = n, .satisfied = satisfied, .mean = static_cast<double>(total) / static_cast<double>(n)
    };
}

void Group::Ends::add(const std::optional<qint64> &ms, bool isEscalated)
{
    append(isEscalated ? escalated : notEscalated, ms);
}

ByEscalated Group::Ends::figure()
{
    return { .escalated = spreadOf(escalated), .notEscalated = spreadOf(notEscalated) };
}

void addOutOfTier(QMap<QString, TierTally> &out, const TicketFacts &facts)
{
    for (const QString &tier : facts.tiersVisited)
        ++out[tier].tickets;
    QSet<QString> left;
    for (const TierStep &step : facts.steps) {
        if (step.isUp && !left.contains(step.from)) {
            left.insert(step.from);
            ++out[step.from].escalated;
        }
    }
}

void Group::add(const TicketFacts &facts, bool isEscalatedHere)
{
    ++m_tickets;
    if (facts.hasTier)
        addTiers(facts, isEscalatedHere);
    if (facts.hasTeam)
        addTeams(facts);
    addEnds(facts);
    addClocks(facts);
}

void Group::addTiers(const TicketFacts &f, bool isEscalatedHere)
{
    ++m_withTier;
    m_escalatedHere += isEscalatedHere ? 1 : 0;
    TierTally &start = m_byStartTier[f.startTier];
    ++start.tickets;
    start.escalated += f.isEscalated() ? 1 : 0;
    addOutOfTier(m_outOfTier, f);
    QSet<QString> reached;
    for (const TierStep &step : f.steps) {
        if (!step.isUp)
            continue;
        ++m_stepsByPair[step.from + u'>' + step.to];
        if (!reached.contains(step.to)) {
            reached.insert(step.to);
            ++m_intoTier[step.to];
        }
    }
    m_escalationSteps += f.escalationSteps;
    m_returnSteps += f.returnSteps;
    count(m_tierTurns, f.tierTurns);
    m_solvedAtL1 += f.isSolvedAtFrontline() ? 1 : 0;
    m_escalationsEnded += f.escalationsEnded;
    m_reversals += f.reversals;
    if (!f.isEscalated())
        return;
    ++m_escalated;
    m_returned += f.isReturnedAfterEscalation ? 1 : 0;
    m_repeated += f.escalationSteps >= 2 ? 1 : 0;
    append(m_timeToEscalate, f.timeToEscalate);
    append(m_resolutionAfterEscalation, f.resolutionAfterEscalation);
    append(m_timeToEscalateCuts[f.isComplex ? u"complex"_s : u"simple"_s], f.timeToEscalate);
    append(m_timeToEscalateCuts[f.isAutomatic ? u"automatic"_s : u"manual"_s], f.timeToEscalate);
    if (f.isAutomatic)
        append(m_timeToEscalateCuts[f.escalatedBy], f.timeToEscalate);
}

void Group::addTeams(const TicketFacts &f)
{
    ++m_withTeam;
    m_moved += f.isMoved() ? 1 : 0;
    m_moves += f.moves;
    m_movedAgain += f.moves >= 2 ? 1 : 0;
    m_reassignments.steps += f.reassignments;
    m_reassignments.tickets += f.reassignments > 0 ? 1 : 0;
    append(m_timeToFirstMove, f.timeToFirstMove);
    count(m_teamTurns, f.teamTurns);
}

void Group::addEnds(const TicketFacts &f)
{
    m_withStatus += f.hasStatus ? 1 : 0;
    m_withPriority += f.hasPriority ? 1 : 0;
    m_withMessages += f.hasMessages ? 1 : 0;
    m_solved += f.isSolved ? 1 : 0;
    m_reopened += f.isReopened ? 1 : 0;
    m_priorityRaised += f.isPriorityRaised ? 1 : 0;
    m_awaited += f.awaitedCustomer.value_or(false) ? 1 : 0;
    m_open += f.isOpen ? 1 : 0;
    m_unassigned += f.isUnassigned ? 1 : 0;
    m_firstContact += f.isFirstContactResolution() ? 1 : 0;
    m_firstResolution.add(f.firstResolution, f.isEscalated());
    m_finalResolution.add(f.finalResolution, f.isEscalated());
    append(m_firstResponse, f.firstResponse);
    append(f.isMoved() ? m_resolutionMoved : m_resolutionNotMoved, f.knownResolution);
}

void Group::addClocks(const TicketFacts &f)
{
    for (const ClockVerdict &clock : f.clocks) {
        SlaCount &count = m_sla[clock.clock];
        ++(clock.state == ClockState::Met             ? count.met
                : clock.state == ClockState::Breached ? count.breached
                                                      : count.running);
    }
    if (!f.knownSlaMet)
        return;
    Sla &sla = f.isMoved() ? m_slaMoved : m_slaNotMoved;
    ++sla.n;
    ++(*f.knownSlaMet ? sla.count.met : sla.count.breached);
}

void Group::addCsat(const CsatAnswer &answer)
{
    m_csat.add(answer);
    if (answer.isAfterEscalation)
        m_csatAfter.add(answer);
}

Row Group::row(QString key, bool isWaitingKnown)
{
    Row row;
    row.key = std::move(key);
    row.tickets = m_tickets;
    writeTiers(row);
    writeTeams(row);
    writeEnds(row, isWaitingKnown);
    return row;
}

void Group::writeTiers(Row &row)
{
    if (m_withTier == 0)
        return;
    row.escalated = m_escalatedHere;
    row.escalationRate = static_cast<double>(m_escalatedHere) / static_cast<double>(m_tickets);
    row.byStartTier = std::move(m_byStartTier);
    row.outOfTier = std::move(m_outOfTier);
    row.intoTier = std::move(m_intoTier);
    if (m_solved > 0)
        row.solvedAtL1 = Share { m_solvedAtL1, m_solved };
    row.escalationSteps = m_escalationSteps;
    row.stepsByPair = std::move(m_stepsByPair);
    row.returnSteps = m_returnSteps;
    row.returnedAfterEscalation = over(m_escalated, m_returned);
    row.timeToEscalate = spreadOf(m_timeToEscalate);
    for (auto it = m_timeToEscalateCuts.begin(); it != m_timeToEscalateCuts.end(); ++it) {
        if (const auto spread = spreadOf(*it))
            row.timeToEscalateCuts.insert(it.key(), *spread);
    }
    row.repeatEscalation = over(m_escalated, m_repeated);
    row.pingPongTiers = m_tierTurns;
    row.resolutionAfterEscalation = spreadOf(m_resolutionAfterEscalation);
    row.reversals = over(m_escalationsEnded, m_reversals);
    row.escalationsEnded = m_escalationsEnded;
}

void Group::writeTeams(Row &row)
{
    if (m_withTeam == 0)
        return;
    row.pingPongTeams = m_teamTurns;
    row.reassignments = m_reassignments;
    row.moved = m_moved;
    row.moves = m_moves;
    row.movedAgain = over(m_moved, m_movedAgain);
    row.timeToFirstMove = spreadOf(m_timeToFirstMove);
}

void Group::writeEnds(Row &row, bool isWaitingKnown)
{
    row.firstResolution = m_firstResolution.figure();
    row.finalResolution = m_finalResolution.figure();
    row.reopened = over(m_withStatus, m_reopened);
    row.priorityRaised = over(m_withPriority, m_priorityRaised);
    row.awaitedCustomer = over(isWaitingKnown ? m_tickets : 0, m_awaited);
    row.firstResponse = spreadOf(m_firstResponse);
    row.csat = m_csat.figure();
    row.csatAfterEscalation = m_csatAfter.figure();
    if (m_solved > 0 && m_withMessages > 0)
        row.firstContactResolution = Share { m_firstContact, m_solved };
    if (m_open > 0)
        row.unassigned = Share { m_unassigned, m_open };

    row.sla = std::move(m_sla);
    if (m_slaMoved.n > 0)
        row.slaImported.moved = m_slaMoved.count;
    if (m_slaNotMoved.n > 0)
        row.slaImported.notMoved = m_slaNotMoved.count;
    if (m_slaMoved.n + m_slaNotMoved.n > 0) {
        row.slaImported.all = SlaCount { m_slaMoved.count.met + m_slaNotMoved.count.met,
            m_slaMoved.count.breached + m_slaNotMoved.count.breached };
    }

    row.resolution.moved = spreadOf(m_resolutionMoved);
    row.resolution.notMoved = spreadOf(m_resolutionNotMoved);
    m_resolutionMoved.insert(
        m_resolutionMoved.end(), m_resolutionNotMoved.begin(), m_resolutionNotMoved.end());
    row.resolution.all = spreadOf(m_resolutionMoved);
}

} // namespace tierline::metrics

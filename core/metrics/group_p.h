#pragma once

#include "core/metrics/metrics.h"

namespace tierline::metrics {

/// A running sum of answers.
struct CsatSum {
    qint64 n = 0, satisfied = 0, total = 0;

    void add(const CsatAnswer &answer);
    std::optional<CsatFigure> figure() const;
};

/// What one row's figures are made from, gathered ticket by ticket: counts, and the durations that
/// medians need.
class Group
{
public:
    /// `isEscalatedHere`: whether the ticket counts in this row's `escalated`; differs from the
    /// ticket's own answer in rows of agents only.
    void add(const TicketFacts &facts, bool isEscalatedHere);
    void addCsat(const CsatAnswer &answer);
    /// Sorts the durations, so it is called once, at the end. `isWaitingKnown`: whether any history
    /// of the report can tell who waited for the customer.
    Row row(QString key, bool isWaitingKnown);

private:
    using Durations = std::vector<qint64>;
    struct Ends {
        Durations escalated, notEscalated;
        void add(const std::optional<qint64> &ms, bool isEscalated);
        ByEscalated figure();
    };
    struct Sla {
        SlaCount count;
        qint64 n = 0;
    };

    void addTiers(const TicketFacts &facts, bool isEscalatedHere);
    void addTeams(const TicketFacts &facts);
    void addEnds(const TicketFacts &facts);
    void addClocks(const TicketFacts &facts);
    void writeTiers(Row &row);
    void writeTeams(Row &row);
    void writeEnds(Row &row, bool isWaitingKnown);

    qint64 m_tickets = 0;
    qint64 m_withTier = 0, m_withTeam = 0, m_withStatus = 0, m_withPriority = 0, m_withMessages = 0;

    qint64 m_escalatedHere = 0; ///< the row's own `escalated`
    qint64 m_escalated = 0; ///< tickets with an escalation step
    QMap<QString, TierTally> m_byStartTier, m_outOfTier;
    QMap<QString, qint64> m_intoTier, m_stepsByPair;
    qint64 m_escalationSteps = 0, m_returnSteps = 0;
    qint64 m_returned = 0, m_repeated = 0, m_solvedAtL1 = 0;
    qint64 m_escalationsEnded = 0, m_reversals = 0;
    Durations m_timeToEscalate, m_resolutionAfterEscalation;
    QMap<QString, Durations> m_timeToEscalateCuts;
    Turns m_teamTurns, m_tierTurns;

    qint64 m_moved = 0, m_moves = 0, m_movedAgain = 0;
    Reassignments m_reassignments;
    Durations m_timeToFirstMove;

    qint64 m_solved = 0, m_reopened = 0, m_priorityRaised = 0, m_awaited = 0;
    qint64 m_open = 0, m_unassigned = 0, m_firstContact = 0;
    Ends m_firstResolution, m_finalResolution;
    Durations m_firstResponse;
    Durations m_resolutionMoved, m_resolutionNotMoved;
    Sla m_slaMoved, m_slaNotMoved;
    QMap<QString, SlaCount> m_sla;
    CsatSum m_csat, m_csatAfter;
};

/// The tickets that were ever at a tier, and those with an escalation step that leaves it, added to
/// `out`. Used by rows and by the weekly series.
void addOutOfTier(QMap<QString, TierTally> &out, const TicketFacts &facts);

} // namespace tierline::metrics

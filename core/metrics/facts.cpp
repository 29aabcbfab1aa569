#include "core/metrics/facts.h"

#include "core/metrics/validity_p.h"

#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

Ranks::Ranks(const QList<Tier> &tiers)
{
    for (const Tier &tier : tiers)
        m_ranks.insert(tier.id, tier.rank);
    *this = Ranks(std::move(m_ranks));
}

Ranks::Ranks(QHash<QString, int> ranks)
    : m_ranks(std::move(ranks))
{
    for (const int rank : std::as_const(m_ranks)) {
        if (rank >= 1 && (!m_frontline || rank < *m_frontline))
            m_frontline = rank;
    }
}

std::optional<int> Ranks::rank(const QString &tier) const
{
    const auto found = m_ranks.constFind(tier);
    return found == m_ranks.cend() ? std::nullopt : std::optional(*found);
}

bool Ranks::isFrontline(const QString &tier) const
{
    return m_frontline && rank(tier) == m_frontline;
}

bool Ranks::isBelowFrontline(const QString &tier) const
{
    const auto own = rank(tier);
    return m_frontline && own && *own < *m_frontline;
}

namespace {

/// A ticket's teams (or tiers) in order, equal neighbours merged. A turn is a place where the first
/// and third of three in a row are equal: A, B, A. A, B, C, A has none.
class PingPong
{
public:
    void visit(const QString &place)
    {
        if (place == m_last)
            return;
        if (!m_beforeLast.isEmpty() && m_beforeLast == place)
            ++m_turns;
        m_beforeLast = std::exchange(m_last, place);
    }
    qint64 turns() const { return m_turns; }

private:
    QString m_last, m_beforeLast;
    qint64 m_turns = 0;
};

/// Walks one log, event by event, and keeps the state between two neighbours.
class Walk
{
public:
    Walk(const TicketInput &input, const Ranks &ranks)
        : m_ticket(input.ticket)
        , m_ranks(ranks)
    {
        f.created = m_ticket.created;
        f.isComplex = m_ticket.isComplex;
    }

    void take(const Event &event, Standing standing);
    TicketFacts finish();

private:
    struct Holder {
        QString agent, tier, team;
    };

    void takeTier(const Event &event);
    void takeTeam(const Event &event);
    void takeStatus(const Event &event);
    void takePriority(const Event &event);
    void takeWaiting(const Event &event);
    void takeCsat(const Event &event);
    void takeStep(const Event &event, TierStep step);
    void takeEnd(const Event &event);
    void joinMoves(const Event &event, const QString &before);
    void takeReassignment(const Event &event);
    void visitTier(const QString &tier);
    bool isSameTier(const QString &a, const QString &b) const;
    Holder holder() const { return { m_assignee, m_tier, m_team }; }

    TicketFacts f;
    const Ticket &m_ticket;
    const Ranks &m_ranks;
    QString m_tier, m_team, m_assignee;
    QString m_lastTeam, m_lastTeamTier; ///< of the last state that had a team
    std::optional<Status> m_status;
    std::optional<Priority> m_priority;
    std::optional<Instant> m_solvedSince; ///< start of the run of solved states that still lasts
    std::optional<Instant> m_firstEscalation;
    std::optional<Holder> m_surveyed;
    QString m_previousAgent; ///< actor of the event before, where that was an agent
    bool m_isEscalationOpen = false;
    bool m_isVerdictDue = false; ///< it was sent down from outside, and nobody has said why
    std::optional<Instant> m_tierMovedAt; ///< the last change of tier from outside
    std::optional<Instant> m_reassignedAt; ///< the last reassignment from outside …
    qint64 m_reassignedThen = 0; ///< … and how many there were at that instant
    bool m_isLog = false; ///< rows of an imported log, which say little of our own records
    bool m_isAwaiting = false;
    bool m_wasAtFrontline = false, m_wasElsewhere = false;
    PingPong m_tiers, m_teams;
};

bool Walk::isSameTier(const QString &a, const QString &b) const
{
    if (a == b)
        return true;
    const auto rankA = m_ranks.rank(a), rankB = m_ranks.rank(b);
    return rankA && rankB && *rankA == *rankB;
}

void Walk::take(const Event &event, Standing standing)
{
    m_isLog = m_isLog || event.kind == EventKind::LogRow;
    // The survey is about whoever held the ticket before this event, if nothing else is known.
    if (event.kind == EventKind::Csat)
        takeCsat(event);
    if (standing == Standing::Counts) {
        takeTier(event);
        takeTeam(event);
        takePriority(event);
        if (event.assignee)
            m_assignee = *event.assignee;
    } else if (standing == Standing::Restores) {
        // A withdrawal puts things back: neither a return nor a move.
        if (event.tier && !event.tier->isEmpty())
            visitTier(*event.tier);
        m_team = event.team.value_or(m_team);
        m_assignee = event.assignee.value_or(m_assignee);
        m_priority = event.priority ? event.priority : m_priority;
    }
    takeStatus(event);
    takeWaiting(event);
    if (event.kind == EventKind::Returned)
        takeEnd(event);

    const bool isAgents = event.actorKind == AuthorKind::Agent && !event.actor.isEmpty();
    m_previousAgent = isAgents ? event.actor : QString();
    if (isAgents && !f.agents.contains(event.actor))
        f.agents.append(event.actor);
}

void Walk::visitTier(const QString &tier)
{
    m_tier = tier;
    m_tiers.visit(tier);
    if (!f.tiersVisited.contains(tier))
        f.tiersVisited.append(tier);
    const bool isAtFrontline = m_ranks.isFrontline(tier);
    m_wasAtFrontline = m_wasAtFrontline || isAtFrontline;
    // A bot that hands over to L1 is not work done elsewhere; L1 handing to the bot is.
    if (!isAtFrontline && (m_wasAtFrontline || !m_ranks.isBelowFrontline(tier)))
        m_wasElsewhere = true;
}

/// Tier step: two neighbouring states where the later has the higher tier is an escalation step,
/// downwards a return step. A ticket that starts at L2 is not escalated by that alone.
void Walk::takeTier(const Event &event)
{
    if (!event.tier || event.tier->isEmpty() || *event.tier == m_tier)
        return;
    const QString before = m_tier;
    visitTier(*event.tier);
    if (before.isEmpty()) {
        // A log without tiers puts its tickets at L1, which says nothing about escalations.
        f.hasTier = !event.data.value("tier_assumed"_L1).toBool();
        f.startTier = m_tier;
        return;
    }
    f.hasTier = true;
    joinMoves(event, before);
    const auto from = m_ranks.rank(before), to = m_ranks.rank(m_tier);
    if (from && to && *from != *to)
        takeStep(event, { .from = before, .to = m_tier, .isUp = *to > *from, .at = event.at });
}

void Walk::takeStep(const Event &event, TierStep step)
{
    if (step.isUp) {
        if (m_isEscalationOpen)
            ++f.escalationsEnded; // superseded by the next one
        m_isEscalationOpen = event.kind != EventKind::LogRow;
        m_isVerdictDue = false;
        if (!m_firstEscalation) {
            m_firstEscalation = step.at;
            f.timeToEscalate = (step.at - f.created).count();
            f.escalatedAfter = m_previousAgent;
            f.escalatedBy = event.actor;
            f.isAutomatic = event.actor.startsWith(u"rule:");
        }
        ++f.escalationSteps;
    } else {
        f.isReturnedAfterEscalation = f.isReturnedAfterEscalation || f.escalationSteps > 0;
        ++f.returnSteps;
        if (event.kind != EventKind::Returned && m_isEscalationOpen) {
            ++f.escalationsEnded; // sent down from outside; the verdict may follow
            m_isEscalationOpen = false;
            m_isVerdictDue = true;
        }
    }
    f.steps.push_back(std::move(step));
}

/// Reversal: an escalation returned with the verdict "L1 could have solved it". Imported tickets may
/// tell the move down and the return with its verdict as two events: one end, one verdict.
void Walk::takeEnd(const Event &event)
{
    if (!m_isEscalationOpen && !m_isVerdictDue)
        return;
    f.escalationsEnded += m_isEscalationOpen ? 1 : 0;
    m_isEscalationOpen = m_isVerdictDue = false;
    if (event.data.value("verdict"_L1).toString() == code(Verdict::L1CouldHaveSolved))
        ++f.reversals;
}

/// Imported tickets may tell one move to another tier and team as two events of one instant. It is
/// no reassignment, whichever of the two comes first.
void Walk::joinMoves(const Event &event, const QString &before)
{
    if (event.kind != EventKind::Moved || isSameTier(before, m_tier))
        return;
    m_tierMovedAt = event.at;
    if (m_reassignedAt == event.at)
        f.reassignments -= std::exchange(m_reassignedThen, 0);
}

void Walk::takeReassignment(const Event &event)
{
    const bool isFromOutside = event.kind == EventKind::Moved;
    if (isFromOutside && m_tierMovedAt == event.at)
        return;
    ++f.reassignments;
    if (!isFromOutside)
        return;
    m_reassignedThen = m_reassignedAt == event.at ? m_reassignedThen + 1 : 1;
    m_reassignedAt = event.at;
}

/// Moved: the team changes at all, nulls left out. Reassignment: another team at the same tier. A
/// state without a team is left out, so its neighbours are compared.
void Walk::takeTeam(const Event &event)
{
    m_team = event.team.value_or(m_team);
    if (m_team.isEmpty())
        return;
    f.hasTeam = true;
    if (m_lastTeam.isEmpty()) {
        f.startTeam = m_team;
    } else if (m_team != m_lastTeam) {
        if (f.moves++ == 0)
            f.timeToFirstMove = (event.at - f.created).count();
        if (isSameTier(m_tier, m_lastTeamTier))
            takeReassignment(event);
    }
    m_teams.visit(m_team);
    m_lastTeam = m_team;
    m_lastTeamTier = m_tier;
}

/// First resolution: the first solved event. Final: the first of the last unbroken run of solved
/// states. Reopened: a state that is not solved directly follows a solved one; deleting a solved
/// ticket brings no work back and is none.
void Walk::takeStatus(const Event &event)
{
    if (!event.status)
        return;
    f.hasStatus = true;
    m_status = *event.status;
    if (isSolved(*m_status)) {
        if (!f.firstResolution)
            f.firstResolution = (event.at - f.created).count();
        if (!m_solvedSince) {
            m_solvedSince = event.at;
            m_surveyed = holder();
        }
        return;
    }
    f.isReopened = f.isReopened || (m_solvedSince && *m_status != Status::Deleted);
    m_solvedSince.reset();
}

void Walk::takePriority(const Event &event)
{
    if (!event.priority)
        return;
    f.hasPriority = true;
    f.isPriorityRaised = f.isPriorityRaised || (m_priority && *event.priority > *m_priority);
    m_priority = *event.priority;
}

/// Awaited the customer: a row marked so by the log's map or, where we keep the status ourselves, a
/// change to pending. In a log "pending" may wait for anybody.
void Walk::takeWaiting(const Event &event)
{
    const bool isOurs = event.kind != EventKind::LogRow && event.kind != EventKind::Created;
    m_isAwaiting = m_isAwaiting || event.data.value("awaiting"_L1).toBool()
        || (isOurs && event.status == Status::Pending);
}

/// CSAT is credited to who held the ticket when the survey went out, not to who holds it later.
void Walk::takeCsat(const Event &event)
{
    const int score = event.data.value("score"_L1).toInt();
    if (score < 1 || score > 5)
        return;
    const Holder held = m_surveyed.value_or(holder());
    f.csat.push_back({ .score = score,
        .isAfterEscalation = f.escalationSteps > 0,
        .agent = held.agent,
        .tier = held.tier,
        .team = held.team });
}

TicketFacts Walk::finish()
{
    f.tierTurns = m_tiers.turns();
    f.teamTurns = m_teams.turns();
    f.isKeptAtFrontline = m_wasAtFrontline && !m_wasElsewhere;
    f.isSolved = m_solvedSince.has_value();
    if (m_solvedSince) {
        f.finalResolution = (*m_solvedSince - f.created).count();
        if (m_firstEscalation)
            f.resolutionAfterEscalation = (*m_solvedSince - *m_firstEscalation).count();
        if (m_isEscalationOpen)
            ++f.escalationsEnded; // resolved where it was
    }
    f.isOpen = m_status && isWorkable(*m_status);
    f.isUnassigned = f.isOpen && m_assignee.isEmpty();
    if (m_isAwaiting || (f.hasStatus && !m_isLog))
        f.awaitedCustomer = m_isAwaiting;
    return std::move(f);
}

/// First response: from the first public customer word to the next public human reply. Bots and
/// automatic answers are no human reply; notes are no word to or from the customer.
void takeMessages(TicketFacts &f, std::span<const MessageStamp> messages)
{
    const auto isCustomerWord = [](const MessageStamp &m) {
        return m.author == AuthorKind::Customer && m.kind != MessageKind::InternalNote;
    };
    const auto isHumanReply = [](const MessageStamp &m) {
        return m.author == AuthorKind::Agent && m.kind == MessageKind::PublicReply;
    };
    std::optional<Instant> word, reply;
    for (const MessageStamp &m : messages) {
        if (isCustomerWord(m) && (!word || m.at < *word))
            word = m.at;
        f.humanReplies += isHumanReply(m) ? 1 : 0;
    }
    f.hasMessages = !messages.empty();
    if (!word)
        return;
    for (const MessageStamp &m : messages) {
        if (isHumanReply(m) && m.at >= *word && (!reply || m.at < *reply))
            reply = m.at;
    }
    if (reply)
        f.firstResponse = (*reply - *word).count();
}

/// What an imported log says of itself: its resolution and its SLA verdict.
void takeKnown(TicketFacts &f, const QJsonObject &known)
{
    if (const auto met = known.value("sla_met"_L1); met.isBool())
        f.knownSlaMet = met.toBool();
    if (const auto at = Instant::parse(known.value("resolved_at"_L1).toString(), true))
        f.knownResolution = (*at - f.created).count();
}

/// A stretch with a limit: due is reached at the limit itself, so leaving at it is too late.
std::optional<ClockState> stateOf(
    std::optional<Instant> met, std::optional<Instant> left, Instant limit, Instant now)
{
    if (met)
        return *met < limit ? ClockState::Met : ClockState::Breached;
    if (left.value_or(now) >= limit)
        return ClockState::Breached;
    return left ? std::nullopt : std::optional(ClockState::Running); // left early: cancelled
}

/// The clocks of an escalation's own stages: to accept it, and to resolve it at its tier (solved or
/// handed back; going further up cancels it).
void takeStages(TicketFacts &f, std::span<const Escalation> escalations, Instant now)
{
    for (const Escalation &escalation : escalations) {
        if (!escalation.counts())
            continue;
        for (const StageEntry &stage : escalation.stages) {
            if (!stage.limit)
                continue;
            const bool isHandoff = stage.stage == Stage::Handoff;
            if (!isHandoff && stage.stage != Stage::Resolution)
                continue;
            const bool isCancelled = escalation.outcome == Outcome::Superseded;
            const auto met = isHandoff ? escalation.accepted
                : isCancelled          ? std::nullopt
                                       : stage.left;
            if (const auto state = stateOf(met, stage.left, *stage.limit, now))
                f.clocks.push_back({ isHandoff ? u"accept"_s : u"tier_resolution"_s, *state });
        }
    }
}

} // namespace

TicketFacts factsOf(const TicketInput &input, const Ranks &ranks, Instant now)
{
    std::vector<Event> sorted;
    std::span<const Event> events = input.events;
    if (!std::is_sorted(events.begin(), events.end(), comesBefore)) {
        sorted.assign(events.begin(), events.end());
        std::stable_sort(sorted.begin(), sorted.end(), comesBefore);
        events = sorted;
    }

    const Validity validity(events);
    Walk walk(input, ranks);
    for (size_t i = 0; i < events.size(); ++i) {
        if (const Standing standing = validity.of(i); standing != Standing::Undone)
            walk.take(events[i], standing);
    }
    TicketFacts facts = walk.finish();
    takeMessages(facts, input.messages);
    takeKnown(facts, input.ticket.fields.value("known"_L1).toObject());
    takeStages(facts, input.escalations, now);
    facts.clocks.insert(facts.clocks.end(), input.clocks.begin(), input.clocks.end());
    return facts;
}

} // namespace tierline::metrics

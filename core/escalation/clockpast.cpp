#include "core/escalation/clockpast.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <functional>

namespace tierline::escalation {

using namespace Qt::StringLiterals;
using sla::Fact;

namespace {

/// What an event may say of the issue, that policies read.
constexpr std::pair<QLatin1StringView, QString sla::PolicyFields::*> issueFields[] {
    { eventdata::category, &sla::PolicyFields::category },
    { eventdata::product, &sla::PolicyFields::product },
    { eventdata::type, &sla::PolicyFields::type },
};

} // namespace

QSet<qint64> unsentIn(const std::vector<Event> &events)
{
    QSet<qint64> unsent;
    for (const Event &event : events) {
        for (const QJsonValue &value : event.data.value(eventdata::unsent).toArray())
            unsent.insert(value.toInteger());
    }
    return unsent;
}

Event keptInside(const Event &message)
{
    Event kept = message;
    kept.data[eventdata::internal] = true;
    return kept;
}

/// Takes one event into a fold.
class PastReader
{
public:
    explicit PastReader(ClockPastFold &fold)
        : m_people(*fold.m_people)
        , m_unsent(fold.m_unsent)
        , m_past(fold.m_past)
        , m_fields(fold.m_fields)
        , m_isCreated(fold.m_isCreated)
    {
    }
    void take(const Event &event);

private:
    void add(const Event &event, Fact::Kind kind, const QString &tier = {})
    {
        m_past.facts.push_back({ .at = event.at, .kind = kind, .tier = tier });
    }
    void takeStatus(const Event &event);
    void takeMessage(const Event &event);
    void takeReached(const Event &event);
    bool isWaiting(const QString &operation) const;
    void stopWaiting(const std::function<bool(const sla::TicketPast::Waiting &)> &meant,
        std::optional<Instant> at = {});
    void takeMove(const Event &event);
    void takeFields(const Event &event);
    void takeData(const QJsonObject &data, const auto &set);
    void takeHandDue(const Event &event);
    void takePromise(const Event &event);
    int rankOf(const QString &tier) const { return m_people.rankOf.value(tier, 1); }

    const ClockPeople &m_people;
    const QSet<qint64> &m_unsent;
    sla::TicketPast &m_past;
    sla::PolicyFields &m_fields;
    bool &m_isCreated;
};

void PastReader::take(const Event &event)
{
    if (event.kind == EventKind::Undone)
        return;
    const bool isFirst = event.kind == EventKind::Created && !m_isCreated;
    if (isFirst) {
        m_isCreated = true;
        m_fields.channel = event.data.value(eventdata::channel).toString();
        add(event, Fact::Kind::Created, event.tier.value_or(QString()));
        m_past.facts.back().isBotTier = rankOf(event.tier.value_or(QString())) == 0;
    }
    if (event.kind == EventKind::Message)
        takeMessage(event);
    if (event.kind == EventKind::Accepted)
        add(event, Fact::Kind::Accepted);
    if (!isFirst)
        takeMove(event);
    // That the helpdesk closes what was merged away solves nothing: it goes on in the other ticket.
    const bool isMerged = event.data.contains(eventdata::mergedInto);
    if (isMerged)
        add(event, Fact::Kind::Merged);
    if (event.status && !isMerged)
        takeStatus(event);
    if (event.kind == EventKind::Changed && event.data.contains(eventdata::reached))
        takeReached(event);
    if (event.kind == EventKind::Changed && event.data.contains(eventdata::noAnswer))
        add(event, Fact::Kind::NoAnswerNeeded);
    if (event.kind == EventKind::Changed && event.data.contains(eventdata::promised))
        takePromise(event);
    if (event.kind == EventKind::Changed && event.data.contains(eventdata::handDue))
        takeHandDue(event);
    takeFields(event);
}

void PastReader::takeMessage(const Event &event)
{
    if (event.data.value(eventdata::internal).toBool() || m_unsent.contains(event.message.v))
        return;
    if (event.actorKind == AuthorKind::Customer)
        return add(event, Fact::Kind::CustomerWord);
    const bool isHuman
        = event.actorKind == AuthorKind::Agent && !event.data.value(eventdata::notice).toBool();
    add(event, isHuman ? Fact::Kind::HumanReply : Fact::Kind::MachineReply);
    if (isHuman)
        m_past.facts.back().tiers
            = m_people.tiersOf.value(event.actor, QStringList { m_fields.tier });
    if (isHuman && event.data.value(eventdata::awaitsSending).toBool()) {
        m_past.waiting.push_back({ event.operation, std::move(m_past.facts.back()) });
        m_past.facts.pop_back();
    }
    if (event.data.contains(eventdata::promised))
        takePromise(event);
}

bool PastReader::isWaiting(const QString &operation) const
{
    return std::ranges::any_of(m_past.waiting,
        [&](const sla::TicketPast::Waiting &one) { return one.operation == operation; });
}

/// What is solved with an answer is solved for the customer when they have it.
void PastReader::takeStatus(const Event &event)
{
    Fact fact { .at = event.at, .kind = Fact::Kind::StatusSet, .status = *event.status };
    if (isSolved(*event.status) && isWaiting(event.operation)) {
        m_past.waiting.push_back({ event.operation, fact });
        return;
    }
    // Where a later status says how the ticket stands, an earlier one counts from its own instant: it would undo
    // the later one.
    stopWaiting(
        [](const sla::TicketPast::Waiting &one) { return one.fact.kind == Fact::Kind::StatusSet; });
    m_past.facts.push_back(fact);
}

/// What waits and is `meant` is a fact now, at `at` where that is later than when it was done.
void PastReader::stopWaiting(
    const std::function<bool(const sla::TicketPast::Waiting &)> &meant, std::optional<Instant> at)
{
    const auto first = std::stable_partition(m_past.waiting.begin(), m_past.waiting.end(),
        [&meant](const sla::TicketPast::Waiting &one) { return !meant(one); });
    for (auto one = first; one != m_past.waiting.end(); ++one) {
        one->fact.at = std::max(at.value_or(one->fact.at), one->fact.at);
        m_past.facts.push_back(std::move(one->fact));
    }
    m_past.waiting.erase(first, m_past.waiting.end());
}

void PastReader::takeReached(const Event &event)
{
    const QString operation = event.data.value(eventdata::reached).toString();
    stopWaiting([&](const sla::TicketPast::Waiting &one) { return one.operation == operation; },
        Instant { event.data.value(eventdata::reachedAt).toInteger(event.at.ms) });
}

void PastReader::takePromise(const Event &event)
{
    add(event, Fact::Kind::Promised);
    m_past.facts.back().until = Instant { event.data.value(eventdata::promised).toInteger() };
}

void PastReader::takeMove(const Event &event)
{
    const QString to = event.tier.value_or(m_fields.tier);
    if (to != m_fields.tier) {
        add(event, Fact::Kind::TierSet, to);
        m_past.facts.back().isBotTier = rankOf(to) == 0;
    }
    if (event.kind == EventKind::Escalated)
        return add(event, Fact::Kind::Escalated, to);
    if (event.kind == EventKind::Returned || event.kind == EventKind::Withdrawn)
        return add(event, Fact::Kind::HandedBack);
    if (to == m_fields.tier)
        return;
    // Ranks as they were when it happened, where the event has kept them.
    const QJsonObject frozen = event.data.value(eventdata::escalation).toObject();
    const int was = frozen.value(eventdata::fromRank).toInt(rankOf(m_fields.tier));
    const int is = frozen.value(eventdata::toRank).toInt(rankOf(to));
    // From a bot to people is where their work begins, and no escalation of theirs.
    if (is > was && was > 0)
        add(event, Fact::Kind::Escalated, to);
    else if (is < was)
        add(event, Fact::Kind::HandedBack);
}

void PastReader::takeFields(const Event &event)
{
    bool isNew = m_past.fields.empty();
    const auto set = [&isNew](auto &field, const auto &value) {
        if (field == value)
            return;
        field = value;
        isNew = true;
    };
    if (event.tier)
        set(m_fields.tier, *event.tier);
    if (event.team) {
        set(m_fields.team, *event.team);
        set(m_fields.teamZone, m_people.zoneOf.value(m_fields.team));
    }
    if (event.priority)
        set(m_fields.priority, *event.priority);
    if (event.kind != EventKind::Message && !event.data.isEmpty())
        takeData(event.data, set);
    if (isNew)
        m_past.fields.push_back({ event.at, m_fields });
}

void PastReader::takeData(const QJsonObject &data, const auto &set)
{
    if (const QJsonValue value = data.value(eventdata::tags); value.isArray()) {
        QStringList tags;
        for (const QJsonValue &tag : value.toArray())
            tags.append(tag.toString());
        set(m_fields.tags, tags);
    }
    for (const auto &[name, field] : issueFields) {
        if (const QJsonValue value = data.value(name); value.isString())
            set(m_fields.*field, value.toString());
    }
    if (const QJsonValue severity = data.value(eventdata::severity); severity.isString())
        set(m_fields.severity, fromCode<Severity>(severity.toString()));
    const QJsonValue agreement = data.value(eventdata::agreement);
    if (const auto party = sla::partyFromCode(agreement[eventdata::party].toString()))
        set(m_fields.given[static_cast<size_t>(*party)], agreement[eventdata::policy].toString());
}

void PastReader::takeHandDue(const Event &event)
{
    const QJsonObject set = event.data.value(eventdata::handDue).toObject();
    const auto kind = sla::clockFromCode(set.value(eventdata::clock).toString());
    if (!kind)
        return;
    sla::HandDue due { .clock = *kind, .at = event.at, .actor = event.actor };
    due.reason = set.value(eventdata::reason).toString();
    if (set.contains(eventdata::due))
        due.due = Instant { set.value(eventdata::due).toInteger() };
    m_past.byHand.push_back(std::move(due));
}

ClockPastFold::ClockPastFold(const ClockPeople &people, QSet<qint64> unsent)
    : m_people(&people)
    , m_unsent(std::move(unsent))
{
    m_fields.plan = people.plan;
    m_fields.organization = people.organization;
    m_fields.customerZone = people.customerZone;
    m_fields.organizationZone = people.organizationZone;
}

bool ClockPastFold::take(const Event &event)
{
    const auto sizes = [this] {
        return std::array { m_past.facts.size(), m_past.fields.size(), m_past.byHand.size(),
            m_past.waiting.size() };
    };
    const auto before = sizes();
    PastReader(*this).take(event);
    const bool isTold = sizes() != before;
    m_isSorted = m_isSorted && !isTold;
    return isTold;
}

const sla::TicketPast &ClockPastFold::past()
{
    if (m_isSorted)
        return m_past;
    m_isSorted = true;
    sla::sortFacts(m_past.facts);
    // A source's own order may run against its times.
    const auto sort = [](auto &list, auto when) {
        if (!std::ranges::is_sorted(list, {}, when))
            std::ranges::stable_sort(list, {}, when);
    };
    sort(m_past.fields, &sla::TicketPast::FieldsSince::from);
    sort(m_past.byHand, &sla::HandDue::at);
    return m_past;
}

ClockPeople ClockPeople::of(const QList<Tier> &tiers, const QList<Agent> &agents)
{
    ClockPeople people;
    for (const Tier &tier : tiers)
        people.rankOf.insert(tier.id, tier.rank);
    for (const Agent &agent : agents)
        people.tiersOf.insert(agent.id, QStringList { agent.homeTier } + agent.grantedTiers);
    return people;
}

sla::TicketPast clockPast(const std::vector<Event> &events, const ClockPeople &people)
{
    const QSet<qint64> undone = undoneIn(events);
    ClockPastFold fold(people, unsentIn(events));
    for (const Event &event : events) {
        if (!event.id || !undone.contains(event.id.v))
            fold.take(event);
    }
    return fold.past();
}

bool replacesStage(const sla::TicketClock &clock, const TicketState &state)
{
    return clock.isOpen() && replacesStage(clock.kind, state);
}

bool replacesStage(sla::ClockKind kind, const TicketState &state)
{
    const Escalation *record = state.openEscalation();
    if (!record)
        return false;
    switch (record->openStage()->stage) {
    case Stage::Handoff: return kind == sla::ClockKind::Accept;
    case Stage::Resolution: return kind == sla::ClockKind::TierResolution;
    default: return false;
    }
}

void setNextDue(TicketState &state, const std::vector<sla::TicketClock> &clocks)
{
    setStageClock(state);
    Ticket &ticket = state.ticket;
    if (!isWorkable(ticket.status))
        return;
    const bool isReplaced = std::ranges::any_of(
        clocks, [&](const sla::TicketClock &clock) { return replacesStage(clock, state); });
    if (isReplaced) {
        ticket.clock.clear();
        ticket.clockStart.reset();
        ticket.due.reset();
    }
    const sla::TicketClock *next = sla::nextDue(clocks);
    if (!next || (ticket.due && *ticket.due <= *next->reading.due))
        return;
    ticket.clock = sla::code(next->kind);
    ticket.clockStart = next->cycle.start;
    ticket.due = next->reading.due;
}

} // namespace tierline::escalation

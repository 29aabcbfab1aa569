#include "core/escalation/fold.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/limits.h"
#include "core/escalation/transitions.h"

#include <QJsonArray>
#include <QSet>
#include <QUuid>

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

QString ownerOf(const Ticket &ticket)
{
    if (!ticket.assignee.isEmpty())
        return ticket.assignee;
    return ticket.team.isEmpty() ? ticket.tier : ticket.team;
}

void addOnce(QStringList &list, const QString &value)
{
    if (!value.isEmpty() && !list.contains(value))
        list.append(value);
}

QStringList stringList(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &entry : value.toArray())
        list.append(entry.toString());
    return list;
}

/// One event being applied: the ticket's place before it, and what it does to the open record.
class Step
{
public:
    Step(TicketState &state, const Event &event)
        : m_state(state)
        , m_ticket(state.ticket)
        , m_event(event)
        , m_wasSolved(isSolved(state.ticket.status))
        , m_fromTier(event.tier ? state.ticket.tier : QString())
        , m_fromTeam(event.team ? state.ticket.team : QString())
        , m_fromAssignee(event.assignee ? state.ticket.assignee : QString())
        , m_fromPriority(state.ticket.priority)
    {
    }

    void run();

private:
    bool create();
    void setFields();
    void setOrigin(const QString &name, const QJsonValue &value);
    void setData(const QJsonObject &data);
    void act();
    void follow();
    void message();
    void moveFromOutside();
    void solveFromOutside();
    void returned();

    bool take(Action action);
    QString freeId(const QString &wanted) const;
    void openRecord(Stage stage);
    void fillMove(Escalation &record, const QJsonObject &data);
    void enter(Escalation &record, Stage stage);
    void end(Escalation &record, Outcome outcome);
    void noteOwner();
    void derive();

    std::optional<Stage> stage() const
    {
        const Escalation *record = m_state.openEscalation();
        return record ? std::optional(record->openStage()->stage) : std::nullopt;
    }
    /// The event's instant, never before the stage that it ends: some sources have an order of
    /// their own, and clocks are set back.
    Instant moment(const Escalation &record) const
    {
        return record.stages.empty() ? m_event.at : qMax(m_event.at, record.stages.back().entered);
    }
    const QString &fromTier() const { return m_event.tier ? m_fromTier : m_ticket.tier; }
    const QString &fromTeam() const { return m_event.team ? m_fromTeam : m_ticket.team; }
    const QString &fromAssignee() const
    {
        return m_event.assignee ? m_fromAssignee : m_ticket.assignee;
    }
    QJsonObject move() const { return m_event.data.value(eventdata::escalation).toObject(); }

    TicketState &m_state;
    Ticket &m_ticket;
    const Event &m_event;
    bool m_wasSolved;
    QString m_fromTier, m_fromTeam, m_fromAssignee; ///< where the event changes them
    Priority m_fromPriority;
    bool m_isRecordTouched = false;
    bool m_isBirth = false; ///< the event is the ticket's beginning
};

void Step::run()
{
    m_ticket.updated = qMax(m_ticket.updated, m_event.at);
    if (m_event.kind == EventKind::Undone)
        return; // what it undoes is left out by replay()
    m_isBirth = m_event.kind == EventKind::Created && create();
    setFields();
    act();
    noteOwner();
    if (m_isRecordTouched || m_event.status)
        derive();
}

/// A second file may know an older beginning of the same ticket: the first in order counts, and is the only one
/// for which this is true.
bool Step::create()
{
    if (m_ticket.created.ms != 0)
        return false;
    m_ticket.created = m_event.at;
    m_ticket.startTier = m_event.tier.value_or(QString());
    return true;
}

/// What only a ticket's beginning says.
void Step::setOrigin(const QString &name, const QJsonValue &value)
{
    if (name == eventdata::key)
        m_ticket.key = value.toString();
    else if (name == eventdata::channel)
        m_ticket.channel = value.toString();
    else if (name == eventdata::requester)
        m_ticket.requester.v = value.toInteger();
    else if (name == eventdata::organization)
        m_ticket.organization.v = value.toInteger();
}

void Step::setFields()
{
    if (m_event.tier)
        m_ticket.tier = *m_event.tier;
    if (m_event.team)
        m_ticket.team = *m_event.team;
    if (m_event.assignee)
        m_ticket.assignee = *m_event.assignee;
    if (m_event.priority) {
        m_ticket.priority = *m_event.priority;
        // Somebody touched it since it was raised: a return leaves it alone then.
        const bool isTouch = m_event.kind == EventKind::Changed || m_event.kind == EventKind::LogRow
            || m_event.kind == EventKind::Moved;
        if (Escalation *record = m_state.openEscalation(); record && isTouch)
            record->priorityBefore.reset();
    }
    if (m_event.status) {
        m_ticket.status = *m_event.status;
        m_ticket.isAwaitingYes = m_ticket.isAwaitingYes && m_ticket.status == Status::Solved;
    }
    if (m_event.kind != EventKind::Message && !m_event.data.isEmpty())
        setData(m_event.data);
}

void Step::setData(const QJsonObject &data)
{
    for (auto at = data.begin(); at != data.end(); ++at) {
        const QJsonValue value = at.value();
        const QString name = at.key();
        if (name == eventdata::subject)
            m_ticket.subject = value.toString();
        else if (name == eventdata::category)
            m_ticket.category = value.toString();
        else if (name == eventdata::product)
            m_ticket.product = value.toString();
        else if (name == eventdata::type)
            m_ticket.type = value.toString();
        else if (name == eventdata::severity)
            m_ticket.severity = fromCode<Severity>(value.toString());
        else if (name == eventdata::complex)
            m_ticket.isComplex = value.toBool();
        else if (name == eventdata::tags)
            m_ticket.tags = stringList(value);
        else if (name == eventdata::fields) {
            const QJsonObject changes = value.toObject();
            for (auto field = changes.begin(); field != changes.end(); ++field) {
                const QJsonValue changed = field.value();
                if (changed.isNull() || (changed.isString() && changed.toString().isEmpty()))
                    m_ticket.fields.remove(field.key());
                else
                    m_ticket.fields[field.key()] = changed;
            }
        } else if (m_isBirth) {
            setOrigin(name, value);
        }
    }
}

void Step::act()
{
    switch (m_event.kind) {
    case EventKind::Flagged: take(Action::Flag); break;
    case EventKind::Unflagged: take(Action::Unflag); break;
    case EventKind::Triaged: take(Action::Triage); break;
    case EventKind::Escalated: take(Action::Escalate); break;
    case EventKind::Withdrawn: take(Action::Withdraw); break;
    case EventKind::Accepted: take(Action::Accept); break;
    case EventKind::Returned: returned(); break;
    case EventKind::Solved:
        m_ticket.isAwaitingYes = m_ticket.status == Status::Solved;
        take(Action::Solve);
        break;
    case EventKind::Confirmed:
        take(Action::Confirm);
        for (const Escalation &record : m_state.escalations)
            m_ticket.followers.removeAll(record.actor); // they saw the outcome
        break;
    case EventKind::Reopened:
        if (take(Action::Reopen))
            addOnce(m_ticket.followers, m_state.escalations.back().actor);
        break;
    case EventKind::Reviewed: take(Action::Review); break;
    case EventKind::Followed: follow(); break;
    case EventKind::Message: message(); break;
    case EventKind::Changed:
    case EventKind::LogRow:
    case EventKind::Moved: moveFromOutside(); break;
    case EventKind::Created:
    case EventKind::Claimed:
    case EventKind::Reassigned:
    case EventKind::Csat:
    case EventKind::Undone: break;
    }
}

void Step::follow()
{
    const QString agent = m_event.data.value(eventdata::agent).toString();
    if (m_event.data.value(eventdata::follows).toBool(true))
        addOnce(m_ticket.followers, agent);
    else
        m_ticket.followers.removeAll(agent);
}

void Step::message()
{
    if (m_state.escalations.empty() || m_event.data.value(eventdata::internal).toBool())
        return;
    if (m_event.actorKind == AuthorKind::Customer)
        take(Action::CustomerWord);
    else if (m_event.data.value(eventdata::receiving).toBool())
        take(Action::PublicReply);
}

/// Changes that no command of ours made: they name no action, so it is read from what they change.
void Step::moveFromOutside()
{
    if (m_event.tier && m_ticket.tier != m_fromTier) {
        const QJsonObject ranks = move();
        const int from = ranks.value(eventdata::fromRank).toInt();
        const int to = ranks.value(eventdata::toRank).toInt();
        if (from != to && (stage() == Stage::Closure || stage() == Stage::Review) && to < from)
            take(Action::Reopen);
        if (to > from) {
            if (stage() == Stage::Review)
                take(Action::Reopen);
            take(Action::Escalate);
        } else if (to < from && !take(Action::Return)) {
            take(Action::Unflag);
        }
    }
    if (!m_state.openEscalation())
        return;
    if (isSolved(m_ticket.status))
        solveFromOutside();
    else if (m_wasSolved)
        take(Action::Reopen);
}

void Step::solveFromOutside()
{
    if (stage() == Stage::Handoff)
        take(Action::Accept);
    take(Action::Solve);
    if (m_ticket.status == Status::Closed && take(Action::Confirm) && m_event.origin != 0)
        take(Action::Review); // imported history: nobody will look back at it here
}

void Step::returned()
{
    const auto verdict = fromCode<Verdict>(m_event.data.value(eventdata::verdict).toString());
    if (take(Action::Return) || m_state.escalations.empty() || !verdict)
        return;
    // Sources that write the move and its verdict as two events: the move came first.
    Escalation &last = m_state.escalations.back();
    if (last.outcome == Outcome::Returned && !last.verdict) {
        last.verdict = verdict;
        if (*verdict == Verdict::L1CouldHaveSolved)
            last.outcome = Outcome::Reversed;
    }
}

bool Step::take(Action action)
{
    const Transition *line = find(stage(), action);
    if (!line)
        return false;
    m_isRecordTouched = true;
    Escalation *record = m_state.openEscalation();
    if (!record) {
        openRecord(*line->to);
    } else if (line->opensNext) {
        end(*record, line->outcome);
        openRecord(*line->to);
    } else if (!line->to) {
        end(*record, line->outcome);
    } else {
        if (*line->to == Stage::Handoff)
            fillMove(*record, move());
        if (record->openStage()->stage == Stage::Handoff && *line->to == Stage::Resolution) {
            record->accepted = moment(*record);
            record->acceptedBy = m_event.actor;
        }
        enter(*record, *line->to);
    }
    return true;
}

/// A late event can end the record that a flag opened before the escalation that was to go on with
/// it comes: that one then is a record of its own, with an id that every machine makes alike.
QString Step::freeId(const QString &wanted) const
{
    const auto isTaken = [&](const QString &id) {
        return std::ranges::any_of(
            m_state.escalations, [&](const Escalation &e) { return e.id == id; });
    };
    QString id = wanted;
    while (isTaken(id))
        id = QUuid::createUuidV5(QUuid(), id).toString(QUuid::WithoutBraces);
    return id;
}

void Step::openRecord(Stage stage)
{
    const QJsonObject data = move();
    Escalation record;
    record.id = freeId(data.value(eventdata::id).toString());
    record.actor = m_event.actor;
    record.note = m_event.note;
    // A record that follows another begins when that one ended, though the clock was set back.
    record.opened = m_event.at;
    if (!m_state.escalations.empty() && m_state.escalations.back().ended)
        record.opened = qMax(record.opened, *m_state.escalations.back().ended);
    record.fromTier = fromTier();
    record.fromTeam = fromTeam();
    record.fromAssignee = fromAssignee();
    record.fromRank = data.value(eventdata::fromRank).toInt();
    m_state.escalations.push_back(std::move(record));
    Escalation &added = m_state.escalations.back();
    if (stage == Stage::Handoff)
        fillMove(added, data);
    enter(added, stage);
}

/// `data` is what move() says.
void Step::fillMove(Escalation &record, const QJsonObject &data)
{
    addOnce(m_ticket.followers, m_event.actorKind == AuthorKind::Agent ? record.actor : QString());
    if (m_event.actorKind == AuthorKind::Agent && m_event.kind == EventKind::Escalated)
        addOnce(m_ticket.followers, m_event.actor);
    record.kind = fromCode<EscalationKind>(data.value(eventdata::kind).toString())
                      .value_or(EscalationKind::Functional);
    record.trigger
        = fromCode<Trigger>(data.value(eventdata::trigger).toString()).value_or(Trigger::Proactive);
    record.reasonCode = data.value(eventdata::reason).toString(u"outside"_s);
    record.sentence = data.value(eventdata::sentence).toString();
    record.noticeSkipped = data.value(eventdata::noticeSkipped).toString();
    record.fromTier = fromTier();
    record.fromTeam = fromTeam();
    record.fromAssignee = fromAssignee();
    record.fromRank = data.value(eventdata::fromRank).toInt();
    record.toTier = m_ticket.tier;
    record.toTeam = m_ticket.team;
    record.toRank = data.value(eventdata::toRank).toInt();
    record.actor = m_event.actor;
    record.note = m_event.note;
    record.moved = record.stages.empty() ? record.opened : moment(record);
    if (m_event.priority && m_ticket.priority != m_fromPriority)
        record.priorityBefore = m_fromPriority;
}

void Step::enter(Escalation &record, Stage stage)
{
    const Instant now = record.stages.empty() ? record.opened : moment(record);
    StageEntry row { .stage = stage, .entered = now };
    row.owner = stage <= Stage::Triage ? m_event.actor : ownerOf(m_ticket);
    if (const QJsonValue limit = m_event.data.value(eventdata::limit); limit.isDouble())
        row.limit = Instant { limit.toInteger() };
    if (!record.stages.empty())
        record.stages.back().left = now;
    record.stages.push_back(std::move(row));
}

void Step::end(Escalation &record, Outcome outcome)
{
    const Instant now = moment(record);
    record.stages.back().left = now;
    record.ended = now;
    record.outcome = outcome;
    if (outcome == Outcome::Returned) {
        record.verdict = fromCode<Verdict>(m_event.data.value(eventdata::verdict).toString());
        if (record.verdict == Verdict::L1CouldHaveSolved)
            record.outcome = Outcome::Reversed;
    }
}

/// Another team or agent at the same stage: the row ends and the next one has the same limit.
void Step::noteOwner()
{
    if (!m_event.team && !m_event.assignee)
        return;
    Escalation *record = m_state.openEscalation();
    if (!record || !find(record->openStage()->stage, Action::Reassign))
        return;
    const bool enteredNow = m_isRecordTouched;
    const QString owner = ownerOf(m_ticket);
    if (enteredNow || record->openStage()->owner == owner)
        return;
    m_isRecordTouched = true;
    const StageEntry open = *record->openStage();
    const Instant now = moment(*record);
    record->stages.back().left = now;
    record->stages.push_back(
        { .stage = open.stage, .owner = owner, .entered = now, .limit = open.limit });
}

/// What the ticket's row shows of its open escalation.
void Step::derive()
{
    m_ticket.flagNote.clear();
    m_ticket.reason.clear();
    setStageClock(m_state);
    const Escalation *record = m_state.openEscalation();
    if (!record)
        return;
    if (record->openStage()->stage <= Stage::Triage)
        m_ticket.flagNote = record->note;
    else
        m_ticket.reason = record->sentence;
}

} // namespace

void setStageClock(TicketState &state)
{
    Ticket &ticket = state.ticket;
    ticket.clock.clear();
    ticket.clockStart.reset();
    ticket.due.reset();
    const Escalation *record = state.openEscalation();
    if (!record)
        return;
    const StageEntry &open = *record->openStage();
    if (!isWorkable(ticket.status) || !isOurTurn(open.stage) || !open.limit)
        return;
    ticket.clock = clockOf(open.stage);
    ticket.due = open.limit;
    // The limit began with the first of the rows that share it.
    ticket.clockStart = open.entered;
    for (auto row = record->stages.rbegin(); row != record->stages.rend(); ++row) {
        if (row->stage != open.stage || row->limit != open.limit)
            break;
        ticket.clockStart = row->entered;
    }
}

void apply(TicketState &state, const Event &event)
{
    Step(state, event).run();
}

QSet<qint64> undoneIn(const std::vector<Event> &events)
{
    QSet<qint64> undone;
    for (const Event &event : events) {
        if (event.kind != EventKind::Undone)
            continue;
        for (const QJsonValue &value : event.data.value(eventdata::undoes).toArray())
            undone.insert(value.toInteger());
    }
    return undone;
}

TicketState replay(TicketId id, const std::vector<Event> &events)
{
    const QSet<qint64> undone = undoneIn(events);
    TicketState state;
    state.ticket.id = id;
    for (const Event &event : events) {
        if (!undone.contains(event.id.v))
            apply(state, event);
    }
    return state;
}

} // namespace tierline::escalation

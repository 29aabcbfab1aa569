#include "core/sync/send.h"

#include "core/storage/remotes.h"
#include "core/sync/card.h"

namespace tierline::sync {

using namespace Qt::StringLiterals;
using connectors::PushStep;
using storage::OutboxEntry;
using storage::OutboxState;
namespace field = connectors::field;

namespace {

/// Tickets of an account with something in the outbox: those with an escalation first, then the oldest.
Result<std::vector<TicketId>> waitingTickets(
    storage::Connection &connection, const QString &account)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT ticket FROM outbox WHERE account = ?1 GROUP BY ticket"
                           " ORDER BY max(kind = 'escalate') DESC, min(created), ticket"));
    rows.bind(1, account);
    std::vector<TicketId> tickets;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return tickets;
        tickets.push_back({ rows.integer(0) });
    }
}

connectors::RemoteUser userOf(const storage::Account &account)
{
    return { .id = account.myId(),
        .name = account.me.value("name"_L1).toString(),
        .email = account.me.value("email"_L1).toString(),
        .isAgent = true };
}

Card cardFor(const OutboxEntry &entry, const std::vector<Step> &steps, const QString &remote)
{
    Card card { .operation = entry.id,
        .ticket = remote,
        .kind = entry.kind,
        .actor = entry.body.value("actor"_L1).toString(),
        .actorName = entry.body.value("actor_name"_L1).toString(),
        .package = entry.body.value("package"_L1).toObject() };
    for (const Step &step : steps) {
        if (step.state == StepState::Skipped)
            continue;
        for (auto at = step.fields.begin(); at != step.fields.end(); ++at)
            card.sets[at.key()] = at.value();
    }
    return card;
}

/// What colleagues read; of what was given up by choice before they could read it, that too.
QString cardWords(const OutboxEntry &entry, const std::vector<Step> &steps)
{
    QString words = entry.body.value("note"_L1).toString();
    for (const Step &step : steps) {
        if (step.state == StepState::Skipped && !step.sentence.isEmpty())
            words = words.trimmed() + u"\n\n"_s + step.sentence;
    }
    return words;
}

/// Makes the request of a step. Events of a card stay as they stand in the body.
PushStep pushOf(const Action &action, const FieldMap &map, bool canAttach)
{
    const OutboxEntry &entry = action.entry;
    const Step &step = action.steps[action.step];
    PushStep push { .kind = step.kind,
        .ticket = action.remote,
        .operations = QStringList { entry.id } + action.joined,
        .queued = entry.created + map.clockOffset(),
        .fields = step.fields,
        .as = userOf(map.account()) };
    if (step.isCard) {
        const QByteArray document = writeCard(cardFor(entry, action.steps, action.remote),
            entry.body.value("events"_L1).toArray(), map.clockOffset());
        push.text = noteText(
            cardWords(entry, action.steps), entry.id, canAttach ? QByteArray() : document);
        if (canAttach)
            push.files.push_back({ .name = u"tierline-%1.json"_s.arg(entry.id),
                .contentType = u"application/json"_s,
                .size = document.size(),
                .bytes = document });
    } else if (step.message >= 0) {
        const QJsonObject message
            = entry.body.value("messages"_L1).toArray().at(step.message).toObject();
        push.text = message.value("text"_L1).toString();
        if (step.kind == PushStep::Kind::Note)
            push.text = noteText(push.text, entry.id, {});
    }
    push.mayBeDone = step.isOut();
    return push;
}

/// Why an operation as a whole stops here, for people.
Result<Done> refuse(storage::WriteScope &scope, OutboxEntry entry, const QString &sentence)
{
    entry.state = OutboxState::Refused;
    entry.error = sentence;
    entry.sent.reset();
    return storage::saveOperation(scope, entry);
}

/// One ticket's way through its operations.
class TicketWalk
{
public:
    TicketWalk(storage::WriteScope &scope, const FieldMap &map, bool canAttach, TicketId ticket)
        : m_scope(scope)
        , m_map(map)
        , m_canAttach(canAttach)
        , m_ticket(ticket)
    {
    }

    Result<std::optional<Action>> next();
    std::optional<Instant> nextAt() const { return m_nextAt; }

private:
    Result<std::optional<Action>> of(const OutboxEntry &entry, bool &isHeld);
    std::optional<size_t> nextStep(const std::vector<Step> &steps) const;
    Result<Done> park(const OutboxEntry &entry, const std::vector<Step> &steps);
    Result<Done> loseSight(Action &action);
    Result<Done> join(Action &action);
    void notBefore(Instant at) { m_nextAt = m_nextAt ? qMin(*m_nextAt, at) : at; }
    bool isBlocked(const QString &name) const { return m_blocked.contains(name); }

    storage::WriteScope &m_scope;
    const FieldMap &m_map;
    bool m_canAttach;
    TicketId m_ticket;
    QString m_remote;
    std::vector<OutboxEntry> m_entries;
    QSet<QString> m_blocked; ///< fields that an open conflict, or an earlier blocked step, holds
    std::optional<Instant> m_nextAt;
};

Result<std::optional<Action>> TicketWalk::next()
{
    TIERLINE_TRY(row, storage::remoteOf(m_scope.connection(), m_ticket));
    TIERLINE_TRY(entries, storage::loadOutboxOf(m_scope.connection(), m_ticket));
    m_entries = std::move(entries);
    if (!row) {
        for (const OutboxEntry &entry : m_entries)
            TIERLINE_CHECK(refuse(m_scope, entry, u"The remote does not have this ticket."_s));
        return std::optional<Action>();
    }
    m_remote = row->remote;
    TIERLINE_TRY(conflicts, storage::loadConflicts(m_scope.connection(), m_ticket));
    for (const storage::Conflict &conflict : conflicts)
        m_blocked.insert(conflict.field);
    for (const OutboxEntry &entry : m_entries) {
        bool isHeld = false;
        TIERLINE_TRY(action, of(entry, isHeld));
        if (action || isHeld)
            return action;
    }
    return std::optional<Action>();
}

Result<std::optional<Action>> TicketWalk::of(const OutboxEntry &entry, bool &isHeld)
{
    isHeld = true;
    if (entry.state == OutboxState::Refused)
        return std::optional<Action>();
    const Instant now = m_scope.now();
    const bool isUnknown
        = entry.state == OutboxState::Unknown; // whatever its time, it may have been sent
    const Instant due = isUnknown ? entry.nextTry : qMax(entry.nextTry, entry.notBefore);
    if (due > now) {
        notBefore(due);
        return std::optional<Action>();
    }
    auto steps = currentSteps(entry, m_map);
    if (!steps) {
        TIERLINE_CHECK(refuse(m_scope, entry, steps.error().detail));
        return std::optional<Action>();
    }
    if (std::ranges::none_of(*steps, &Step::isOpen)) { // nothing that this remote needs to hear
        isHeld = false;
        TIERLINE_CHECK(storage::removeOperation(m_scope, entry.id));
        return std::optional<Action>();
    }
    const auto chosen = nextStep(*steps);
    if (!chosen) {
        isHeld = false;
        TIERLINE_CHECK(park(entry, *steps));
        return std::optional<Action>();
    }
    Action action { .kind = (*steps)[*chosen].isOut() ? Action::Kind::Look : Action::Kind::Send,
        .entry = entry,
        .step = *chosen,
        .steps = *steps,
        .remote = m_remote };
    const bool isLook = action.kind == Action::Kind::Look;
    TIERLINE_CHECK(isLook ? loseSight(action) : join(action));
    action.push = pushOf(action, m_map, m_canAttach);
    for (const QString &name : action.push.fields.keys()) {
        if (!isLook && isBlocked(name))
            action.push.fields.remove(name);
    }
    return std::optional<Action>(std::move(action));
}

/// Which step of an operation may go now: what is out is looked for first; a move in conflict holds all
/// that belongs to it, its note before and the customer's notice after; any other field in conflict
/// holds itself alone.
std::optional<size_t> TicketWalk::nextStep(const std::vector<Step> &steps) const
{
    const auto out = std::ranges::find_if(steps, &Step::isOut);
    if (out != steps.end())
        return static_cast<size_t>(out - steps.begin());
    for (const Step &step : steps) {
        const bool isMove = step.isOpen() && step.fields.contains(field::place);
        if (isMove && isBlocked(field::place))
            return std::nullopt;
    }
    for (size_t i = 0; i < steps.size(); ++i) {
        const QStringList names = steps[i].fields.keys();
        const bool isStopped = !names.isEmpty()
            && std::ranges::all_of(names, [&](const QString &name) { return isBlocked(name); });
        if (steps[i].isOpen() && !isStopped)
            return i;
    }
    return std::nullopt;
}

/// All that is left of an operation waits for a choice; so does what later ones would set of the same.
Result<Done> TicketWalk::park(const OutboxEntry &entry, const std::vector<Step> &steps)
{
    for (const Step &step : steps) {
        for (const QString &name : step.isOpen() ? step.fields.keys() : QStringList())
            m_blocked.insert(name);
    }
    if (entry.state == OutboxState::Conflict)
        return Done {};
    OutboxEntry parked = entry;
    parked.state = OutboxState::Conflict;
    parked.error = u"Somebody changed the same field there: choose which value holds."_s;
    return storage::saveOperation(m_scope, parked);
}

/// Whoever was sending it is gone and may have sent its last byte at any moment up to that.
Result<Done> TicketWalk::loseSight(Action &action)
{
    Step &step = action.steps[action.step];
    if (step.state != StepState::Sending)
        return Done {};
    step.state = StepState::Unknown;
    action.entry.state = OutboxState::Unknown;
    action.entry.sent.reset();
    action.entry.steps = toJson(action.steps);
    return storage::saveOperation(m_scope, action.entry);
}

/// Neighbouring field changes go out as one request: the later value of a field wins.
Result<Done> TicketWalk::join(Action &action)
{
    Step &first = action.steps[action.step];
    if (action.entry.attempts > 0 || action.steps.size() != 1
        || first.kind != PushStep::Kind::Fields)
        return Done {};
    auto at = std::ranges::find(m_entries, action.entry.id, &OutboxEntry::id);
    for (++at; at != m_entries.end(); ++at) {
        const auto steps = currentSteps(*at, m_map);
        const bool isAlone = steps && steps->size() == 1
            && steps->front().kind == PushStep::Kind::Fields
            && steps->front().state == StepState::Todo;
        if (!isAlone || at->attempts > 0 || at->state != OutboxState::Waiting
            || at->notBefore > m_scope.now() || at->nextTry > m_scope.now())
            return Done {};
        const QJsonObject more = steps->front().fields;
        if (more.contains(field::place) || first.fields.contains(field::place))
            return Done {};
        for (auto one = more.begin(); one != more.end(); ++one)
            first.fields[one.key()] = one.value();
        action.joined.append(at->id);
    }
    return Done {};
}

} // namespace

Result<Done> openRestored(storage::WriteScope &scope, const FieldMap &map, bool canAttach)
{
    TIERLINE_TRY(ids, storage::restoredOperations(scope.connection(), map.account().name));
    QStringList opened;
    for (const QString &id : ids) {
        TIERLINE_TRY(entry, storage::findOperation(scope.connection(), id));
        if (!entry) {
            opened.append(id);
            continue;
        }
        TIERLINE_TRY(row, storage::remoteOf(scope.connection(), entry->ticket));
        const auto steps = currentSteps(*entry, map);
        if (!row || !steps)
            continue; // it cannot be said yet: refused in this round, and opened when it can be
        Action action { .entry = *entry, .steps = *steps, .remote = row->remote };
        for (Step &step : action.steps) {
            if (step.isOpen() && !step.isOut())
                step.state = StepState::Unknown;
        }
        for (action.step = 0; action.step < action.steps.size(); ++action.step) {
            if (!action.steps[action.step].isOut())
                continue;
            action.push = pushOf(action, map, canAttach);
            TIERLINE_CHECK(expectEchoes(scope, map, action));
        }
        action.entry.steps = toJson(action.steps);
        action.entry.state = OutboxState::Unknown;
        action.entry.sent.reset();
        TIERLINE_CHECK(storage::saveOperation(scope, action.entry));
        opened.append(id);
    }
    return storage::forgetRestored(scope, opened);
}

Result<NextActions> nextActions(storage::WriteScope &scope, const FieldMap &map, bool canAttach,
    const QSet<qint64> &busy, size_t limit)
{
    NextActions next;
    TIERLINE_TRY(tickets, waitingTickets(scope.connection(), map.account().name));
    for (const TicketId ticket : tickets) {
        if (next.actions.size() >= limit)
            break;
        if (busy.contains(ticket.v))
            continue;
        TicketWalk walk(scope, map, canAttach, ticket);
        TIERLINE_TRY(action, walk.next());
        if (action)
            next.actions.push_back(std::move(*action));
        if (walk.nextAt())
            next.nextAt = next.nextAt ? qMin(*next.nextAt, *walk.nextAt()) : *walk.nextAt();
    }
    return next;
}

} // namespace tierline::sync

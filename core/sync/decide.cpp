#include "core/sync/decide.h"

#include "core/escalation/eventdata.h"
#include "core/storage/people.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "core/sync/ownlog.h"
#include "core/sync/pending.h"

#include <QJsonArray>

namespace tierline::sync {

using namespace Qt::StringLiterals;
using Kind = connectors::PushStep::Kind;
using storage::OutboxEntry;
using storage::OutboxState;
namespace field = connectors::field;

namespace {

QString wordsOf(const QJsonValue &value)
{
    if (value.isArray()) {
        QStringList words;
        for (const QJsonValue &one : value.toArray())
            words.append(one.toString());
        return words.join(u", "_s);
    }
    return value.isString() ? value.toString() : value.toVariant().toString();
}

Result<FieldMap> mapOf(storage::Connection &connection, const QString &account)
{
    TIERLINE_TRY(found, storage::findAccount(connection, account));
    return FieldMap::load(connection, found);
}

/// A person's decision, in the ticket's log.
Result<Done> log(storage::WriteScope &scope, TicketId ticket, Event event, const QString &agent)
{
    event.actor = agent;
    return addToLog(scope, ticket, std::move(event));
}

/// What the choice left of an operation: its state says what its steps say.
Result<Done> saveOrRemove(
    storage::WriteScope &scope, OutboxEntry entry, const std::vector<Step> &steps)
{
    scope.touch(entry.ticket);
    if (std::ranges::none_of(steps, &Step::isOpen))
        return storage::removeOperation(scope, entry.id);
    entry.steps = toJson(steps);
    const bool isOut = std::ranges::any_of(steps, &Step::isOut);
    const bool isRefused = std::ranges::any_of(
        steps, [](const Step &step) { return step.state == StepState::Refused; });
    if (!isOut && !isRefused) {
        entry.state = OutboxState::Waiting;
        entry.error.clear();
        entry.nextTry = {};
    }
    return storage::saveOperation(scope, entry);
}

/// "The place stays “L2 Billing”, as chosen."
QString staySentence(const QString &name, const QJsonValue &value)
{
    const QString what = name.startsWith(field::custom)
        ? u"“%1”"_s.arg(name.mid(QString(field::custom).size()).left(64).simplified())
        : name;
    const QString words = wordsOf(value).left(64).simplified();
    return words.isEmpty() ? u"The %1 stays empty, as chosen."_s.arg(what)
                           : u"The %1 stays “%2”, as chosen."_s.arg(what, words);
}

const QString noticeStays
    = u"The customer was not told: the notice spoke of a move that was not made."_s;

/// An escalation whose place was given up happens elsewhere or not at all, so what the customer was to
/// read of it, "our specialists have it", would not be true. The agent who chose knows what is true now
/// and can write it; a notice that stayed unsent can be written again, one that was sent cannot be unsaid.
/// Gives the messages' ids.
QJsonArray keepNoticeBack(std::vector<Step> &steps, const std::vector<Event> &said)
{
    QJsonArray kept;
    for (Step &step : steps) {
        if (step.message < 0 || step.message >= qsizetype(said.size()) || !step.isOpen()
            || step.isOut())
            continue;
        const Event &event = said[size_t(step.message)];
        if (!event.data.value(eventdata::notice).toBool())
            continue;
        step.state = StepState::Skipped;
        step.sentence = noticeStays;
        kept.append(event.message.v);
    }
    return kept;
}

/// Nothing of ours is sent for a field any more; all else of those operations goes on, but for the notice
/// of a move that is not made. Adds to `unsent` what the customer is not told.
Result<Done> forgetField(storage::WriteScope &scope, const FieldMap &map,
    const storage::Conflict &conflict, QJsonArray &unsent)
{
    TIERLINE_TRY(entries, storage::loadOutboxOf(scope.connection(), conflict.ticket));
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), conflict.ticket));
    for (const OutboxEntry &entry : entries) {
        auto steps = currentSteps(entry, map);
        if (!steps)
            continue;
        bool isChanged = false;
        for (Step &step : *steps) {
            if (!step.isOpen() || !step.fields.contains(conflict.field))
                continue;
            isChanged = true;
            step.forget(conflict.field);
            if (step.fields.isEmpty()) {
                step.state = StepState::Skipped;
                step.sentence = staySentence(conflict.field, conflict.remote);
            }
        }
        if (isChanged && conflict.field == field::place) {
            for (const QJsonValue message : keepNoticeBack(*steps, saidBy(events, entry.id)))
                unsent.append(message);
        }
        if (isChanged)
            TIERLINE_CHECK(saveOrRemove(scope, entry, *steps));
    }
    return Done {};
}

/// Lets what waited for the choice go on.
Result<Done> release(storage::WriteScope &scope, TicketId ticket)
{
    TIERLINE_TRY(entries, storage::loadOutboxOf(scope.connection(), ticket));
    for (OutboxEntry &entry : entries) {
        if (entry.state != OutboxState::Conflict)
            continue;
        entry.state = OutboxState::Waiting;
        entry.error.clear();
        entry.nextTry = {};
        TIERLINE_CHECK(storage::saveOperation(scope, entry));
    }
    return Done {};
}

/// The name to say to people; the id where nobody has it.
Result<QString> nameOf(storage::Connection &connection, const QString &agent)
{
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    const auto found = std::ranges::find(agents, agent, &Agent::id);
    return found == agents.end() || found->name.isEmpty() ? agent : found->name;
}

bool isOut(const OutboxEntry &entry)
{
    return entry.state == OutboxState::Sending || entry.state == OutboxState::Unknown;
}

/// What the ticket returns to where an operation is given up.
Event backEvent(const OutboxEntry &entry, const TicketState &state)
{
    const Escalation *record = state.openEscalation();
    const bool isItsOwn = entry.kind == u"escalate" && record && record->openStage()
        && record->openStage()->stage == Stage::Handoff;
    return { .kind = isItsOwn ? EventKind::Withdrawn : EventKind::Changed };
}

} // namespace

Result<Done> resolveConflict(
    storage::WriteScope &scope, const QString &id, Side side, const QString &agent)
{
    TIERLINE_TRY(found, storage::findConflict(scope.connection(), id));
    if (!found)
        return notFound(
            u"There is no open conflict “%1”: somebody has settled it."_s.arg(id.left(64)));
    const storage::Conflict conflict = *found;
    TIERLINE_TRY(map, mapOf(scope.connection(), conflict.account));
    TIERLINE_TRY(row, storage::remoteOf(scope.connection(), conflict.ticket));
    if (!row)
        return storageError(u"A ticket lost its other side."_s);
    TIERLINE_TRY(waiting, storage::loadOutboxOf(scope.connection(), conflict.ticket));
    TIERLINE_TRY(pending, pendingFields(waiting, map));
    if (side == Side::Local && !pending.fields.contains(conflict.field))
        return conflictError(u"Our side of this was taken back: the next sync settles it."_s);
    row->base[conflict.field] = normalised(conflict.field, conflict.remote);
    TIERLINE_CHECK(storage::saveRemote(scope, *row));
    TIERLINE_CHECK(storage::closeConflict(scope, conflict.ticket, conflict.field));

    Event event { .kind = EventKind::Changed };
    if (side == Side::Local) {
        event.note = u"Kept “%1” over “%2” by %3 (%4)."_s.arg(
            wordsOf(conflict.local), wordsOf(conflict.remote), conflict.remoteBy, conflict.field);
        TIERLINE_CHECK(release(scope, conflict.ticket));
        return log(scope, conflict.ticket, std::move(event), agent);
    }
    event.note = u"Took “%1” by %2 over “%3” (%4)."_s.arg(
        wordsOf(conflict.remote), conflict.remoteBy, wordsOf(conflict.local), conflict.field);
    if (conflict.field == field::place)
        event.kind = EventKind::Moved;
    map.apply({ { conflict.field, conflict.remote } }, event);
    QJsonArray unsent;
    TIERLINE_CHECK(forgetField(scope, map, conflict, unsent));
    if (!unsent.isEmpty()) {
        event.note += u' ' + noticeStays;
        event.data[eventdata::unsent] = unsent;
    }
    TIERLINE_CHECK(release(scope, conflict.ticket));
    return log(scope, conflict.ticket, std::move(event), agent);
}

Result<Done> retryOperation(storage::WriteScope &scope, const QString &operation)
{
    TIERLINE_TRY(entry, storage::findOperation(scope.connection(), operation));
    if (!entry)
        return notFound(u"No change “%1” waits to be sent."_s.arg(operation.left(64)));
    if (entry->state == OutboxState::Conflict)
        return conflictError(
            u"This waits for a choice between two values: resolve the conflict."_s);
    std::vector<Step> steps = stepsOf(entry->steps);
    for (Step &step : steps) {
        if (step.state == StepState::Refused) {
            step.state = StepState::Todo;
            step.sentence.clear();
        }
    }
    entry->steps = toJson(steps);
    if (entry->state == OutboxState::Refused)
        entry->state = OutboxState::Waiting;
    entry->attempts = 0;
    entry->nextTry = {};
    entry->notBefore = {};
    entry->error.clear();
    return storage::saveOperation(scope, *entry);
}

Result<Done> dropOperation(storage::WriteScope &scope, RandomSource &random,
    const QString &operation, const QString &agent)
{
    TIERLINE_TRY(entry, storage::findOperation(scope.connection(), operation));
    if (!entry)
        return notFound(u"No change “%1” waits to be sent."_s.arg(operation.left(64)));
    if (isOut(*entry))
        return conflictError(
            u"This has been sent, and nobody knows yet whether it arrived: it is being looked for."_s);
    TIERLINE_TRY(map, mapOf(scope.connection(), entry->account));
    TIERLINE_TRY(row, storage::remoteOf(scope.connection(), entry->ticket));
    TIERLINE_TRY(state, storage::loadTicket(scope.connection(), entry->ticket));
    const auto steps = currentSteps(*entry, map);
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), entry->ticket));
    const std::vector<Event> said = saidBy(events, entry->id);
    QJsonObject back;
    QJsonArray unsent;
    bool wasTold = false;
    if (!steps) { // it cannot be said in the remote's words: nothing of it was ever sent
        for (const Event &event : said)
            unsent.append(event.message.v);
    }
    if (steps && row) {
        for (const Step &step : *steps) {
            if (step.isOpen() && step.message >= 0 && step.message < qsizetype(said.size()))
                unsent.append(said[size_t(step.message)].message.v);
            wasTold |= step.isCard && step.state == StepState::Done;
            for (const QString &name : step.isOpen() ? step.fields.keys() : QStringList())
                back[name] = row->base.value(name);
        }
    }
    TIERLINE_CHECK(storage::removeOperation(scope, entry->id));
    for (const QString &name : back.keys())
        TIERLINE_CHECK(storage::closeConflict(scope, entry->ticket, name));
    Event event = backEvent(*entry, state);
    event.note = u"Given up: “%1” was not told."_s.arg(entry->account);
    event.data[eventdata::dropped] = entry->id;
    if (!unsent.isEmpty())
        event.data[eventdata::unsent] = unsent;
    map.apply(back, event);
    if (event.kind == EventKind::Changed && back.contains(field::place))
        event.kind = EventKind::Moved;
    const bool isWithdrawn = event.kind == EventKind::Withdrawn;
    if (isWithdrawn && wasTold) {
        event.operation = random.uuid();
        TIERLINE_TRY(name, nameOf(scope.connection(), agent));
        TIERLINE_CHECK(storage::queueOperation(scope,
            { .id = event.operation,
                .account = entry->account,
                .ticket = entry->ticket,
                .kind = u"withdraw"_s,
                .body = { { u"ticket"_s, state.ticket.key }, { u"actor"_s, agent },
                    { u"actor_name"_s, name },
                    { u"events"_s,
                        QJsonArray { QJsonObject { { u"kind"_s, code(EventKind::Withdrawn) },
                            { u"at"_s, scope.now().iso() }, { u"note"_s, event.note } } } },
                    { u"note"_s, u"%1 withdrew the escalation."_s.arg(name) } },
                .created = scope.now() }));
    }
    scope.touch(entry->ticket);
    return log(scope, entry->ticket, std::move(event), agent);
}

} // namespace tierline::sync

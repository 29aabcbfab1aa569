#include "core/sync/send.h"

#include "core/escalation/eventdata.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "core/sync/card.h"
#include "core/sync/echoes.h"
#include "core/sync/ownlog.h"

#include <QJsonArray>

namespace tierline::sync {

using namespace Qt::StringLiterals;
using connectors::PushOutcome;
using connectors::PushStep;
using storage::OutboxEntry;
using storage::OutboxState;
namespace field = connectors::field;

namespace {

/// Stores how far the steps are; an operation whose last step is over leaves the outbox.
Result<Done> saveSteps(
    storage::WriteScope &scope, OutboxEntry entry, const std::vector<Step> &steps)
{
    if (std::ranges::none_of(steps, &Step::isOpen)) {
        scope.touch(entry.ticket);
        return storage::removeOperation(scope, entry.id);
    }
    entry.steps = toJson(steps);
    return storage::saveOperation(scope, entry);
}

/// Puts the same step state on the operations that went along.
template<typename F>
Result<Done> forEachEntry(
    storage::WriteScope &scope, const FieldMap &map, const Action &action, F change)
{
    const QStringList ids = QStringList { action.entry.id } + action.joined;
    for (const QString &id : ids) {
        TIERLINE_TRY(entry, storage::findOperation(scope.connection(), id));
        if (!entry)
            continue; // its echo came back meanwhile, or it was given up
        // Of one that was impossible before it began nothing is stored yet.
        TIERLINE_TRY(steps, currentSteps(*entry, map));
        const size_t at = id == action.entry.id ? action.step : 0;
        if (at >= steps.size() || !steps[at].isOpen())
            continue;
        TIERLINE_CHECK(change(*entry, steps, steps[at]));
    }
    return Done {};
}

/// What was set is what both sides agree on from now on.
Result<Done> agree(storage::WriteScope &scope, const Action &action, const PushOutcome &outcome)
{
    TIERLINE_TRY(row, storage::remoteOf(scope.connection(), action.entry.ticket));
    if (!row)
        return Done {};
    // Where the read-back has another value somebody was faster, or the remote writes it differently:
    // the next pull then finds a change against this base and shows it.
    const QJsonObject sent = action.push.fields;
    for (auto at = sent.begin(); at != sent.end(); ++at)
        row->base[at.key()] = normalised(at.key(), at.value());
    for (const QString &name : sent.keys())
        TIERLINE_CHECK(storage::forgetAnnounced(scope, row->account, row->ticket, name));
    if (outcome.readBack)
        row->version = outcome.readBack->version;
    if (outcome.isOutOfSight)
        row->presence = static_cast<int>(connectors::Presence::Hidden);
    return storage::saveRemote(scope, *row);
}

/// Field name of the echo of what an action says; empty where it says nothing.
QString textEcho(const Action &action)
{
    switch (action.push.kind) {
    case PushStep::Kind::Reply: return replyEcho;
    case PushStep::Kind::Note: return noteEcho(action.steps[action.step].message);
    case PushStep::Kind::Fields: break;
    }
    return {};
}

/// Removes from a Fields step what is there now, by name: of operations that went together the latest
/// value of a field counts. What is in conflict stays in it.
void fulfil(Step &step, const QJsonObject &sent, const QJsonObject &same = {})
{
    for (const QJsonObject &there : { sent, same }) {
        for (const QString &name : there.keys())
            step.forget(name);
    }
    step.goAlone();
}

/// What an operation's step is from the moment its request leaves. The first of several that go
/// together takes all that the request sets, so that a look at the ticket finds it, and not a value that
/// a later one of them has replaced.
void sendStep(Step &step, const Action &action, bool isFirst)
{
    step.state = StepState::Sending;
    if (!action.isFields())
        return;
    for (const QString &name : action.same.keys())
        step.fields.remove(name);
    const QJsonObject own = step.fields;
    const QJsonObject &sent = action.push.fields;
    for (auto at = sent.begin(); at != sent.end(); ++at) {
        if (isFirst || step.fields.contains(at.key()))
            step.fields[at.key()] = at.value();
    }
    if (step.fields != own)
        step.own = own;
}

/// Of a request that had no effect.
void sendAgain(Step &step)
{
    if (step.kind == PushStep::Kind::Fields)
        step.goAlone();
    else
        step.state = StepState::Todo;
}

/// Nothing more can be done to a ticket that one can no longer see. What was to follow is given up, and the
/// log says so: a thread tells what the customer never got from what they did.
Result<Done> skipRest(storage::WriteScope &scope, const storage::OutboxEntry &entry,
    std::vector<Step> &steps, const QString &account)
{
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), entry.ticket));
    const std::vector<Event> said = saidBy(events, entry.id);
    QJsonArray unsent;
    QStringList unset;
    bool isCustomerUntold = false;
    for (Step &step : steps) {
        if (!step.isOpen())
            continue;
        step.state = StepState::Skipped;
        step.sentence = u"The ticket has moved out of sight of the user of “%1”."_s.arg(account);
        unset += step.fields.keys();
        if (step.message < 0 || step.message >= qsizetype(said.size()))
            continue;
        unsent.append(said[size_t(step.message)].message.v);
        isCustomerUntold |= step.kind == PushStep::Kind::Reply;
    }
    if (unsent.isEmpty() && unset.isEmpty())
        return Done {};
    Event event { .kind = EventKind::Changed, .actor = account, .actorKind = AuthorKind::System };
    event.note = u"The ticket has moved out of sight of the user of “%1”."_s.arg(account);
    if (isCustomerUntold)
        event.note += u" The customer was not told: write to them another way."_s;
    if (!unset.isEmpty())
        event.note += u" Not set there: %1."_s.arg(unset.join(u", "_s));
    if (!unsent.isEmpty())
        event.data[eventdata::unsent] = unsent;
    return addToLog(scope, entry.ticket, std::move(event));
}

/// The customer has the answer: since now, or, where it was looked for, since it was sent.
Result<Done> noteAnswer(storage::WriteScope &scope, const FieldMap &map, const Action &action)
{
    Instant at = scope.now();
    if (action.kind == Action::Kind::Look) {
        TIERLINE_TRY(echoes,
            storage::loadEchoes(scope.connection(), map.account().name, action.entry.ticket));
        for (const storage::Echo &echo : echoes) {
            if (echo.operation == action.entry.id && echo.field == replyEcho)
                at = std::min(at, echo.at - map.clockOffset());
        }
    }
    return noteReached(scope, map.account().name, action.entry.ticket, action.entry.id, at);
}

/// Whether tickets that our user moves to a place go out of their sight there: the next notice to a
/// customer then goes before the move.
Result<Done> rememberSight(
    storage::WriteScope &scope, const Action &action, const PushOutcome &outcome)
{
    const QString place = action.push.fields.value(field::place).toString();
    if (place.isEmpty())
        return Done {};
    TIERLINE_TRY(account, storage::findAccount(scope.connection(), action.entry.account));
    if (account.hides(place) == outcome.isOutOfSight)
        return Done {};
    account.setHides(place, outcome.isOutOfSight);
    return storage::saveAccount(scope, account);
}

/// The state of an operation whose step has an answer. After a restore several of its steps are out at once; what
/// was noted of the remote's time then goes on for all, since nothing is sent before the last of them is found.
void answered(OutboxEntry &entry, const std::vector<Step> &steps)
{
    const bool isOut = std::ranges::any_of(steps, &Step::isOut);
    entry.state = isOut ? OutboxState::Unknown : OutboxState::Waiting;
    entry.nextTry = {};
    if (!isOut)
        entry.sent.reset();
}

const QString hiddenOnce = u"The ticket has gone out of sight: it is looked for again."_s;

/// A step of unknown outcome stays so; its first look notes the remote's time.
void lookAgain(storage::WriteScope &scope, RandomSource &random, OutboxEntry &entry, Step &step,
    Instant serverNow)
{
    step.state = StepState::Unknown;
    entry.state = OutboxState::Unknown;
    entry.nextTry = scope.now() + Millis(4'000 + random.below(4'000));
    if (!entry.sent)
        entry.sent = serverNow;
}

void wait(OutboxEntry &entry, Instant now, Millis asked, RandomSource &random)
{
    entry.state = OutboxState::Waiting;
    entry.sent.reset();
    entry.nextTry = now + qMax(asked, backoff(entry.attempts, random));
}

} // namespace

Millis backoff(int attempts, RandomSource &random)
{
    const qint64 whole = qMin<qint64>(2'000LL << qBound(0, attempts - 1, 12), 15 * 60'000);
    return Millis(whole / 2 + random.below(whole / 2 + 1));
}

Result<Done> beginAction(storage::WriteScope &scope, const FieldMap &map, Action &action)
{
    const QStringList ids = QStringList { action.entry.id } + action.joined;
    for (const QString &id : ids) {
        TIERLINE_TRY(entry, storage::findOperation(scope.connection(), id));
        if (!entry)
            return conflictError(u"The operation was taken back."_s);
        TIERLINE_TRY(steps, currentSteps(*entry, map));
        const bool isFirst = id == action.entry.id;
        const size_t at = isFirst ? action.step : 0;
        // What is known of a place's sight may have put them in another order since they were planned.
        const bool isTheStep = at < steps.size() && steps[at].state == StepState::Todo
            && (!isFirst || steps[at].isFor(action.steps[at]));
        if (!isTheStep)
            return conflictError(u"The operation has changed meanwhile."_s);
        sendStep(steps[at], action, isFirst);
        entry->steps = toJson(steps);
        entry->state = OutboxState::Sending;
        entry->sent.reset();
        ++entry->attempts;
        TIERLINE_CHECK(storage::saveOperation(scope, *entry));
    }
    return expectEchoes(scope, map, action);
}

Result<Done> expectEchoes(storage::WriteScope &scope, const FieldMap &map, const Action &action)
{
    const storage::Account &account = map.account();
    const Instant sent = scope.now() + map.clockOffset();
    const auto expect = [&](const QString &name, const QString &value) {
        return storage::expectEcho(scope, account.name, action.entry.ticket,
            { .operation = action.push.operations.last(),
                .field = name,
                .value = value,
                .author = account.myId(),
                .at = sent });
    };
    const QJsonObject &fields = action.push.fields;
    for (auto at = fields.begin(); at != fields.end(); ++at)
        TIERLINE_CHECK(expect(at.key(), echoValue(at.key(), at.value())));
    if (const QString name = textEcho(action); !name.isEmpty())
        TIERLINE_CHECK(expect(
            name, name == replyEcho ? echoOfText(action.push.text) : echoOfNote(action.push.text)));
    return Done {};
}

Result<MergedStep> mergeAction(storage::WriteScope &scope, const FieldMap &map,
    RandomSource &random, Action &action, const connectors::RemoteTicket &there)
{
    MergedStep merged;
    using connectors::Presence;
    const QString &name = map.account().name;
    switch (there.presence) {
    case Presence::There: break;
    case Presence::Deleted:
        merged.impossible = u"The ticket was deleted in “%1”."_s.arg(name);
        break;
    case Presence::Gone: merged.impossible = u"“%1” does not know this ticket."_s.arg(name); break;
    case Presence::Hidden:
        merged.impossible = u"The user of “%1” may not see this ticket any more."_s.arg(name);
        break;
    case Presence::Merged:
        merged.impossible = u"The ticket was merged into %1: do it there."_s.arg(there.mergedInto);
        break;
    }
    if (!merged.impossible.isEmpty())
        return merged;
    TIERLINE_TRY(row, storage::remoteOf(scope.connection(), action.entry.ticket));
    if (!row)
        return storageError(u"A ticket lost its other side."_s);
    QJsonObject send;
    action.same = {};
    const QJsonObject wanted = action.push.fields;
    for (auto at = wanted.begin(); at != wanted.end(); ++at) {
        const QJsonValue remote = there.fields.value(at.key());
        const QJsonValue base = row->base.value(at.key());
        switch (merge(at.key(), base, at.value(), remote)) {
        case Merge::Same:
            action.same[at.key()] = at.value();
            row->base[at.key()] = normalised(at.key(), remote);
            break;
        case Merge::TakeRemote: // what we want is what it was: putting it back is a change too
        case Merge::Conflict:
            TIERLINE_CHECK(storage::saveConflict(scope,
                { .id = random.uuid(),
                    .account = name,
                    .ticket = action.entry.ticket,
                    .field = at.key(),
                    .base = base,
                    .local = at.value(),
                    .remote = remote,
                    .localBy = action.entry.body.value("actor"_L1).toString(),
                    .remoteBy = name,
                    .at = there.updated }));
            break;
        case Merge::SendLocal: send[at.key()] = at.value(); break;
        }
    }
    TIERLINE_CHECK(storage::saveRemote(scope, *row));
    action.push.fields = send;
    action.push.version = there.version;
    if (!send.isEmpty())
        return merged;
    // Nothing to send: what is there already is done, the rest waits for a choice.
    merged.isDone = action.same.size() == wanted.size();
    merged.isBlocked = !merged.isDone;
    if (action.same.isEmpty())
        return merged;
    const QStringList ids = QStringList { action.entry.id } + action.joined;
    for (const QString &id : ids) {
        TIERLINE_TRY(entry, storage::findOperation(scope.connection(), id));
        if (!entry)
            continue;
        TIERLINE_TRY(steps, currentSteps(*entry, map));
        const size_t at = id == action.entry.id ? action.step : 0;
        if (at >= steps.size() || !steps[at].isOpen())
            continue;
        fulfil(steps[at], {}, action.same);
        entry->state = OutboxState::Waiting;
        TIERLINE_CHECK(saveSteps(scope, *entry, steps));
    }
    return merged;
}

Result<Done> recordOutcome(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, const PushOutcome &outcome)
{
    const QString &account = map.account().name;
    const Instant now = scope.now();
    if (outcome.state == PushOutcome::State::Done) {
        TIERLINE_CHECK(agree(scope, action, outcome));
        TIERLINE_CHECK(rememberSight(scope, action, outcome));
        if (!outcome.entry.isEmpty())
            TIERLINE_CHECK(storage::rememberEntry(scope, account, outcome.entry,
                action.entry.ticket, action.entry.id, now + map.clockOffset()));
        if (action.push.kind == PushStep::Kind::Reply)
            TIERLINE_CHECK(noteAnswer(scope, map, action));
        const QString echo = textEcho(action);
        if (!echo.isEmpty() && !outcome.entry.isEmpty())
            TIERLINE_CHECK(
                storage::forgetEcho(scope, account, action.entry.ticket, action.entry.id, echo));
    }
    return forEachEntry(scope, map, action,
        [&](OutboxEntry &entry, std::vector<Step> &steps, Step &step) -> Result<Done> {
            switch (outcome.state) {
            case PushOutcome::State::Done:
                if (action.isFields())
                    fulfil(step, action.push.fields, action.same);
                else
                    step.state = StepState::Done;
                step.entry = outcome.entry;
                if (outcome.isOutOfSight)
                    TIERLINE_CHECK(skipRest(scope, entry, steps, account));
                answered(entry, steps);
                entry.attempts = 0;
                entry.error.clear();
                break;
            case PushOutcome::State::Refused:
                if (!action.joined.isEmpty()) { // find out which of them: one by one
                    step.goAlone();
                    entry.attempts = qMax(entry.attempts, 1); // so that nothing joins it again
                    entry.state = OutboxState::Waiting;
                    entry.nextTry = {};
                    entry.sent.reset();
                    break;
                }
                if (outcome.retry == Retry::Later && entry.attempts < MaxAttempts) {
                    sendAgain(step);
                    entry.error = outcome.sentence;
                    wait(entry, now, outcome.wait, random);
                    break;
                }
                step.state = StepState::Refused;
                step.sentence = outcome.sentence;
                entry.state = OutboxState::Refused;
                entry.error = outcome.sentence;
                entry.sent.reset();
                break;
            case PushOutcome::State::Stale:
            case PushOutcome::State::NotSent:
                sendAgain(step);
                entry.error = outcome.sentence;
                wait(entry, now, outcome.wait, random);
                if (outcome.state == PushOutcome::State::Stale) {
                    --entry.attempts; // not its fault: its neighbours may go with it again
                    entry.nextTry = now + Millis(random.below(500));
                }
                break;
            case PushOutcome::State::Unknown:
                step.state = StepState::Unknown;
                entry.state = OutboxState::Unknown;
                entry.error = outcome.sentence;
                entry.nextTry = now + Millis(1'000);
                entry.sent.reset();
                break;
            }
            return saveSteps(scope, entry, steps);
        });
}

Result<Done> recordLook(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, const connectors::Found &found, bool isOver)
{
    if (found.isThere)
        return recordOutcome(scope, map, random, action,
            { .state = PushOutcome::State::Done, .entry = found.entry });
    return forEachEntry(scope, map, action,
        [&](OutboxEntry &entry, std::vector<Step> &steps, Step &step) -> Result<Done> {
            if (isOver) {
                sendAgain(step);
                answered(entry, steps);
            } else {
                lookAgain(scope, random, entry, step, found.serverNow);
                step.sentence.clear();
            }
            return saveSteps(scope, entry, steps);
        });
}

Result<Done> recordHidden(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const Action &action, Instant serverNow, bool isOver)
{
    const QString &before = action.steps[action.step].sentence;
    if (isOver && before == hiddenOnce)
        return recordOutcome(scope, map, random, action,
            { .state = PushOutcome::State::Done, .isOutOfSight = true });
    return forEachEntry(scope, map, action,
        [&](OutboxEntry &entry, std::vector<Step> &steps, Step &step) -> Result<Done> {
            if (step.sentence != hiddenOnce)
                entry.sent.reset();
            lookAgain(scope, random, entry, step, serverNow);
            step.sentence = hiddenOnce;
            return saveSteps(scope, entry, steps);
        });
}

Result<Done> recordNotSent(
    storage::WriteScope &scope, RandomSource &random, const Action &action, const Error &error)
{
    // The way there is at fault, not the operation: the next round may try at once.
    const bool isOurWay = error.fault == Fault::Offline || error.fault == Fault::SignIn
        || error.fault == Fault::Cancelled;
    const QStringList ids = QStringList { action.entry.id } + action.joined;
    for (const QString &id : ids) {
        TIERLINE_TRY(entry, storage::findOperation(scope.connection(), id));
        if (!entry)
            continue;
        std::vector<Step> steps = stepsOf(entry->steps);
        const size_t at = id == action.entry.id ? action.step : 0;
        // A look that failed leaves the question open; a sending that never began has left nothing.
        if (action.kind == Action::Kind::Send) {
            if (at < steps.size() && steps[at].state == StepState::Sending)
                sendAgain(steps[at]);
            entry->state = OutboxState::Waiting;
        }
        entry->attempts = qMax(0, entry->attempts + (isOurWay ? -1 : 1));
        entry->nextTry = isOurWay
            ? Instant {}
            : scope.now() + qMax(error.wait, backoff(entry->attempts, random));
        entry->error = error.detail;
        entry->steps = toJson(steps);
        TIERLINE_CHECK(storage::saveOperation(scope, *entry));
    }
    return Done {};
}

} // namespace tierline::sync

#include "core/sync/echoes.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"
#include "core/storage/tickets.h"
#include "core/sync/card.h"
#include "core/sync/pending.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::sync {

using namespace Qt::StringLiterals;
using Kind = connectors::PushStep::Kind;

namespace {

/// Stores the steps of an operation of which one has arrived; with its last one it is over.
Result<Done> saveArrived(
    storage::WriteScope &scope, storage::OutboxEntry &entry, const std::vector<Step> &steps)
{
    if (std::ranges::none_of(steps, &Step::isOpen))
        return storage::removeOperation(scope, entry.id);
    if (std::ranges::none_of(steps, &Step::isOut)) {
        entry.state = storage::OutboxState::Waiting;
        entry.nextTry = {};
        entry.attempts = 0;
        entry.sent.reset();
    }
    entry.steps = toJson(steps);
    return storage::saveOperation(scope, entry);
}

} // namespace

quint64 originOf(const QString &account, const QString &what)
{
    const QByteArray hash
        = QCryptographicHash::hash((account + u'\n' + what).toUtf8(), QCryptographicHash::Sha256);
    quint64 origin = 0;
    for (int i = 0; i < 8; ++i)
        origin = origin << 8 | static_cast<quint8>(hash[i]);
    return origin == 0 ? 1 : origin;
}

QString echoValue(const QString &field, const QJsonValue &value)
{
    return QString::fromUtf8(
        QJsonDocument(QJsonArray { normalised(field, value) }).toJson(QJsonDocument::Compact));
}

QString echoOfText(const QString &text)
{
    const QByteArray hash
        = QCryptographicHash::hash(text.simplified().toUtf8(), QCryptographicHash::Sha256);
    return QString::fromLatin1(hash.toHex());
}

QString echoOfNote(const QString &text)
{
    QString letters;
    for (const QChar c : text) {
        if (c.isLetterOrNumber())
            letters.append(c);
    }
    return echoOfText(letters);
}

QString noteEcho(int message)
{
    return message < 0 ? u"note"_s : u"note.%1"_s.arg(message);
}

namespace {

/// Whether a note with our marker is the one that was sent, once.
Result<bool> takeNoteEcho(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, const QString &text)
{
    TIERLINE_TRY(echoes, storage::loadEchoes(scope.connection(), account, ticket));
    const QString value = echoOfNote(text);
    for (const storage::Echo &echo : echoes) {
        if (echo.operation != operation || echo.value != value || !echo.field.startsWith(u"note"))
            continue;
        TIERLINE_CHECK(storage::forgetEcho(scope, account, ticket, operation, echo.field));
        return true;
    }
    return false;
}

/// A note of ours that stands in the thread of another ticket, since its own was merged into that one: it
/// has arrived, and is a message of that thread. Any other one is a copy.
Result<Done> arrivedElsewhere(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, const connectors::RemoteEntry &entry)
{
    TIERLINE_TRY(found, storage::findOperation(scope.connection(), operation));
    if (!found || found->account != account)
        return Done {};
    TIERLINE_TRY(from, storage::remoteOf(scope.connection(), found->ticket));
    TIERLINE_TRY(into, storage::remoteOf(scope.connection(), ticket));
    if (!from || !into || from->presence != static_cast<int>(connectors::Presence::Merged)
        || from->mergedInto != into->remote)
        return Done {};
    TIERLINE_TRY(
        isSent, takeNoteEcho(scope, account, found->ticket, operation, entry.message->text));
    if (isSent)
        TIERLINE_CHECK(markArrived(scope, operation, Kind::Note, entry.id));
    return Done {};
}

} // namespace

Result<QString> ownOperation(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &myId, const connectors::RemoteEntry &entry)
{
    const bool isNote = entry.message->kind == MessageKind::InternalNote;
    const Kind kind = isNote ? Kind::Note : Kind::Reply;
    QString operation = entry.operation;
    // A marker counts in notes of agents only: anybody can write one into a mail.
    if (operation.isEmpty() && isNote && entry.author.isAgent)
        operation = markedOperation(entry.message->text);
    if (!operation.isEmpty()) {
        if (entry.author.id != myId) // somebody may copy our marker
            return QString();
        TIERLINE_TRY(isOurs, storage::hasOperation(scope.connection(), ticket, operation));
        if (!isOurs) {
            TIERLINE_CHECK(arrivedElsewhere(scope, account, ticket, operation, entry));
            return QString();
        }
        TIERLINE_TRY(isSent, takeNoteEcho(scope, account, ticket, operation, entry.message->text));
        if (!isSent && entry.operation.isEmpty())
            return QString();
        TIERLINE_CHECK(markArrived(scope, operation, kind, entry.id));
        return operation;
    }
    if (isNote || entry.author.id != myId)
        return QString();
    TIERLINE_TRY(echoes, storage::loadEchoes(scope.connection(), account, ticket));
    const QString value = echoOfText(entry.message->text);
    for (auto echo = echoes.rbegin(); echo != echoes.rend(); ++echo) { // the oldest first
        if (echo->field != replyEcho || echo->value != value)
            continue;
        TIERLINE_CHECK(storage::forgetEcho(scope, account, ticket, echo->operation, echo->field));
        TIERLINE_CHECK(markArrived(scope, echo->operation, kind, entry.id));
        return echo->operation;
    }
    return QString();
}

namespace {

/// A field of the request that is under way for a ticket has arrived: where `operation` went with that
/// request it has for each that did.
Result<bool> fieldArrived(storage::WriteScope &scope, TicketId ticket, const QString &name,
    const QJsonValue &value, const QString &operation)
{
    TIERLINE_TRY(found, storage::findOperation(scope.connection(), operation));
    if (!found || std::ranges::none_of(stepsOf(found->steps), &Step::isOut))
        return false;
    bool wasOut = false;
    TIERLINE_TRY(entries, storage::loadOutboxOf(scope.connection(), ticket));
    for (storage::OutboxEntry &entry : entries) {
        std::vector<Step> steps = stepsOf(entry.steps);
        const auto step = std::ranges::find_if(steps, [&](const Step &one) {
            return one.isOut() && one.kind == Kind::Fields && one.fields.contains(name)
                && isSame(name, one.fields.value(name), value);
        });
        if (step == steps.end())
            continue;
        wasOut = true;
        step->forget(name);
        if (step->fields.isEmpty())
            step->goAlone();
        TIERLINE_CHECK(saveArrived(scope, entry, steps));
    }
    return wasOut;
}

} // namespace

Result<TakenEchoes> takeEchoes(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const connectors::RemoteEntry &entry, QJsonObject &fields)
{
    TIERLINE_TRY(echoes, storage::loadEchoes(scope.connection(), account, ticket));
    TakenEchoes taken;
    for (auto echo = echoes.rbegin(); echo != echoes.rend(); ++echo) {
        if (echo->author != entry.author.id || !fields.contains(echo->field)
            || echo->value != echoValue(echo->field, fields.value(echo->field)))
            continue;
        TIERLINE_CHECK(storage::forgetEcho(scope, account, ticket, echo->operation, echo->field));
        const QJsonValue value = fields.value(echo->field);
        TIERLINE_TRY(wasOut, fieldArrived(scope, ticket, echo->field, value, echo->operation));
        if (wasOut)
            taken.arrived[echo->field] = value;
        taken.operation = echo->operation;
        fields.remove(echo->field);
    }
    return taken;
}

Result<bool> markArrived(
    storage::WriteScope &scope, const QString &operation, Kind kind, const QString &entry)
{
    TIERLINE_TRY(found, storage::findOperation(scope.connection(), operation));
    if (!found || found->steps.isEmpty())
        return false;
    std::vector<Step> steps = stepsOf(found->steps);
    const auto step = std::ranges::find_if(
        steps, [&](const Step &one) { return one.kind == kind && one.isOpen(); });
    if (step == steps.end())
        return false;
    step->state = StepState::Done;
    step->entry = entry;
    TIERLINE_CHECK(saveArrived(scope, *found, steps));
    return true;
}

Result<Done> nameUndone(storage::Connection &connection, TicketId ticket, Event &undone)
{
    const QString operation = undone.data.value(eventdata::undoesOperation).toString();
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket));
    QJsonArray ids;
    for (const Event &event : events) {
        if (!operation.isEmpty() && event.operation == operation
            && event.kind != EventKind::Message)
            ids.append(event.id.v);
    }
    undone.data[eventdata::undoes] = ids;
    return Done {};
}

Result<std::optional<Event>> undoStandIn(storage::Connection &connection, const QString &account,
    TicketId ticket, const QString &operation)
{
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket));
    const QSet<qint64> undone = escalation::undoneIn(events);
    QJsonArray ids;
    for (const Event &event : events) {
        if (event.operation == operation && event.actor == account
            && event.kind != EventKind::Undone && !undone.contains(event.id.v))
            ids.append(event.id.v);
    }
    if (ids.isEmpty())
        return std::optional<Event>();
    Event undo { .kind = EventKind::Undone, .actor = account, .actorKind = AuthorKind::System };
    undo.data[eventdata::undoes] = ids;
    undo.operation = operation;
    return std::optional<Event>(std::move(undo));
}

Result<Done> settleConflicts(storage::WriteScope &scope, TicketId ticket, const QStringList &fields)
{
    if (fields.isEmpty())
        return Done {};
    TIERLINE_TRY(open, storage::loadConflicts(scope.connection(), ticket));
    for (const storage::Conflict &conflict : open) {
        if (fields.contains(conflict.field))
            TIERLINE_CHECK(storage::closeConflict(scope, ticket, conflict.field));
    }
    return Done {};
}

} // namespace tierline::sync

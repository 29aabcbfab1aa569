#pragma once

#include "core/connectors/api/connector.h"
#include "core/domain/event.h"
#include "core/storage/remotes.h"
#include "core/sync/fieldmap.h"

namespace tierline::sync {

// What a pull brings back of our own operations: joined to the local event, never a second one.

/// Fingerprint of something of the remote, the same on every machine; never 0.
quint64 originOf(const QString &account, const QString &what);
/// How a value stands in storage::Echo.
QString echoValue(const QString &field, const QJsonValue &value);
/// How the text of a public reply stands there: without differences that helpdesks make.
QString echoOfText(const QString &text);
/// Field name under which a reply is expected back.
inline constexpr QLatin1StringView replyEcho("reply");

/// The same for an internal note, by its letters and digits alone: helpdesks wrap, escape and decorate.
QString echoOfNote(const QString &text);
/// Field name under which a note is expected back; `message` as in Step, since an operation can have more
/// than one.
QString noteEcho(int message);

/// The operation of ours that a message of the remote is, or empty. Marks its step as arrived, so that
/// an unknown outcome is known from now on. A marker alone proves nothing, since whoever shares our
/// sign-in can copy it: the note must say what ours said, and ours must not have come yet.
Result<QString> ownOperation(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const QString &myId, const connectors::RemoteEntry &entry);

/// Takes out of `fields` what an operation of a Tierline set. Where a request of ours whose outcome
/// nobody knew set it, that field of it has arrived.
struct TakenEchoes {
    QString operation; ///< one of those that set it; empty: none of it is an echo
    QJsonObject arrived; ///< fields that were still waited for
};
Result<TakenEchoes> takeEchoes(storage::WriteScope &scope, const QString &account, TicketId ticket,
    const connectors::RemoteEntry &entry, QJsonObject &fields);

/// Takes back what was shown instead of something announced that had not come for long (Receiver's
/// stand-ins have the announcing operation): an event that undoes it, or nothing.
Result<std::optional<Event>> undoStandIn(storage::Connection &connection, const QString &account,
    TicketId ticket, const QString &operation);

/// The step of that kind which waits for an answer is done; the operation leaves the outbox with its
/// last step. False where none waits.
Result<bool> markArrived(storage::WriteScope &scope, const QString &operation,
    connectors::PushStep::Kind kind, const QString &entry);

/// An undo from elsewhere names the operation that it undoes: here its events have other numbers.
Result<Done> nameUndone(storage::Connection &connection, TicketId ticket, Event &undone);

/// Closes the open conflicts of these fields: nothing is left to choose from.
Result<Done> settleConflicts(
    storage::WriteScope &scope, TicketId ticket, const QStringList &fields);

} // namespace tierline::sync

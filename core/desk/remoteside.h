#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/domain/people.h"
#include "core/storage/accounts.h"
#include "core/storage/connection.h"
#include "core/storage/outbox.h"
#include "core/storage/queues.h"

#include <QUrl>

namespace tierline::desk {

// What waits to be sent, what disagrees, and how a ticket stands at its helpdesk, ready to be shown.
// Reading takes a connection and what the person may see. Thread: the connection's; never the ui's.

/// A change that a helpdesk has not heard of.
struct WaitingChange {
    QString id;
    QString account;
    TicketId ticket;
    QString key;
    QString subject;
    QString kind; ///< "reply", "escalate", … as core/commands names it
    QString by; ///< agent id
    QString text; ///< the beginning of what was written; may be empty
    QStringList fields; ///< what else it sets: "status", "tier", …
    storage::OutboxState state = storage::OutboxState::Waiting;
    Instant created;
    std::optional<Instant> nextTry; ///< none: with the next round
    int attempts = 0;
    QString error; ///< a sentence
    bool isHeld = false; ///< waits behind a refused change of the same ticket

    bool isUnderWay() const
    {
        return state == storage::OutboxState::Sending || state == storage::OutboxState::Unknown;
    }
    /// Once it may have left, it is no longer ours to take back.
    bool canDrop() const { return !isUnderWay(); }
    bool canRetry() const { return state != storage::OutboxState::Conflict && !isUnderWay(); }
    bool operator==(const WaitingChange &) const = default;
};

/// A field that both sides changed. Values as people read them.
struct Disagreement {
    QString id;
    QString account;
    TicketId ticket;
    QString key;
    QString subject;
    QString field; ///< by the names of core/connectors/api
    QString base, ours, theirs;
    QString oursBy; ///< agent id
    std::optional<Instant> oursAt;
    QString theirsBy; ///< name there
    Instant theirsAt; ///< 1970: not known

    bool operator==(const Disagreement &) const = default;
};

/// A file of a message that is only at the helpdesk.
struct RemoteFile {
    qint64 id = 0;
    MessageId message;
    QString name;
    qint64 size = 0;
    bool operator==(const RemoteFile &) const = default;
};

/// How a ticket stands at its helpdesk.
struct RemoteSide {
    /// What the helpdesk said of it last.
    enum class Presence : quint8 { There, Deleted, Merged, Hidden, Gone };
    QString account; ///< empty: the ticket is only here
    Presence presence = Presence::There;
    QString mergedInto; ///< key of the other ticket
    QUrl page; ///< for people; empty: not known
    QList<WaitingChange> waiting; ///< oldest first
    QList<Disagreement> disagreements;
    QList<RemoteFile> files;

    bool isLocal() const { return account.isEmpty(); }
    /// The same that a queue's row says of the ticket.
    storage::SyncStand stand() const;
    bool operator==(const RemoteSide &) const = default;
};

/// A value of a field there in words; an owner by name.
QString shownValue(
    const QString &field, const QJsonValue &value, const QList<storage::AccountUser> &users);

/// Oldest first; of one ticket where one is given. Cost: the outbox, bodies included.
Result<QList<WaitingChange>> loadWaiting(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket = {});
Result<QList<Disagreement>> loadDisagreements(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket = {});
/// Of a ticket that may be seen. Cost: one look-up where it is only here.
Result<RemoteSide> loadRemoteSide(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket);

/// What `ticket show --json` says of it.
QJsonObject toJson(const RemoteSide &side);

/// Writes an attachment to a file of the person's, whole or not at all. NotFound also where its ticket
/// may not be seen; Storage where the file cannot be written.
Result<Done> saveAttachment(storage::Connection &connection, const Visibility &visibility,
    qint64 attachment, const QString &file);

} // namespace tierline::desk

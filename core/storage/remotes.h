#pragma once

#include "core/storage/store.h"

#include <QJsonObject>

namespace tierline::storage {

// What is known of the other side of a ticket. Free functions, each a few indexed statements.

/// One remote ticket and what both sides last agreed on.
struct RemoteRow {
    QString account;
    QString remote; ///< id there
    TicketId ticket;
    QString version;
    QJsonObject base; ///< fields by the names of core/connectors/api
    Instant updated; ///< by the remote's clock
    int presence = 0; ///< connectors::Presence
    QString mergedInto;
    QString link;
    bool operator==(const RemoteRow &) const = default;
};

Result<std::optional<RemoteRow>> findRemote(
    Connection &connection, const QString &account, const QString &remote);
Result<std::optional<RemoteRow>> remoteOf(Connection &connection, TicketId ticket);
/// Adds it or writes it anew.
Result<Done> saveRemote(WriteScope &scope, const RemoteRow &row);
/// Ids, as numbers, of those between `from` and `to` (both included) that are held as being there.
Result<std::vector<qint64>> heldNumbers(
    Connection &connection, const QString &account, qint64 from, qint64 to);
Result<qint64> countHeld(Connection &connection, const QString &account);

/// An entry that is in the log already.
struct KnownEntry {
    QString operation; ///< ours that it is the echo of; empty: somebody else's
    TicketId
        ticket; ///< in whose log; merged into another ticket there, it comes again with that one
};
Result<std::optional<KnownEntry>> findEntry(
    Connection &connection, const QString &account, const QString &entry);
/// Again for another ticket: from now on it is that one's.
Result<Done> rememberEntry(WriteScope &scope, const QString &account, const QString &entry,
    TicketId ticket, const QString &operation, Instant at);
/// Ids of a ticket's entries that are in the log, the newest first.
Result<QStringList> loadEntries(
    Connection &connection, const QString &account, TicketId ticket, int limit);
/// Those of them that operations of ours made.
Result<QStringList> loadOwnEntries(
    Connection &connection, const QString &account, TicketId ticket, int limit);

/// What an operation sets at the remote: one row for each field, and for a reply or note a row with the
/// hash of its text.
struct Echo {
    QString operation;
    QString field;
    QString value; ///< compact JSON, or the hash
    QString author; ///< RemoteUser::id
    Instant at;
};
Result<Done> expectEcho(
    WriteScope &scope, const QString &account, TicketId ticket, const Echo &echo);
/// Newest first.
Result<std::vector<Echo>> loadEchoes(
    Connection &connection, const QString &account, TicketId ticket);
Result<Done> forgetEcho(WriteScope &scope, const QString &account, TicketId ticket,
    const QString &operation, const QString &field);
/// Forgets what operations of other workspaces announced for a field: it has another value since.
Result<Done> forgetAnnounced(
    WriteScope &scope, const QString &account, TicketId ticket, const QString &field);
/// A field of a ticket that an operation of another workspace announced and that has not come.
struct Announced {
    TicketId ticket;
    QString field;
    QString value; ///< as Echo::value
};
/// Those of before `before`, by the remote's clock.
Result<std::vector<Announced>> loadAnnounced(
    Connection &connection, const QString &account, Instant before);
/// Forgets those of before `before`: what has not come back by then never will.
Result<Done> forgetOldEchoes(WriteScope &scope, const QString &account, Instant before);

/// Whether the log of a ticket has events of this operation.
Result<bool> hasOperation(Connection &connection, TicketId ticket, const QString &operation);

/// Whether that operation was another workspace's.
Result<bool> isFromElsewhere(Connection &connection, TicketId ticket, const QString &operation);

/// Newest version of an escalation's package; 0 where it has none.
Result<int> handoffVersion(Connection &connection, const QString &escalation);

/// A file that is only at the remote.
struct RemoteFileRow {
    qint64 id = 0;
    QString account;
    QString remote;
    MessageId message;
    QString name;
    QString contentType;
    qint64 size = 0;
};
Result<Done> insertRemoteFile(WriteScope &scope, RemoteFileRow &file);
Result<std::vector<RemoteFileRow>> loadRemoteFiles(Connection &connection, TicketId ticket);
Result<Done> removeRemoteFile(WriteScope &scope, qint64 id);

/// Both sides changed the same field since the base.
struct Conflict {
    QString id; ///< UUID
    QString account;
    TicketId ticket;
    QString key; ///< of the ticket; read only
    QString field;
    QJsonValue base, local, remote;
    QString localBy; ///< agent id
    QString remoteBy; ///< name of the remote user
    Instant at; ///< when the remote's change happened, as far as known
};
/// The open ones, oldest first; of one ticket where `ticket` is given.
Result<std::vector<Conflict>> loadConflicts(Connection &connection, TicketId ticket = {});
Result<std::optional<Conflict>> findConflict(Connection &connection, const QString &id);
/// Adds it, or gives the open one of that ticket and field its new remote value.
Result<Done> saveConflict(WriteScope &scope, const Conflict &conflict);
Result<Done> closeConflict(WriteScope &scope, TicketId ticket, const QString &field);

} // namespace tierline::storage

#pragma once

#include "core/commands/commands.h"
#include "core/storage/remotes.h"
#include "core/sync/pending.h"
#include "core/sync/receive.h"

namespace tierline::sync {

using connectors::Presence;
using connectors::RemoteEntry;
using connectors::RemoteTicket;

/// One ticket being taken in.
class Receiver
{
public:
    Receiver(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
        const RemoteTicket &remote)
        : m_scope(scope)
        , m_map(map)
        , m_random(random)
        , m_remote(remote)
        , m_account(map.account().name)
    {
    }

    Result<Received> run();

private:
    Result<Done> load();
    void begin();
    Result<Done> takeEntry(const RemoteEntry &entry);
    Result<Done> takeMessage(const RemoteEntry &entry);
    void takeWords(const RemoteEntry &entry);
    Result<Done> takeFields(const RemoteEntry &entry);
    Result<bool> takeCard(const RemoteEntry &entry);
    Result<Done> settleFields();
    Result<Done> settle(const QString &name, const QJsonValue &there);
    void takePresence();
    Result<Done> write();
    Result<Done> writePackages();
    Result<Done> tellHeir();

    Event eventOf(const RemoteEntry &entry, EventKind kind) const;
    void add(Event event, qint64 message = -1);
    Result<Done> reloadPending();
    Result<Done> merge(commands::History &history);
    Result<Done> writeUndone();
    Result<Done> showThere();
    Result<Done> show(const QJsonObject &change, const QString &operation);
    bool isOvertaken(const storage::Echo &echo) const;
    bool isAnnounced(const QString &name, const QJsonValue &shown) const;
    QString announcing(const QString &name, const QJsonValue &shown, bool isOverdue) const;
    Instant ours(Instant there) const { return there - m_map.clockOffset(); }

    storage::WriteScope &m_scope;
    const FieldMap &m_map;
    RandomSource &m_random;
    const RemoteTicket &m_remote;
    const QString &m_account;

    std::optional<storage::RemoteRow> m_row; ///< empty: never seen
    QJsonObject m_base;
    QJsonObject m_baseBefore;
    QJsonObject
        m_there; ///< fields of the remote, with those that it leaves out because they are empty
    std::vector<storage::Conflict> m_open;
    Pending m_pending;
    commands::History m_history;
    std::vector<Event> m_undone; ///< undos from elsewhere: they name what stands before them
    struct Package {
        QString escalation;
        Instant frozen;
        QJsonObject document;
    };
    std::vector<Package> m_packages;
    struct File {
        size_t message;
        connectors::RemoteFile file;
    };
    std::vector<File> m_files;
    struct Entry {
        QString id;
        QString operation;
        Instant at;
    };
    std::vector<Entry> m_entries; ///< to remember
    std::vector<storage::Conflict> m_conflicts;
    std::optional<Instant> m_mergedAt; ///< into another ticket, as came now
    QStringList m_settled; ///< fields whose conflict is no more
    QHash<QString, RemoteEntry> m_lastChange; ///< of each field that waits to be sent
    QList<storage::Echo> m_expected; ///< of operations of other Tierlines
    Received m_received;
};

} // namespace tierline::sync

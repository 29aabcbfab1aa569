#pragma once

#include "core/desk/accountrun.h"
#include "core/desk/syncservice.h"
#include "core/desk/threadgate.h"
#include "core/storage/remotefiles.h"

namespace tierline::desk {

/// The part of SyncService that lives on the sync thread: runs and downloads. Everything is called by
/// posting to it, and told by posting to the service, which outlives the thread. Room-private.
class SyncWorker : public QObject
{
public:
    SyncWorker(SyncService &service, storage::StoreThread &store, storage::Workspace workspace,
        connectors::Registry registry, const Clock &clock, RandomSource &random);
    ~SyncWorker() override;

    void run(const storage::Account &account);
    void forgetSecret(const QString &account);
    /// The account is no longer there.
    void forget(const QString &account);
    void takeSecret(quint64 question, const Result<Secret> &secret);
    /// `number` is the service's own for this fetch, since a file may be asked for again.
    void fetch(quint64 number, const storage::Account &account,
        const storage::FoundRemoteFile &file, qint64 limit);
    void cancelFetch(quint64 number);
    /// Cancels everything, and ends the thread's loop when it has ended, or after `patience`.
    void quit(Millis patience);

private:
    struct Entry {
        std::unique_ptr<ThreadGate> gate;
        std::unique_ptr<AccountRun> run;
        ~Entry();
    };
    struct Fetch {
        storage::FoundRemoteFile file;
        qint64 limit = 0;
        std::unique_ptr<RemoteLink> link;
    };
    RunContext context(sync::StoreGate &gate);
    std::unique_ptr<ThreadGate> makeGate();
    void ask(const QString &account, std::function<void(Result<Secret>)> done);
    void download(quint64 number, const storage::Account &account, const Result<Secret> &secret);
    void keep(quint64 number, const QByteArray &bytes);
    void fetchEnded(quint64 number, const Result<Done> &outcome);
    void endIfIdle();
    void endNow();
    template<typename F>
    void tell(F what);

    SyncService &m_service;
    storage::StoreThread &m_store;
    storage::Workspace m_workspace;
    connectors::Registry m_registry;
    const Clock &m_clock;
    RandomSource &m_random;
    std::map<QString, Entry> m_entries;
    std::unique_ptr<ThreadGate> m_gate; ///< of the downloads
    std::map<quint64, Fetch> m_fetches;
    std::map<quint64, std::function<void(Result<Secret>)>> m_asked;
    quint64 m_question = 0;
    bool m_isQuitting = false;
};

} // namespace tierline::desk

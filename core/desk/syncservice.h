#pragma once

#include "core/desk/accountrun.h"
#include "core/desk/syncschedule.h"
#include "core/desk/syncstate.h"
#include "core/secrets/secretstore.h"
#include "core/storage/syncfigures.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QSet>
#include <QThread>
#include <QTimer>

#include <map>

namespace tierline::desk {

class Session;
class SyncWorker;

/// Keeps every account of the open workspace in step with its helpdesk, on a thread of its own: a round
/// at the start, soon after each change that waits to be sent, now and then, and when asked. Says how
/// each account stands. Asks for a secret once; one that is refused is not tried again.
/// Thread: ui, which never waits for a round. Owned by its session; secrets are read on the ui thread.
class SyncService : public QObject
{
    Q_OBJECT
public:
    explicit SyncService(Session &session);
    ~SyncService() override;

    struct Setup {
        SecretStore *secrets = nullptr; ///< outlives the session's shutDown()
        connectors::Registry registry;
        SyncTimes times = {};
        qint64 largestFile = 64LL << 20; ///< bytes; what is larger stays at the remote
    };
    /// Begins as soon as the session can be written; does nothing the second time.
    void start(Setup setup);
    /// Ends the rounds and the thread, within SyncTimes::quit and what one transaction takes. What was
    /// being sent is of unknown outcome, and looked for at the next start.
    void shutDown();
    bool isStarted() const { return m_isStarted; }

    /// By name; empty before the first look, and where there is no account.
    const QList<SyncState> &accounts() const { return m_states; }
    const SyncState *account(const QString &name) const;
    /// Now, whatever the schedule says; every account where none is named.
    void syncNow(const QString &account = {});
    /// Somebody stored a new secret: the account goes on.
    void secretStored(const QString &account);
    /// Accounts were added, removed or changed by this program.
    void look();

    /// Brings a file that is only at the remote here; it is an attachment of its message then. BadInput
    /// where it is too large, NotFound where it is not there (any more), Cancelled after cancelFile().
    QFuture<Result<Done>> fetchFile(qint64 remoteFile);
    void cancelFile(qint64 remoteFile);
    bool isFetching(qint64 remoteFile) const { return m_files.count(remoteFile) > 0; }
    QSet<qint64> fetching() const;
    qint64 largestFile() const { return m_setup.largestFile; }

signals:
    void changed(); ///< of accounts()
    void filesChanged(); ///< what isFetching() says
    /// A helpdesk refused its secret, or there is none: told once until there is another one.
    void signInNeeded(const QString &account);

private:
    friend class SyncWorker;
    struct Held {
        storage::Account account;
        SyncSchedule schedule;
        SyncState state;
        Instant newest; ///< youngest change that was seen waiting
        bool isTold = false; ///< that it needs a sign-in
        bool isSecretNew = false; ///< the remote has not answered to it yet; the row still says no
    };
    struct Fetch {
        quint64 number = 0;
        std::shared_ptr<QPromise<Result<Done>>> promise;
    };
    struct Picture {
        QList<storage::Account> accounts;
        QList<storage::SyncFigures> figures;
    };

    void begin();
    void tick();
    void takePicture(const Picture &picture);
    void takeAccount(Held &held, const storage::Account &account);
    void takeFigures(Held &held, const storage::SyncFigures &figures);
    void startRound(Held &held);
    void ended(const sync::RoundSummary &summary, AccountRun::Stop stop);
    void stored();
    void needSignIn(Held &held, const QString &problem);
    void progressed(const QString &account, int tickets);
    void askSecret(const QString &account, quint64 question);
    void fileEnded(quint64 number, const Result<Done> &outcome);
    void publish();
    Millis monotonicOf(Instant wall) const;
    Instant wallOf(Millis monotonic) const;
    template<typename F>
    void toWorker(F work);

    Session &m_session;
    Setup m_setup;
    SystemRandom m_random; ///< also used by the sync thread and the store's
    std::map<QString, Held> m_held;
    QList<SyncState> m_states;
    QThread m_thread;
    SyncWorker *m_worker = nullptr; ///< lives on m_thread
    std::map<quint64, std::unique_ptr<SecretCall>> m_asking;
    std::map<qint64, Fetch> m_files; ///< on their way, by row
    quint64 m_fetch = 0; ///< number of the last fetch
    QTimer m_tick;
    QTimer m_gather; ///< several changes of the store are one look
    Millis m_looked { 0 };
    bool m_isLooking = false;
    bool m_looksAgain = false;
    bool m_isStarted = false;
    bool m_isWritable = false;
};

} // namespace tierline::desk

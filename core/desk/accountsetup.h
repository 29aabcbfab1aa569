#pragma once

#include "core/connectors/api/registry.h"
#include "core/desk/session.h"
#include "core/secrets/secretstore.h"
#include "core/storage/accounts.h"

#include <QThread>

#include <map>

namespace tierline::desk {

/// A kind of helpdesk that this program can connect to, as people choose it.
struct HelpdeskKind {
    QString type; ///< "rt"
    QString name; ///< "Request Tracker"
    QString secretName; ///< what to ask for: "API token"
    QString secretHint; ///< where people find or make one; may be empty
    bool needsUser = false;
};

/// What a person enters to reach a helpdesk.
struct AccountForm {
    QString name;
    QString type;
    QString url;
    QString user; ///< may be empty where the secret names its user
    Secret secret; ///< empty: the one that is kept for `name`
    QString authority; ///< certificates of an own authority as PEM, by a person's explicit import
};

/// What a live test found.
struct AccountTest {
    storage::Account account; ///< as it was tried, without places
    connectors::Probe probe;
    bool isPlain = false; ///< not encrypted, this machine
    bool isUntested = false; ///< to be saved without a test: the server could not be reached
};

/// Certificates that a person imports.
struct Authority {
    QString pem;
    QStringList names; ///< for whom they speak
};

/// Where a saved account's secret is.
struct SavedAccount {
    bool isForThisRunOnly = false;
    QString detail; ///< then a sentence about why
};

/// One account as the list of accounts shows it.
struct AccountState {
    storage::Account account;
    QString kind; ///< for people
    int waiting = 0; ///< changes that are not sent yet
    int refused = 0; ///< of those, how many the remote would not have
    int conflicts = 0;
};

/// Work of the account setup that is under way. Destroying it drops the answer; a test is stopped with
/// it, saving goes on to its end.
class AccountTask
{
public:
    virtual ~AccountTask() = default;
};

template<typename T>
using AccountAnswer = std::function<void(Result<T>)>;

/// Which tier and team each place could mean, judged by its name: "L2 Technical" is team Technical of
/// L2. A place that says nothing gets an empty tier. What `known` says of a place is kept. Pure.
QList<storage::PlaceMapping> suggestPlaces(const QStringList &places, const QList<Tier> &tiers,
    const QList<Team> &teams, const QList<storage::PlaceMapping> &known = {});

/// Connects a workspace to helpdesks from the desktop: tries addresses and secrets on a thread of its
/// own, keeps accounts in the store and secrets in the keychain. Thread: ui; answers come there, later
/// than the call, exactly once unless the task or this object is destroyed.
/// Becomes a child of the session; `secrets` outlives that.
class AccountSetup final : public QObject
{
    Q_OBJECT
public:
    AccountSetup(Session &session, SecretStore &secrets, connectors::Registry registry);
    ~AccountSetup() override;
    /// That of a session; null where this program has none.
    static AccountSetup *of(Session &session);

    QList<HelpdeskKind> kinds() const;
    QString kindName(const QString &type) const; ///< the type itself where nothing is known of it
    SecretStore &secrets() { return m_secrets; }

    /// By name.
    QFuture<Result<QList<AccountState>>> list();

    /// Whether a form can be tried at all; BadInput with the field (kind, name, url, user, secret,
    /// authority) in `where`. Sends nothing.
    Result<Done> check(const AccountForm &form, bool isNew) const;
    /// Signs in and looks around. Nothing is stored.
    [[nodiscard]] std::unique_ptr<AccountTask> test(
        const AccountForm &form, bool isNew, AccountAnswer<AccountTest> done);
    /// What save() takes of a form that could not be tried, as when the network is away.
    AccountTest untested(const AccountForm &form) const;
    /// Reads a file of certificates, off this thread; BadInput with a sentence for what is none.
    [[nodiscard]] std::unique_ptr<AccountTask> readAuthority(
        const QString &file, AccountAnswer<Authority> done);
    static Authority authorityOf(const storage::Account &account);
    /// Stores what a test found, then the secret if there is a new one. Conflict where a new one's name
    /// is taken, NotAllowed for who is no admin and changes more than the secret.
    [[nodiscard]] std::unique_ptr<AccountTask> save(const AccountForm &form,
        const AccountTest &tested, const QList<storage::PlaceMapping> &places, bool isNew,
        AccountAnswer<SavedAccount> done);
    /// Removes account and secret; tickets stay. Conflict while changes wait, unless `evenIfPending`.
    QFuture<Result<Done>> remove(const QString &name, bool evenIfPending);
    /// For whoever syncs: a person wants this account synced now.
    void wantSync(const QString &name) { emit syncWanted(name); }

signals:
    void changed(); ///< an account was added, changed or removed here
    void secretChanged(const QString &account);
    void syncWanted(const QString &account);

private:
    class Prober;
    class Task;

    storage::Account accountOf(const AccountForm &form) const;
    void probe(quint64 id, const Secret &secret);
    void probed(quint64 id, const Result<connectors::Probe> &probe);
    void stored(quint64 id, const QString &account, const Secret &secret, const Result<Done> &done);
    void authorityRead(quint64 id, const Result<Authority> &authority);
    void drop(quint64 id);
    std::unique_ptr<SecretCall> takeAsking(quint64 id);
    void refuse(quint64 id, const Error &error);

    Session &m_session;
    SecretStore &m_secrets;
    const connectors::Registry m_registry;
    QThread m_thread;
    Prober *m_prober; ///< lives on m_thread
    QHash<quint64, Task *> m_tasks; ///< those that still listen
    std::map<quint64, std::unique_ptr<SecretCall>> m_asking;
    quint64 m_next = 0;
};

} // namespace tierline::desk

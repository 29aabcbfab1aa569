#include "app/cli/syncrun.h"

#include "core/secrets/keychainsecrets.h"
#include "core/secrets/memorysecrets.h"
#include "core/secrets/secretinput.h"

#include <QCoreApplication>
#include <QFile>
#include <QTimer>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

/// One account from its secret to the end of its round.
class AccountRun
{
public:
    AccountRun(Environment &env, storage::Store &store, storage::Account account,
        SecretStore &secrets, sync::RoundOptions options)
        : m_env(env)
        , m_gate(store)
        , m_store(store)
        , m_account(std::move(account))
        , m_secrets(secrets)
        , m_options(options)
    {
        m_summary.account = m_account.name;
    }

    const sync::RoundSummary &summary() const { return m_summary; }

    void start(std::function<void()> done)
    {
        m_done = std::move(done);
        auto lock = storage::FileLock::tryAcquire(
            sync::accountLockPath(m_store.workspace(), m_account.name));
        if (!lock)
            return end(
                conflictError(u"“%1” is being synced by another program."_s.arg(m_account.name)));
        m_lock.emplace(std::move(*lock));
        watchForInterrupt();
        m_asking = m_secrets.read(secretKeyOf(m_account.name), [this](SecretReply reply) {
            if (!reply.ok())
                return end(reply.error());
            connect(*reply.secret);
        });
    }

private:
    void connect(const Secret &secret)
    {
        auto link
            = desk::RemoteLink::open(m_account, secret, registry(), m_env.clock(), m_env.random());
        if (!link)
            return end(link.error());
        m_link = std::move(*link);
        m_link->connector().probe([this](Result<connectors::Probe> probe) {
            if (!probe)
                return end(probe.error());
            const auto saved
                = m_store.write(storage::Durability::Background, [&](storage::WriteScope &scope) {
                      return desk::saveProbe(scope, m_account, *probe);
                  });
            if (!saved)
                return end(saved.error());
            runRound();
        });
    }

    void runRound()
    {
        m_round = std::make_unique<sync::Round>(
            m_account.name, m_link->connector(), m_gate, m_env.clock(), m_env.random(), m_options);
        QObject::connect(
            m_round.get(), &sync::Round::progressed, m_round.get(), [this](int tickets) {
                m_env.progress(u"%1: %2 tickets"_s.arg(m_account.name).arg(tickets));
            });
        m_round->start([this](const sync::RoundSummary &summary) {
            m_summary = summary;
            m_done();
        });
    }

    void watchForInterrupt()
    {
        QObject::connect(&m_interrupt, &QTimer::timeout, &m_interrupt, [this] {
            if (!Environment::isInterrupted())
                return;
            m_interrupt.stop();
            if (m_round)
                m_round->cancel();
            else
                end(cancelled());
        });
        m_interrupt.start(100);
    }

    void end(const Error &error)
    {
        m_summary.error = error;
        // A secret that is refused is told of once, and the account waits for another one.
        if (error.fault == Fault::SignIn && m_link)
            noteRefusal(error);
        m_done();
    }

    void noteRefusal(const Error &error)
    {
        const auto noted = m_store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(held, storage::findAccount(scope.connection(), m_account.name));
                held.problem = error.detail;
                return storage::saveAccount(scope, held);
            });
        if (!noted)
            m_summary.problems.append(noted.error().detail);
    }

    static const connectors::Registry &registry()
    {
        static const connectors::Registry all = [] {
            connectors::Registry made;
            connectors::registerConnectors(made);
            return made;
        }();
        return all;
    }
    friend Result<connectors::Probe> cli::probeAccount(
        Environment &, const storage::Account &, const Secret &);

    Environment &m_env;
    sync::DirectGate m_gate;
    storage::Store &m_store;
    storage::Account m_account;
    SecretStore &m_secrets;
    sync::RoundOptions m_options;
    sync::RoundSummary m_summary;
    std::function<void()> m_done;
    std::optional<storage::FileLock> m_lock;
    std::unique_ptr<SecretCall> m_asking;
    std::unique_ptr<desk::RemoteLink> m_link;
    std::unique_ptr<sync::Round> m_round; ///< goes before the link
    QTimer m_interrupt;
};

} // namespace

void runLoop(const std::function<void(std::function<void()> done)> &start)
{
    QCoreApplication *app = QCoreApplication::instance();
    QMetaObject::invokeMethod(
        app, [&start] { start([] { QCoreApplication::quit(); }); }, Qt::QueuedConnection);
    QCoreApplication::exec();
}

Result<std::unique_ptr<SecretStore>> openSecrets(bool areOnStdin)
{
    if (!areOnStdin)
        return std::unique_ptr<SecretStore>(std::make_unique<KeychainSecrets>());
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return badInput(u"The secrets on standard input cannot be read."_s);
    auto memory = std::make_unique<MemorySecrets>();
    TIERLINE_CHECK(readSecrets(input, *memory));
    return std::unique_ptr<SecretStore>(std::move(memory));
}

Result<connectors::Probe> probeAccount(
    Environment &env, const storage::Account &account, SecretStore &secrets)
{
    std::optional<SecretReply> told;
    std::unique_ptr<SecretCall> asking;
    runLoop([&](const std::function<void()> &done) {
        asking = secrets.read(secretKeyOf(account.name), [&, done](SecretReply reply) {
            told = std::move(reply);
            done();
        });
    });
    if (!told)
        return cancelled();
    if (!told->ok())
        return told->error();
    return probeAccount(env, account, *told->secret);
}

Result<connectors::Probe> probeAccount(
    Environment &env, const storage::Account &account, const Secret &secret)
{
    TIERLINE_TRY(link,
        desk::RemoteLink::open(account, secret, AccountRun::registry(), env.clock(), env.random()));
    std::optional<Result<connectors::Probe>> told;
    runLoop([&](const std::function<void()> &done) {
        link->connector().probe([&, done](Result<connectors::Probe> probe) {
            told = std::move(probe);
            done();
        });
    });
    return told ? *told : Result<connectors::Probe>(cancelled());
}

Result<std::vector<sync::RoundSummary>> syncAccounts(Environment &env,
    const QList<storage::Account> &accounts, SecretStore &secrets, sync::RoundOptions options)
{
    TIERLINE_TRY(store, env.store());
    std::vector<sync::RoundSummary> summaries;
    for (const storage::Account &account : accounts) {
        AccountRun run(env, *store, account, secrets, options);
        runLoop([&run](std::function<void()> done) { run.start(std::move(done)); });
        summaries.push_back(run.summary());
        if (Environment::isInterrupted())
            break;
    }
    return summaries;
}

} // namespace tierline::cli

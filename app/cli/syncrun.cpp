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

const connectors::Registry &registry()
{
    static const connectors::Registry all = [] {
        connectors::Registry made;
        connectors::registerConnectors(made);
        return made;
    }();
    return all;
}

/// One round of one account, which Ctrl-C ends.
class OneRound
{
public:
    OneRound(Environment &env, storage::Store &store, const storage::Account &account,
        SecretStore &secrets)
        : m_env(env)
        , m_gate(store)
        , m_secrets(secrets)
        , m_name(account.name)
        , m_run({ .workspace = store.workspace(),
                    .gate = m_gate,
                    .registry = registry(),
                    .clock = env.clock(),
                    .random = env.random(),
                    .askSecret = [this](const QString &, auto done) { ask(std::move(done)); } },
              account)
    {
    }

    const sync::RoundSummary &summary() const { return m_summary; }

    void start(sync::RoundOptions options, const std::function<void()> &done)
    {
        QObject::connect(&m_interrupt, &QTimer::timeout, &m_interrupt, [this] {
            if (!Environment::isInterrupted())
                return;
            m_interrupt.stop();
            m_run.cancel();
        });
        m_interrupt.start(100);
        m_run.start(
            options,
            [this, done](const sync::RoundSummary &summary) {
                m_summary = summary;
                done();
            },
            [this](int tickets) { m_env.progress(u"%1: %2 tickets"_s.arg(m_name).arg(tickets)); });
    }

private:
    void ask(std::function<void(Result<Secret>)> done)
    {
        m_asking = m_secrets.read(
            secretKeyOf(m_name), [done = std::move(done)](const SecretReply &reply) {
                done(reply.ok() ? Result<Secret>(*reply.secret) : Result<Secret>(reply.error()));
            });
    }

    Environment &m_env;
    sync::DirectGate m_gate;
    SecretStore &m_secrets;
    QString m_name;
    sync::RoundSummary m_summary;
    QTimer m_interrupt;
    std::unique_ptr<SecretCall> m_asking;
    desk::AccountRun m_run;
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
    TIERLINE_TRY(
        link, desk::RemoteLink::open(account, secret, registry(), env.clock(), env.random()));
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
        OneRound run(env, *store, account, secrets);
        runLoop([&](const std::function<void()> &done) { run.start(options, done); });
        summaries.push_back(run.summary());
        if (Environment::isInterrupted())
            break;
    }
    return summaries;
}

// ---- in the background

struct BackgroundSync::Entry {
    Entry(Environment &env, storage::Store &store, const storage::Account &account,
        SecretStore &secrets)
        : gate(store)
        , run({ .workspace = store.workspace(),
                  .gate = gate,
                  .registry = registry(),
                  .clock = env.clock(),
                  .random = env.random(),
                  .askSecret =
                      [this, &secrets, name = account.name](const QString &, auto done) {
                          asking = secrets.read(secretKeyOf(name),
                              [done = std::move(done)](const SecretReply &reply) {
                                  done(reply.ok() ? Result<Secret>(*reply.secret)
                                                  : Result<Secret>(reply.error()));
                              });
                      } },
              account)
    {
        timer.setSingleShot(true);
    }

    sync::DirectGate gate;
    std::unique_ptr<SecretCall> asking;
    QTimer timer;
    bool isWanted = false; ///< again, once the round that runs has ended
    desk::AccountRun run;
};

BackgroundSync::BackgroundSync(Environment &env, storage::Store &store,
    const QList<storage::Account> &accounts, SecretStore &secrets)
{
    for (const storage::Account &account : accounts)
        m_entries.push_back(std::make_unique<Entry>(env, store, account, secrets));
}

BackgroundSync::~BackgroundSync() = default;

void BackgroundSync::start(Millis pause, std::function<void(const sync::RoundSummary &)> told)
{
    m_pause = pause;
    m_told = std::move(told);
    for (const auto &entry : m_entries) {
        QObject::connect(&entry->timer, &QTimer::timeout, &entry->timer,
            [this, one = entry.get()] { run(*one); });
        entry->timer.start(0);
    }
}

void BackgroundSync::soon()
{
    for (const auto &entry : m_entries) {
        entry->isWanted = entry->run.isRunning();
        if (!entry->isWanted)
            entry->timer.start(0);
    }
}

void BackgroundSync::run(Entry &entry)
{
    if (m_stopped || entry.run.isRunning())
        return;
    entry.isWanted = false;
    entry.run.start(
        {}, [this, &entry](const sync::RoundSummary &summary) { ended(entry, summary); });
}

void BackgroundSync::ended(Entry &entry, const sync::RoundSummary &summary)
{
    m_told(summary);
    // Not from within the round's own last words.
    if (m_stopped)
        QMetaObject::invokeMethod(
            &entry.timer, [this] { stop(std::exchange(m_stopped, {})); }, Qt::QueuedConnection);
    else
        entry.timer.start(entry.isWanted ? Millis(0) : m_pause);
}

void BackgroundSync::stop(std::function<void()> done)
{
    m_stopped = std::move(done);
    bool isRunning = false;
    for (const auto &entry : m_entries) {
        entry->timer.stop();
        if (entry->run.isRunning()) {
            isRunning = true;
            entry->run.cancel();
        }
    }
    if (!isRunning && m_stopped)
        std::exchange(m_stopped, {})();
}

} // namespace tierline::cli

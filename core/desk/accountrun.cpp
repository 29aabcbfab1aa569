#include "core/desk/accountrun.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

/// The remote's clock, its people and our own rights there are looked at again after this.
constexpr Millis ProbeAgain = std::chrono::hours(1);

} // namespace

AccountRun::AccountRun(RunContext context, storage::Account account)
    : m_context(std::move(context))
    , m_account(std::move(account))
{
}

AccountRun::~AccountRun()
{
    m_alive.reset();
}

void AccountRun::setAccount(const storage::Account &account)
{
    const bool isSameWay = m_account.type == account.type && m_account.url == account.url
        && m_account.user == account.user && m_account.options == account.options;
    m_account = account;
    if (!isSameWay)
        forgetSecret();
}

void AccountRun::forgetSecret()
{
    m_isSecretStale
        = true; // the way may be in the middle of an answer: it goes with the next start
}

void AccountRun::start(sync::RoundOptions options,
    std::function<void(const sync::RoundSummary &)> done, std::function<void(int)> progress)
{
    m_options = options;
    m_done = std::move(done);
    m_progress = std::move(progress);
    m_stop = Stop::None;
    m_isCancelled = false;
    m_round.reset();
    if (std::exchange(m_isSecretStale, false)) {
        m_link.reset();
        m_probed.reset();
    }
    auto lock
        = storage::FileLock::tryAcquire(sync::accountLockPath(m_context.workspace, m_account.name));
    if (!lock) {
        if (lock.error().fault != Fault::Conflict)
            return end(lock.error());
        m_stop = Stop::Locked;
        return end(
            conflictError(u"“%1” is being synced by another program."_s.arg(m_account.name)));
    }
    m_lock.emplace(std::move(*lock));
    if (m_link && !isWayNew())
        return runRound();
    if (m_link)
        return probe();
    m_context.askSecret(m_account.name,
        [this, alive = std::weak_ptr(m_alive), asked = ++m_asked](const Result<Secret> &secret) {
            if (!alive.expired() && asked == m_asked && isRunning())
                takeSecret(secret);
        });
}

bool AccountRun::isWayNew() const
{
    return !m_probed || m_context.clock.monotonic() - *m_probed >= ProbeAgain;
}

void AccountRun::takeSecret(const Result<Secret> &secret)
{
    if (!secret) {
        m_stop = Stop::NoSecret;
        return end(secret.error());
    }
    auto link = RemoteLink::open(
        m_account, *secret, m_context.registry, m_context.clock, m_context.random);
    if (!link)
        return end(link.error());
    m_link = std::move(*link);
    probe();
}

void AccountRun::probe()
{
    // Another program may have looked a moment ago; then who signs in is all that is asked.
    const bool isKnown = !m_account.myId().isEmpty() && m_account.synced
        && m_context.clock.now() - *m_account.synced < ProbeAgain;
    connectors::Answer<connectors::Probe> taken
        = [this, alive = std::weak_ptr(m_alive)](const Result<connectors::Probe> &probe) {
              if (alive.expired() || !isRunning())
                  return;
              if (m_isCancelled)
                  end(cancelled());
              else if (probe)
                  saveProbe(*probe);
              else if (probe.error().fault == Fault::SignIn)
                  refused(probe.error());
              else
                  end(probe.error());
          };
    if (isKnown)
        m_link->connector().greet(std::move(taken));
    else
        m_link->connector().probe(std::move(taken));
}

void AccountRun::saveProbe(const connectors::Probe &probe)
{
    m_context.gate.write(
        storage::Durability::Background,
        [account = m_account, probe](
            storage::WriteScope &scope) { return desk::saveProbe(scope, account, probe); },
        [this, alive = std::weak_ptr(m_alive)](const Result<Done> &saved) {
            if (alive.expired())
                return;
            if (!saved)
                return end(saved.error());
            if (m_isCancelled)
                return end(cancelled());
            m_probed = m_context.clock.monotonic();
            runRound();
        });
}

void AccountRun::runRound()
{
    m_round = std::make_unique<sync::Round>(m_account.name, m_link->connector(), m_context.gate,
        m_context.clock, m_context.random, m_options);
    if (m_progress)
        QObject::connect(m_round.get(), &sync::Round::progressed, m_round.get(), m_progress);
    m_round->start([this](const sync::RoundSummary &summary) {
        // Whatever went wrong, the next round looks first who is there.
        if (summary.error)
            m_probed.reset();
        end(summary);
    });
}

/// A secret that is refused is told of once, and the account waits for another one.
void AccountRun::refused(const Error &error)
{
    m_context.gate.write(
        storage::Durability::Background,
        [name = m_account.name, detail = error.detail](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(held, storage::findAccount(scope.connection(), name));
            held.problem = detail;
            held.needsSignIn = true;
            return storage::saveAccount(scope, held);
        },
        [this, alive = std::weak_ptr(m_alive), error](const Result<Done> &noted) {
            if (alive.expired())
                return;
            sync::RoundSummary summary;
            summary.error = error;
            if (!noted)
                summary.problems.append(noted.error().detail);
            end(summary);
        });
}

void AccountRun::end(const Error &error)
{
    sync::RoundSummary summary;
    summary.error = error;
    end(summary);
}

void AccountRun::end(const sync::RoundSummary &summary)
{
    m_lock.reset();
    if (summary.error && summary.error->fault == Fault::SignIn)
        forgetSecret();
    sync::RoundSummary told = summary;
    told.account = m_account.name;
    if (const auto done = std::exchange(m_done, nullptr))
        done(told);
}

void AccountRun::cancel()
{
    if (!isRunning() || m_isCancelled)
        return;
    m_isCancelled = true;
    if (m_round) {
        m_round->cancel();
    } else if (m_link) {
        m_link->connector().cancelAll();
    } else {
        ++m_asked;
        end(cancelled());
    }
}

} // namespace tierline::desk

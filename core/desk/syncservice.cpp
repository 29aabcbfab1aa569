#include "core/desk/syncservice.h"

#include "core/desk/session.h"
#include "core/desk/syncworker.h"
#include "core/storage/remotefiles.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;
using Phase = SyncState::Phase;

namespace {

struct Found {
    storage::FoundRemoteFile file;
    storage::Account account;
};

Result<Found> findFile(storage::Connection &connection, qint64 id, const Visibility &visibility)
{
    TIERLINE_TRY(file, storage::findRemoteFile(connection, id));
    const Error gone = notFound(u"This file is no longer waiting at the helpdesk."_s);
    if (!file)
        return gone;
    TIERLINE_TRY(state, storage::loadTicket(connection, file->ticket));
    if (!visibility.sees(state.ticket.team))
        return gone;
    TIERLINE_TRY(account, storage::findAccount(connection, file->row.account));
    return Found { *file, account };
}

Error tooLarge(qint64 size, qint64 most)
{
    return badInput(
        u"This file has %1 MB, and %2 MB is the most that is kept here: open the ticket at the "
        "helpdesk to see it."_s.arg((size + 999'999) / 1'000'000)
            .arg(most / 1'000'000));
}

RoundEnd endOf(const sync::RoundSummary &summary, AccountRun::Stop stop)
{
    if (stop == AccountRun::Stop::Locked)
        return RoundEnd::Locked;
    if (stop == AccountRun::Stop::NoSecret)
        return RoundEnd::SignIn;
    if (!summary.error)
        return RoundEnd::Good;
    switch (summary.error->fault) {
    case Fault::SignIn: return RoundEnd::SignIn;
    case Fault::RateLimited: return RoundEnd::Limited;
    case Fault::Cancelled: return RoundEnd::Stopped;
    default: return RoundEnd::Unreachable;
    }
}

Phase phaseOf(RoundEnd end, const std::optional<Error> &error)
{
    switch (end) {
    case RoundEnd::Good:
    case RoundEnd::Stopped: return Phase::Idle;
    case RoundEnd::Limited: return Phase::Limited;
    case RoundEnd::Locked: return Phase::Locked;
    case RoundEnd::SignIn: return Phase::SignIn;
    case RoundEnd::Unreachable: break;
    }
    const bool isAway = error && (error->fault == Fault::Offline || error->fault == Fault::Timeout);
    return isAway ? Phase::Offline : Phase::Trouble;
}

} // namespace

SyncService::SyncService(Session &session)
    : m_session(session)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(150);
    connect(&m_gather, &QTimer::timeout, this, &SyncService::look);
    connect(&m_tick, &QTimer::timeout, this, &SyncService::tick);
}

SyncService::~SyncService()
{
    shutDown();
}

void SyncService::start(Setup setup)
{
    if (m_isStarted || !setup.secrets)
        return;
    m_isStarted = true;
    m_setup = std::move(setup);
    m_session.m_undoWindow = m_setup.times.settle;
    connect(&m_session, &Session::opened, this, &SyncService::begin);
    connect(&m_session, &Session::writable, this, &SyncService::begin);
    connect(&m_session, &Session::peopleChanged, this, &SyncService::look);
    connect(&m_session, &Session::ticketsChanged, this, [this] {
        if (!m_gather.isActive())
            m_gather.start();
    });
    begin();
}

/// The first time that the session can be read and written.
void SyncService::begin()
{
    storage::StoreThread *store = m_session.openStore();
    if (m_worker || !store)
        return;
    m_worker = new SyncWorker(
        *this, *store, m_session.workspace(), m_setup.registry, m_session.clock(), m_random);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(u"sync"_s);
    m_thread.start();
    m_tick.start(m_setup.times.look);
    look();
}

template<typename F>
void SyncService::toWorker(F work)
{
    if (m_worker)
        QMetaObject::invokeMethod(
            m_worker, [worker = m_worker, work = std::move(work)] { work(*worker); },
            Qt::QueuedConnection);
}

void SyncService::shutDown()
{
    m_tick.stop();
    m_gather.stop();
    m_asking.clear();
    toWorker([patience = m_setup.times.quit](SyncWorker &worker) { worker.quit(patience); });
    if (m_worker)
        m_thread.wait();
    m_worker = nullptr;
    for (auto &[file, fetch] : std::exchange(m_files, {})) {
        fetch.promise->addResult(cancelled());
        fetch.promise->finish();
    }
    m_isStarted = true; // never again
}

void SyncService::look()
{
    if (!m_worker)
        return;
    if (std::exchange(m_isLooking, true)) {
        m_looksAgain = true;
        return;
    }
    m_looked = m_session.clock().monotonic();
    m_session
        .read([](storage::Connection &connection, const Visibility &visibility) -> Result<Picture> {
            TIERLINE_TRY(accounts, storage::loadAccounts(connection));
            if (accounts.isEmpty())
                return Picture {};
            TIERLINE_TRY(figures, storage::loadSyncFigures(connection, visibility));
            return Picture { accounts, figures };
        })
        .then(this, [this](const Result<Picture> &picture) {
            m_isLooking = false;
            if (picture && m_worker)
                takePicture(*picture);
            if (std::exchange(m_looksAgain, false))
                look();
        });
}

void SyncService::takePicture(const Picture &picture)
{
    QSet<QString> names;
    for (const storage::Account &account : picture.accounts) {
        names.insert(account.name);
        auto [at, isNew] = m_held.try_emplace(
            account.name, Held { .account = account, .schedule = SyncSchedule(m_setup.times) });
        Held &held = at->second;
        if (isNew) {
            held.state = { .account = account.name, .kind = account.type };
            held.schedule.wantNow(m_session.clock().monotonic());
        }
        takeAccount(held, account);
        const auto figures
            = std::ranges::find(picture.figures, account.name, &storage::SyncFigures::account);
        takeFigures(held,
            figures == picture.figures.end() ? storage::SyncFigures { .account = account.name }
                                             : *figures);
    }
    std::erase_if(m_held, [&](const auto &one) {
        if (names.contains(one.first))
            return false;
        toWorker([name = one.first](SyncWorker &worker) { worker.forget(name); });
        return true;
    });
    tick();
    publish();
}

void SyncService::takeAccount(Held &held, const storage::Account &account)
{
    const bool isOtherWay = held.account.type != account.type || held.account.url != account.url
        || held.account.user != account.user || held.account.options != account.options;
    const bool hasNewSecret = held.account.needsSignIn && !account.needsSignIn;
    held.account = account;
    held.state.synced = account.synced;
    if (held.schedule.isRunning())
        return;
    if (account.needsSignIn && !held.isTold && !held.isSecretNew)
        needSignIn(held, account.problem);
    else if (held.state.phase == Phase::SignIn && (isOtherWay || hasNewSecret))
        secretStored(account.name);
}

void SyncService::takeFigures(Held &held, const storage::SyncFigures &figures)
{
    held.state.waiting = figures.waiting;
    held.state.refused = figures.refused;
    held.state.conflicts = figures.conflicts;
    const Millis now = m_session.clock().monotonic();
    const Millis due = figures.due ? monotonicOf(*figures.due) : now;
    if (figures.newest > held.newest) {
        held.newest = figures.newest;
        held.schedule.changed(now, due);
    } else if (figures.due && due > now) {
        held.schedule.expect(due);
    }
}

void SyncService::needSignIn(Held &held, const QString &problem)
{
    held.state.phase = Phase::SignIn;
    held.state.problem = problem;
    held.schedule.ended(m_session.clock().monotonic(), RoundEnd::SignIn, Millis(0), m_random);
    if (!std::exchange(held.isTold, true))
        emit signInNeeded(held.account.name);
}

void SyncService::tick()
{
    const Millis now = m_session.clock().monotonic();
    // Other programs change accounts without a word in the feed.
    if (now - m_looked >= m_setup.times.pull && !m_isLooking)
        look();
    for (auto &[name, held] : m_held) {
        if (held.schedule.isDue(now))
            startRound(held);
    }
}

void SyncService::startRound(Held &held)
{
    held.schedule.begun();
    held.state.received = 0;
    if (held.state.phase == Phase::Idle)
        held.state.phase = Phase::Syncing; // a trouble is shown until a round went well
    toWorker([account = held.account](SyncWorker &worker) { worker.run(account); });
    publish();
}

void SyncService::ended(const sync::RoundSummary &summary, AccountRun::Stop stop)
{
    const auto found = m_held.find(summary.account);
    if (found == m_held.end())
        return;
    Held &held = found->second;
    const RoundEnd end = endOf(summary, stop);
    const Millis now = m_session.clock().monotonic();
    if (end == RoundEnd::Good || end == RoundEnd::SignIn)
        held.isSecretNew = false;
    if (end == RoundEnd::SignIn) {
        needSignIn(held, summary.error ? summary.error->detail : QString());
    } else {
        const Phase phase = phaseOf(end, summary.error);
        const bool isAsBefore = held.state.phase == phase;
        held.state.phase = phase;
        held.state.problem
            = phase == Phase::Idle || !summary.error ? QString() : summary.error->detail;
        if (phase != Phase::Offline && phase != Phase::Trouble)
            held.state.since.reset();
        else if (!isAsBefore || !held.state.since)
            held.state.since = m_session.clock().now();
        if (phase == Phase::Idle)
            held.isTold = false;
        Millis wait = summary.error ? summary.error->wait : Millis(0);
        if (end == RoundEnd::Limited && summary.nextRetry)
            wait = qMax(wait, monotonicOf(*summary.nextRetry) - now);
        held.schedule.ended(now, end, wait, m_random);
        if (summary.nextRetry)
            held.schedule.expect(monotonicOf(*summary.nextRetry));
    }
    held.state.setAside = summary.problems;
    look();
    publish();
}

void SyncService::progressed(const QString &account, int tickets)
{
    if (const auto found = m_held.find(account); found != m_held.end()) {
        found->second.state.received = tickets;
        publish();
    }
}

/// Something of ours was committed: shown at once, as after a verb.
void SyncService::stored()
{
    m_session.feed().poke();
}

void SyncService::askSecret(const QString &account, quint64 question)
{
    if (!m_worker)
        return;
    m_asking[question]
        = m_setup.secrets->read(secretKeyOf(account), [this, question](const SecretReply &reply) {
              const Result<Secret> secret
                  = reply.ok() ? Result<Secret>(*reply.secret) : Result<Secret>(reply.error());
              toWorker(
                  [question, secret](SyncWorker &worker) { worker.takeSecret(question, secret); });
              m_asking.erase(question);
          });
}

void SyncService::secretStored(const QString &account)
{
    const auto found = m_held.find(account);
    if (found == m_held.end())
        return look();
    Held &held = found->second;
    held.isTold = false;
    held.isSecretNew = true;
    if (held.state.phase == Phase::SignIn) {
        held.state.phase = Phase::Idle;
        held.state.problem.clear();
    }
    toWorker([account](SyncWorker &worker) { worker.forgetSecret(account); });
    held.schedule.signedIn(m_session.clock().monotonic());
    tick();
    publish();
}

void SyncService::syncNow(const QString &account)
{
    for (auto &[name, held] : m_held) {
        if (account.isEmpty() || account == name)
            held.schedule.wantNow(m_session.clock().monotonic());
    }
    tick();
}

const SyncState *SyncService::account(const QString &name) const
{
    const auto found = std::ranges::find(m_states, name, &SyncState::account);
    return found == m_states.end() ? nullptr : &*found;
}

void SyncService::publish()
{
    QList<SyncState> states;
    for (auto &[name, held] : m_held) {
        const auto next = held.schedule.next();
        held.state.nextTry = next ? std::optional(wallOf(*next)) : std::nullopt;
        states.append(held.state);
    }
    if (states == m_states)
        return;
    m_states = std::move(states);
    emit changed();
}

Millis SyncService::monotonicOf(Instant wall) const
{
    return m_session.clock().monotonic() + (wall - m_session.clock().now());
}

Instant SyncService::wallOf(Millis monotonic) const
{
    return m_session.clock().now() + (monotonic - m_session.clock().monotonic());
}

QFuture<Result<Done>> SyncService::fetchFile(qint64 remoteFile)
{
    if (const auto under = m_files.find(remoteFile); under != m_files.end())
        return under->second.promise->future();
    if (!m_worker)
        return QtFuture::makeReadyFuture(Result<Done>(cancelled()));
    const quint64 number = ++m_fetch;
    auto promise = std::make_shared<QPromise<Result<Done>>>();
    promise->start();
    m_files[remoteFile] = { number, promise };
    emit filesChanged();
    m_session
        .read([remoteFile](storage::Connection &connection, const Visibility &visibility) {
            return findFile(connection, remoteFile, visibility);
        })
        .then(this, [this, number](const Result<Found> &found) {
            if (!found)
                return fileEnded(number, found.error());
            const qint64 most = m_setup.largestFile;
            if (found->file.row.size > most)
                return fileEnded(number, tooLarge(found->file.row.size, most));
            // Cancelled meanwhile, nobody waits for it.
            if (std::ranges::any_of(
                    m_files, [number](const auto &one) { return one.second.number == number; }))
                toWorker([number, found = *found, most](SyncWorker &worker) {
                    worker.fetch(number, found.account, found.file, most);
                });
        });
    return promise->future();
}

QSet<qint64> SyncService::fetching() const
{
    QSet<qint64> files;
    for (const auto &[file, fetch] : m_files)
        files.insert(file);
    return files;
}

void SyncService::cancelFile(qint64 remoteFile)
{
    const auto found = m_files.find(remoteFile);
    if (found == m_files.end())
        return;
    const quint64 number = found->second.number;
    toWorker([number](SyncWorker &worker) { worker.cancelFetch(number); });
    fileEnded(number, cancelled());
}

void SyncService::fileEnded(quint64 number, const Result<Done> &outcome)
{
    const auto found = std::ranges::find_if(
        m_files, [number](const auto &one) { return one.second.number == number; });
    if (found == m_files.end())
        return;
    const auto promise = found->second.promise;
    m_files.erase(found);
    promise->addResult(outcome);
    promise->finish();
    emit filesChanged();
}

} // namespace tierline::desk

#include "core/desk/syncworker.h"

#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

SyncWorker::Entry::~Entry()
{
    // What is written for a round uses it: first nothing runs any more, then it goes.
    if (gate)
        gate->close();
    run.reset();
}

SyncWorker::SyncWorker(SyncService &service, storage::StoreThread &store,
    storage::Workspace workspace, connectors::Registry registry, const Clock &clock,
    RandomSource &random)
    : m_service(service)
    , m_store(store)
    , m_workspace(std::move(workspace))
    , m_registry(std::move(registry))
    , m_clock(clock)
    , m_random(random)
{
}

SyncWorker::~SyncWorker() = default;

template<typename F>
void SyncWorker::tell(F what)
{
    QMetaObject::invokeMethod(
        &m_service, [service = &m_service, what = std::move(what)] { what(*service); },
        Qt::QueuedConnection);
}

std::unique_ptr<ThreadGate> SyncWorker::makeGate()
{
    return std::make_unique<ThreadGate>(m_store, [service = &m_service] {
        QMetaObject::invokeMethod(
            service, [service] { service->stored(); }, Qt::QueuedConnection);
    });
}

RunContext SyncWorker::context(sync::StoreGate &gate)
{
    return { .workspace = m_workspace,
        .gate = gate,
        .registry = m_registry,
        .clock = m_clock,
        .random = m_random,
        .askSecret = [this](const QString &account, std::function<void(Result<Secret>)> done) {
            ask(account, std::move(done));
        } };
}

void SyncWorker::ask(const QString &account, std::function<void(Result<Secret>)> done)
{
    const quint64 question = ++m_question;
    m_asked[question] = std::move(done);
    tell([account, question](SyncService &service) { service.askSecret(account, question); });
}

void SyncWorker::takeSecret(quint64 question, const Result<Secret> &secret)
{
    const auto asked = m_asked.find(question);
    if (asked == m_asked.end())
        return;
    const auto done = std::move(asked->second);
    m_asked.erase(asked);
    done(secret);
}

void SyncWorker::run(const storage::Account &account)
{
    Entry &entry = m_entries[account.name];
    if (!entry.run) {
        entry.gate = makeGate();
        entry.run = std::make_unique<AccountRun>(context(*entry.gate), account);
    }
    if (m_isQuitting || entry.run->isRunning())
        return;
    entry.run->setAccount(account);
    entry.run->start(
        {},
        [this, run = entry.run.get()](const sync::RoundSummary &summary) {
            const auto stop = run->stop();
            tell([summary, stop](SyncService &service) { service.ended(summary, stop); });
            // Not from within the round's own last words.
            if (m_isQuitting)
                QMetaObject::invokeMethod(this, &SyncWorker::endIfIdle, Qt::QueuedConnection);
        },
        [this, name = account.name](int tickets) {
            tell([name, tickets](SyncService &service) { service.progressed(name, tickets); });
        });
}

void SyncWorker::forgetSecret(const QString &account)
{
    if (const auto found = m_entries.find(account); found != m_entries.end())
        found->second.run->forgetSecret();
}

void SyncWorker::forget(const QString &account)
{
    m_entries.erase(account);
}

void SyncWorker::fetch(quint64 number, const storage::Account &account,
    const storage::FoundRemoteFile &file, qint64 limit)
{
    Fetch &fetch = m_fetches[number];
    fetch.file = file;
    fetch.limit = limit;
    if (m_isQuitting)
        return fetchEnded(number, cancelled());
    ask(account.name, [this, number, account](const Result<Secret> &secret) {
        download(number, account, secret);
    });
}

void SyncWorker::download(
    quint64 number, const storage::Account &account, const Result<Secret> &secret)
{
    const auto found = m_fetches.find(number);
    if (found == m_fetches.end())
        return;
    Fetch &fetch = found->second;
    if (!secret)
        return fetchEnded(number, secret.error());
    auto link = RemoteLink::open(account, *secret, m_registry, m_clock, m_random);
    if (!link)
        return fetchEnded(number, link.error());
    fetch.link = std::move(*link);
    const storage::RemoteFileRow &row = fetch.file.row;
    // Silent when the link is gone: cancelFetch() needs no more than to drop it.
    fetch.link->connector().download(
        { .id = row.remote, .name = row.name, .contentType = row.contentType, .size = row.size },
        fetch.limit, [this, number](const Result<QByteArray> &bytes) {
            if (bytes)
                keep(number, *bytes);
            else
                fetchEnded(number, bytes.error());
        });
}

/// An attachment like any other from now on.
void SyncWorker::keep(quint64 number, const QByteArray &bytes)
{
    if (!m_gate)
        m_gate = makeGate();
    m_gate->write(
        storage::Durability::Background,
        [file = m_fetches.at(number).file, bytes](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(left, storage::findRemoteFile(scope.connection(), file.row.id));
            if (!left)
                return Done {}; // another program was quicker
            Attachment attachment { .message = file.row.message,
                .name = file.row.name,
                .contentType = file.row.contentType };
            TIERLINE_CHECK(storage::appendAttachment(scope, attachment, bytes));
            TIERLINE_CHECK(storage::removeRemoteFile(scope, file.row.id));
            scope.touch(file.ticket);
            return Done {};
        },
        [this, number](const Result<Done> &written) { fetchEnded(number, written); });
}

void SyncWorker::fetchEnded(quint64 number, const Result<Done> &outcome)
{
    tell([number, outcome](SyncService &service) { service.fileEnded(number, outcome); });
    // A link must not go while it hands over its answer.
    QMetaObject::invokeMethod(
        this, [this, number] { m_fetches.erase(number); }, Qt::QueuedConnection);
}

void SyncWorker::cancelFetch(quint64 number)
{
    m_fetches.erase(number);
}

void SyncWorker::quit(Millis patience)
{
    m_isQuitting = true;
    m_fetches.clear();
    for (auto &[name, entry] : m_entries)
        entry.run->cancel();
    auto *limit = new QTimer(this);
    limit->setSingleShot(true);
    connect(limit, &QTimer::timeout, this, &SyncWorker::endNow);
    limit->start(patience);
    endIfIdle();
}

void SyncWorker::endIfIdle()
{
    for (const auto &[name, entry] : m_entries) {
        if (entry.run->isRunning())
            return;
    }
    endNow();
}

void SyncWorker::endNow()
{
    if (m_gate)
        m_gate->close();
    m_fetches.clear();
    m_entries.clear();
    m_gate.reset();
    thread()->quit();
}

} // namespace tierline::desk

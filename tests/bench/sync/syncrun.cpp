#include "tests/bench/sync/syncrun.h"

#include "core/storage/accounts.h"
#include "tests/bench/common/bench.h"

#include <ctime>

namespace tierline::bench {

using namespace Qt::StringLiterals;

namespace {

double secondsOf(clockid_t clock)
{
    timespec time {};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

} // namespace

double processSeconds()
{
    return secondsOf(CLOCK_PROCESS_CPUTIME_ID);
}

double threadSeconds()
{
    return secondsOf(CLOCK_THREAD_CPUTIME_ID);
}

SyncRun::SyncRun(const QString &url, const QByteArray &token, const net::PacePolicy &pace)
{
    m_store
        = take(storage::Store::create(storage::Workspace(m_folder.filePath(u"desk"_s)), m_clock));
    m_gate = std::make_unique<sync::DirectGate>(*m_store);
    storage::Account account;
    account.name = u"desk"_s;
    account.type = u"rt"_s;
    account.url = url;
    account.me = { { u"id"_s, u"agent"_s } };
    account.places = { { u"L1 Frontline"_s, u"L1"_s, {} }, { u"L2 Technical"_s, u"L2"_s, {} } };
    account.created = m_clock.now();
    take(m_store->write(storage::Durability::Person,
        [&](storage::WriteScope &scope) { return storage::addAccount(scope, account); }));
    const connectors::Kind kind = connectors::rt::rtKind();
    m_transport = std::make_unique<net::Transport>(
        net::TransportSettings { .base = take(net::BaseUrl::parse(url)), .pace = pace }, m_clock,
        m_random);
    connectors::AccountConfig config;
    config.name = account.name;
    config.type = account.type;
    config.url = QUrl(url);
    const Secret secret = Secret::take(QByteArray(token));
    config.user = kind.userOf(secret);
    m_transport->setCredentials(kind.credentials(config, secret));
    m_connector = kind.make(config, *m_transport, m_clock, m_random);
}

sync::RoundSummary SyncRun::run(int patience, bool isEndedThen)
{
    std::optional<sync::RoundSummary> summary;
    sync::Round round(u"desk"_s, *m_connector, *m_gate, m_clock, m_random);
    round.start([&](const sync::RoundSummary &told) { summary = told; });
    if (!waitUntil([&] { return summary.has_value(); }, patience) && isEndedThen) {
        round.cancel();
        waitUntil([&] { return summary.has_value(); }, 10'000);
    }
    if (!summary)
        fail(u"the round did not end"_s);
    if (summary->error && !(isEndedThen && summary->error->fault == Fault::Cancelled))
        fail(summary->error->detail);
    return *summary;
}

sync::RoundSummary SyncRun::round(int patience)
{
    return run(patience, false);
}

sync::RoundSummary SyncRun::roundFor(int milliseconds)
{
    return run(milliseconds, true);
}

qint64 SyncRun::tickets()
{
    auto rows = take(m_store->connection().prepareText(u"SELECT count(*) FROM ticket"_s));
    take(rows.step());
    return rows.integer(0);
}

} // namespace tierline::bench

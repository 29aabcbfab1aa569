#include "app/cli/postrun.h"

#include "app/cli/output.h"
#include "app/cli/syncrun.h"
#include "core/storage/ways.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis longestSending { 60'000 };

} // namespace

const notify::WayRegistry &wayKinds()
{
    static const notify::WayRegistry all = [] {
        notify::WayRegistry made;
        notify::registerWays(made);
        return made;
    }();
    return all;
}

PostRun::PostRun(Environment &env, storage::Store &store, SecretStore &secrets)
    : m_env(env)
    , m_store(store)
    , m_secrets(secrets)
    , m_here(store)
{
}

PostRun::~PostRun() = default;

void PostRun::look(bool isHolder)
{
    if (!isHolder) {
        stop(); // whoever fires sends
        return;
    }
    const auto ways = storage::loadWays(m_store.connection());
    if (ways && m_ways != *ways) {
        m_ways = *ways;
        m_keys = std::make_unique<desk::WayKeys>(m_secrets, wayKinds(), *ways,
            [this](std::vector<desk::KeyedWay> keyed) { this->keyed(std::move(keyed)); });
    }
    if (m_courier)
        m_courier->wake();
}

void PostRun::keyed(std::vector<desk::KeyedWay> ways)
{
    m_keys.reset();
    if (!m_courier)
        m_courier = std::make_unique<engine::Courier>(
            m_here, wayKinds(), m_env.clock(), m_env.random(), engine::Courier::Settings {});
    m_courier->setWays(desk::openWays(wayKinds(), ways, m_env.clock(), m_env.random()));
    for (const desk::KeyedWay &one : ways) {
        const QString line = u"%1: %2"_s.arg(one.way.name, one.problem);
        if (!one.problem.isEmpty() && !m_told.contains(line))
            printError(printable(line));
        if (!one.problem.isEmpty())
            m_told.insert(line);
    }
}

void PostRun::stop()
{
    m_keys.reset();
    m_courier.reset();
    m_ways.reset();
}

Result<Done> sendOnce(Environment &env, storage::Store &store, SecretStore &secrets)
{
    TIERLINE_TRY(ways, storage::loadWays(store.connection()));
    if (ways.empty())
        return Done {};
    PostRun post(env, store, secrets);
    QTimer tick;
    const Millis end = env.clock().monotonic() + longestSending;
    runLoop([&](const std::function<void()> &done) {
        post.look(true);
        tick.callOnTimeout([&, done] {
            if (!post.isIdle() && !Environment::isInterrupted() && env.clock().monotonic() < end)
                return;
            tick.stop();
            done();
        });
        tick.start(20);
    });
    post.stop();
    return Done {};
}

} // namespace tierline::cli

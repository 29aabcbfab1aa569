#pragma once

#include "app/cli/command.h"
#include "core/desk/waykeys.h"

namespace tierline::cli {

/// Every kind of way that this program has.
const notify::WayRegistry &wayKinds();

/// Takes notices to people over networks in the program's event loop, as long as this program fires. Thread: main.
class PostRun
{
public:
    /// All outlive it.
    PostRun(Environment &env, storage::Store &store, SecretStore &secrets);
    ~PostRun();

    /// After every step: there may be something to send, and ways may be others than before.
    void look(bool isHolder);
    void stop();
    /// All that can go now has gone.
    bool isIdle() const { return !m_keys && (!m_courier || m_courier->isIdle()); }

private:
    void keyed(std::vector<desk::KeyedWay> ways);

    Environment &m_env;
    storage::Store &m_store;
    SecretStore &m_secrets;
    engine::StoreHere m_here;
    std::unique_ptr<engine::Courier> m_courier;
    std::unique_ptr<desk::WayKeys> m_keys;
    std::optional<std::vector<Way>> m_ways; ///< that are open or being opened
    QSet<QString> m_told;
};

/// Sends what is due, once: waits until all that can go now has gone, for a minute at most. Where no way is set up
/// nothing is asked for. Blocks in runLoop().
Result<Done> sendOnce(Environment &env, storage::Store &store, SecretStore &secrets);

} // namespace tierline::cli

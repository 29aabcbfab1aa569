#pragma once

#include "core/connectors/api/registry.h"
#include "core/secrets/memorysecrets.h"
#include "core/storage/accounts.h"
#include "tests/support/fakedesk/fakeconnector.h"

#include <QElapsedTimer>
#include <QTimer>

#include <mutex>

namespace tierline::test {

/// A desk that a product's own threads speak to. Thread: the test's; the connectors' part runs wherever
/// they are made. Outlives the product.
class LiveDesk
{
public:
    explicit LiveDesk(FakeClock &clock, const DeskOptions &options = { .tickets = 3 });

    /// Does something with the desk while nobody else does.
    template<typename F>
    auto with(F work)
    {
        const std::scoped_lock lock(m_mutex);
        return work(m_desk);
    }
    /// From now on time passes, at this speed.
    void passTime(int timesReal = 20);
    void pauseTime() { m_time.stop(); }

    connectors::Registry registry();
    /// For storage::addAccount(): an account of user "7", with the desk's places mapped to tiers.
    storage::Account account(const QString &name = QStringLiteral("desk")) const;
    static SecretKey secretKey(const QString &account = QStringLiteral("desk"));
    int connectorsMade() const { return m_made; }

private:
    class Locked;
    FakeClock &m_clock;
    std::recursive_mutex m_mutex;
    SimLoop m_loop;
    FakeDesk m_desk;
    QTimer m_time;
    QElapsedTimer m_real;
    std::atomic<int> m_made { 0 };
};

} // namespace tierline::test

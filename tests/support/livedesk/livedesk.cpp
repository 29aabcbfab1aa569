#include "tests/support/livedesk/livedesk.h"

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::Answer;

/// A FakeConnector whose calls and whose share of the loop run while nobody else uses the desk.
class LiveDesk::Locked final : public connectors::Connector
{
public:
    explicit Locked(LiveDesk &live)
        : m_live(live)
    {
        const std::scoped_lock lock(m_live.m_mutex);
        ++m_live.m_made;
        m_inner = std::make_unique<FakeConnector>(
            m_live.m_desk, FakeConnectorOptions { .seed = quint64(m_live.m_made) });
        QObject::connect(&m_pump, &QTimer::timeout, &m_pump, [this] {
            const std::scoped_lock turn(m_live.m_mutex);
            m_live.m_loop.runFor(Millis(0));
        });
        m_pump.start(1);
    }
    ~Locked() override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner.reset();
    }

    connectors::Manner manner() const override { return m_inner->manner(); }
    void probe(Answer<connectors::Probe> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->probe(std::move(answer));
    }
    void pull(const QString &cursor, Answer<connectors::PullPage> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->pull(cursor, std::move(answer));
    }
    void fetch(
        const QString &ticket, bool wantsEntries, Answer<connectors::RemoteTicket> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->fetch(ticket, wantsEntries, std::move(answer));
    }
    void push(const connectors::PushStep &step, Answer<connectors::PushOutcome> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->push(step, std::move(answer));
    }
    void find(const connectors::PushStep &step, Answer<connectors::Found> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->find(step, std::move(answer));
    }
    void download(
        const connectors::RemoteFile &file, qint64 limit, Answer<QByteArray> answer) override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->download(file, limit, std::move(answer));
    }
    void cancelAll() override
    {
        const std::scoped_lock lock(m_live.m_mutex);
        m_inner->cancelAll();
    }

private:
    LiveDesk &m_live;
    std::unique_ptr<FakeConnector> m_inner;
    QTimer m_pump;
};

LiveDesk::LiveDesk(FakeClock &clock, const DeskOptions &options)
    : m_clock(clock)
    , m_loop(clock)
    , m_desk(m_loop, options)
{
}

void LiveDesk::passTime(int timesReal)
{
    m_time.disconnect();
    m_real.start();
    QObject::connect(&m_time, &QTimer::timeout, &m_time, [this, timesReal] {
        // A machine that is busy must not see everything take longer.
        m_clock.advance(Millis(m_real.restart() * timesReal));
    });
    m_time.start(2);
}

connectors::Registry LiveDesk::registry()
{
    connectors::Registry registry;
    registry.add({ .type = u"live"_s,
        .name = u"Live desk"_s,
        .secretName = u"token"_s,
        .credentials
        = [](const connectors::AccountConfig &, const Secret &) { return net::Credentials(); },
        .make = [this](const connectors::AccountConfig &, net::Transport &, const Clock &,
                    RandomSource &) { return std::make_unique<Locked>(*this); } });
    return registry;
}

storage::Account LiveDesk::account(const QString &name) const
{
    return { .name = name,
        .type = u"live"_s,
        .url = u"http://127.0.0.1:9"_s,
        .places
        = { { u"L1 Frontline"_s, u"L1"_s, {} }, { u"L2 Technical"_s, u"L2"_s, u"Technical"_s },
            { u"L2 Billing"_s, u"L2"_s, u"Billing"_s }, { u"L3 Engineering"_s, u"L3"_s, {} } } };
}

SecretKey LiveDesk::secretKey(const QString &account)
{
    return { account, QStringView(MainSecret).toString() };
}

} // namespace tierline::test

#include "core/net/transport.h"

#include "core/net/exchange_p.h"
#include "core/net/tlsready.h"
#include "core/net/transportcore_p.h"

namespace tierline::net {

namespace {

class Handle final : public Call
{
public:
    explicit Handle(Exchange *exchange)
        : m_exchange(exchange)
        , m_sent(exchange->sentFlag())
    {
    }
    ~Handle() override
    {
        if (m_exchange)
            m_exchange->abandon();
    }
    bool firstByteSent() const override { return *m_sent; }
    void cancel() override
    {
        if (m_exchange)
            m_exchange->cancel();
    }

private:
    QPointer<Exchange> m_exchange; // leaves when it has ended
    // Shared with the exchange, since either may go first.
    std::shared_ptr<const bool> m_sent;
};

} // namespace

Transport::Transport(
    TransportSettings settings, const Clock &clock, RandomSource &random, QObject *parent)
    : QObject(parent)
    , m_core(std::make_unique<TransportCore>(std::move(settings), clock, random))
{
    readyTls();
    connect(m_core.get(), &TransportCore::signInNeeded, this, &Transport::signInNeeded);
}

Transport::~Transport() = default;

const BaseUrl &Transport::base() const
{
    return m_core->settings.base;
}

std::unique_ptr<Call> Transport::send(Request request, AnswerHandler done)
{
    return std::make_unique<Handle>(m_core->add(std::move(request), std::move(done)));
}

void Transport::setCredentials(const Credentials &credentials)
{
    m_core->openGate(credentials);
}

void Transport::setSession(std::shared_ptr<CookieSession> session)
{
    m_core->session = std::move(session);
}

bool Transport::isGateClosed() const
{
    return m_core->isGateClosed;
}

void Transport::closeGate(const QString &detail)
{
    m_core->closeGate(detail);
}

Millis Transport::pause() const
{
    return m_core->pacer.pause();
}

Transport::Load Transport::load() const
{
    return {
        .waiting = m_core->waiting(), .running = m_core->running(), .sending = m_core->sending()
    };
}

void Transport::lookAtClock()
{
    m_core->lookAtClock();
}

} // namespace tierline::net

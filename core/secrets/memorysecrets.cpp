#include "core/secrets/memorysecrets.h"

#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace tierline {

namespace {

/// Answers once, on the next turn of the loop; destroying it takes the answer back.
class LaterAnswer final : public SecretCall
{
public:
    LaterAnswer(QObject *store, SecretReply reply, SecretHandler done)
        : m_timer(new QTimer(store))
    {
        m_timer->setSingleShot(true);
        QObject::connect(m_timer, &QTimer::timeout, m_timer,
            [timer = m_timer.data(), reply = std::move(reply), done = std::move(done)] {
                // The handler may destroy this call and with it the timer's last use of these.
                const SecretHandler handler = done;
                const SecretReply answer = reply;
                timer->deleteLater();
                handler(answer);
            });
        m_timer->start(0);
    }
    ~LaterAnswer() override
    {
        if (m_timer) {
            m_timer->stop();
            m_timer->deleteLater();
        }
    }

private:
    QPointer<QTimer> m_timer; // its parent is the store, which may go first
};

} // namespace

MemorySecrets::MemorySecrets(QObject *parent)
    : QObject(parent)
{
}

MemorySecrets::~MemorySecrets() = default;

void MemorySecrets::put(const SecretKey &key, const Secret &secret)
{
    m_secrets[key] = secret;
}

std::optional<Secret> MemorySecrets::find(const SecretKey &key) const
{
    const auto found = m_secrets.find(key);
    return found == m_secrets.end() ? std::nullopt : std::optional(found->second);
}

std::unique_ptr<SecretCall> MemorySecrets::answer(SecretReply reply, SecretHandler done)
{
    return std::make_unique<LaterAnswer>(this, std::move(reply), std::move(done));
}

std::unique_ptr<SecretCall> MemorySecrets::read(const SecretKey &key, SecretHandler done)
{
    const auto found = m_secrets.find(key);
    if (found != m_secrets.end())
        return answer({ .secret = found->second }, std::move(done));
    return answer(
        { .fault = SecretFault::NotFound,
            .detail = u"No secret is known for the account “%1” (%2); sign in again."_s.arg(
                key.account, key.field) },
        std::move(done));
}

std::unique_ptr<SecretCall> MemorySecrets::write(
    const SecretKey &key, const Secret &secret, SecretHandler done)
{
    put(key, secret);
    return answer({}, std::move(done));
}

std::unique_ptr<SecretCall> MemorySecrets::remove(const SecretKey &key, SecretHandler done)
{
    m_secrets.erase(key);
    return answer({}, std::move(done));
}

} // namespace tierline

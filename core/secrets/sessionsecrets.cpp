#include "core/secrets/sessionsecrets.h"

using namespace Qt::StringLiterals;

namespace tierline {

SessionSecrets::SessionSecrets(SecretStore &keychain, QObject *parent)
    : QObject(parent)
    , m_keychain(keychain)
    , m_memory(std::make_shared<MemorySecrets>())
{
}

SessionSecrets::~SessionSecrets() = default;

std::unique_ptr<SecretCall> SessionSecrets::read(const SecretKey &key, SecretHandler done)
{
    if (m_memory->find(key))
        return m_memory->read(key, std::move(done));
    const std::weak_ptr<MemorySecrets> alive = m_memory;
    return m_keychain.read(key, [alive, done = std::move(done)](SecretReply reply) {
        if (!alive.expired())
            done(std::move(reply));
    });
}

std::unique_ptr<SecretCall> SessionSecrets::write(
    const SecretKey &key, const Secret &secret, SecretHandler done)
{
    // At once, so that work goes on while the keychain asks to be unlocked.
    m_memory->put(key, secret);
    const std::weak_ptr<MemorySecrets> alive = m_memory;
    return m_keychain.write(
        key, secret, [alive, key, secret, done = std::move(done)](SecretReply reply) {
            const std::shared_ptr<MemorySecrets> memory = alive.lock();
            if (!memory)
                return;
            if (!reply.ok()) {
                done({ .detail = u"%1 It is kept until this program ends, and nowhere else."_s.arg(
                           reply.detail),
                    .isForThisRunOnly = true });
                return;
            }
            if (memory->find(key) == secret)
                memory->forget(key);
            done(std::move(reply));
        });
}

std::unique_ptr<SecretCall> SessionSecrets::remove(const SecretKey &key, SecretHandler done)
{
    m_memory->forget(key);
    const std::weak_ptr<MemorySecrets> alive = m_memory;
    return m_keychain.remove(key, [alive, done = std::move(done)](SecretReply reply) {
        if (alive.expired())
            return;
        // Where there is no keychain, it keeps nothing.
        done(reply.fault == SecretFault::NoKeychain ? SecretReply {} : std::move(reply));
    });
}

} // namespace tierline

#pragma once

#include "core/secrets/secretstore.h"

#include <QObject>

#include <map>

namespace tierline {

/// Secrets kept for this run only: what the person is asked for again at each start where there is
/// no keychain, what `--secrets-stdin` brought, and what most tests use. Nothing reaches a disk.
/// Thread: the one it was made on.
class MemorySecrets final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    explicit MemorySecrets(QObject *parent = nullptr);
    ~MemorySecrets() override;

    [[nodiscard]] std::unique_ptr<SecretCall> read(
        const SecretKey &key, SecretHandler done) override;
    [[nodiscard]] std::unique_ptr<SecretCall> write(
        const SecretKey &key, const Secret &secret, SecretHandler done) override;
    [[nodiscard]] std::unique_ptr<SecretCall> remove(
        const SecretKey &key, SecretHandler done) override;
    bool isPermanent() const override { return false; }

    /// At once, for who fills it at the start.
    void put(const SecretKey &key, const Secret &secret);
    std::optional<Secret> find(const SecretKey &key) const;
    void forget(const SecretKey &key) { m_secrets.erase(key); }

private:
    std::unique_ptr<SecretCall> answer(SecretReply reply, SecretHandler done);

    std::map<SecretKey, Secret> m_secrets;
};

} // namespace tierline

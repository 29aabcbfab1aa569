#pragma once

#include "core/secrets/memorysecrets.h"

namespace tierline {

/// What a program with a window keeps its secrets in: the keychain, and for this run the memory where
/// the keychain takes nothing. What was entered in this run is found again whatever the keychain does;
/// what the keychain has taken leaves the memory. Nothing ever reaches a file by another way.
/// Thread: that of `keychain`, which outlives it.
class SessionSecrets final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    explicit SessionSecrets(SecretStore &keychain, QObject *parent = nullptr);
    ~SessionSecrets() override;

    [[nodiscard]] std::unique_ptr<SecretCall> read(
        const SecretKey &key, SecretHandler done) override;
    /// Succeeds in either case: SecretReply::isForThisRunOnly tells where it is. Readable in this run
    /// from this call on; destroying the call drops only the answer.
    [[nodiscard]] std::unique_ptr<SecretCall> write(
        const SecretKey &key, const Secret &secret, SecretHandler done) override;
    [[nodiscard]] std::unique_ptr<SecretCall> remove(
        const SecretKey &key, SecretHandler done) override;
    bool isPermanent() const override { return m_keychain.isPermanent(); }

private:
    SecretStore &m_keychain;
    std::shared_ptr<MemorySecrets>
        m_memory; ///< of this run; whoever it survives is not told any more
};

} // namespace tierline

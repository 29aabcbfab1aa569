#pragma once

#include "core/base/instant.h"
#include "core/secrets/secretstore.h"

#include <QObject>

namespace tierline {

/// Secrets in the system's keychain (Secret Service, KWallet, macOS, Windows) by QtKeychain. Never
/// falls back to a file: where no keychain answers, the reply is NoKeychain and nothing is written.
/// Thread: the main thread, which must run Qt's own loop; no nested loop, no blocking call.
/// A question that gets no answer within `limit` ends as Slow. The system may still be showing a
/// prompt then; what it says later is dropped, but a write may yet happen.
class KeychainSecrets final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    /// `service` groups the entries, as people see them in their keychain's own window.
    explicit KeychainSecrets(QString service = QStringLiteral("Tierline"),
        Millis limit = std::chrono::minutes(2), QObject *parent = nullptr);
    ~KeychainSecrets() override;

    [[nodiscard]] std::unique_ptr<SecretCall> read(
        const SecretKey &key, SecretHandler done) override;
    [[nodiscard]] std::unique_ptr<SecretCall> write(
        const SecretKey &key, const Secret &secret, SecretHandler done) override;
    [[nodiscard]] std::unique_ptr<SecretCall> remove(
        const SecretKey &key, SecretHandler done) override;
    bool isPermanent() const override { return true; }

private:
    QString m_service;
    Millis m_limit;
};

/// The entry's name inside the service: both parts percent-encoded, so that no two keys meet.
QString keychainEntry(const SecretKey &key);

/// What a keychain's error means, from QtKeychain's code and the text beside it. Pure.
SecretFault keychainFault(int code, const QString &text);

} // namespace tierline

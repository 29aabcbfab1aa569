#include "app/cli/keychaincheck.h"

#include "app/cli/syncrun.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

SecretReply ask(const QString &account, SecretStore &keychain)
{
    std::optional<SecretReply> told;
    std::unique_ptr<SecretCall> asking;
    runLoop([&](const std::function<void()> &done) {
        asking = keychain.read(secretKeyOf(account), [&, done](SecretReply reply) {
            told = std::move(reply);
            done();
        });
    });
    return told.value_or(SecretReply { .fault = SecretFault::Failed });
}

/// What the person does about it, beside what the keychain said.
QString advice(SecretFault fault, const QString &account)
{
    const QString byHand
        = u" Until then “sync --secrets-stdin” takes it; the tickets here stay as they are."_s;
    switch (fault) {
    case SecretFault::NoKeychain:
        return u"No keychain answers on this machine, so the sign-in of “%1” is not kept: the desktop asks for it at each start, and “sync --secrets-stdin” takes it."_s
            .arg(account);
    case SecretFault::Slow:
        return u"The keychain does not answer: see whether it asks for something on the screen, or start it again."_s
            + byHand;
    case SecretFault::Locked:
        return u"The keychain is locked, so “%1” cannot sign in: unlock it."_s.arg(account)
            + byHand;
    case SecretFault::Denied:
        return u"The keychain refuses the sign-in of “%1”: allow it there."_s.arg(account) + byHand;
    case SecretFault::NotFound:
        return u"The keychain answers and has no sign-in for “%1”, or stays locked: sign in to it in the desktop's settings."_s
                   .arg(account)
            + byHand;
    case SecretFault::Garbled:
        return u"What the keychain has for “%1” cannot be a token or password: sign in to it again in the desktop's settings."_s
                   .arg(account)
            + byHand;
    case SecretFault::Failed:
    case SecretFault::None: break;
    }
    return u"The keychain failed when asked for the sign-in of “%1”: look at its own window, or start it again."_s
               .arg(account)
        + byHand;
}

} // namespace

storage::HealthCheck checkKeychain(const QList<storage::Account> &accounts, SecretStore &keychain)
{
    const QString name = u"keychain"_s;
    if (accounts.isEmpty())
        return { name, true, u"This workspace has no accounts, so it needs no keychain."_s };
    QStringList kept;
    for (const storage::Account &account : accounts) {
        const SecretReply reply = ask(account.name, keychain);
        if (!reply.ok())
            return { name, false, advice(reply.fault, account.name) };
        kept.append(account.name);
    }
    return { name, true, u"The keychain has the sign-in of %1."_s.arg(kept.join(u", "_s)) };
}

} // namespace tierline::cli

#pragma once

#include "core/base/result.h"
#include "core/secrets/secret.h"

#include <functional>
#include <memory>
#include <optional>

namespace tierline {

/// Where a secret belongs: an account's id and a field of its sign-in ("token", "password").
struct SecretKey {
    QString account;
    QString field;

    bool operator==(const SecretKey &) const = default;
    bool operator<(const SecretKey &other) const
    {
        return account != other.account ? account < other.account : field < other.field;
    }
};

/// The field of an account that has one secret only; also what a bare value on stdin fills.
inline constexpr char16_t MainSecret[] = u"secret";

/// Why a store of secrets did not do what was asked.
enum class SecretFault : quint8 {
    None,
    NoKeychain, ///< nothing on this machine keeps secrets; ask the person again at each start
    Locked, ///< there, but closed
    Denied, ///< the person, or the system, said no
    NotFound, ///< no such entry; also what a dismissed unlocking looks like on some systems
    Garbled, ///< there is an entry, and it cannot be one of ours
    Slow, ///< no answer within the limit; a prompt may still be open
    Failed, ///< anything else
};

/// Short stable code ("no_keychain"), for `--json` and tests.
QString secretFaultCode(SecretFault fault);

/// The answer to a read, write or remove. `secret` is set after a read that found one.
struct SecretReply {
    SecretFault fault = SecretFault::None;
    std::optional<Secret> secret;
    QString detail; ///< one sentence: what is wrong and what to do; never holds a secret
    /// After a write that is ok() all the same: no keychain took it, so it is here until the program
    /// ends. `detail` then says so.
    bool isForThisRunOnly = false;

    bool ok() const { return fault == SecretFault::None; }
    /// The same for callers that speak Result: NotFound for NotFound, else SignIn, to be tried again
    /// after a sign-in. Meaningful only where !ok().
    Error error() const;
};

using SecretHandler = std::function<void(SecretReply)>;

/// One question that is under way, owned by who asked. Destroying it drops the question: its handler
/// is never called afterwards. It may be destroyed from within its handler.
class SecretCall
{
public:
    virtual ~SecretCall() = default;
};

/// The seam to wherever secrets are kept. Nothing else in the product reads or writes one.
/// Thread: that of the store, which for a keychain is the main thread; handlers run there too, always
/// later than the call itself, and exactly once unless the SecretCall or the store is destroyed.
/// No entry, no keychain and a refusal are answers, never a reason to remove local data.
class SecretStore
{
public:
    virtual ~SecretStore() = default;

    [[nodiscard]] virtual std::unique_ptr<SecretCall> read(const SecretKey &key, SecretHandler done)
        = 0;
    /// Replaces what was there.
    [[nodiscard]] virtual std::unique_ptr<SecretCall> write(
        const SecretKey &key, const Secret &secret, SecretHandler done)
        = 0;
    /// Removing what is not there succeeds.
    [[nodiscard]] virtual std::unique_ptr<SecretCall> remove(
        const SecretKey &key, SecretHandler done)
        = 0;

    /// Whether what is written is still there at the next start.
    virtual bool isPermanent() const = 0;
};

} // namespace tierline

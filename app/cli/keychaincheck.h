#pragma once

#include "core/secrets/secretstore.h"
#include "core/storage/accounts.h"
#include "core/storage/doctor.h"

namespace tierline::cli {

/// Whether each account's sign-in can be read from the keychain, as a verdict with one sentence. Asks
/// nothing where there is no account. Blocks in runLoop() until the keychain has answered or its limit
/// is over; secrets that it gives are let go of at once.
storage::HealthCheck checkKeychain(const QList<storage::Account> &accounts, SecretStore &keychain);

} // namespace tierline::cli

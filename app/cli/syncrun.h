#pragma once

#include "app/cli/command.h"
#include "core/connectors/api/registry.h"
#include "core/desk/accountrun.h"
#include "core/secrets/secretstore.h"
#include "core/sync/round.h"

namespace tierline::cli {

/// Runs the program's one event loop until the job that `start` begins calls `done`. A command that has
/// to wait for a network is such a job; there is no other loop to nest in.
void runLoop(const std::function<void(std::function<void()> done)> &start);

using desk::secretKeyOf;

/// Where this command's secrets are: what came on stdin with --secrets-stdin, else the keychain.
Result<std::unique_ptr<SecretStore>> openSecrets(bool areOnStdin);

/// Asks one account who we are there. Blocks in runLoop(). The secret comes from `secrets`.
Result<connectors::Probe> probeAccount(
    Environment &env, const storage::Account &account, SecretStore &secrets);
/// The same with a secret in hand.
Result<connectors::Probe> probeAccount(
    Environment &env, const storage::Account &account, const Secret &secret);

/// One round of each of these accounts, one after the other. Ctrl-C ends it whole. An account that
/// another program is syncing is told as an error of its own.
Result<std::vector<sync::RoundSummary>> syncAccounts(Environment &env,
    const QList<storage::Account> &accounts, SecretStore &secrets, sync::RoundOptions options);

} // namespace tierline::cli

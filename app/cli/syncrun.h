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

/// Rounds of accounts in the program's event loop, again and again, while other things go on in it. A secret is
/// asked for once. Thread: main.
class BackgroundSync
{
public:
    /// All outlive it.
    BackgroundSync(Environment &env, storage::Store &store, const QList<storage::Account> &accounts,
        SecretStore &secrets);
    ~BackgroundSync();

    /// Each account now, and so long after each of its rounds has ended.
    void start(Millis pause, std::function<void(const sync::RoundSummary &)> told);
    /// Something waits to be sent.
    void soon();
    /// Ends the rounds whole; `done` is called once, now or later.
    void stop(std::function<void()> done);

private:
    struct Entry;
    void run(Entry &entry);
    void ended(Entry &entry, const sync::RoundSummary &summary);

    std::vector<std::unique_ptr<Entry>> m_entries;
    Millis m_pause { 0 };
    std::function<void(const sync::RoundSummary &)> m_told;
    std::function<void()> m_stopped;
};

} // namespace tierline::cli

#pragma once

#include "core/base/result.h"
#include "core/storage/workspace.h"

#include <QElapsedTimer>
#include <QString>

#include <functional>
#include <vector>

struct sqlite3;

namespace tierline::bench {

/// Ends the program with a sentence.
[[noreturn]] void fail(const QString &why);
template<typename T>
T take(Result<T> result)
{
    if (!result)
        fail(result.error().detail);
    return std::move(*result);
}

/// A workspace with that many tickets, all of them open and most with a clock: the hardest queue. Made
/// at the first use and kept in TIERLINE_BENCH_STORES (build/bench-stores beside the program's tree).
storage::Workspace storeOf(qint64 tickets);
/// The workspace's database with the C interface, for raw limits.
sqlite3 *rawDatabase(const storage::Workspace &workspace, bool isWritable);
void rawRun(sqlite3 *db, const char *sql);

/// Runs the event loop until it is so; false after `patience` milliseconds.
bool waitUntil(const std::function<bool()> &isSo, int patience = 60'000);
double milliseconds(const std::function<void()> &work);

double quantile(std::vector<double> values, double q);
/// Pairs of ours and the peer's, measured in turn; printed as median ratio with its 10th and 90th
/// percentile, the absolute medians, and whether the bar holds ("at most" unless `isAtLeast`).
struct Pairs {
    std::vector<double> ours, peer;
};
void report(
    const QString &target, qint64 tickets, const Pairs &pairs, double bar, bool isAtLeast = false);
/// One figure with its bar; 0: no bar.
void figure(
    const QString &target, qint64 tickets, double value, const QString &unit, double bar = 0);
/// The exponent of cost against size over the sizes measured; noted by report() under its target. Holds
/// within the bar, or where the peer grows as fast.
void growth(const QString &target, double bar);
/// Memory of its own of a process, in MiB: what it wrote, in memory or swapped out. Pages of programs and
/// libraries are left out: whether they are shared depends on what else runs just now.
double privateMemory(qint64 pid = 0);

} // namespace tierline::bench

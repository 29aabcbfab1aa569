#include "tests/bench/common/bench.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "tests/support/bigstore/bigstore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QTimer>

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tierline::bench {

using namespace Qt::StringLiterals;

namespace {

using Costs = QHash<QString, std::vector<std::pair<double, double>>>; ///< by target: size, cost

Costs &costs()
{
    static Costs all;
    return all;
}

Costs &peerCosts()
{
    static Costs all;
    return all;
}

void openEverything(const storage::Workspace &workspace)
{
    sqlite3 *db = rawDatabase(workspace, true);
    // Three in four with a clock, spread over a month; by a hash, so that it is the same every time.
    rawRun(db,
        "UPDATE ticket SET status = id * 7919 % 4, is_awaiting_yes = 0, clock = 'resolution',"
        " assignee = CASE WHEN assignee = '' THEN '' ELSE 'agent' || (id % 60) END,"
        " tier = 'L' || (1 + (id * 31 % 10 >= 6) + (id * 31 % 10 >= 9)),"
        " clock_start = created, due = CASE WHEN id % 4 = 0 THEN 9223372036854775807"
        " ELSE 1780920000000 + (id % 1000003 * 2654435 % 2592000000) END WHERE status >= 4 OR due > 1783512000000");
    rawRun(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(db);
}

} // namespace

void fail(const QString &why)
{
    std::fprintf(
        stderr, "%s: %s\n", qPrintable(QCoreApplication::applicationName()), qPrintable(why));
    std::exit(1);
}

sqlite3 *rawDatabase(const storage::Workspace &workspace, bool isWritable)
{
    sqlite3 *db = nullptr;
    const QByteArray file = QFile::encodeName(workspace.databasePath());
    if (sqlite3_open_v2(file.constData(), &db,
            isWritable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, nullptr)
        != SQLITE_OK)
        fail(QString::fromUtf8(sqlite3_errmsg(db)));
    sqlite3_busy_timeout(db, 10'000);
    rawRun(db, "PRAGMA synchronous = NORMAL");
    return db;
}

void rawRun(sqlite3 *db, const char *sql)
{
    char *problem = nullptr;
    if (sqlite3_exec(db, sql, nullptr, nullptr, &problem) != SQLITE_OK)
        fail(QString::fromUtf8(sql) + u": "_s + QString::fromUtf8(problem));
}

storage::Workspace storeOf(qint64 tickets)
{
    const QString base = qEnvironmentVariable("TIERLINE_BENCH_STORES",
        QDir::cleanPath(QCoreApplication::applicationDirPath() + u"/../../../bench-stores"_s));
    const storage::Workspace workspace(base + u'/' + QString::number(tickets));
    const QString ready = workspace.folder() + u".ready"_s;
    if (QFile::exists(ready))
        return workspace;
    if (!workspace.exists()) {
        std::printf("making a store with %lld tickets …\n", static_cast<long long>(tickets));
        std::fflush(stdout);
        QDir().mkpath(base);
        take(test::makeStore(workspace.folder(), tickets));
    }
    openEverything(workspace);
    QFile mark(ready);
    if (!mark.open(QIODevice::WriteOnly))
        fail(mark.errorString());
    return workspace;
}

bool waitUntil(const std::function<bool()> &isSo, int patience)
{
    // Asleep between events: a loop that spins would take the second core from the readers.
    QTimer end;
    end.setSingleShot(true);
    end.start(patience);
    while (!isSo()) {
        if (!end.isActive())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
    }
    return true;
}

double milliseconds(const std::function<void()> &work)
{
    QElapsedTimer timer;
    timer.start();
    work();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(
        values.size() - 1, static_cast<size_t>(q * static_cast<double>(values.size())))];
}

void report(const QString &target, qint64 tickets, const Pairs &pairs, double bar, bool isAtLeast)
{
    std::vector<double> ratios;
    for (size_t i = 0; i < pairs.ours.size(); ++i)
        ratios.push_back(isAtLeast ? pairs.peer[i] / pairs.ours[i] : pairs.ours[i] / pairs.peer[i]);
    const double middle = quantile(ratios, 0.5), ours = quantile(pairs.ours, 0.5);
    const bool holds = isAtLeast ? middle >= bar : middle <= bar;
    std::printf(
        "%-44s %8lld  ratio %7.2f (%.2f to %.2f)  bar %s %.2f %-6s ours %.2f ms, peer %.2f ms, %zu pairs\n",
        qPrintable(target), static_cast<long long>(tickets), middle, quantile(ratios, 0.1),
        quantile(ratios, 0.9), isAtLeast ? ">=" : "<=", bar, holds ? "holds" : "MISSED", ours,
        quantile(pairs.peer, 0.5), ratios.size());
    std::fflush(stdout);
    costs()[target].emplace_back(static_cast<double>(tickets), ours);
    peerCosts()[target].emplace_back(static_cast<double>(tickets), quantile(pairs.peer, 0.5));
}

void figure(const QString &target, qint64 tickets, double value, const QString &unit, double bar)
{
    const QString judged = bar > 0
        ? u"  bar <= %1 %2"_s.arg(bar).arg(value <= bar ? u"holds"_s : u"MISSED"_s)
        : QString();
    std::printf("%-44s %8lld  %.2f %s%s\n", qPrintable(target), static_cast<long long>(tickets),
        value, qPrintable(unit), qPrintable(judged));
    std::fflush(stdout);
    costs()[target].emplace_back(static_cast<double>(tickets), value);
}

namespace {

/// Slope of a straight line through (log size, log cost).
double exponentOf(const std::vector<std::pair<double, double>> &points)
{
    double meanX = 0, meanY = 0, xy = 0, xx = 0;
    for (const auto &[size, cost] : points) {
        meanX += std::log(size) / static_cast<double>(points.size());
        meanY += std::log(cost) / static_cast<double>(points.size());
    }
    for (const auto &[size, cost] : points) {
        xy += (std::log(size) - meanX) * (std::log(cost) - meanY);
        xx += (std::log(size) - meanX) * (std::log(size) - meanX);
    }
    return xy / xx;
}

} // namespace

void growth(const QString &target, double bar)
{
    const auto &points = costs()[target];
    if (points.size() < 2)
        return;
    const double ours = exponentOf(points);
    const auto &peers = peerCosts()[target];
    const double raw = peers.size() == points.size() ? exponentOf(peers) : 0;
    // Nobody is flatter than the raw limit of the same run.
    const bool holds = ours <= std::max(bar, raw + 0.05);
    std::printf("%-44s growth exponent %.2f (peer %.2f)  bar <= %.2f %s\n", qPrintable(target),
        ours, raw, bar, holds ? "holds" : "MISSED");
    std::fflush(stdout);
}

double privateMemory(qint64 pid)
{
    QFile rollup(pid ? u"/proc/%1/smaps_rollup"_s.arg(pid) : u"/proc/self/smaps_rollup"_s);
    if (!rollup.open(QIODevice::ReadOnly))
        return 0;
    double sum = 0;
    for (const QByteArray &line : rollup.readAll().split('\n')) {
        if (line.startsWith("Anonymous:") || line.startsWith("Swap:"))
            sum += line.mid(line.indexOf(':') + 1).simplified().split(' ').front().toDouble();
    }
    return sum / 1024;
}

} // namespace tierline::bench

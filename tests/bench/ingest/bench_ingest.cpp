#include "core/base/clock.h"
#include "core/import/importer.h"
#include "tests/support/bigstore/bigstore.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

// The first import of a file of ticket lines, parse and indexes and text index included, against a raw
// program that writes the same rows from values that are parsed already: tables, then their indexes,
// then the text index in one go. Both run in turn in this process; the ratio is of rows a second.
//
//   bench_ingest [N …]      sizes; else TIERLINE_BENCH_TICKETS

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

void fail(const QString &why)
{
    std::fprintf(stderr, "bench_ingest: %s\n", qPrintable(why));
    std::exit(1);
}

void run(sqlite3 *db, const QByteArray &sql)
{
    char *problem = nullptr;
    if (sqlite3_exec(db, sql.constData(), nullptr, nullptr, &problem) != SQLITE_OK)
        fail(QString::fromUtf8(sql) + u": "_s + QString::fromUtf8(problem));
}

QByteArrayList column(sqlite3 *db, const QByteArray &sql)
{
    QByteArrayList rows;
    sqlite3_stmt *query = nullptr;
    if (sqlite3_prepare_v2(db, sql.constData(), -1, &query, nullptr) != SQLITE_OK)
        fail(QString::fromUtf8(sqlite3_errmsg(db)));
    while (sqlite3_step(query) == SQLITE_ROW)
        rows.append(QByteArray(reinterpret_cast<const char *>(sqlite3_column_text(query, 0))));
    sqlite3_finalize(query);
    return rows;
}

/// Copies one table's rows through bound values, 5,000 a commit.
void copyTable(sqlite3 *from, sqlite3 *to, const QByteArray &table)
{
    sqlite3_stmt *read = nullptr, *write = nullptr;
    sqlite3_prepare_v2(from, ("SELECT * FROM " + table).constData(), -1, &read, nullptr);
    const int width = sqlite3_column_count(read);
    const QByteArray marks = QByteArray("?,").repeated(width).chopped(1);
    sqlite3_prepare_v2(
        to, ("INSERT INTO " + table + " VALUES (" + marks + ')').constData(), -1, &write, nullptr);
    run(to, "BEGIN");
    for (qint64 n = 1; sqlite3_step(read) == SQLITE_ROW; ++n) {
        for (int i = 0; i < width; ++i)
            sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
        if (sqlite3_step(write) != SQLITE_DONE)
            fail(QString::fromUtf8(sqlite3_errmsg(to)));
        sqlite3_reset(write);
        if (n % 5000 == 0)
            run(to, "COMMIT; BEGIN");
    }
    run(to, "COMMIT");
    sqlite3_finalize(read);
    sqlite3_finalize(write);
}

/// Seconds that the raw program needs for what lies in `source`.
double rawSeconds(const QString &source, const QString &target)
{
    sqlite3 *from = nullptr, *to = nullptr;
    sqlite3_open_v2(QFile::encodeName(source).constData(), &from, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_open(QFile::encodeName(target).constData(), &to);
    run(to,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824");
    QElapsedTimer timer;
    timer.start();
    const QByteArray plain
        = "FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'";
    const QByteArrayList tables
        = column(from, "SELECT name " + plain + " AND type = 'table' AND name <> 'search'");
    for (const QByteArray &sql :
        column(from, "SELECT sql " + plain + " AND type = 'table' AND name <> 'search'"))
        run(to, sql);
    for (const QByteArray &table : tables)
        copyTable(from, to, table);
    for (const QByteArray &sql : column(from, "SELECT sql " + plain + " AND type = 'index'"))
        run(to, sql);
    for (const QByteArray &sql : column(from,
             "SELECT sql FROM sqlite_schema WHERE name IN ('search_document', 'search')"
             " ORDER BY type DESC"))
        run(to, sql);
    run(to, "INSERT INTO search (search) VALUES ('rebuild')");
    run(to, "PRAGMA wal_checkpoint(TRUNCATE)");
    const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    sqlite3_close(from);
    sqlite3_close(to);
    return seconds;
}

double importSeconds(const QString &folder, const QString &lines)
{
    static const SystemClock clock;
    auto store = storage::Store::create(storage::Workspace(folder), clock);
    if (!store)
        fail(store.error().detail);
    QElapsedTimer timer;
    timer.start();
    auto job = importing::startTickets(**store, lines);
    if (!job)
        fail(job.error().detail);
    qint64 longest = 0;
    double seconds[5] = {};
    for (;;) {
        QElapsedTimer slice;
        slice.start();
        const auto more = (*job)->step();
        if (!more)
            fail(more.error().detail);
        if (!*more)
            break;
        longest = std::max(longest, slice.elapsed());
        seconds[static_cast<int>((*job)->progress().phase)]
            += static_cast<double>(slice.nsecsElapsed()) / 1e9;
    }
    job->reset();
    store->reset(); // the log goes back into the file: the raw program does that too
    std::printf("    checking %.2f s, writing %.2f s, text index %.2f s; longest step %lld ms\n",
        seconds[0], seconds[1], seconds[2], static_cast<long long>(longest));
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QList<qint64> sizes;
    for (int i = 1; i < argc; ++i)
        sizes.append(QByteArray(argv[i]).toLongLong());
    if (sizes.isEmpty())
        sizes = test::benchSizes();

    std::vector<std::pair<double, double>> costs; // tickets, seconds
    for (const qint64 size : sizes) {
        QTemporaryDir folder;
        const QString lines = folder.filePath(u"lines.jsonl"_s);
        test::BigStore generator(size);
        if (const auto written = test::writeLines(generator, lines); !written)
            fail(written.error().detail);
        const int rounds = size <= 20'000 ? 5 : size <= 200'000 ? 3 : 1;
        std::vector<double> ratios, ours, raws;
        for (int round = 0; round < rounds; ++round) {
            const QString workspace = folder.filePath(u"desk%1"_s.arg(round)),
                          raw = folder.filePath(u"raw.db"_s);
            const double own = importSeconds(workspace, lines);
            const double bare = rawSeconds(storage::Workspace(workspace).databasePath(), raw);
            QFile::remove(raw);
            QDir(workspace).removeRecursively();
            ours.push_back(own);
            raws.push_back(bare);
            ratios.push_back(bare / own);
            std::fflush(stdout);
        }
        std::printf(
            "ingest %lld tickets: %.2f s (%.0f a second), raw %.2f s; rate ratio %.2f (bar 0.50), %d rounds, %.0f MB of lines\n",
            static_cast<long long>(size), median(ours), static_cast<double>(size) / median(ours),
            median(raws), median(ratios), rounds, static_cast<double>(QFile(lines).size()) / 1e6);
        std::fflush(stdout);
        costs.emplace_back(static_cast<double>(size), median(ours));
    }
    for (size_t i = 1; i < costs.size(); ++i) {
        const double exponent = std::log(costs[i].second / costs[i - 1].second)
            / std::log(costs[i].first / costs[i - 1].first);
        const double perRow
            = costs[i].second / costs[i].first / (costs[i - 1].second / costs[i - 1].first);
        std::printf(
            "growth %.0f to %.0f: exponent %.2f (bar 1.10), cost of a row %.2f times (bar 1.50)\n",
            costs[i - 1].first, costs[i].first, exponent, perRow);
    }
    return 0;
}

#include "core/base/clock.h"
#include "core/model/queuemodel.h"
#include "core/model/storequeuesource.h"
#include "tests/bench/common/bench.h"
#include "tests/support/bigstore/bigstore.h"

#include <QApplication>
#include <QSortFilterProxyModel>

#include <sqlite3.h>

#include <algorithm>

// The column cache: how long it takes to load against a raw read of the same columns, how much memory
// it needs against rows with QStrings, and sorting and filtering a whole queue to its first page
// against the bare loops and against QSortFilterProxyModel.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;
using model::QueueOrder;

namespace {

constexpr int pairs = 9;

struct Raw {
    std::vector<qint64> id, due;
    std::vector<quint8> priority, tier;
    std::string letters;
    std::vector<std::pair<size_t, size_t>> subjects;
};

/// The same columns with the C interface, texts copied.
Raw readRaw(sqlite3 *db)
{
    Raw raw;
    sqlite3_stmt *rows = nullptr;
    sqlite3_prepare_v2(db,
        "SELECT t.id, t.due, t.created, t.updated, t.tier, t.team, t.assignee, t.priority, t.status, t.flag_note <> '',"
        " t.is_awaiting_yes, t.subject, o.name, o.plan, o.health FROM ticket t"
        " LEFT JOIN organization o ON o.id = t.organization WHERE t.status < 4",
        -1, &rows, nullptr);
    qint64 sum = 0;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        raw.id.push_back(sqlite3_column_int64(rows, 0));
        raw.due.push_back(sqlite3_column_int64(rows, 1));
        raw.priority.push_back(static_cast<quint8>(sqlite3_column_int(rows, 7)));
        raw.tier.push_back(static_cast<quint8>(sqlite3_column_text(rows, 4)[1]));
        for (const int column : { 2, 3, 8, 9, 10, 14 })
            sum += sqlite3_column_int64(rows, column);
        for (const int column : { 5, 6, 12, 13 })
            sum += sqlite3_column_text(rows, column) ? sqlite3_column_bytes(rows, column) : 0;
        const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(rows, 11));
        const auto length = static_cast<size_t>(sqlite3_column_bytes(rows, 11));
        raw.subjects.emplace_back(raw.letters.size(), length);
        raw.letters.append(text, length);
    }
    sqlite3_finalize(rows);
    if (sum == 42)
        std::puts("");
    return raw;
}

void load(const storage::Workspace &workspace, qint64 n, storage::Connection &connection)
{
    sqlite3 *db = rawDatabase(workspace, false);
    Pairs times;
    double bytes = 0;
    for (int i = 0; i < (n > 500'000 ? 3 : pairs); ++i) {
        times.peer.push_back(milliseconds([&] { readRaw(db); }));
        times.ours.push_back(milliseconds([&] {
            bytes = static_cast<double>(
                take(model::ColumnCache::load(connection, Visibility::all()))->bytes());
        }));
    }
    sqlite3_close(db);
    report(u"F2 column cache loaded / raw read"_s, n, times, 2.0);
    figure(u"F4 cache, share of 221 bytes a ticket"_s, n, bytes / static_cast<double>(n) / 221,
        u"(%1 bytes)"_s.arg(bytes / double(n), 0, 'f', 0), 0.6);
}

/// From the choice to the reset with its first rows loaded.
double arrangedIn(model::QueueModel &queue, const model::Arrangement &arrangement)
{
    return milliseconds([&] {
        queue.setArrangement(arrangement);
        if (!waitUntil([&] { return queue.isArranged() && queue.rowIfLoaded(0); }))
            fail(u"The order never came."_s);
    });
}

double packedSort(const Raw &raw, const std::vector<quint64> &keys)
{
    return milliseconds([&] {
        std::vector<std::pair<quint64, quint32>> packed(keys.size());
        for (quint32 i = 0; i < keys.size(); ++i)
            packed[i] = { keys[i], i };
        std::sort(packed.begin(), packed.end());
        if (packed.size() != raw.id.size())
            fail(u"sizes"_s);
    });
}

void sortAndFilter(const storage::Workspace &workspace, qint64 n)
{
    sqlite3 *db = rawDatabase(workspace, false);
    const Raw raw = readRaw(db);
    sqlite3_close(db);
    storage::ReaderPool readers(workspace);
    storage::FeedWatcher feed(workspace, readers);
    model::StoreQueueSource source(readers, feed);
    model::QueueModel queue(source);
    queue.setQuery({});
    waitUntil([&] { return queue.rowCount() >= std::ssize(raw.id); });
    queue.warm();
    waitUntil([&] { return source.isWarm(); });

    const std::pair<QString, QueueOrder> orders[]
        = { { u"priority"_s, QueueOrder::Priority }, { u"created"_s, QueueOrder::Created },
              { u"customer"_s, QueueOrder::Customer }, { u"subject"_s, QueueOrder::Subject } };
    std::vector<quint64> keys(raw.id.size());
    const int rounds = n > 500'000 ? 5 : pairs;
    for (const auto &[name, order] : orders) {
        for (size_t i = 0; i < keys.size(); ++i) {
            if (order != QueueOrder::Subject) {
                keys[i] = order == QueueOrder::Created ? static_cast<quint64>(raw.due[i])
                                                       : raw.priority[i];
                continue;
            }
            keys[i] = 0;
            for (size_t at = 0; at < 8; ++at)
                keys[i] = keys[i] << 8
                    | (at < raw.subjects[i].second
                            ? static_cast<uchar>(raw.letters[raw.subjects[i].first + at])
                            : 0u);
        }
        Pairs times;
        for (int i = 0; i < rounds; ++i) {
            times.peer.push_back(packedSort(raw, keys));
            times.ours.push_back(arrangedIn(queue, { order, i % 2 == 0, {} }));
        }
        report(u"F7 sort by %1 / packed-key sort"_s.arg(name), n, times, 4.0);
        growth(u"F7 sort by %1 / packed-key sort"_s.arg(name), 1.2);
    }

    Pairs filters;
    for (int i = 0; i < rounds; ++i) {
        const std::string word = i % 2 ? "stea" : "ba";
        filters.peer.push_back(milliseconds([&] {
            std::vector<qint64> hits;
            for (size_t row = 0; row < raw.id.size(); ++row) {
                if (raw.tier[row] == '1' && raw.priority[row] == 1)
                    hits.push_back(raw.id[row]);
            }
            size_t found = 0;
            for (size_t at = 0; (at = raw.letters.find(word, at)) != std::string::npos; ++at)
                ++found;
            if (found == hits.size())
                std::puts("");
        }));
        filters.ours.push_back(arrangedIn(queue,
            { QueueOrder::Work, false,
                { .text = QString::fromStdString(word),
                    .tier = u"L1"_s,
                    .priority = Priority::Normal } }));
    }
    report(u"F9 filter, two fields and text / bare loops"_s, n, filters, 3.0);
    growth(u"F9 filter, two fields and text / bare loops"_s, 1.1);
}

/// Rows as a model over values would hold them, under the proxy that Qt offers.
class ValueRows : public QAbstractTableModel
{
public:
    explicit ValueRows(const Raw &raw)
        : m_raw(raw)
    {
    }
    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_raw.id.size());
    }
    int columnCount(const QModelIndex & = {}) const override { return 1; }
    QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(m_raw.due[static_cast<size_t>(index.row())])
                                       : QVariant();
    }

private:
    const Raw &m_raw;
};

void againstProxy(const storage::Workspace &workspace, qint64 n)
{
    sqlite3 *db = rawDatabase(workspace, false);
    const Raw raw = readRaw(db);
    sqlite3_close(db);
    ValueRows rows(raw);
    storage::ReaderPool readers(workspace);
    storage::FeedWatcher feed(workspace, readers);
    model::StoreQueueSource source(readers, feed);
    model::QueueModel queue(source);
    queue.setQuery({});
    waitUntil([&] { return queue.rowCount() >= std::ssize(raw.id); });
    queue.warm();
    waitUntil([&] { return source.isWarm(); });
    Pairs times;
    for (int i = 0; i < 3; ++i) {
        QSortFilterProxyModel proxy;
        proxy.setSourceModel(&rows);
        times.peer.push_back(
            milliseconds([&] { proxy.sort(0, i % 2 ? Qt::AscendingOrder : Qt::DescendingOrder); }));
        times.ours.push_back(arrangedIn(queue, { QueueOrder::Created, i % 2 == 0, {} }));
    }
    report(u"F8 QSortFilterProxyModel / sort by created"_s, n, times, 10.0, true);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    for (const qint64 n : test::benchSizes()) {
        const storage::Workspace workspace = storeOf(n);
        const auto connection = take(storage::Connection::open(
            workspace.databasePath(), storage::Connection::Mode::ReadOnly));
        load(workspace, n, *connection);
        sortAndFilter(workspace, n);
        againstProxy(workspace, n);
    }
    growth(u"F2 column cache loaded / raw read"_s, 1.1);
    return 0;
}

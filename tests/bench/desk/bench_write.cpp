#include "core/base/clock.h"
#include "core/desk/desk.h"
#include "core/model/queuemodel.h"
#include "core/model/storequeuesource.h"
#include "core/storage/tickets.h"
#include "tests/bench/common/bench.h"
#include "tests/support/bigstore/bigstore.h"

#include <QApplication>
#include <QSignalSpy>

#include <sqlite3.h>

// A thousand changes in one reply, with and without new text, until store and queue show them, against
// a raw program that writes the same rows; the signals that a queue gives for them; and one command of
// a person until it is on the disk, against a raw commit of one row.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

constexpr int changes = 1000;

std::vector<qint64> idsOf(sqlite3 *db, qint64 n)
{
    std::vector<qint64> ids;
    sqlite3_stmt *rows = nullptr;
    sqlite3_prepare_v2(db, "SELECT id FROM ticket WHERE status < 4", -1, &rows, nullptr);
    while (sqlite3_step(rows) == SQLITE_ROW)
        ids.push_back(sqlite3_column_int64(rows, 0));
    sqlite3_finalize(rows);
    if (std::ssize(ids) < std::min<qint64>(n / 2, 2 * changes))
        fail(u"The store has too few open tickets."_s);
    return ids;
}

class RawDelta
{
public:
    explicit RawDelta(sqlite3 *db)
        : m_db(db)
    {
        m_update = prepare(
            "UPDATE ticket SET priority = ?2, status = ?3, assignee = ?4, updated = ?5, due = ?6 WHERE id = ?1");
        m_feed = prepare("INSERT INTO feed (ticket) VALUES (?1)");
        m_message = prepare(
            "INSERT INTO message (ticket, at, kind, author, text) VALUES (?1, ?2, 0, 0, ?3)");
        m_old = prepare(
            "INSERT INTO search (search, rowid, subject, people, body) SELECT 'delete', id, subject, people, body FROM search_document WHERE id = ?1");
        m_new = prepare(
            "INSERT INTO search (rowid, subject, people, body) SELECT id, subject, people, body FROM search_document WHERE id = ?1");
    }
    ~RawDelta()
    {
        for (sqlite3_stmt *statement : { m_update, m_feed, m_message, m_old, m_new })
            sqlite3_finalize(statement);
    }
    void run(const std::vector<qint64> &ids, bool hasText, qint64 salt, const QByteArray &text)
    {
        rawRun(m_db, "BEGIN IMMEDIATE");
        for (const qint64 id : ids) {
            if (hasText)
                step(m_old, { id });
            sqlite3_bind_text(m_update, 4, salt % 2 ? "agent1" : "agent2", -1, SQLITE_STATIC);
            sqlite3_bind_int64(m_update, 2, salt % 4);
            sqlite3_bind_int64(m_update, 3, 1 + salt % 2);
            sqlite3_bind_int64(m_update, 5, 1780920000000 + salt);
            sqlite3_bind_int64(m_update, 6, 1781920000000 + salt * 1000 + id % 1000);
            step(m_update, { id });
            if (hasText) {
                sqlite3_bind_int64(m_message, 2, 1780920000000);
                sqlite3_bind_text(m_message, 3, text.constData(), -1, SQLITE_STATIC);
                step(m_message, { id });
                step(m_new, { id });
            }
            step(m_feed, { id });
        }
        rawRun(m_db, "COMMIT");
    }

private:
    sqlite3_stmt *prepare(const char *sql)
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_db, sql, -1, &statement, nullptr) != SQLITE_OK)
            fail(QString::fromUtf8(sqlite3_errmsg(m_db)));
        return statement;
    }
    void step(sqlite3_stmt *statement, std::initializer_list<qint64> values)
    {
        int at = 0;
        for (const qint64 value : values)
            sqlite3_bind_int64(statement, ++at, value);
        if (sqlite3_step(statement) != SQLITE_DONE)
            fail(QString::fromUtf8(sqlite3_errmsg(m_db)));
        sqlite3_reset(statement);
    }
    sqlite3 *m_db;
    sqlite3_stmt *m_update, *m_feed, *m_message, *m_old, *m_new;
};

Result<Done> change(storage::WriteScope &scope, const std::vector<qint64> &ids, bool hasText,
    qint64 salt, const QString &text)
{
    for (const qint64 id : ids) {
        TIERLINE_TRY(before, storage::loadTicket(scope.connection(), { id }));
        TicketState after = before;
        after.ticket.priority = static_cast<Priority>(salt % 4);
        after.ticket.status = salt % 2 ? Status::Pending : Status::Open;
        after.ticket.assignee = salt % 2 ? u"agent1"_s : u"agent2"_s;
        after.ticket.updated.ms = 1780920000000 + salt;
        after.ticket.due = Instant { 1781920000000 + salt * 1000 + id % 1000 };
        if (hasText) {
            Message message { .ticket = { id }, .at = scope.now(), .text = text };
            TIERLINE_CHECK(storage::appendMessage(scope, message));
        }
        TIERLINE_CHECK(storage::saveTicket(scope, before, after));
        scope.touch({ id });
    }
    return Done {};
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const SystemClock clock;
    for (const qint64 n : test::benchSizes()) {
        const storage::Workspace workspace = storeOf(n);
        auto store = take(storage::Store::open(workspace, clock));
        sqlite3 *db = rawDatabase(workspace, true);
        const std::vector<qint64> all = idsOf(db, n);
        storage::ReaderPool readers(workspace);
        storage::FeedWatcher feed(workspace, readers);
        model::StoreQueueSource source(readers, feed);
        model::QueueModel queue(source);
        queue.setQuery({});
        bool hasStarted = false;
        QObject::connect(&feed, &storage::FeedWatcher::started, &app, [&] { hasStarted = true; });
        feed.start();
        waitUntil([&] { return hasStarted && queue.rowCount() >= std::ssize(all); });
        RawDelta raw(db);
        test::BigStore words(1);
        SeededRandom random(5);
        const auto some = [&] {
            std::vector<qint64> ids;
            const size_t step = std::max<size_t>(1, all.size() / changes),
                         from = static_cast<size_t>(random.below(static_cast<qint64>(step)));
            for (size_t at = from; at < all.size() && std::ssize(ids) < changes; at += step)
                ids.push_back(all[at]);
            return ids;
        };
        for (const bool hasText : { false, true }) {
            Pairs stored, shown;
            std::vector<double> signalCounts;
            for (int i = 0; i < 9; ++i) {
                QString text;
                for (int w = 0; w < 15; ++w)
                    text += words.word(static_cast<int>(random.below(3000))) + u' ';
                const auto ids = some();
                const double peer
                    = milliseconds([&] { raw.run(ids, hasText, 2 * i, text.toUtf8()); });
                // What the raw program wrote is looked at first, so that ours begins with a queue at rest.
                waitUntil([] { return false; }, 20);
                QSignalSpy applied(&queue, &model::QueueModel::applied),
                    reset(&queue, &QAbstractItemModel::modelReset),
                    moved(&queue, &QAbstractItemModel::rowsMoved),
                    changed(&queue, &QAbstractItemModel::dataChanged),
                    order(&queue, &QAbstractItemModel::layoutChanged);
                feed.poke();
                waitUntil(
                    [&] {
                        return applied.size() + reset.size() > 0
                            && queue.rowCount() >= std::ssize(all);
                    },
                    20'000);
                moved.clear();
                changed.clear();
                order.clear();
                reset.clear();
                applied.clear();
                QElapsedTimer timer;
                timer.start();
                take(store->write(storage::Durability::Background, [&](storage::WriteScope &scope) {
                    return change(scope, ids, hasText, 2 * i + 1, text);
                }));
                stored.ours.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
                feed.poke();
                waitUntil(
                    [&] {
                        return applied.size() + reset.size() > 0
                            && queue.rowCount() >= std::ssize(all);
                    },
                    20'000);
                shown.ours.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
                stored.peer.push_back(peer);
                shown.peer.push_back(peer);
                signalCounts.push_back(static_cast<double>(
                    moved.size() + changed.size() + reset.size() + order.size()));
            }
            const QString target
                = hasText ? u"F15 1,000 changes with text"_s : u"F16 1,000 changes without text"_s;
            report(target + u", stored / raw"_s, n, stored, hasText ? 2.0 : 1.5);
            report(target + u", shown / raw"_s, n, shown, hasText ? 2.0 : 1.5);
            figure(u"F17 model signals for 1,000 changes"_s, n, quantile(signalCounts, 0.5),
                u"signals"_s);
        }
        store.reset();

        auto again = take(storage::Store::open(workspace, clock));
        SystemRandom system;
        rawRun(db, "PRAGMA synchronous = FULL");
        std::vector<QString> keys;
        sqlite3_stmt *rows = nullptr;
        sqlite3_prepare_v2(
            db, "SELECT key FROM ticket WHERE status < 3 LIMIT 200", -1, &rows, nullptr);
        while (sqlite3_step(rows) == SQLITE_ROW)
            keys.push_back(
                QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(rows, 0))));
        sqlite3_finalize(rows);
        sqlite3_prepare_v2(
            db, "UPDATE ticket SET priority = ?2 WHERE key = ?1", -1, &rows, nullptr);
        auto desk = take(desk::Desk::open(*again, system));
        Pairs commits;
        for (int i = 0; i < 100; ++i) {
            const QByteArray key = keys[static_cast<size_t>(i)].toUtf8();
            sqlite3_bind_text(rows, 1, key.constData(), -1, SQLITE_STATIC);
            sqlite3_bind_int(rows, 2, i % 2 ? 0 : 3);
            commits.peer.push_back(milliseconds([&] { sqlite3_step(rows); }));
            sqlite3_reset(rows);
            commits.ours.push_back(milliseconds([&] {
                take(desk.run(commands::SetFields { keys[static_cast<size_t>(i)],
                    { { u"priority"_s, i % 2 ? u"normal"_s : u"high"_s } } }));
            }));
        }
        sqlite3_finalize(rows);
        sqlite3_close(db);
        report(u"F32 a person's command, durable / raw commit"_s, n, commits, 3.0);
    }
    growth(u"F15 1,000 changes with text, stored / raw"_s, 0.15);
    growth(u"F16 1,000 changes without text, stored / raw"_s, 0.15);
    growth(u"F32 a person's command, durable / raw commit"_s, 0.05);
    return 0;
}

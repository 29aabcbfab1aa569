#include "tests/bench/common/window.h"

#include <QListView>
#include <QStringListModel>

#include <sqlite3.h>

// Search as it is typed: from the key to painted results, against the raw prefix query of the text
// index and one frame of the same list; other queries; and how fast a stale query stops.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

class Results
{
public:
    Results()
    {
        m_view.setModel(&m_lines);
        m_view.resize(600, 800);
        m_view.show();
    }
    void show(const QStringList &lines)
    {
        m_lines.setStringList(lines);
        paint(m_view);
    }

private:
    QStringListModel m_lines;
    QListView m_view;
};

/// With a patience: until what was found by then is painted, as the search field does it.
double ours(desk::Session &session, const QString &typed, Results &results, Millis patience = {})
{
    return milliseconds([&] {
        bool isDone = false;
        session.search(typed, 50, {}, patience)
            .then(&session, [&](const Result<storage::SearchPage> &page) {
                QStringList lines;
                for (const storage::SearchHit &hit : take(page).hits)
                    lines.append(hit.row.key + u' ' + hit.row.subject);
                results.show(lines);
                isDone = true;
            });
        waitUntil([&] { return isDone; });
    });
}

double raw(sqlite3_stmt *query, const QString &prefix, Results &results)
{
    return milliseconds([&] {
        const QByteArray match = '"' + prefix.toUtf8() + "\"*";
        sqlite3_bind_text(query, 1, match.constData(), -1, SQLITE_TRANSIENT);
        QStringList lines;
        while (sqlite3_step(query) == SQLITE_ROW) {
            lines.append(
                QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(query, 0)))
                + u' '
                + QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(query, 1))));
        }
        sqlite3_reset(query);
        results.show(lines);
    });
}

double staleStop(desk::Session &session, const QString &heavy)
{
    const storage::StopFlag stale;
    for (int i = 0; i < 2; ++i)
        session.search(heavy, 50, stale);
    waitUntil([] { return false; }, 5);
    return milliseconds([&] {
        stale.stop();
        int free = 0;
        for (int i = 0; i < 2; ++i)
            session.readers()
                .run([](storage::Connection &) { return Result<Done>(Done {}); })
                .then(&session, [&](const Result<Done> &) { ++free; });
        waitUntil([&] { return free == 2; });
    });
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    for (const qint64 n : test::benchSizes()) {
        const storage::Workspace workspace = storeOf(n);
        Desktop desktop(workspace, {});
        Results results;
        test::BigStore words(1);
        SeededRandom random(11);
        const auto word
            = [&](int reach) { return words.word(static_cast<int>(random.below(reach))); };
        sqlite3 *db = rawDatabase(workspace, false);
        sqlite3_stmt *query = nullptr;
        sqlite3_prepare_v2(db,
            "SELECT t.key, t.subject FROM search s JOIN ticket t ON t.id = s.rowid"
            " WHERE search MATCH ?1 ORDER BY s.rowid DESC LIMIT 50",
            -1, &query, nullptr);
        Pairs p95s, medians;
        for (int round = 0; round < 9; ++round) {
            std::vector<double> mine, peer;
            for (int i = 0; i < 30; ++i) {
                const QString prefix = word(3000).left(2 + static_cast<int>(random.below(3)));
                peer.push_back(raw(query, prefix, results));
                mine.push_back(ours(desktop.session, prefix, results));
            }
            p95s.ours.push_back(quantile(mine, 0.95));
            p95s.peer.push_back(quantile(peer, 0.95));
            medians.ours.push_back(quantile(mine, 0.5));
            medians.peer.push_back(quantile(peer, 0.5));
        }
        report(u"F10 p95 of prefixes 2 to 4 / raw and a frame"_s, n, p95s, 3.0);
        report(u"F10 median of prefixes 2 to 4"_s, n, medians, 3.0);
        sqlite3_finalize(query);
        sqlite3_close(db);
        std::vector<double> other, whole;
        for (int i = 0; i < 60; ++i) {
            const QString texts[] = { word(200), word(30'000), word(300) + u' ' + word(300).left(3),
                word(2000).left(5), u"tier:L2 "_s + word(100),
                u"\"%1 %2\""_s.arg(word(50), word(50)), u"agent:agent3 "_s + word(20),
                u"is:flagged "_s + word(20) };
            other.push_back(ours(desktop.session, texts[i % 8], results, Millis(60)));
            whole.push_back(ours(desktop.session, texts[i % 8], results));
        }
        figure(u"F11 first answer to other queries, p95"_s, n, quantile(other, 0.95), u"ms"_s, 150);
        figure(u"F11 first answer, worst"_s, n, quantile(other, 1.0), u"ms"_s);
        figure(u"F11 whole answer, median"_s, n, quantile(whole, 0.5), u"ms"_s);
        figure(u"F11 whole answer, p95"_s, n, quantile(whole, 0.95), u"ms"_s, 150);
        figure(u"F11 whole answer, worst"_s, n, quantile(whole, 1.0), u"ms"_s);
        std::vector<double> stops;
        for (int i = 0; i < 15; ++i)
            stops.push_back(
                staleStop(desktop.session, u"is:flagged "_s + word(20) + u' ' + word(20)));
        figure(u"F11 stale query stopped, p95"_s, n, quantile(stops, 0.95), u"ms"_s, 20);
    }
    growth(u"F10 p95 of prefixes 2 to 4 / raw and a frame"_s, 0.15);
    return 0;
}

#include "tests/bench/common/window.h"

#include "core/import/importer.h"
#include "core/storage/tickets.h"

#include <QTemporaryDir>

// The ui thread while a queue is scrolled, searches run and a file is imported, all at once: the
// latest tick of a 5 ms timer. Rounds in which a bare view that is scrolled alone comes later than the
// bar say more about the machine, and are thrown away. Then: one change, and when its queue shows it.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

/// Scrolls for a while; gives the longest gap between two ticks.
double longestGap(
    QAbstractScrollArea &view, int forMilliseconds, const std::function<void()> &alongside)
{
    QTimer tick;
    tick.setTimerType(Qt::PreciseTimer);
    QElapsedTimer since;
    double longest = 0;
    int count = 0;
    QObject::connect(&tick, &QTimer::timeout, &view, [&] {
        longest = std::max(longest, static_cast<double>(since.nsecsElapsed()) / 1e6 - 5);
        since.restart();
        ++count;
        if (count % 3 == 0) { // a frame every 15 ms
            QScrollBar *bar = view.verticalScrollBar();
            bar->setValue(
                count % 90 == 0 ? (count * 7919) % (bar->maximum() + 1) : bar->value() + 200);
            paint(view);
        }
        if (count % 20 == 0)
            alongside();
    });
    since.start();
    tick.start(5);
    waitUntil([] { return false; }, forMilliseconds);
    return longest;
}

QString linesFile(const QTemporaryDir &folder, int tickets)
{
    const QString file = folder.filePath(u"more.jsonl"_s);
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly))
        fail(out.errorString());
    test::BigStore lines(tickets, 99);
    for (QByteArray line = lines.nextLine(); !line.isEmpty(); line = lines.nextLine())
        out.write(line.replace("\"BIG-", "\"MORE-") + '\n');
    return file;
}

void oneChange(Desktop &desktop, qint64 n)
{
    ui::QueueDock &dock = *desktop.docks.front();
    std::vector<double> times;
    for (int i = 0; i < 30; ++i) {
        const int row = i * 2;
        waitUntil([&] { return dock.model().row(row) != nullptr; });
        const storage::QueueRow *before = dock.model().row(row);
        const TicketId id = before->id;
        const bool isHigh = before->priority == Priority::High;
        const QString key = before->key;
        QElapsedTimer timer;
        bool isDone = false;
        double committed = 0;
        timer.start();
        desktop.session
            .run(commands::SetFields { key, { { u"priority"_s, isHigh ? u"low"_s : u"high"_s } } })
            .then(&desktop.session, [&](const Result<commands::Outcome> &outcome) {
                take(outcome);
                committed = static_cast<double>(timer.nsecsElapsed()) / 1e6;
                isDone = true;
            });
        waitUntil([&] {
            const int now = dock.model().rowOf(id);
            const storage::QueueRow *shown = now < 0 ? nullptr : dock.model().rowIfLoaded(now);
            return isDone && shown && (shown->priority == Priority::High) != isHigh;
        });
        paint(dock.view());
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6 - committed);
    }
    figure(u"one change in its queue, p95 after commit"_s, n, quantile(times, 0.95), u"ms"_s, 50);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    ui::Appearance appearance(app, ui::SchemeChoice::Light);
    for (const qint64 n : test::benchSizes()) {
        Desktop desktop(storeOf(n), { u""_s });
        ui::QueueDock &dock = *desktop.docks.front();
        waitUntil([&] { return dock.model().rowCount() >= n * 9 / 10; });
        oneChange(desktop, n);
        BareView bare(dock.model().rowCount());
        QTemporaryDir folder;
        const QString file = linesFile(folder, 60'000);
        std::shared_ptr<importing::ImportJob> job;
        int steps = 0;
        bool isOver = false;
        const std::function<void()> step = [&] {
            desktop.session
                .onStore([&job, file](storage::Store &store) -> Result<bool> {
                    if (!job) {
                        TIERLINE_TRY(started, importing::startTickets(store, file));
                        job = std::move(started);
                    }
                    return job->step();
                })
                .then(&dock, [&](const Result<bool> &more) {
                    ++steps;
                    if (more && *more && !isOver)
                        step();
                    else
                        isOver = true;
                });
        };
        step();
        test::BigStore words(1);
        int searches = 0;
        std::vector<double> gaps;
        int thrownAway = 0;
        for (int round = 0; round < 9; ++round) {
            const double alone = longestGap(bare.view, 700, [] {});
            const double busy = longestGap(dock.view(), 2000, [&] {
                desktop.session.search(words.word(searches++ % 300).left(3), 50)
                    .then(&dock, [](const Result<storage::SearchPage> &) {});
            });
            if (alone > 50)
                ++thrownAway;
            else
                gaps.push_back(busy);
        }
        figure(u"F13 latest tick, worst of %1 rounds (%2 thrown away)"_s.arg(gaps.size())
                   .arg(thrownAway),
            n, quantile(gaps, 1.0), u"ms"_s, 50);
        figure(u"F13 latest tick, median round"_s, n, quantile(gaps, 0.5), u"ms"_s, 50);
        figure(u"   import steps meanwhile"_s, n, steps, u""_s);
        isOver = true;
        waitUntil([] { return false; }, 200);
        // On the store's thread, as all of its life; it takes back what it has written.
        desktop.session
            .onStore([&job](storage::Store &) -> Result<Done> {
                job.reset();
                return Done {};
            })
            .then(&dock, [&](const Result<Done> &) { steps = -1; });
        waitUntil([&] { return steps == -1; }, 300'000);
    }
    return 0;
}

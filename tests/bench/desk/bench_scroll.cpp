#include "tests/bench/common/window.h"

#include <ctime>

// Scrolling a queue: frames at random places and in flings, drawn into an image, against a bare table
// view over a computed model; and how many frames rows stand empty after a jump.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

bool hasBlanks(ui::QueueDock &dock)
{
    ui::QueueView &view = dock.view();
    const int first = view.indexAt({ 4, 1 }).row(),
              last = view.indexAt({ 4, view.viewport()->height() - 2 }).row();
    for (int row = std::max(first, 0); row <= last; ++row) {
        if (!dock.model().rowIfLoaded(row))
            return true;
    }
    return false;
}

/// Milliseconds that this thread has run: what a busy machine took from a frame does not count.
double processorTime()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double frameAt(QAbstractScrollArea &view, double place)
{
    return milliseconds([&] {
        view.verticalScrollBar()->setValue(
            static_cast<int>(place * view.verticalScrollBar()->maximum()));
        paint(view);
    });
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
        BareView bare(dock.model().rowCount());
        SeededRandom random(7);
        const auto unit = [&] { return static_cast<double>(random.below(1'000'000)) / 1e6; };
        Pairs p95s, self;
        std::vector<double> all;
        std::vector<double> blankFrames;
        double worst = 0;
        for (int round = 0; round < 9; ++round) {
            std::vector<double> ours, peer, again;
            for (int jump = 0; jump < 25; ++jump) {
                double place = unit();
                for (int fling = 0; fling < 4;
                     ++fling, place = std::min(1.0, place + 20.0 / static_cast<double>(n))) {
                    peer.push_back(frameAt(bare.view, place));
                    const double before = processorTime();
                    ours.push_back(frameAt(dock.view(), place));
                    worst = std::max(worst, processorTime() - before);
                    again.push_back(frameAt(bare.view, place));
                    int blanks = 0;
                    for (; hasBlanks(dock) && blanks < 100; ++blanks) {
                        waitUntil([&] { return !hasBlanks(dock); }, 16);
                        ours.push_back(milliseconds([&] { paint(dock.view()); }));
                    }
                    blankFrames.push_back(blanks);
                }
            }
            all.insert(all.end(), ours.begin(), ours.end());
            p95s.ours.push_back(quantile(ours, 0.95));
            p95s.peer.push_back(quantile(peer, 0.95));
            self.peer.push_back(quantile(peer, 0.95));
            self.ours.push_back(quantile(again, 0.95));
        }
        report(u"F5 p95 frame / bare table view"_s, n, p95s, 1.5);
        report(u"   bare view against itself"_s, n, self, 1.1);
        figure(u"F6 worst of %1 frames"_s.arg(all.size()), n, quantile(all, 1.0), u"ms"_s, 50);
        figure(u"   the worst in processor time"_s, n, worst, u"ms"_s, 50);
        figure(u"F6 p99 frame"_s, n, quantile(all, 0.99), u"ms"_s, 50);
        figure(u"F6 most frames with empty rows after a jump"_s, n, quantile(blankFrames, 1.0),
            u"frames"_s, 2);
        figure(u"F6 p95 frames with empty rows"_s, n, quantile(blankFrames, 0.95), u"frames"_s, 2);
    }
    growth(u"F5 p95 frame / bare table view"_s, 0.05);
    return 0;
}

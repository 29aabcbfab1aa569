#include "tests/bench/common/bench.h"
#include "tests/support/syncrig/syncrig.h"

#include <QCoreApplication>

// A thousand changes of two hundred tickets, made offline: the requests and the time to send them where
// neighbouring changes go together, against one round after each change.

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int tickets = 200;
constexpr int edits = 1'000;

int requests(const FakeDesk &desk)
{
    return desk.requests(anyCall);
}

struct Drained {
    int requests = 0;
    double milliseconds = 0;
};

Drained drain(bool isEachAlone)
{
    SyncRig rig({ .tickets = tickets });
    if (rig.syncOnce().error)
        bench::fail(u"the first round failed"_s);
    const sync::RoundOptions pushOnly { .pull = false };
    const int before = requests(rig.desk);
    Drained drained;
    const auto send
        = [&] { drained.milliseconds += bench::milliseconds([&] { rig.syncOnce(pushOnly); }); };
    SeededRandom random(5);
    for (int i = 0; i < edits; ++i) {
        const QString key = rig.local.key(QString::number(1 + i * 7 % tickets));
        const QString name = u"field.F%1"_s.arg(random.below(8));
        const auto done = rig.local.run(
            u"mia"_s, commands::SetFields { key, { { name, u"value %1"_s.arg(i) } } });
        if (!done)
            bench::fail(done.error().detail);
        if (isEachAlone)
            send();
    }
    if (!isEachAlone)
        send();
    if (!rig.local.waiting().isEmpty())
        bench::fail(u"%1 changes were left"_s.arg(rig.local.waiting().size()));
    drained.requests = requests(rig.desk) - before;
    return drained;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    bench::Pairs pairs, counts;
    for (int round = 0; round < 5; ++round) {
        const Drained together = drain(false), alone = drain(true);
        pairs.ours.push_back(together.milliseconds);
        pairs.peer.push_back(alone.milliseconds);
        counts.ours.push_back(together.requests);
        counts.peer.push_back(alone.requests);
    }
    std::printf("%.0f requests together, %.0f each alone\n", bench::quantile(counts.ours, 0.5),
        bench::quantile(counts.peer, 0.5));
    bench::figure(u"F33 requests of a drain / without merging"_s, edits,
        bench::quantile(counts.ours, 0.5) / bench::quantile(counts.peer, 0.5), u"times"_s, 0.5);
    bench::report(u"F33 time of a drain / without merging"_s, edits, pairs, 0.5);
    return 0;
}

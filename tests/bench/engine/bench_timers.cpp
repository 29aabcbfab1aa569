#include "core/engine/engine.h"
#include "tests/bench/engine/manytimers.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

// What timers cost that are kept in the store and nowhere else: arming one in a transaction that is written anyway, a
// start with a thousand and with a million of them armed, a look when nothing is due, and memory. Beside it a bare
// wheel in memory, which each of those would have to be kept in step with.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int batch = 32; ///< tickets of a step of the engine

std::unique_ptr<storage::Store> storeWith(const QString &folder, int timers, const Clock &clock)
{
    auto store = take(storage::Store::create(storage::Workspace(folder), clock));
    addTimers(*store, timers);
    return store;
}

double microseconds(const QElapsedTimer &time)
{
    return double(time.nsecsElapsed()) / 1'000;
}

/// Microseconds a timer that arming, or taking away, adds to transactions of a batch of tickets.
void benchWriting(storage::Store &store, RandomSource &random, bool arms)
{
    const auto write = [&](bool touches) {
        QElapsedTimer time;
        time.start();
        take(store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_CHECK(
                    storage::saveEngineState(scope, u"bench"_s, QString::number(random.next64())));
                for (int i = 0; touches && i < batch; ++i) {
                    const TicketId ticket { 1'000'000'000 + random.below(many) };
                    TIERLINE_CHECK(arms
                            ? storage::armTimer(scope,
                                { ticket, scope.now() + 24h + Millis(random.below(8'640'000'000)),
                                    u"rule “Enterprise billing left waiting”"_s })
                            : storage::disarmTimer(scope, ticket));
                }
                return Done {};
            }));
        return microseconds(time);
    };
    std::vector<double> added;
    for (int i = 0; i < 300; ++i) {
        const double without = write(false);
        added.push_back((write(true) - without) / batch);
    }
    const double median = quantile(added, 0.5);
    std::printf("F22 durable %s among %d timers: %.1f us on top (p10 %.1f, p90 %.1f), bar 50: %s\n",
        arms ? "arming" : "cancelling", many, median, quantile(added, 0.1), quantile(added, 0.9),
        verdict(median <= 50));
}

void benchWheel(RandomSource &random)
{
    BareWheel wheel;
    std::vector<BareWheel::Timer> timers(many);
    std::vector<quint64> dues(many);
    for (quint64 &due : dues)
        due = quint64(1 + random.below(30 * 86'400));
    QElapsedTimer time;
    time.start();
    for (size_t i = 0; i < many; ++i)
        wheel.arm(timers[i], dues[i]);
    const double arm = double(time.nsecsElapsed()) / many;
    time.start();
    for (size_t i = 0; i < many; ++i)
        BareWheel::cancel(timers[(i * 7'919) % many]);
    const double cancel = double(time.nsecsElapsed()) / many;
    std::printf(
        "a bare wheel of %d timers: arming %.0f ns, cancelling %.0f ns, %zu bytes a timer\n", many,
        arm, cancel, sizeof(BareWheel::Timer));
}

double startOnce(storage::Store &store, RandomSource &random)
{
    QElapsedTimer time;
    time.start();
    engine::Engine engine(store, random);
    while (take(engine.step()).hasMore) { }
    return microseconds(time);
}

/// A start reads the first timer; the peer reads the due time of every one from the index, as a wheel would have to.
void benchStart(storage::Store &small, storage::Store &large, RandomSource &random)
{
    std::vector<double> flat, starts, ofScan;
    for (int i = 0; i < 40; ++i) {
        const double a = startOnce(small, random), b = startOnce(large, random);
        flat.push_back(b / a);
        starts.push_back(b);
        QElapsedTimer time;
        time.start();
        auto rows = take(large.connection().prepare("SELECT due FROM timer ORDER BY due"));
        qint64 sum = 0;
        while (take(rows.step()))
            sum += rows.integer(0);
        ofScan.push_back(b / microseconds(time));
        if (sum == 0)
            std::exit(1);
    }
    std::printf(
        "F26 start with %d timers / scan of their index: %.4f (p10 %.4f, p90 %.4f); bar 5: %s\n",
        many, quantile(ofScan, 0.5), quantile(ofScan, 0.1), quantile(ofScan, 0.9),
        verdict(quantile(ofScan, 0.5) <= 5));
    const double ratio = quantile(flat, 0.5);
    std::printf(
        "F26 start with %d timers / with %d: %.2f (p10 %.2f, p90 %.2f), %.0f us; bar 1.2: %s\n",
        many, few, ratio, quantile(flat, 0.1), quantile(flat, 0.9), quantile(starts, 0.5),
        verdict(ratio <= 1.2));
}

void benchMemory(storage::Store &large, RandomSource &random)
{
    const double before = privateKiB();
    engine::Engine engine(large, random);
    while (take(engine.step()).hasMore) { }
    const double bytes = (privateKiB() - before) * 1'024 / many;
    std::printf("F23 memory of an engine with %d timers: %.2f bytes a timer; bar 72: %s\n", many,
        bytes, verdict(bytes <= 72));
    std::vector<double> idle;
    for (int i = 0; i < 300; ++i) {
        QElapsedTimer time;
        time.start();
        take(engine.step());
        idle.push_back(microseconds(time));
    }
    std::printf("a step with nothing due: %.1f us, wanted again in %lld s\n", quantile(idle, 0.5),
        static_cast<long long>(take(engine.step()).wait.value_or(Millis(0)).count() / 1'000));
}

} // namespace

int main()
{
    QTemporaryDir folder;
    const SystemClock clock;
    SeededRandom random(1);
    auto small = storeWith(folder.filePath(u"few"_s), few, clock);
    auto large = storeWith(folder.filePath(u"many"_s), many, clock);
    benchStart(*small, *large, random);
    benchMemory(*large, random);
    benchWriting(*large, random, true);
    benchWriting(*large, random, false);
    benchWheel(random);
    return 0;
}

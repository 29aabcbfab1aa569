#include "core/engine/engine.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <cstdio>

// What timers cost that are kept in the store and nowhere else: arming one in a transaction that is written anyway, a
// start with a thousand and with a million of them armed, a look when nothing is due, and memory.

using namespace tierline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int many = 1'000'000;
constexpr int few = 1'000;
constexpr int batch = 32; ///< tickets of a step of the engine

template<typename T>
T take(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().detail));
        std::exit(1);
    }
    return std::move(*result);
}

double quantile(std::vector<double> values, double q)
{
    std::ranges::sort(values);
    return values[size_t(q * double(values.size() - 1))];
}

double privateMiB()
{
    QFile file(u"/proc/self/smaps_rollup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Private_Dirty:"))
            return line.mid(14).trimmed().split(' ').first().toDouble() / 1'024;
    }
    return 0;
}

/// A workspace with so many timers, the first of them due in a day. They have no tickets: those are not what is
/// measured.
std::unique_ptr<storage::Store> storeWith(const QString &folder, int timers, const Clock &clock)
{
    auto store = take(storage::Store::create(storage::Workspace(folder), clock));
    take(store->connection().execute("PRAGMA foreign_keys = OFF"));
    const Instant first = clock.now() + 24h;
    for (int from = 0; from < timers; from += 50'000) {
        take(store->write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                for (int i = from; i < std::min(timers, from + 50'000); ++i)
                    TIERLINE_CHECK(storage::armTimer(scope,
                        { { i + 1 }, first + Millis((qint64(i) * 7'919) % 8'640'000'000),
                            u"rule “Enterprise billing left waiting”"_s }));
                return Done {};
            }));
    }
    return store;
}

/// Microseconds a timer that arming adds to transactions of a batch of tickets.
void benchArming(storage::Store &store, RandomSource &random)
{
    const auto write = [&](bool arms) {
        QElapsedTimer time;
        time.start();
        take(store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_CHECK(
                    storage::saveEngineState(scope, u"bench"_s, QString::number(random.next64())));
                for (int i = 0; arms && i < batch; ++i)
                    TIERLINE_CHECK(storage::armTimer(scope,
                        { { random.below(many) + 1 },
                            scope.now() + 24h + Millis(random.below(8'640'000'000)),
                            u"rule “Enterprise billing left waiting”"_s }));
                return Done {};
            }));
        return double(time.nsecsElapsed()) / 1'000;
    };
    std::vector<double> added;
    for (int i = 0; i < 300; ++i) {
        const double without = write(false);
        added.push_back((write(true) - without) / batch);
    }
    const double median = quantile(added, 0.5);
    std::printf("durable arming among %d timers: %.1f us on top (p10 %.1f, p90 %.1f), bar 50: %s\n",
        many, median, quantile(added, 0.1), quantile(added, 0.9),
        median <= 50 ? "holds" : "missed");
}

double startOnce(storage::Store &store, RandomSource &random)
{
    QElapsedTimer time;
    time.start();
    engine::Engine engine(store, random);
    while (take(engine.step()).hasMore) { }
    return double(time.nsecsElapsed()) / 1'000;
}

} // namespace

int main()
{
    QTemporaryDir folder;
    const SystemClock clock;
    SeededRandom random(1);
    auto small = storeWith(folder.filePath(u"few"_s), few, clock);
    auto large = storeWith(folder.filePath(u"many"_s), many, clock);

    std::vector<double> ratios, starts;
    for (int i = 0; i < 60; ++i) {
        const double a = startOnce(*small, random), b = startOnce(*large, random);
        ratios.push_back(b / a);
        starts.push_back(b);
    }
    const double ratio = quantile(ratios, 0.5);
    std::printf("start with %d timers / with %d: %.2f (p10 %.2f, p90 %.2f), %.0f us; bar 1.2: %s\n",
        many, few, ratio, quantile(ratios, 0.1), quantile(ratios, 0.9), quantile(starts, 0.5),
        ratio <= 1.2 ? "holds" : "missed");

    const double before = privateMiB();
    engine::Engine engine(*large, random);
    while (take(engine.step()).hasMore) { }
    std::printf(
        "memory of an engine with %d timers: %.1f MiB more, %.1f bytes a timer; bar 72: %s\n", many,
        privateMiB() - before, (privateMiB() - before) * 1'048'576 / many,
        (privateMiB() - before) * 1'048'576 / many <= 72 ? "holds" : "missed");

    std::vector<double> idle;
    for (int i = 0; i < 300; ++i) {
        QElapsedTimer time;
        time.start();
        take(engine.step());
        idle.push_back(double(time.nsecsElapsed()) / 1'000);
    }
    std::printf("a step with nothing due: %.1f us, wanted again in %lld s\n", quantile(idle, 0.5),
        static_cast<long long>(take(engine.step()).wait.value_or(Millis(0)).count() / 1'000));
    benchArming(*large, random);
    return 0;
}

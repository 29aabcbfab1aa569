#include "core/desk/courierservice.h"
#include "core/desk/engineservice.h"
#include "core/desk/session.h"
#include "core/secrets/memorysecrets.h"
#include "core/storage/firings.h"
#include "core/storage/tickets.h"
#include "core/storage/ways.h"
#include "tests/bench/engine/waitingtickets.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMutex>
#include <QTemporaryDir>
#include <QTimer>

// How long it takes from the instant at which a rule fires until the request leaves for the channel that it names: a
// thousand tickets become due within one minute, inside a desktop. Meanwhile its own thread is watched.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int tickets = 1'000;
constexpr int minute = 60'000;

/// When requests left, by ticket.
struct Left {
    QMutex mutex;
    QHash<QString, qint64> at;
};

/// Everything arrives in the next turn of the loop.
class Wire final : public notify::Way
{
public:
    Wire(Left &left, const Clock &clock)
        : m_left(left)
        , m_clock(clock)
    {
    }
    std::unique_ptr<notify::Errand> tell(
        const notify::Telling &telling, notify::ToldHandler done) override
    {
        const QMutexLocker lock(&m_left.mutex);
        m_left.at.insert(telling.card.ticket, m_clock.now().ms);
        return std::make_unique<Soon>(std::move(done));
    }
    std::unique_ptr<notify::Errand> look(const notify::Telling &, notify::ToldHandler done) override
    {
        return std::make_unique<Soon>(std::move(done));
    }
    std::unique_ptr<notify::Errand> test(std::function<void(Result<QString>)>) override
    {
        return {};
    }

private:
    struct Soon final : notify::Errand {
        explicit Soon(notify::ToldHandler done)
        {
            timer.callOnTimeout([this, done = std::move(done)] {
                timer.stop();
                const notify::ToldHandler last = done;
                last({ .outcome = notify::Told::Outcome::Arrived, .receipt = u"there"_s });
            });
            timer.start(0);
        }
        QTimer timer;
    };
    Left &m_left;
    const Clock &m_clock;
};

notify::WayKind kindOf(Left &left)
{
    return { .type = u"wire"_s,
        .name = u"Wire"_s,
        .reaches = { NoticeTarget::Channel },
        .check = [](const notify::WayConfig &) -> Result<Done> { return Done {}; },
        .checkAddress = [](const QString &) -> Result<Done> { return Done {}; },
        .make = [&left](const notify::WayConfig &, const notify::WaySecrets &, const Clock &clock,
                    RandomSource &) -> Result<std::unique_ptr<notify::Way>> {
            return std::unique_ptr<notify::Way>(std::make_unique<Wire>(left, clock));
        } };
}

/// Tickets that become due one after the other, the first five seconds from now.
void fill(storage::Store &store)
{
    SeededRandom random(1);
    commands::Context context = deskOf(store, random);
    const Instant now = store.clock().now();
    context.now = now - 2h;
    goLive(context, u"notify channel \"#escalations\""_s);
    take(store.write(storage::Durability::Background, [](storage::WriteScope &scope) {
        return storage::saveWay(scope, { .name = u"wire"_s, .type = u"wire"_s });
    }));
    // Written before the desktop opens; how long that takes is not known, so the first comes late enough.
    for (int i = 0; i < tickets; ++i) {
        context.now = now - 1h + 20s + Millis(qint64(i) * minute / tickets);
        addWaiting(context, i);
    }
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QTemporaryDir folder;
    const SystemClock clock;
    SystemRandom random;
    MemorySecrets secrets;
    Left left;
    const storage::Workspace workspace(folder.filePath(u"desk"_s));
    fill(*take(storage::Store::create(workspace, clock)));

    desk::Session session(workspace, clock, random);
    notify::WayRegistry kinds;
    kinds.add(kindOf(left));
    std::vector<double> gaps;
    QTimer tick;
    tick.setTimerType(Qt::PreciseTimer);
    QElapsedTimer since, runs;
    QObject::connect(&tick, &QTimer::timeout, &app, [&] {
        gaps.push_back(double(since.nsecsElapsed()) / 1e6 - 5);
        since.restart();
        if (runs.elapsed() > minute + 30'000)
            QCoreApplication::quit();
    });
    QObject::connect(&session, &desk::Session::writable, &app, [&] {
        session.courier().start({ .secrets = &secrets, .kinds = kinds });
        session.engine().start({}, session.courier().kinds());
        runs.start();
        since.start();
        tick.start(5);
    });
    session.open();
    QCoreApplication::exec();
    tick.stop();
    session.shutDown();

    const auto store = take(storage::Store::open(workspace, clock));
    std::vector<double> waits, late;
    qint64 before = 0;
    while (true) {
        const auto page
            = take(storage::loadFirings(store->connection(), { .before = before, .limit = 500 }));
        if (page.empty())
            break;
        for (const Firing &firing : page) {
            const auto state = take(storage::loadTicket(store->connection(), firing.ticket));
            if (const auto at = left.at.constFind(state.ticket.key); at != left.at.cend()) {
                waits.push_back(double(*at - firing.at.ms));
                late.push_back(double(firing.at.ms - firing.due.ms));
            }
        }
        before = page.back().number;
    }
    std::printf(
        "%zu of %d firings in a minute told: firing to request p50 %.0f ms, p99 %.0f ms, most %.0f ms, bar "
        "100: %s\n",
        waits.size(), tickets, quantile(waits, 0.5), quantile(waits, 0.99), quantile(waits, 1),
        verdict(waits.size() == size_t(tickets) && quantile(waits, 0.99) <= 100));
    std::printf(
        "due to firing p99 %.0f ms; latest tick of the desktop's thread %.1f ms (p99 %.1f), bar 50: %s\n",
        quantile(late, 0.99), quantile(gaps, 1), quantile(gaps, 0.99),
        verdict(quantile(gaps, 1) <= 50));
    return 0;
}

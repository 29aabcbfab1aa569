#include "tests/bench/common/bench.h"
#include "tests/bench/sync/syncrun.h"
#include "tests/connectors/rt/cannedrt.h"

#include <QCoreApplication>
#include <QSemaphore>
#include <QThread>

#include <atomic>

// The first sync from a server that allows so many requests a minute and refuses those beyond: how much
// of what it allows is used, and how much of a core that takes.

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

constexpr double perMinute = 1'200;
constexpr int burst = 10; ///< so many we send at once after a rest
constexpr int slack
    = 10; ///< more than that the server bears at once: requests take their time to it
constexpr int runMs = 20'000;
constexpr int tickets = 2'000; ///< more than can come in that time

/// A Request Tracker on a thread of its own, whose time is its own.
class Server final : public QThread
{
public:
    Server()
    {
        start();
        m_isListening.acquire();
    }
    ~Server() override
    {
        quit();
        wait();
    }
    QString url() const { return u"http://127.0.0.1:%1/"_s.arg(m_port.load()); }
    int taken() const { return m_taken; }
    int refused() const { return m_refused; }
    double seconds() const { return m_seconds; }

private:
    void run() override
    {
        test::CannedRt desk;
        for (int i = 1; i <= tickets; ++i)
            desk.tickets.append(i);
        desk.feed = { { tickets * 10, tickets } };
        const auto honest = desk.server.script;
        QElapsedTimer timer;
        timer.start();
        double tokens = burst + slack;
        qint64 last = 0;
        desk.server.script = [&](const test::Arrival &arrival) -> test::Script {
            const qint64 now = timer.nsecsElapsed();
            tokens = std::min<double>(
                burst + slack, tokens + static_cast<double>(now - last) / 6e10 * perMinute);
            last = now;
            m_seconds = bench::threadSeconds();
            if (tokens < 1) {
                ++m_refused;
                return { test::send(
                    test::answer(429, "{}", "application/json", "Retry-After: 1\r\n")) };
            }
            tokens -= 1;
            ++m_taken;
            test::Script script = honest(arrival);
            m_seconds = bench::threadSeconds();
            return script;
        };
        m_port = desk.server.serverPort();
        m_isListening.release();
        exec();
    }

    QSemaphore m_isListening;
    std::atomic<int> m_port { 0 }, m_taken { 0 }, m_refused { 0 };
    std::atomic<double> m_seconds { 0 };
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    net::PacePolicy pace = connectors::rt::rtKind().pace;
    pace.perMinute = perMinute;
    pace.burst = burst;
    std::vector<double> shares, cores;
    qint64 got = 0;
    int refused = 0;
    for (int round = 0; round < 3; ++round) {
        Server server;
        bench::SyncRun run(server.url(), "1-51-abcdef0123456789", pace);
        const double before = bench::processSeconds() - server.seconds();
        QElapsedTimer timer;
        timer.start();
        run.roundFor(runMs);
        const double wall = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        const double ours = bench::processSeconds() - server.seconds() - before;
        shares.push_back(server.taken() / (perMinute / 60 * wall + burst));
        cores.push_back(100 * ours / wall);
        got += run.tickets();
        refused += server.refused();
    }
    std::printf("%lld tickets in 3 rounds of %d s, %d requests refused\n",
        static_cast<long long>(got), runMs / 1000, refused);
    // Printed as "at least": its inverse is at most 1.11.
    bench::figure(u"F14 allowance / requests taken"_s, tickets, 1 / bench::quantile(shares, 0.5),
        u"times"_s, 1.11);
    bench::figure(u"F14 share of one core"_s, tickets, bench::quantile(cores, 0.5), u"%"_s, 10);
    return 0;
}

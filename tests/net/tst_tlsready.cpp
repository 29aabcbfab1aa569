// Threads that begin with TLS at the same time, each with something else, do not wait for each other. A program of its
// own: only the first ones in a process load anything.

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/net/authorities.h"
#include "core/net/transport.h"

#include <QSslConfiguration>
#include <QTest>
#include <QThread>

#include <atomic>
#include <latch>

using namespace tierline;
using namespace Qt::StringLiterals;

class TestTlsReady : public QObject
{
    Q_OBJECT
private slots:
    void manyBeginAtOnce();
};

void TestTlsReady::manyBeginAtOnce()
{
    constexpr int threads = 8;
    std::latch start(threads);
    std::atomic<int> ended = 0;
    std::vector<std::unique_ptr<QThread>> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back(QThread::create([&, i] {
            start.arrive_and_wait();
            if (i % 2) {
                const SystemClock clock;
                SystemRandom random;
                const net::Transport transport(
                    { .base = *net::BaseUrl::parse(u"https://desk.invalid"_s) }, clock, random);
                QSslConfiguration::defaultConfiguration();
            } else {
                (void)net::readAuthorities("-----BEGIN CERTIFICATE-----\nnone\n");
            }
            ++ended;
        }));
        all.back()->start();
    }
    QTRY_COMPARE_WITH_TIMEOUT(ended.load(), threads, 30'000);
    for (const auto &thread : all)
        QVERIFY(thread->wait());
}

QTEST_GUILESS_MAIN(TestTlsReady)
#include "tst_tlsready.moc"

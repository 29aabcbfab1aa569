#include "tests/bench/common/bench.h"
#include "tests/bench/sync/syncrun.h"
#include "tests/connectors/rtserver/realrt.h"

#include <QCoreApplication>
#include <QSemaphore>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <atomic>

// The first pull of N tickets from a real Request Tracker. A relay in between knows when the server
// works on something of ours; all the rest of the time is ours: reading answers, making requests,
// storing.

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

/// Passes bytes on, one exchange a connection as the server has it, and adds up the time in which at
/// least one exchange was at the server.
class Relay final : public QThread
{
public:
    explicit Relay(quint16 server)
        : m_server(server)
    {
        start();
        m_isListening.acquire();
    }
    ~Relay() override
    {
        quit();
        wait();
    }
    quint16 port() const { return static_cast<quint16>(m_port.load()); }
    double busySeconds() const { return static_cast<double>(m_busy.load()) / 1e9; }
    double processorSeconds() const { return m_seconds; }
    int exchanges() const { return m_exchanges; }

private:
    void run() override
    {
        QTcpServer listener;
        if (!listener.listen(QHostAddress::LocalHost))
            bench::fail(u"the relay cannot listen"_s);
        m_timer.start();
        QObject::connect(&listener, &QTcpServer::newConnection, &listener, [&] {
            while (QTcpSocket *client = listener.nextPendingConnection())
                join(client);
        });
        m_port = listener.serverPort();
        m_isListening.release();
        exec();
    }

    void join(QTcpSocket *client)
    {
        auto *server = new QTcpSocket(client);
        server->connectToHost(QHostAddress::LocalHost, m_server);
        const auto isOpen = std::make_shared<bool>(false);
        QObject::connect(client, &QTcpSocket::readyRead, server, [this, client, server, isOpen] {
            if (!std::exchange(*isOpen, true))
                enter();
            server->write(client->readAll());
        });
        QObject::connect(server, &QTcpSocket::readyRead, client,
            [client, server] { client->write(server->readAll()); });
        QObject::connect(server, &QTcpSocket::disconnected, client, [this, client, server, isOpen] {
            client->write(server->readAll());
            if (std::exchange(*isOpen, false))
                leave();
            client->disconnectFromHost();
        });
        QObject::connect(client, &QTcpSocket::disconnected, client, [this, client, isOpen] {
            if (std::exchange(*isOpen, false))
                leave();
            client->deleteLater();
        });
    }

    void enter()
    {
        ++m_exchanges;
        if (m_open++ == 0)
            m_since = m_timer.nsecsElapsed();
    }
    void leave()
    {
        if (--m_open == 0)
            m_busy += m_timer.nsecsElapsed() - m_since;
        m_seconds = bench::threadSeconds();
    }

    quint16 m_server;
    QElapsedTimer m_timer;
    qint64 m_since = 0;
    int m_open = 0;
    QSemaphore m_isListening;
    std::atomic<int> m_port { 0 }, m_exchanges { 0 };
    std::atomic<qint64> m_busy { 0 };
    std::atomic<double> m_seconds { 0 };
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const int wanted = argc > 1 ? QByteArray(argv[1]).toInt() : 5'000;
    test::RealRt server;
    const QString why = server.start(wanted);
    if (why.startsWith(u"skip: "_s)) {
        std::printf("skipped: %s\n", qPrintable(why.mid(6)));
        return 0;
    }
    if (!why.isEmpty())
        bench::fail(why);
    Relay relay(static_cast<quint16>(QUrl(server.url()).port()));
    bench::SyncRun run(
        u"http://127.0.0.1:%1/"_s.arg(relay.port()), server.token(), connectors::rt::rtKind().pace);
    const double processor = bench::processSeconds() - relay.processorSeconds();
    QElapsedTimer timer;
    timer.start();
    const sync::RoundSummary summary = run.round(3'600'000);
    const double wall = static_cast<double>(timer.nsecsElapsed()) / 1e9;
    const double ours = bench::processSeconds() - relay.processorSeconds() - processor;
    const qint64 tickets = run.tickets();
    std::printf(
        "%lld tickets, %d messages, %d requests in %.1f s (%.1f tickets a second); the server "
        "worked %.1f s, we %.1f s of processor time\n",
        static_cast<long long>(tickets), summary.messages, relay.exchanges(), wall,
        static_cast<double>(tickets) / wall, relay.busySeconds(), ours);
    if (tickets < wanted * 9 / 10) {
        std::fprintf(stderr, "tickets are missing\n");
        return 1; // and not at once: the server must be stopped
    }
    bench::figure(u"pull from Request Tracker, our share"_s, tickets,
        100 * (1 - relay.busySeconds() / wall), u"%"_s, 10);
    bench::figure(u"pull from Request Tracker, of one core"_s, tickets, 100 * ours / wall, u"%"_s);
    return 0;
}

#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

#include <QList>
#include <QTcpServer>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

namespace tierline::test {

/// What happens to one exchange: a request with its answer, or, where the proxy does not speak HTTP, a
/// whole connection.
struct Fate {
    enum class Kind : quint8 {
        Pass,
        Delay, ///< the request goes on `delay` later
        CutRequest, ///< the connections die after `at` bytes of the request; of a shorter one, never
        CutAnswer, ///< after `at` bytes of the answer; of a shorter one, at its end
        SwallowAnswer, ///< the server has the whole request and answers; the client's connection dies
        StallRequest, ///< the server gets `at` bytes and then silence
        StallAnswer, ///< the client gets `at` bytes and then silence
        HalfClose, ///< after `at` bytes of the answer the client is told that it ends there
        RepeatAnswer, ///< the answer to a GET or HEAD comes twice; any other passes
        RepeatRequest, ///< the server gets a GET or HEAD twice; any other passes
    };

    Kind kind = Kind::Pass;
    qint64 at = 0;
    Millis delay { 0 };
    bool isReset = false; ///< a cut is a reset; else it looks like an ordinary end

    bool operator==(const Fate &) const = default;
    /// "CutAnswer at 17 by reset"
    QString text() const;
};

/// How an exchange went, for a person who looks for the cause of a failed run.
struct FateLog {
    int connection = 0; ///< counts from 1
    int exchange = 0; ///< counts from 1 over all connections
    Fate fate; ///< as planned
    bool isDone = false; ///< the fate struck; else it passed (a short message, an unsafe method)
    QByteArray method;
    QByteArray path; ///< without its query, which may hold a secret
    qint64 up = 0; ///< bytes that the server was sent
    qint64 down = 0; ///< bytes that the client was sent
    int status = 0; ///< of the server's answer; 0: none seen

    QString text() const;
};

/// Which fates a random run may have.
struct FateMix {
    int percent = 20; ///< of exchanges
    Millis longest { 300 }; ///< delay
    bool stalls = true; ///< needs a client that gives up by itself
    bool repeats = true;
    qint64 requestBytes = 700; ///< cuts of requests fall within so many bytes
    qint64 answerBytes = 3000;
};

/// Stands between a client and a real server on loopback and lets exchanges go wrong by plan. Requests
/// that are not safe to repeat are never repeated. Thread: the one it was made on, whose event loop must
/// run; its timers are real. Listens at once; port() is 0 where it could not.
class FaultProxy final : public QObject
{
    Q_OBJECT
public:
    enum class Speaks : quint8 { Http, Bytes };

    /// To 127.0.0.1:`server`.
    FaultProxy(
        quint16 server, quint64 seed, Speaks speaks = Speaks::Http, QObject *parent = nullptr);
    ~FaultProxy() override; ///< ends every connection

    quint16 port() const { return m_port; }
    QUrl url(const QString &path = QStringLiteral("/")) const;
    /// Where new connections go from now on: the server has come back elsewhere.
    void setServer(quint16 port) { m_serverPort = port; }

    /// The `nth` exchange (from 1, counted from now on).
    void onNth(int nth, Fate fate) { m_planned.append({ nth, fate }); }
    /// Every exchange, unless onNth() says otherwise; until beHonest().
    void always(Fate fate) { m_always = fate; }
    void atRandom(const FateMix &mix) { m_mix = mix; }
    void beHonest();
    /// Nobody listens for that long: connecting is refused. Open connections go on.
    void refuseFor(Millis time);
    /// Every open connection dies now.
    void cutAll();

    const QList<FateLog> &log() const { return m_log; }
    /// With the seed in front.
    QString printedLog() const;
    /// Exchanges in which it struck.
    int struck(Fate::Kind kind) const;
    int connections() const { return m_connections; }
    int openConnections() const { return int(m_peers.size()); }

private:
    class Peer;
    struct Planned {
        int left = 0;
        Fate fate;
    };

    void listen();
    void accept();
    /// Opens an entry in the log; the fate is its.
    int beginExchange(int connection);
    Fate nextFate();
    Fate randomFate();
    void forget(Peer *peer);

    QTcpServer m_listener;
    quint16 m_port = 0;
    quint16 m_serverPort;
    quint64 m_seed;
    Speaks m_speaks;
    SeededRandom m_random;
    int m_refusals = 0; ///< refuseFor() calls that have not ended
    int m_connections = 0;
    QList<Planned> m_planned;
    std::optional<Fate> m_always;
    std::optional<FateMix> m_mix;
    QList<FateLog> m_log;
    std::vector<std::unique_ptr<Peer>> m_peers;
};

} // namespace tierline::test

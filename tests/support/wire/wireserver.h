#pragma once

#include "tests/support/net/lyingserver.h"

#include <map>
#include <set>

namespace tierline::test {

/// A request as it arrived, whole.
struct WireRequest : Arrival {
    quint64 number = 0; ///< counts requests from 1; names it to the server
    QStringList operations; ///< ours that it is for, as the client's side has noted

    QString path() const; ///< decoded, without the query
    QString asked(const QString &name) const; ///< a parameter of the query, decoded
};

/// An answer before it is bytes.
struct WireAnswer {
    int status = 200;
    QByteArray body;
    QByteArray type = "application/json";
    net::Headers headers;
    bool isChunked = false;
    bool closes = false; ///< no further request on this connection

    QByteArray head() const; ///< up to and with the empty line
    QByteArray tail() const; ///< the body as framed
};

/// Of a request, in bytes.
struct WireBounds {
    qsizetype head = 64 << 10; ///< else 431
    qsizetype body = 32 << 20; ///< else 413
};

/// An HTTP/1.1 server over loopback for deeds that take their time: it reads requests, with a length or
/// chunked, within bounds, and answers each when and how it is told, byte by byte. What is no request
/// gets its 4xx and the end of the connection. Knows nothing of what is asked.
/// Thread: the test's own loop.
class WireServer final : public QTcpServer
{
    Q_OBJECT
public:
    explicit WireServer(WireBounds bounds = {}, QObject *parent = nullptr);
    ~WireServer() override;

    /// Called from the loop with each whole request.
    std::function<void(const WireRequest &)> onRequest;

    QUrl url() const;
    /// Whether anybody listens at that address: connecting is refused where not, and what rested is cut.
    void setListening(bool isListening);

    // What becomes of a request. No effect where its connection is gone.
    void put(quint64 request, const QByteArray &bytes); ///< a piece of its answer
    void answered(quint64 request, bool closes); ///< that was all of it
    void reset(quint64 request); ///< its connection dies
    void cutAll();

    /// Requests that wait for their answer, or for the rest of it, on connections that are there.
    int waiting() const { return int(m_peerOf.size()); }
    qint64 received() const { return qint64(m_received); }
    /// Connections whose last request carried this sign-in.
    int connectionsOf(const QByteArray &authorization) const;
    int connections() const { return m_connections; } ///< so far

protected:
    void incomingConnection(qintptr handle) override;

private:
    class Peer;
    friend class Peer;

    WireBounds m_bounds;
    quint16 m_port = 0;
    quint64 m_received = 0;
    int m_connections = 0;
    std::set<Peer *> m_peers;
    std::map<quint64, Peer *> m_peerOf;
};

} // namespace tierline::test

#pragma once

#include "core/net/request.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QTcpServer>

#include <functional>
#include <memory>

namespace tierline::test {

/// A request as it arrived.
struct Arrival {
    QByteArray method;
    QByteArray target; ///< path and query, as sent
    net::Headers headers;
    QByteArray body;
    int connection = 0; ///< counts connections from 1

    QByteArray header(QByteArrayView name) const { return net::headerValue(headers, name); }
};

/// One step of an answer.
struct Step {
    enum class Kind : quint8 { Send, Wait, Close, Reset, Hold, SendForEver };
    Kind kind = Kind::Send;
    QByteArray bytes;
    int ms = 0;
};

/// What is done with one request.
using Script = QList<Step>;

Step send(const QByteArray &bytes);
Step wait(int ms);
Step close(); ///< in order, what was sent arrives
Step reset(); ///< the connection dies
Step hold(); ///< nothing more, ever
Step sendForEver(const QByteArray &piece); ///< as fast as the other side takes it

/// A whole, honest answer.
QByteArray answer(int status, const QByteArray &body = {},
    const QByteArray &type = "application/json", const QByteArray &headers = {});
QByteArray gzipped(const QByteArray &bytes);

/// An HTTP server over loopback that says what it is told, byte by byte: raw bytes, so that they can
/// be wrong. Reads requests honestly. Thread: the test's own loop.
class LyingServer final : public QTcpServer
{
    Q_OBJECT
public:
    explicit LyingServer(QObject *parent = nullptr);
    /// With TLS, by this certificate.
    LyingServer(const QSslCertificate &certificate, const QSslKey &key, QObject *parent = nullptr);
    ~LyingServer() override;

    /// Decides for each request; asked after its body has come.
    std::function<Script(const Arrival &)> script;
    /// Where set, decides once the headers have come, and the body is not read.
    std::function<Script(const Arrival &)> onHeaders;

    QUrl url(const QString &path = QStringLiteral("/")) const;
    const QList<Arrival> &arrivals() const { return m_arrivals; }
    int connections() const { return m_connections; }
    int open() const;
    qint64 sent() const { return m_sent; }
    void closeAll();
    /// Speaks TLS 1.0 and 1.1 alone.
    void useOldTls() { m_isOld = true; }

protected:
    void incomingConnection(qintptr handle) override;

private:
    class Peer;
    friend class Peer;

    bool m_hasTls = false;
    bool m_isOld = false;
    QSslCertificate m_certificate;
    QSslKey m_key;
    QList<Arrival> m_arrivals;
    int m_connections = 0;
    qint64 m_sent = 0;
};

} // namespace tierline::test

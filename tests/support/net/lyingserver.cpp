#include "tests/support/net/lyingserver.h"

#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimer>

#include <array>

namespace tierline::test {

Step send(const QByteArray &bytes)
{
    return { Step::Kind::Send, bytes };
}
Step wait(int ms)
{
    return { Step::Kind::Wait, {}, ms };
}
Step close()
{
    return { Step::Kind::Close };
}
Step reset()
{
    return { Step::Kind::Reset };
}
Step hold()
{
    return { Step::Kind::Hold };
}
Step sendForEver(const QByteArray &piece)
{
    return { Step::Kind::SendForEver, piece };
}

QByteArray answer(
    int status, const QByteArray &body, const QByteArray &type, const QByteArray &headers)
{
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(status) + " Said\r\nContent-Type: " + type
        + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n";
    return bytes + body;
}

QByteArray gzipped(const QByteArray &bytes)
{
    // Qt's own packing is zlib's stream behind four bytes of length; a gzip stream has the same
    // deflated middle between another head and tail.
    const QByteArray packed = qCompress(bytes, 9);
    std::array<quint32, 256> table {};
    for (quint32 i = 0; i < 256; ++i) {
        quint32 entry = i;
        for (int bit = 0; bit < 8; ++bit)
            entry = (entry >> 1) ^ ((entry & 1) ? 0xedb88320 : 0);
        table[i] = entry;
    }
    quint32 crc = 0xffffffff;
    for (const char c : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
    crc = ~crc;
    QByteArray result("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    result += packed.mid(6, packed.size() - 10);
    const auto tail = [&result](quint32 number) {
        for (int i = 0; i < 4; ++i)
            result += static_cast<char>((number >> (8 * i)) & 0xff);
    };
    tail(crc);
    tail(static_cast<quint32>(bytes.size()));
    return result;
}

/// One connection: reads a request, plays its script, reads the next.
class LyingServer::Peer final : public QObject
{
public:
    Peer(LyingServer *server, QSslSocket *socket, int number)
        : QObject(server)
        , m_server(server)
        , m_socket(socket)
        , m_number(number)
    {
        socket->setParent(this);
        // As much on the way as on a real line. Without it a machine's own loop takes tens of
        // megabytes that a slow reader has not asked for, drops some, and waits for seconds.
        socket->setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, 1 << 18);
        m_timer.setSingleShot(true);
        connect(socket, &QSslSocket::readyRead, this, &Peer::read);
        connect(socket, &QSslSocket::disconnected, this, &Peer::deleteLater);
        connect(socket, &QSslSocket::bytesWritten, this, &Peer::more);
        connect(socket, &QSslSocket::encryptedBytesWritten, this, &Peer::more);
        connect(&m_timer, &QTimer::timeout, this, &Peer::play);
    }
    QSslSocket *socket() const { return m_socket; }

private:
    void read()
    {
        m_in += m_socket->readAll();
        if (m_isBusy)
            return;
        const auto end = m_in.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Arrival arrival = parsed(m_in.first(end));
        arrival.connection = m_number;
        qsizetype taken = end + 4;
        if (m_server->onHeaders) {
            finishRead(arrival, taken, m_server->onHeaders);
            return;
        }
        const qsizetype length = arrival.header("Content-Length").toLongLong();
        if (m_in.size() < taken + length)
            return;
        arrival.body = m_in.mid(taken, length);
        finishRead(arrival, taken + length, m_server->script);
    }

    void finishRead(const Arrival &arrival, qsizetype taken,
        const std::function<Script(const Arrival &)> &decide)
    {
        m_in.remove(0, taken);
        m_server->m_arrivals.append(arrival);
        m_steps = decide ? decide(arrival) : Script { send(answer(200, "{}")) };
        m_isBusy = true;
        play();
    }

    static Arrival parsed(const QByteArray &head)
    {
        const QByteArrayList lines = head.split('\n');
        const QByteArrayList first = lines.first().trimmed().split(' ');
        Arrival arrival { .method = first.value(0), .target = first.value(1) };
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const QByteArray line = lines[i].trimmed();
            const auto colon = line.indexOf(':');
            if (colon > 0)
                arrival.headers.append({ line.first(colon), line.mid(colon + 1).trimmed() });
        }
        return arrival;
    }

    void put(const QByteArray &bytes)
    {
        m_server->m_sent += bytes.size();
        m_socket->write(bytes);
    }

    void play()
    {
        while (!m_steps.isEmpty()) {
            const Step step = m_steps.first();
            if (step.kind == Step::Kind::SendForEver) {
                more();
                return;
            }
            m_steps.removeFirst();
            switch (step.kind) {
            case Step::Kind::Send: put(step.bytes); break;
            case Step::Kind::Wait: m_timer.start(step.ms); return;
            case Step::Kind::Close: m_socket->disconnectFromHost(); return;
            case Step::Kind::Reset: m_socket->abort(); return;
            case Step::Kind::Hold:
            case Step::Kind::SendForEver: return;
            }
        }
        m_isBusy = false;
        if (!m_in.isEmpty())
            read();
    }

    void more()
    {
        if (m_steps.isEmpty() || m_steps.first().kind != Step::Kind::SendForEver)
            return;
        while (m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite() < (1 << 18))
            put(m_steps.first().bytes);
    }

    LyingServer *m_server;
    QSslSocket *m_socket;
    int m_number;
    QByteArray m_in;
    Script m_steps;
    bool m_isBusy = false;
    QTimer m_timer;
};

LyingServer::LyingServer(QObject *parent)
    : QTcpServer(parent)
{
    listen(QHostAddress::LocalHost);
}

LyingServer::LyingServer(const QSslCertificate &certificate, const QSslKey &key, QObject *parent)
    : LyingServer(parent)
{
    m_hasTls = true;
    m_certificate = certificate;
    m_key = key;
}

LyingServer::~LyingServer()
{
    closeAll();
}

void LyingServer::closeAll()
{
    const auto peers = findChildren<QObject *>(Qt::FindDirectChildrenOnly);
    for (QObject *child : peers) {
        if (auto *peer = dynamic_cast<Peer *>(child)) {
            peer->socket()->disconnect(peer);
            peer->socket()->abort();
            delete peer;
        }
    }
}

int LyingServer::open() const
{
    int count = 0;
    for (const QObject *child : children()) {
        if (dynamic_cast<const Peer *>(child))
            ++count;
    }
    return count;
}

QUrl LyingServer::url(const QString &path) const
{
    QUrl url;
    url.setScheme(m_hasTls ? QStringLiteral("https") : QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(serverPort());
    return url.resolved(QUrl(path));
}

void LyingServer::incomingConnection(qintptr handle)
{
    auto *socket = new QSslSocket;
    socket->setSocketDescriptor(handle);
    auto *peer = new Peer(this, socket, ++m_connections);
    Q_UNUSED(peer)
    if (m_hasTls) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(m_certificate);
        tls.setPrivateKey(m_key);
        if (m_isOld) {
            QT_WARNING_PUSH
            QT_WARNING_DISABLE_DEPRECATED
            tls.setProtocol(QSsl::TlsV1_1);
            QT_WARNING_POP
        }
        socket->setSslConfiguration(tls);
        socket->startServerEncryption();
    }
}

} // namespace tierline::test

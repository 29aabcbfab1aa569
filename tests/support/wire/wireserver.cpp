#include "tests/support/wire/wireserver.h"

#include <QTcpSocket>
#include <QUrlQuery>

namespace tierline::test {

using namespace Qt::StringLiterals;

QString WireRequest::path() const
{
    return QUrl::fromEncoded(target).path();
}

QString WireRequest::asked(const QString &name) const
{
    // "+" is a space in a query; a plus sign itself comes as %2B.
    QByteArray query = QUrl::fromEncoded(target).query(QUrl::FullyEncoded).toLatin1();
    query.replace('+', "%20");
    return QUrlQuery(QString::fromLatin1(query)).queryItemValue(name, QUrl::FullyDecoded);
}

QByteArray WireAnswer::head() const
{
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(status) + " Said\r\n";
    if (!type.isEmpty())
        bytes += "Content-Type: " + type + "\r\n";
    for (const net::Header &header : headers)
        bytes += header.name + ": " + header.value + "\r\n";
    if (closes)
        bytes += "Connection: close\r\n";
    if (isChunked)
        bytes += "Transfer-Encoding: chunked\r\n";
    else if (status != 204 && status != 304)
        bytes += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return bytes + "\r\n";
}

QByteArray WireAnswer::tail() const
{
    if (!isChunked)
        return body;
    QByteArray bytes;
    constexpr qsizetype chunk = 700;
    for (qsizetype at = 0; at < body.size(); at += chunk) {
        const QByteArray piece = body.mid(at, chunk);
        bytes += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    }
    return bytes + "0\r\n\r\n";
}

/// One connection: reads a request, waits for its answer, reads the next.
class WireServer::Peer final : public QObject
{
public:
    Peer(WireServer *server, QTcpSocket *socket, int number)
        : QObject(server)
        , m_server(server)
        , m_socket(socket)
        , m_number(number)
    {
        socket->setParent(this);
        connect(socket, &QTcpSocket::readyRead, this, &Peer::read);
        connect(socket, &QTcpSocket::disconnected, this, &Peer::gone);
    }

    const QByteArray &signIn() const { return m_signIn; }

    void put(const QByteArray &bytes)
    {
        m_socket->write(bytes);
        m_socket->flush();
    }

    void answered(bool closes)
    {
        m_server->m_peerOf.erase(m_request);
        m_request = 0;
        if (closes || m_isLast)
            m_socket->disconnectFromHost();
        else if (!m_in.isEmpty())
            read();
    }

    void reset()
    {
        m_socket->disconnect(this);
        // With bytes unread or a linger of nothing the other side sees a reset; Qt's abort is either.
        m_socket->abort();
        gone();
    }

private:
    void gone()
    {
        m_server->m_peerOf.erase(m_request);
        m_server->m_peers.erase(this);
        m_request = 0;
        deleteLater();
    }

    void read()
    {
        m_in += m_socket->readAll();
        if (m_request != 0)
            return;
        const auto end = m_in.indexOf("\r\n\r\n");
        if (end > m_server->m_bounds.head || (end < 0 && m_in.size() > m_server->m_bounds.head))
            return refuse(431);
        if (end < 0)
            return;
        WireRequest request;
        if (!readHead(m_in.first(end), request))
            return refuse(400);
        const QByteArray coding = request.header("Transfer-Encoding").toLower();
        qsizetype taken = end + 4;
        int wrong = 0;
        if (coding == "chunked")
            wrong = readChunks(taken, request.body);
        else if (!coding.isEmpty())
            wrong = 501;
        else
            wrong = readLength(request, taken);
        if (wrong > 0)
            return refuse(wrong);
        if (wrong < 0)
            return; // the rest is on its way
        m_in.remove(0, taken);
        take(request);
    }

    void take(WireRequest &request)
    {
        request.connection = m_number;
        request.number = m_request = ++m_server->m_received;
        m_signIn = request.header("Authorization");
        m_isLast = request.header("Connection").toLower() == "close";
        m_server->m_peerOf[m_request] = this;
        if (m_server->onRequest)
            m_server->onRequest(request);
    }

    static bool readHead(const QByteArray &head, WireRequest &request)
    {
        const QByteArrayList lines = head.split('\n');
        const QByteArrayList first = lines.first().trimmed().split(' ');
        if (first.size() != 3 || !first[1].startsWith('/') || !first[2].startsWith("HTTP/1."))
            return false;
        request.method = first[0];
        request.target = first[1];
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const QByteArray line = lines[i].trimmed();
            const auto colon = line.indexOf(':');
            if (colon <= 0)
                return false;
            request.headers.append({ line.first(colon), line.mid(colon + 1).trimmed() });
        }
        return true;
    }

    // 0: it is there; below: more has to come; above: the status of what is wrong.
    int readLength(WireRequest &request, qsizetype &taken) const
    {
        const QByteArray told = request.header("Content-Length");
        bool isNumber = told.isEmpty();
        const qint64 length = told.isEmpty() ? 0 : told.toLongLong(&isNumber);
        if (!isNumber || length < 0)
            return 400;
        if (length > m_server->m_bounds.body)
            return 413;
        if (m_in.size() < taken + length)
            return -1;
        request.body = m_in.mid(taken, length);
        taken += length;
        return 0;
    }

    int readChunks(qsizetype &taken, QByteArray &body) const
    {
        while (true) {
            const auto line = m_in.indexOf("\r\n", taken);
            if (line < 0)
                return m_in.size() - taken > 100 ? 400 : -1;
            bool isNumber = false;
            const qint64 size = m_in.mid(taken, line - taken)
                                    .split(';')
                                    .first()
                                    .trimmed()
                                    .toLongLong(&isNumber, 16);
            if (!isNumber || size < 0)
                return 400;
            if (body.size() + size > m_server->m_bounds.body)
                return 413;
            if (m_in.size() < line + 2 + size + 2)
                return -1;
            if (m_in.mid(line + 2 + size, 2) != "\r\n")
                return 400;
            body += m_in.mid(line + 2, size);
            taken = line + 2 + size + 2;
            if (size == 0)
                return 0;
        }
    }

    void refuse(int status)
    {
        WireAnswer answer { .status = status, .body = "{}", .closes = true };
        m_in.clear();
        put(answer.head() + answer.tail());
        m_socket->disconnectFromHost();
    }

    WireServer *m_server;
    QTcpSocket *m_socket;
    int m_number;
    QByteArray m_in;
    QByteArray m_signIn;
    quint64 m_request = 0; ///< that is being answered; 0: none
    bool m_isLast = false;
};

WireServer::WireServer(WireBounds bounds, QObject *parent)
    : QTcpServer(parent)
    , m_bounds(bounds)
{
    listen(QHostAddress::LocalHost);
    m_port = serverPort();
}

WireServer::~WireServer()
{
    cutAll();
}

QUrl WireServer::url() const
{
    QUrl url;
    url.setScheme(u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_port);
    url.setPath(u"/"_s);
    return url;
}

void WireServer::setListening(bool wanted)
{
    if (wanted == isListening())
        return;
    if (wanted) {
        if (!listen(QHostAddress::LocalHost, m_port))
            qFatal("The port %d was taken meanwhile: %s", m_port, qPrintable(errorString()));
        return;
    }
    close();
    cutAll();
}

void WireServer::put(quint64 request, const QByteArray &bytes)
{
    if (const auto peer = m_peerOf.find(request); peer != m_peerOf.end())
        peer->second->put(bytes);
}

void WireServer::answered(quint64 request, bool closes)
{
    if (const auto peer = m_peerOf.find(request); peer != m_peerOf.end())
        peer->second->answered(closes);
}

void WireServer::reset(quint64 request)
{
    if (const auto peer = m_peerOf.find(request); peer != m_peerOf.end())
        peer->second->reset();
}

void WireServer::cutAll()
{
    const std::set<Peer *> peers = m_peers;
    for (Peer *peer : peers)
        peer->reset();
}

int WireServer::connectionsOf(const QByteArray &authorization) const
{
    return int(std::ranges::count_if(
        m_peers, [&](const Peer *peer) { return peer->signIn() == authorization; }));
}

void WireServer::incomingConnection(qintptr handle)
{
    auto *socket = new QTcpSocket;
    socket->setSocketDescriptor(handle);
    m_peers.insert(new Peer(this, socket, ++m_connections));
}

} // namespace tierline::test

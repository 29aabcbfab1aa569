#include "tests/support/faultproxy/faultproxy.h"

#include "tests/support/faultproxy/httpexchange.h"

#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <array>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostWaiting = 1024 * 1024; // bytes that one side may be ahead of the other
constexpr qint64 mostRepeated = 8 * 1024 * 1024;

constexpr std::array fateNames { u"Pass", u"Delay", u"CutRequest", u"CutAnswer", u"SwallowAnswer",
    u"StallRequest", u"StallAnswer", u"HalfClose", u"RepeatAnswer", u"RepeatRequest" };
static_assert(fateNames.size() == size_t(Fate::Kind::RepeatRequest) + 1);

bool isSafe(const QByteArray &method)
{
    return method == "GET" || method == "HEAD";
}

// The end that a broken network makes, as opposed to the one that a program makes.
void die(QTcpSocket &socket, bool isReset)
{
#ifdef Q_OS_UNIX
    if (isReset && socket.socketDescriptor() >= 0) {
        const linger none { 1, 0 };
        setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
#endif
    socket.abort();
}

} // namespace

QString Fate::text() const
{
    QString text = QString::fromUtf16(fateNames[size_t(kind)]);
    if (kind == Kind::Delay)
        text += u" %1 ms"_s.arg(delay.count());
    else if (kind != Kind::Pass && kind != Kind::SwallowAnswer && kind < Kind::RepeatAnswer)
        text += u" at %1"_s.arg(at);
    return isReset ? text + u" by reset"_s : text;
}

QString FateLog::text() const
{
    return u"%1 (connection %2) %3 %4: %5%6, %7 up, %8 down, status %9"_s.arg(exchange)
        .arg(connection)
        .arg(QString::fromLatin1(method), QString::fromUtf8(path), fate.text(),
            isDone || fate == Fate {} ? QString() : u" (did not strike)"_s)
        .arg(up)
        .arg(down)
        .arg(status);
}

// --- one connection

class FaultProxy::Peer final : public QObject
{
public:
    Peer(FaultProxy &proxy, QTcpSocket *client, int number)
        : m_proxy(proxy)
        , m_client(client)
        , m_number(number)
    {
        client->setParent(this);
        for (QTcpSocket *socket : { m_client, &m_server })
            socket->setReadBufferSize(256 * 1024);
        connect(m_client, &QTcpSocket::readyRead, this, [this] { pumpUp(); });
        connect(&m_server, &QTcpSocket::readyRead, this, [this] { pumpDown(); });
        connect(m_client, &QTcpSocket::bytesWritten, this, [this] { pumpDown(); });
        connect(&m_server, &QTcpSocket::bytesWritten, this, [this] { pumpUp(); });
        connect(m_client, &QTcpSocket::disconnected, this, [this] { end(); });
        connect(&m_server, &QTcpSocket::disconnected, this, [this] { serverEnded(); });
        connect(&m_server, &QTcpSocket::errorOccurred, this, [this] {
            if (m_server.state() == QAbstractSocket::UnconnectedState)
                serverEnded();
        });
        connect(&m_delay, &QTimer::timeout, this, [this] { pumpUp(); });
        m_delay.setSingleShot(true);
        m_server.connectToHost(QHostAddress(QHostAddress::LocalHost), proxy.m_serverPort);
    }

    ~Peer() override
    {
        // Their last signals must not reach half an object.
        m_client->disconnect(this);
        m_server.disconnect(this);
    }

    void cut(bool isReset)
    {
        if (m_isOver)
            return;
        m_isOver = true;
        die(*m_client, isReset);
        die(m_server, isReset);
        QTimer::singleShot(0, &m_proxy, [proxy = &m_proxy, this] { proxy->forget(this); });
    }

private:
    FateLog &log() { return m_proxy.m_log[m_entry]; }
    const Fate &fate() { return log().fate; }
    bool isHttp() const { return m_proxy.m_speaks == Speaks::Http; }
    bool hasExchange() const { return m_entry >= 0; }

    void begin()
    {
        m_entry = m_proxy.beginExchange(m_number);
        m_request = HttpMessage(HttpMessage::Kind::Request);
        m_answer = HttpMessage(HttpMessage::Kind::Answer);
        m_seenUp = m_seenDown = 0;
        m_requestCopy.clear();
        m_answerCopy.clear();
        if (fate().kind == Fate::Kind::Delay) {
            log().isDone = true;
            m_delay.start(fate().delay);
        }
    }

    void strike() { log().isDone = true; }

    // From the client to the server.
    void pumpUp()
    {
        while (!m_isOver && !m_isUpStalled && !m_delay.isActive() && m_client->bytesAvailable() > 0
            && m_server.bytesToWrite() < mostWaiting) {
            const bool isNext
                = !hasExchange() || (isHttp() && m_request.isWhole() && m_answer.hasBegun());
            if (isNext) {
                begin();
                continue; // it may be delayed
            }
            QByteArray bytes = m_client->peek(64 * 1024);
            if (isHttp()) {
                const qsizetype taken = m_request.take(bytes);
                if (taken == 0)
                    return; // a next request before this one's answer
                bytes.truncate(taken);
                if (m_request.hasHead() && log().method.isEmpty()) {
                    log().method = m_request.method();
                    log().path = m_request.path();
                }
            }
            m_client->skip(bytes.size());
            sendUp(bytes);
        }
    }

    void sendUp(QByteArray bytes)
    {
        const Fate::Kind kind = fate().kind;
        const qint64 left = fate().at - m_seenUp;
        m_seenUp += bytes.size();
        const bool isCut = kind == Fate::Kind::CutRequest && left < bytes.size();
        m_isUpStalled = kind == Fate::Kind::StallRequest && left < bytes.size();
        if (isCut || m_isUpStalled) {
            strike();
            bytes.truncate(std::max<qint64>(0, left));
        }
        log().up += bytes.size();
        m_server.write(bytes);
        if (isCut) {
            // What was let through arrives; what follows is lost with the connection.
            m_server.flush();
            cut(fate().isReset);
            return;
        }
        if (kind == Fate::Kind::RepeatRequest && m_requestCopy.size() < mostRepeated) {
            m_requestCopy += bytes;
            if (m_request.isWhole() && isSafe(log().method))
                repeatRequest();
        }
    }

    // On a connection of its own, whose answer nobody reads.
    void repeatRequest()
    {
        strike();
        auto *const again = new QTcpSocket(&m_proxy);
        connect(again, &QTcpSocket::disconnected, again, &QObject::deleteLater);
        connect(again, &QTcpSocket::readyRead, again, [again] { again->readAll(); });
        again->connectToHost(QHostAddress(QHostAddress::LocalHost), m_proxy.m_serverPort);
        again->write(m_requestCopy);
        QTimer::singleShot(5000, again, [again] { again->abort(); });
    }

    // From the server to the client.
    void pumpDown()
    {
        while (
            !m_isOver && m_server.bytesAvailable() > 0 && m_client->bytesToWrite() < mostWaiting) {
            if (!hasExchange())
                begin(); // a server that speaks first
            QByteArray bytes = m_server.read(64 * 1024);
            if (isHttp())
                followAnswer(bytes);
            sendDown(bytes);
        }
    }

    void followAnswer(QByteArrayView bytes)
    {
        const bool isBodiless = log().method == "HEAD";
        qsizetype taken = m_answer.take(bytes, isBodiless);
        while (m_answer.isInterim() && taken < bytes.size()) {
            m_answer = HttpMessage(HttpMessage::Kind::Answer);
            taken += m_answer.take(bytes.sliced(taken), isBodiless);
        }
        if (!m_answer.isInterim())
            log().status = m_answer.status();
    }

    void sendDown(QByteArray bytes)
    {
        const Fate::Kind kind = fate().kind;
        const qint64 left = fate().at - m_seenDown;
        m_seenDown += bytes.size();
        if (m_isDownStalled)
            return;
        if (kind == Fate::Kind::SwallowAnswer) {
            strike();
            cut(fate().isReset);
            return;
        }
        const bool isHere = left < bytes.size() || (m_answer.isWhole() && isHttp());
        const bool isCut = kind == Fate::Kind::CutAnswer && isHere;
        const bool isHalf = kind == Fate::Kind::HalfClose && isHere;
        const bool isStall = kind == Fate::Kind::StallAnswer && left < bytes.size();
        if (isCut || isHalf || isStall) {
            strike();
            bytes.truncate(std::clamp<qint64>(left, 0, bytes.size()));
        }
        log().down += bytes.size();
        m_client->write(bytes);
        m_isDownStalled = isStall || isHalf;
        if (isHalf)
            tellEnd();
        if (isCut) {
            m_client->flush();
            cut(fate().isReset);
            return;
        }
        if (kind == Fate::Kind::RepeatAnswer && isSafe(log().method)
            && m_answerCopy.size() < mostRepeated) {
            m_answerCopy += bytes;
            if (m_answer.isWhole())
                repeatAnswer();
        }
    }

    void repeatAnswer()
    {
        if (m_answerCopy.isEmpty())
            return;
        strike();
        log().down += m_answerCopy.size();
        m_client->write(m_answerCopy);
        m_answerCopy.clear();
    }

    // The client reads an end, and may go on sending.
    void tellEnd()
    {
        m_client->flush();
#ifdef Q_OS_UNIX
        shutdown(int(m_client->socketDescriptor()), SHUT_WR);
#else
        m_client->disconnectFromHost();
#endif
    }

    void serverEnded()
    {
        if (m_isOver)
            return;
        pumpDown();
        if (m_isOver || m_isDownStalled || m_isUpStalled)
            return; // silence goes on
        if (hasExchange() && fate().kind == Fate::Kind::RepeatAnswer && isSafe(log().method))
            repeatAnswer();
        m_client->disconnectFromHost();
    }

    void end()
    {
        if (m_isOver)
            return;
        m_isOver = true;
        m_server.disconnectFromHost();
        QTimer::singleShot(0, &m_proxy, [proxy = &m_proxy, this] { proxy->forget(this); });
    }

    FaultProxy &m_proxy;
    QTcpSocket *m_client;
    QTcpSocket m_server;
    QTimer m_delay;
    int m_number;
    int m_entry = -1;
    HttpMessage m_request { HttpMessage::Kind::Request };
    HttpMessage m_answer { HttpMessage::Kind::Answer };
    qint64 m_seenUp = 0;
    qint64 m_seenDown = 0;
    QByteArray m_requestCopy;
    QByteArray m_answerCopy;
    bool m_isUpStalled = false;
    bool m_isDownStalled = false;
    bool m_isOver = false;
};

// --- the proxy

FaultProxy::FaultProxy(quint16 server, quint64 seed, Speaks speaks, QObject *parent)
    : QObject(parent)
    , m_serverPort(server)
    , m_seed(seed)
    , m_speaks(speaks)
    , m_random(seed)
{
    connect(&m_listener, &QTcpServer::newConnection, this, [this] { accept(); });
    listen();
}

FaultProxy::~FaultProxy() = default;

QUrl FaultProxy::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_port).arg(path));
}

void FaultProxy::listen()
{
    if (m_refusals > 0 || m_listener.isListening())
        return;
    if (m_listener.listen(QHostAddress(QHostAddress::LocalHost), m_port))
        m_port = m_listener.serverPort();
    else if (m_port != 0)
        QTimer::singleShot(20, this, [this] { listen(); }); // somebody has borrowed the port
}

void FaultProxy::accept()
{
    while (QTcpSocket *const client = m_listener.nextPendingConnection())
        m_peers.push_back(std::make_unique<Peer>(*this, client, ++m_connections));
}

void FaultProxy::forget(Peer *peer)
{
    std::erase_if(m_peers, [peer](const auto &one) { return one.get() == peer; });
}

void FaultProxy::beHonest()
{
    m_planned.clear();
    m_always.reset();
    m_mix.reset();
}

void FaultProxy::refuseFor(Millis time)
{
    ++m_refusals;
    m_listener.close();
    QTimer::singleShot(time, this, [this] {
        --m_refusals;
        listen();
    });
}

void FaultProxy::cutAll()
{
    for (const auto &peer : m_peers)
        peer->cut(true);
}

int FaultProxy::beginExchange(int connection)
{
    FateLog entry;
    entry.connection = connection;
    entry.exchange = int(m_log.size()) + 1;
    entry.fate = nextFate();
    m_log.append(entry);
    return int(m_log.size()) - 1;
}

Fate FaultProxy::nextFate()
{
    std::optional<Fate> planned;
    for (Planned &one : m_planned) {
        if (--one.left == 0 && !planned)
            planned = one.fate;
    }
    m_planned.removeIf([](const Planned &one) { return one.left <= 0; });
    if (planned)
        return *planned;
    if (m_always)
        return *m_always;
    return m_mix ? randomFate() : Fate {};
}

Fate FaultProxy::randomFate()
{
    using K = Fate::Kind;
    if (m_random.below(100) >= m_mix->percent)
        return {};
    std::vector<K> kinds { K::Delay, K::CutRequest, K::CutAnswer, K::SwallowAnswer,
        K::SwallowAnswer, K::HalfClose };
    if (m_mix->stalls)
        kinds.insert(kinds.end(), { K::StallRequest, K::StallAnswer });
    if (m_mix->repeats)
        kinds.insert(kinds.end(), { K::RepeatAnswer, K::RepeatRequest });
    Fate fate { kinds[size_t(m_random.below(qint64(kinds.size())))] };
    const bool isOfRequest = fate.kind == K::CutRequest || fate.kind == K::StallRequest;
    fate.at = m_random.below(isOfRequest ? m_mix->requestBytes : m_mix->answerBytes);
    if (fate.kind == K::Delay)
        fate.delay = Millis(1 + m_random.below(std::max<qint64>(1, m_mix->longest.count())));
    fate.isReset = m_random.below(2) == 0;
    return fate;
}

QString FaultProxy::printedLog() const
{
    QString text = u"seed %1\n"_s.arg(m_seed);
    for (const FateLog &entry : m_log)
        text += entry.text() + u'\n';
    return text;
}

int FaultProxy::struck(Fate::Kind kind) const
{
    return int(std::ranges::count_if(
        m_log, [kind](const FateLog &entry) { return entry.isDone && entry.fate.kind == kind; }));
}

} // namespace tierline::test

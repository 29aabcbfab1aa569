#include "core/net/transportcore_p.h"

#include "core/base/logging.h"
#include "core/net/connections_p.h"
#include "core/net/exchange_p.h"
#include "core/net/redact.h"

#include <QHostInfo>
#include <QNetworkProxy>

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

/// The system's proxies, for this manager alone; this machine is reached without one.
class SystemProxies final : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        if (isLoopbackLiteral(query.peerHostName()))
            return { QNetworkProxy(QNetworkProxy::NoProxy) };
        return systemProxyForQuery(query);
    }
};

bool isToken(QByteArrayView name)
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '_';
    });
}

bool isOneLine(QByteArrayView value)
{
    return std::none_of(value.begin(), value.end(),
        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

/// What the transport itself decides.
bool isReserved(const QByteArray &name)
{
    static const QByteArrayList reserved { "authorization", "cookie", "host", "content-length",
        "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
        "expect", "accept-encoding", "user-agent" };
    const QByteArray lower = name.toLower();
    return reserved.contains(lower) || lower.startsWith("proxy-");
}

} // namespace

TransportCore::TransportCore(TransportSettings settings_, const Clock &clock_, RandomSource &random)
    : settings(std::move(settings_))
    , clock(clock_)
    , pacer(settings.pace, clock, random)
{
    manager.setProxyFactory(new SystemProxies); // the manager owns it
    manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager.setStrictTransportSecurityEnabled(true);
    manager.setAutoDeleteReplies(false);
    m_pump.setSingleShot(true);
    connect(&m_pump, &QTimer::timeout, this, &TransportCore::pump);
}

TransportCore::~TransportCore()
{
    // Handlers must not be called any more, and the replies end before the manager does.
    const auto all = findChildren<Exchange *>(Qt::FindDirectChildrenOnly);
    const bool isWaiting = std::any_of(m_running.begin(), m_running.end(),
        [](const Exchange *each) { return each->isWaitingForHeaders(); });
    m_waiting.clear();
    m_running.clear();
    qDeleteAll(all);
    // Qt's thread may be busy with headers that do not end; the manager would wait for it.
    if (isWaiting || m_mayBeStuck)
        cutConnections(connectionsTo(m_peers, peerPort()), m_peers, peerPort());
}

quint16 TransportCore::peerPort() const
{
    const QUrl &url = settings.base.url();
    return static_cast<quint16>(url.port(url.scheme() == "https"_L1 ? 443 : 80));
}

void TransportCore::findPeer()
{
    // Where places are checked, whoever looks the name up says what it meant.
    if (settings.mayNot || std::exchange(m_isPeerSought, true))
        return;
    const QHostAddress literal(settings.base.host());
    if (!literal.isNull()) {
        m_peers = { literal };
        return;
    }
    QHostInfo::lookupHost(
        settings.base.host(), this, [this](const QHostInfo &info) { m_peers = info.addresses(); });
}

bool TransportCore::isProxied(const QUrl &url) const
{
    const auto proxies = manager.proxyFactory()->queryProxy(QNetworkProxyQuery(url));
    return !proxies.isEmpty() && proxies.first().type() != QNetworkProxy::NoProxy
        && proxies.first().type() != QNetworkProxy::DefaultProxy;
}

void TransportCore::gaveUpWaiting()
{
    // Qt 6.4 reads headers byte by byte and looks at nothing else while more of them come, so a server
    // that sends them without end keeps its thread and fills the memory. Where the connection is still
    // there a moment after it was given up, it is taken from under that thread.
    constexpr Millis aMoment { 500 };
    const QList<OpenConnection> before = connectionsTo(m_peers, peerPort());
    if (before.isEmpty())
        return;
    m_mayBeStuck = true;
    QTimer::singleShot(aMoment, this, [this, before] {
        m_mayBeStuck = false;
        const QList<OpenConnection> now = connectionsTo(m_peers, peerPort());
        const bool isStuck = std::all_of(before.begin(), before.end(),
            [&now](const OpenConnection &one) { return now.contains(one); });
        if (!isStuck)
            return;
        qCInfo(lcNet) << "headers without end from" << settings.base.host() << "were cut off";
        cutConnections(now, m_peers, peerPort());
    });
}

QString TransportCore::whyNotSent(const Request &request) const
{
    const QUrl &url = request.url;
    if (!url.isValid() || !url.userInfo().isEmpty())
        return u"The request has no usable address."_s;
    if (!settings.base.isOwnOrigin(url)) {
        const bool isNear = settings.base.isPlainLoopback() && isLoopbackLiteral(url.host());
        const bool isFar = url.scheme() == "https"_L1 && !isLocalHost(url.host());
        if (!request.allowsOtherHost || request.method != Method::Get || !(isNear || isFar))
            return u"%1 is not the account's own server, so nothing is sent there."_s.arg(
                url.host());
        if (url.scheme() != "https"_L1 && url.scheme() != "http"_L1)
            return u"Only web addresses can be asked."_s;
    }
    if (isSafe(request.method) && (!request.body.isEmpty() || request.stream))
        return u"A request that only reads has no body."_s;
    if ((!request.body.isEmpty() || request.stream) && request.contentType.isEmpty())
        return u"The request's body has no type."_s;
    if (!isOneLine(request.contentType))
        return u"The request's type is not one line."_s;
    for (const Header &header : request.headers) {
        if (!isToken(header.name) || !isOneLine(header.value) || isReserved(header.name))
            return u"The request has a header that may not be sent."_s;
    }
    if (!isOneLine(credentials.headerValue().expose())
        || (!credentials.isNone() && !isToken(credentials.headerName())))
        return u"The sign-in holds a line break or another control character; enter it again."_s;
    return {};
}

Exchange *TransportCore::add(Request request, AnswerHandler done)
{
    const QString wrong = whyNotSent(request);
    const bool isBarred = isGateClosed && !request.isAnonymous;
    const Millis patience = request.patience;
    auto *exchange = new Exchange(*this, std::move(request), std::move(done));
    if (!wrong.isEmpty()) {
        exchange->refuse(Problem::BadRequest, wrong);
    } else if (isBarred) {
        exchange->refuse(Problem::GateClosed);
    } else if (const Millis pause = pacer.pause(); pause > patience) {
        exchange->refuse(Problem::TooLongToWait, {}, pause);
    } else {
        m_waiting.push_back(exchange);
        pump();
    }
    return exchange;
}

void TransportCore::pump()
{
    while (!m_waiting.empty()) {
        const auto wait = pacer.wait();
        if (!wait || wait->count() > 0)
            break;
        Exchange *next = m_waiting.front();
        m_waiting.pop_front();
        m_running.append(next);
        findPeer();
        pacer.started();
        next->start();
    }
    if (m_waiting.empty())
        return;
    const Millis wait = pacer.wait().value_or(Millis(0));
    const Millis now = clock.monotonic();
    const auto impatient = std::stable_partition(m_waiting.begin(), m_waiting.end(),
        [&](Exchange *e) { return now - e->queuedAt() + wait <= e->request().patience; });
    const QList<Exchange *> leaving(impatient, m_waiting.end());
    m_waiting.erase(impatient, m_waiting.end());
    for (Exchange *exchange : leaving)
        exchange->refuse(Problem::TooLongToWait, {}, wait);
    // The injected clock tells how long; the timer only when to look again.
    if (!m_waiting.empty())
        m_pump.start(wait.count() > 0 ? qMin(wait, longestNap) : longestNap);
}

void TransportCore::release(Exchange *exchange, const std::optional<Response> &response)
{
    const auto waiting = std::find(m_waiting.begin(), m_waiting.end(), exchange);
    if (waiting != m_waiting.end())
        m_waiting.erase(waiting);
    if (m_running.removeOne(exchange)) {
        pacer.ended();
        m_lastUse = clock.monotonic();
    }
    if (response)
        pacer.noteAnswer(response->status, response->headers, response->serverDate);
    m_pump.start(0);
}

qsizetype TransportCore::sending() const
{
    return std::count_if(m_running.begin(), m_running.end(),
        [](const Exchange *each) { return each->isBeingSent(); });
}

void TransportCore::lookAtClock()
{
    for (Exchange *exchange : QList<Exchange *>(m_running))
        exchange->tick();
    pump();
}

void TransportCore::beforeWrite()
{
    if (m_running.size() > 1 || clock.monotonic() - m_lastUse < settings.restForWrites)
        return;
    manager.clearConnectionCache();
}

void TransportCore::closeGate(const QString &detail)
{
    if (isGateClosed)
        return;
    isGateClosed = true;
    qCInfo(lcNet) << "sign-in refused by" << settings.base.host();
    const auto barred = std::stable_partition(
        m_waiting.begin(), m_waiting.end(), [](Exchange *e) { return e->request().isAnonymous; });
    const QList<Exchange *> leaving(barred, m_waiting.end());
    m_waiting.erase(barred, m_waiting.end());
    for (Exchange *exchange : leaving)
        exchange->refuse(Problem::GateClosed);
    QMetaObject::invokeMethod(
        this, [this, detail] { emit signInNeeded(detail); }, Qt::QueuedConnection);
}

void TransportCore::openGate(const Credentials &fresh)
{
    credentials = fresh;
    ++signIn;
    isGateClosed = false;
}

} // namespace tierline::net

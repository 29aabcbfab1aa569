#include "core/net/exchange_p.h"

#include "core/base/logging.h"
#include "core/net/authorities.h"
#include "core/net/httpdate.h"
#include "core/net/problemtext_p.h"
#include "core/net/redact.h"
#include "core/net/transportcore_p.h"
#include "core/net/uploadbody_p.h"
#include "core/net/wholejson.h"

#include <QBuffer>
#include <QHostInfo>
#include <QSslConfiguration>

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

constexpr qint64 longestErrorBody = 64 << 10;
// Qt stops reading from the socket when so much waits for us.
constexpr qint64 readAhead = 1 << 20;

} // namespace

Exchange::Exchange(TransportCore &core, Request request, AnswerHandler done)
    : QObject(&core)
    , m_core(core)
    , m_request(std::move(request))
    , m_done(std::move(done))
    , m_queuedAt(core.clock.monotonic())
    , m_deadlines(m_request.limits, m_queuedAt)
    , m_url(m_request.url)
{
    m_tick.setSingleShot(true);
    connect(&m_tick, &QTimer::timeout, this, &Exchange::tick);
}

Exchange::~Exchange()
{
    dropReply();
}

bool Exchange::isOwn() const
{
    return !m_isStranger && m_core.settings.base.isOwnOrigin(m_url);
}

void Exchange::start()
{
    m_state = State::Running;
    m_deadlines = Deadlines(m_request.limits, m_core.clock.monotonic());
    m_isStranger = !m_core.settings.base.isOwnOrigin(m_url);
    m_signIn = m_core.signIn;
    qCDebug(lcNet).noquote() << redacted(m_request);
    issue();
}

QNetworkRequest Exchange::made() const
{
    QUrl url = m_url;
    if (!m_pin.isNull())
        url.setHost(m_pin.toString());
    QNetworkRequest request(url);
    if (!m_pin.isNull()) {
        request.setPeerVerifyName(m_url.host());
        request.setRawHeader("Host", m_url.authority(QUrl::FullyEncoded).toLatin1());
    }
    request.setAttribute(
        QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::HttpPipeliningAllowedAttribute, false);
    request.setAttribute(
        QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    for (const auto attribute :
        { QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::CookieSaveControlAttribute,
            QNetworkRequest::AuthenticationReuseAttribute })
        request.setAttribute(attribute, QNetworkRequest::Manual);
    // Servers that take us for a browser answer with sign-in pages instead of a plain 401.
    request.setRawHeader("User-Agent", "Tierline/" TIERLINE_VERSION);
    if (isOwn()) {
        for (const Header &header : m_request.headers)
            request.setRawHeader(header.name, header.value);
        if (!m_request.isAnonymous) {
            const Credentials &credentials = m_core.credentials;
            if (!credentials.isNone())
                request.setRawHeader(
                    credentials.headerName(), credentials.headerValue().expose().toByteArray());
            if (const QByteArray cookies
                = m_core.session ? m_core.session->headerFor(m_url) : QByteArray();
                !cookies.isEmpty())
                request.setRawHeader("Cookie", cookies);
        }
    }
    if (!m_request.contentType.isEmpty())
        request.setHeader(QNetworkRequest::ContentTypeHeader, m_request.contentType);
    if (m_url.scheme() == "https"_L1) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setProtocol(QSsl::TlsV1_2OrLater);
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        // An account's own authority vouches for the account's server alone.
        if (isOwn() && !m_core.settings.authorities.isEmpty())
            tls.addCaCertificates(m_core.settings.authorities);
        request.setSslConfiguration(tls);
    }
    return request;
}

void Exchange::issue()
{
    m_pin.clear();
    const QHostAddress literal(m_url.host());
    const bool isChecked = m_isStranger || m_core.settings.mayNot;
    if (isChecked && literal.isNull())
        pin();
    else if (!m_isStranger && m_core.settings.mayNot)
        pinned({ literal });
    else
        send();
}

/// A name may mean this machine or its network, now or when it is looked up again.
void Exchange::pin()
{
    m_tick.start(0);
    const auto found = [this](const QList<QHostAddress> &addresses) { pinned(addresses); };
    if (m_core.settings.resolver) {
        m_core.settings.resolver(m_url.host(), this, found);
        return;
    }
    QHostInfo::lookupHost(
        m_url.host(), this, [found](const QHostInfo &info) { found(info.addresses()); });
}

QString Exchange::whyNotTo(const QHostAddress &address) const
{
    if (!m_isStranger)
        return m_core.settings.mayNot(address);
    return isLocalHost(address.toString())
        ? u"is an address of this machine or its own network, so it is not asked."_s
        : QString();
}

void Exchange::pinned(const QList<QHostAddress> &addresses)
{
    if (m_state != State::Running)
        return;
    if (addresses.isEmpty()) {
        m_neverConnected = true;
        return fail(Problem::Offline);
    }
    for (const QHostAddress &one : addresses) {
        if (const QString why = whyNotTo(one); !why.isEmpty())
            return fail(Problem::BadRequest, m_url.host().left(100) + u' ' + why);
    }
    // An address needs no name put in its place.
    if (QHostAddress(m_url.host()).isNull())
        m_pin = addresses.first();
    if (!m_isStranger)
        m_core.setPeer(addresses.first());
    send();
}

void Exchange::send()
{
    m_status = 0;
    m_wasRefused = false;
    m_headers.clear();
    m_body.clear();
    m_bodyBytes = 0;
    m_sinkBegun = false;
    if (m_request.method == Method::Get) {
        watch(m_core.manager.get(made()));
        return;
    }
    if (m_request.method == Method::Head) {
        watch(m_core.manager.head(made()));
        return;
    }
    std::unique_ptr<QIODevice> source;
    if (m_request.stream) {
        source = m_request.stream();
        if (!source || !source->isOpen() || source->isSequential()) {
            refuse(Problem::BadRequest, u"What was to be sent cannot be read."_s);
            return;
        }
    } else {
        auto buffer = std::make_unique<QBuffer>();
        buffer->setData(m_request.body);
        buffer->open(QIODevice::ReadOnly);
        source = std::move(buffer);
    }
    // A request without a body may be acted on as soon as its headers are there.
    if (source->size() == 0)
        *m_sent = true;
    const auto onRead = [this] {
        *m_sent = true;
        m_deadlines.enter(Deadlines::Phase::Sending, m_core.clock.monotonic());
    };
    auto body = std::make_unique<UploadBody>(
        std::move(source), m_request.isRepeatable, onRead, [this] { m_wasRefused = true; });
    if (!m_request.isRepeatable)
        m_core.beforeWrite();
    QNetworkRequest request = made();
    request.setHeader(QNetworkRequest::ContentLengthHeader, body->size());
    QNetworkReply *reply
        = m_core.manager.sendCustomRequest(request, methodName(m_request.method), body.get());
    m_upload = body.release();
    m_upload->setParent(reply); // Qt reads it as long as the reply lives
    watch(reply);
}

void Exchange::watch(QNetworkReply *reply)
{
    m_reply = reply;
    reply->setReadBufferSize(readAhead);
    connect(reply, &QNetworkReply::requestSent, this, [this] {
        *m_sent = true;
        if (m_deadlines.phase() < Deadlines::Phase::Waiting)
            m_deadlines.enter(Deadlines::Phase::Waiting, m_core.clock.monotonic());
    });
    connect(reply, &QNetworkReply::uploadProgress, this, [this](qint64 sent, qint64 total) {
        if (m_deadlines.phase() == Deadlines::Phase::Receiving || total <= 0)
            return;
        m_deadlines.enter(sent < total ? Deadlines::Phase::Sending : Deadlines::Phase::Waiting,
            m_core.clock.monotonic());
    });
    connect(reply, &QNetworkReply::metaDataChanged, this, &Exchange::headersCame);
    connect(reply, &QNetworkReply::readyRead, this, &Exchange::bodyCame);
    connect(reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        // Told, never waved through.
        m_certificate = certificateSentence(errors, m_url.host());
    });
    connect(reply, &QNetworkReply::finished, this, &Exchange::replyFinished);
    m_tick.start(0);
}

void Exchange::dropReply()
{
    m_tick.stop();
    if (!m_reply)
        return;
    if (isWaitingForHeaders())
        m_core.gaveUpWaiting();
    if (m_upload)
        m_upload->stop();
    QNetworkReply *reply = std::exchange(m_reply, nullptr);
    reply->disconnect(this);
    if (!reply->isFinished())
        reply->abort();
    reply->deleteLater();
}

void Exchange::tick()
{
    const Millis now = m_core.clock.monotonic();
    if (const Problem late = m_deadlines.broken(now); late != Problem::None) {
        fail(late);
        return;
    }
    m_tick.start(qBound(Millis(1), m_deadlines.left(now), longestNap));
}

void Exchange::headersCame()
{
    m_deadlines.enter(Deadlines::Phase::Receiving, m_core.clock.monotonic());
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    m_headers.clear();
    qint64 bytes = 0;
    for (const auto &[name, value] : m_reply->rawHeaderPairs()) {
        bytes += name.size() + value.size() + 4;
        if (bytes > m_request.limits.headerBytes
            || m_headers.size() == m_request.limits.headerCount) {
            fail(Problem::HeadersTooLarge);
            return;
        }
        m_headers.append({ name, value });
    }
    // Where Qt's own parser gave up, after a hundred or so, it shows none and never ends.
    if (m_headers.isEmpty() && m_status != 204) {
        fail(Problem::HeadersTooLarge);
        return;
    }
    bool isNumber = false;
    const qint64 announced = headerValue(m_headers, "Content-Length").toLongLong(&isNumber);
    if (isNumber && announced > m_request.limits.bodyBytes && !m_request.sink
        && m_request.method != Method::Head)
        fail(Problem::BodyTooLarge);
}

Result<Done> Exchange::take(const QByteArray &piece)
{
    if (!m_request.sink || m_status < 200 || m_status >= 300) {
        const bool isGood = m_status >= 200 && m_status < 300;
        const qint64 room
            = (isGood ? m_request.limits.bodyBytes : longestErrorBody) - m_body.size();
        m_body.append(piece.constData(), qMin<qsizetype>(piece.size(), room));
        return Done {};
    }
    if (!m_sinkBegun) {
        m_sinkBegun = true;
        bool isNumber = false;
        const qint64 announced = headerValue(m_headers, "Content-Length").toLongLong(&isNumber);
        TIERLINE_CHECK(m_request.sink->begin(isNumber ? announced : -1));
    }
    if (piece.isEmpty())
        return Done {};
    return m_request.sink->take(piece);
}

void Exchange::bodyCame()
{
    m_deadlines.moved(m_core.clock.monotonic());
    while (m_reply && m_reply->bytesAvailable() > 0) {
        const QByteArray piece = m_reply->read(64 << 10);
        if (piece.isEmpty())
            return;
        m_bodyBytes += piece.size();
        const bool isForSink = m_request.sink && m_status >= 200 && m_status < 300;
        if (m_bodyBytes > m_request.limits.bodyBytes && !isForSink) {
            fail(Problem::BodyTooLarge);
            return;
        }
        if (const auto taken = take(piece); !taken) {
            fail(Problem::Sink, taken.error().detail);
            return;
        }
    }
}

void Exchange::replyFinished()
{
    const QNetworkReply::NetworkError code = m_reply->error();
    if (m_status == 0)
        m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    Problem problem = problemOf(code, m_status);
    if (m_wasRefused && m_status == 0)
        problem = Problem::Broken;
    // What a proxy said or did not say has no code of its own in Qt.
    else if (code == QNetworkReply::UnknownNetworkError && m_status == 0 && m_core.isProxied(m_url))
        problem = Problem::Proxy;
    m_neverConnected = m_status == 0 && !m_wasRefused
        && (code == QNetworkReply::ConnectionRefusedError
            || code == QNetworkReply::HostNotFoundError
            || code == QNetworkReply::SslHandshakeFailedError);
    if (problem == Problem::None || problem == Problem::Status)
        bodyCame();
    if (!m_reply)
        return; // the rest of the body was too much
    if (problem == Problem::None && m_status == 0)
        problem = Problem::Broken;
    if (m_core.session && isOwn() && !m_request.isAnonymous)
        m_core.session->keep(m_url, m_headers);
    if (problem == Problem::Status && m_status < 400 && follows(m_status))
        return;
    if (problem == Problem::Tls && !m_certificate.isEmpty()) {
        fail(Problem::Certificate, m_certificate);
    } else if (code == QNetworkReply::ProxyAuthenticationRequiredError) {
        fail(Problem::Proxy,
            u"The proxy on the way to %1 asks for a name and password; give it in the system's proxy settings, or have %1 reached without it there."_s
                .arg(m_url.host()));
    } else if (problem == Problem::None && !isWhole()) {
        fail(Problem::Broken);
    } else if (problem == Problem::None) {
        // An empty file is one, too.
        if (const auto taken = take({}); !taken)
            fail(Problem::Sink, taken.error().detail);
        else
            finish({ .outcome = Outcome::Done, .response = response() });
    } else {
        fail(problem);
    }
}

bool Exchange::isWhole() const
{
    if (m_request.method == Method::Head)
        return true;
    bool isNumber = false;
    const qint64 announced = headerValue(m_headers, "Content-Length").toLongLong(&isNumber);
    if (isNumber && headerValue(m_headers, "Content-Encoding").isEmpty())
        return m_bodyBytes == announced;
    return !response().mediaType().endsWith("json") || isWholeJson(m_body);
}

QString Exchange::whyNotFollowed(const QUrl &next) const
{
    const QString from = m_url.host();
    if (!next.isValid() || next.host().isEmpty() || !next.userInfo().isEmpty())
        return u"%1 redirects to an address that cannot be used."_s.arg(from);
    if (m_redirects >= m_request.limits.redirects)
        return u"%1 redirects again and again; check the address of the server."_s.arg(from);
    if (m_url.scheme() == "https"_L1 && next.scheme() != "https"_L1)
        return u"%1 redirects to an address without encryption, which is not followed."_s.arg(from);
    const BaseUrl &base = m_core.settings.base;
    if (!m_isStranger && base.isOwnOrigin(next))
        return {};
    if (!m_request.allowsOtherHost || m_request.method != Method::Get)
        return u"%1 redirects to %2. The sign-in is sent to the account's own address only; if the server has moved, change the account's address."_s
            .arg(from, next.host().left(100));
    const bool isNear = base.isPlainLoopback() && isLoopbackLiteral(next.host())
        && (next.scheme() == "http"_L1 || next.scheme() == "https"_L1);
    if (!isNear && (next.scheme() != "https"_L1 || isLocalHost(next.host())))
        return u"%1 redirects to %2, which is no place on the web; it is not followed."_s.arg(
            from, next.host().left(100));
    return {};
}

bool Exchange::follows(int status)
{
    static const QList<int> redirects { 301, 302, 303, 307, 308 };
    const QByteArray location = headerValue(m_headers, "Location");
    if (!redirects.contains(status) || location.isEmpty() || m_request.limits.redirects == 0)
        return false;
    // Only 307 and 308 say that nothing was done yet and the same is wanted elsewhere.
    if (!isSafe(m_request.method) && status < 307)
        return false;
    const QUrl next = m_url.resolved(QUrl::fromEncoded(location, QUrl::StrictMode));
    if (const QString why = whyNotFollowed(next); !why.isEmpty()) {
        fail(Problem::BadRedirect, why);
        return true;
    }
    dropReply();
    ++m_redirects;
    m_isStranger = m_isStranger || !m_core.settings.base.isOwnOrigin(next);
    m_url = next;
    m_url.setFragment({});
    m_deadlines.reconnect(m_core.clock.monotonic());
    qCDebug(lcNet).noquote() << "redirected to" << redactedPlace(m_request, m_url);
    issue();
    return true;
}

Response Exchange::response() const
{
    return { .status = m_status,
        .headers = m_headers,
        .body = m_body,
        .url = m_url,
        .elapsed = m_core.clock.monotonic() - m_deadlines.started(),
        .serverDate = parseHttpDate(headerValue(m_headers, "Date")) };
}

Outcome Exchange::outcomeOf(Problem problem) const
{
    if (problem == Problem::Status || problem == Problem::BadRedirect)
        return statusOutcome(m_status);
    // No connection, no request: sure where the body was not read, or where there was none to read.
    const bool hasBody = m_request.stream || !m_request.body.isEmpty();
    if (m_neverConnected && m_redirects == 0 && (!*m_sent || !hasBody))
        return Outcome::NotSent;
    return *m_sent ? Outcome::Unknown : Outcome::NotSent;
}

void Exchange::fail(Problem problem, QString detail)
{
    Answer answer { .outcome = outcomeOf(problem), .problem = problem };
    Error error = problem == Problem::Status ? statusError(m_status, m_request.method, m_url)
                                             : problemError(problem, m_request, m_url.host());
    error.where = redactedPlace(m_request, m_url);
    if (!detail.isEmpty())
        error.detail = std::move(detail);
    if (m_status != 0)
        answer.response = response();
    if (problem != Problem::Status && problem != Problem::BadRedirect && answer.response)
        answer.response->body.clear();
    answer.error = std::move(error);
    finish(std::move(answer));
}

void Exchange::refuse(Problem problem, const QString &detail, Millis wait)
{
    Error error = problemError(problem, m_request, m_url.host());
    if (!detail.isEmpty())
        error.detail = detail;
    error.wait = wait;
    finish({ .outcome = outcomeOf(problem), .problem = problem, .error = std::move(error) });
}

void Exchange::cancel()
{
    if (m_state != State::Ended)
        refuse(Problem::Cancelled);
}

void Exchange::abandon()
{
    m_done = nullptr;
    if (m_state != State::Ended)
        finish({ .problem = Problem::Cancelled });
}

void Exchange::finish(Answer answer)
{
    dropReply();
    m_state = State::Ended;
    qCDebug(lcNet).noquote() << m_url.host() << "status" << m_status << "bytes" << m_bodyBytes
                             << "in" << (m_core.clock.monotonic() - m_deadlines.started()).count()
                             << "ms:" << outcomeName(answer.outcome) << '/'
                             << problemName(answer.problem);
    m_core.release(this, answer.response);
    if (answer.error && (m_status == 429 || m_status == 503))
        answer.error->wait = m_core.pacer.pause();
    // Credentials that were changed meanwhile are not what this answer speaks of.
    if (m_status == 401 && answer.problem == Problem::Status && isOwn() && !m_request.isAnonymous
        && m_signIn == m_core.signIn)
        m_core.closeGate(answer.error->detail);
    // On the loop's next turn: the handler may destroy the call, the transport and Qt's manager,
    // which may all be on the stack now.
    QMetaObject::invokeMethod(
        this, [this, answer = std::move(answer)] { deliver(answer); }, Qt::QueuedConnection);
}

void Exchange::deliver(const Answer &answer)
{
    deleteLater();
    // Copies, and taken out first: nothing of this object may be touched once the handler runs.
    const Answer last = answer;
    if (const AnswerHandler done = std::exchange(m_done, nullptr))
        done(last);
}

} // namespace tierline::net

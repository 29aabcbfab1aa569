#include "core/notify/smtp/smtpdialogue.h"

#include "core/net/authorities.h"
#include "core/net/tlsready.h"
#include "core/notify/smtp/mailmessage.h"
#include "core/notify/smtp/smtpsignin.h"

#include <QNetworkProxy>
#include <QSslConfiguration>

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 readAhead = 64 << 10;
constexpr int closing = 421; // a server may say this at any time

QString protocolName(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2: return u"TLS 1.2"_s;
    case QSsl::TlsV1_3: return u"TLS 1.3"_s;
    default: return u"TLS"_s;
    }
}

/// The name of this machine is nobody's business; its address the server sees anyway.
QByteArray ownName(const QHostAddress &address)
{
    const QByteArray text = address.toString().section(u'%', 0, 0).toLatin1();
    return address.protocol() == QAbstractSocket::IPv6Protocol ? "[IPv6:" + text + ']'
                                                               : '[' + text + ']';
}

} // namespace

SmtpDialogue::SmtpDialogue(SmtpServer server, SmtpLimits limits, std::optional<SmtpMail> mail,
    std::function<void(SmtpEnd)> done, QObject *parent)
    : QObject(parent)
    , m_server(std::move(server))
    , m_limits(limits)
    , m_mail(std::move(mail))
    , m_done(std::move(done))
{
    for (QTimer *timer : { &m_limit, &m_total }) {
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, [this] { end(Trouble::Late); });
    }
    connect(&m_socket, &QAbstractSocket::connected, this, [this] {
        if (m_server.isTlsFromStart)
            return wait(m_limits.connect);
        m_expects = Expects::Greeting;
        m_end.step = Step::Greeting;
        wait(m_limits.reply);
    });
    connect(&m_socket, &QSslSocket::encrypted, this, &SmtpDialogue::encrypted);
    connect(&m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        // Told, never waved through.
        m_end.certificate = net::certificateSentence(errors, m_server.host);
    });
    connect(&m_socket, &QAbstractSocket::errorOccurred, this, &SmtpDialogue::broken);
    connect(&m_socket, &QIODevice::readyRead, this, &SmtpDialogue::read);
    connect(&m_socket, &QIODevice::bytesWritten, this, [this](qint64 bytes) {
        if (!m_socket.isEncrypted())
            left(bytes);
    });
    connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &SmtpDialogue::left);
}

SmtpDialogue::~SmtpDialogue()
{
    // The socket says good-bye when all else of this is gone.
    m_socket.disconnect(this);
}

void SmtpDialogue::start()
{
    if (m_isOver)
        return;
    net::readyTls();
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!m_server.authorities.isEmpty())
        tls.addCaCertificates(m_server.authorities);
    m_socket.setSslConfiguration(tls);
    m_socket.setPeerVerifyName(m_server.host);
    // Proxies of the system are for the web.
    m_socket.setProxy(QNetworkProxy::NoProxy);
    m_socket.setReadBufferSize(readAhead);
    m_total.start(m_limits.total);
    wait(m_limits.connect);
    if (m_server.isTlsFromStart)
        m_socket.connectToHostEncrypted(m_server.host, m_server.port);
    else
        m_socket.connectToHost(m_server.host, m_server.port);
}

void SmtpDialogue::ask(const QByteArray &line, Expects expects, Step step)
{
    m_expects = expects;
    m_end.step = step;
    wait(m_limits.reply);
    m_socket.write(line + "\r\n");
}

void SmtpDialogue::encrypted()
{
    if (m_isOver)
        return;
    m_end.protocol = protocolName(m_socket.sessionProtocol());
    if (!m_server.isTlsFromStart)
        return hello();
    m_expects = Expects::Greeting;
    m_end.step = Step::Greeting;
    wait(m_limits.reply);
}

void SmtpDialogue::read()
{
    if (m_isOver)
        return;
    m_reader.add(m_socket.readAll());
    while (!m_isOver) {
        const std::optional<Reply> reply = m_reader.take();
        if (m_reader.isBroken())
            return end(Trouble::Gibberish);
        if (!reply)
            return;
        // What was not asked for answers nothing; a server that mixes up its answers might take what it refused.
        const bool isAsked = m_expects != Expects::Nothing || reply->code == closing
            || (m_isSendingBody && reply->code >= 400);
        // A refusal, and the answer to the mail itself, stand whatever follows.
        const bool isAlone = m_reader.isEmpty() || m_expects == Expects::Encryption
            || m_expects == Expects::Taken || reply->code >= 400;
        if (reply->code == closing)
            return end(Trouble::Reply, *reply);
        if (!isAsked)
            return end(Trouble::Gibberish);
        if (!isAlone) {
            const std::optional<Reply> next = m_reader.take();
            return next && next->code == closing ? end(Trouble::Reply, *next)
                                                 : end(Trouble::Gibberish);
        }
        heard(*reply);
    }
}

void SmtpDialogue::heard(const Reply &reply)
{
    const Expects expected = std::exchange(m_expects, Expects::Nothing);
    const int code = reply.code;
    switch (expected) {
    case Expects::Greeting: return code == 220 ? hello() : end(Trouble::Reply, reply);
    case Expects::Hello: return code == 250 ? heardHello(reply) : end(Trouble::Reply, reply);
    case Expects::Encryption:
        if (code != 220)
            return end(Trouble::NoTls, reply);
        // Words that somebody in between slipped in would be heard as the server's own after this.
        if (!m_reader.isEmpty() || m_socket.bytesAvailable() > 0)
            return end(Trouble::Injected);
        wait(m_limits.connect);
        return m_socket.startClientEncryption();
    case Expects::SignIn: return heardSignIn(reply);
    case Expects::From:
        if (code != 250)
            return end(Trouble::Reply, reply);
        return ask("RCPT TO:<" + m_mail->to + '>', Expects::To, Step::To);
    case Expects::To:
        if (code < 250 || code > 252)
            return end(Trouble::Reply, reply);
        return ask("DATA", Expects::Go, Step::Message);
    case Expects::Go: return code == 354 ? sendBody() : end(Trouble::Reply, reply);
    case Expects::Taken: return end(code == 250 ? Trouble::None : Trouble::Reply, reply);
    case Expects::Nothing: return end(Trouble::Reply, reply); // a refusal in the middle of the mail
    }
}

void SmtpDialogue::hello()
{
    ask("EHLO " + ownName(m_socket.localAddress()), Expects::Hello, Step::Hello);
}

void SmtpDialogue::heardHello(const Reply &reply)
{
    if (m_server.isPlain || m_socket.isEncrypted()) {
        if (m_server.secret.isEmpty())
            return begin();
        m_answers = signInLines(m_server, reply);
        return m_answers.isEmpty() ? end(Trouble::NoSignIn) : signIn();
    }
    if (!reply.words().contains(QByteArrayList { "STARTTLS" }))
        return end(Trouble::NoTls);
    ask("STARTTLS", Expects::Encryption, Step::Encrypt);
}

void SmtpDialogue::signIn()
{
    QByteArray line = m_answers.takeFirst();
    ask(line, Expects::SignIn, Step::SignIn);
    wipe(line);
}

void SmtpDialogue::heardSignIn(const Reply &reply)
{
    if (reply.code == 235)
        return begin();
    if (reply.code == 334 && !m_answers.isEmpty())
        return signIn();
    end(Trouble::Reply, reply);
}

void SmtpDialogue::begin()
{
    if (!m_mail)
        return end(Trouble::None);
    ask("MAIL FROM:<" + m_mail->from + '>', Expects::From, Step::From);
}

void SmtpDialogue::sendBody()
{
    m_isSendingBody = true;
    wait(m_limits.reply);
    m_bytesToLeave = m_socket.write(dotStuffed(m_mail->message));
}

void SmtpDialogue::left(qint64 bytes)
{
    if (!m_isSendingBody || m_isOver)
        return;
    wait(m_limits.reply);
    // Counted, since the buffers of a connection that dies are empty too. Encrypted it is more bytes, never fewer.
    m_bytesToLeave -= bytes;
    if (m_bytesToLeave > 0 || m_socket.bytesToWrite() > 0 || m_socket.encryptedBytesToWrite() > 0)
        return;
    // Up to here nothing was handed over, whatever happens; from here on it may have been.
    m_isSendingBody = false;
    m_end.isHandedOver = true;
    m_expects = Expects::Taken;
    wait(m_limits.taken);
    m_socket.write(".\r\n");
}

void SmtpDialogue::broken(QAbstractSocket::SocketError error)
{
    if (m_isOver)
        return;
    // A last word may have come with the end.
    read();
    if (m_isOver)
        return;
    if (error == QAbstractSocket::SslHandshakeFailedError)
        return end(m_end.certificate.isEmpty() ? Trouble::Tls : Trouble::Certificate);
    end(m_end.step == Step::Connect && error != QAbstractSocket::RemoteHostClosedError
            ? Trouble::Offline
            : Trouble::Broken);
}

void SmtpDialogue::end(Trouble trouble, const Reply &reply)
{
    if (std::exchange(m_isOver, true))
        return;
    m_end.trouble = trouble;
    m_end.reply = reply;
    m_limit.stop();
    m_total.stop();
    // On the loop's next turn: the socket is on the stack now.
    QMetaObject::invokeMethod(this, &SmtpDialogue::deliver, Qt::QueuedConnection);
}

void SmtpDialogue::deliver()
{
    m_socket.disconnect(this);
    const bool isPolite = m_end.trouble == Trouble::None
        || (m_end.trouble == Trouble::Reply && m_end.reply.code != closing && !m_isSendingBody);
    if (isPolite) {
        m_socket.write("QUIT\r\n");
        m_socket.flush();
        m_socket.disconnectFromHost();
    } else {
        m_socket.abort();
    }
    emit over();
    deleteLater();
    // Copies, and taken out first: nothing of this may be touched once the handler runs.
    const SmtpEnd last = m_end;
    if (const auto done = std::exchange(m_done, nullptr))
        done(last);
}

void SmtpDialogue::abandon()
{
    m_done = nullptr;
    end(Trouble::Broken);
}

} // namespace tierline::notify::smtp

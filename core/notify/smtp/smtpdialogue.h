#pragma once

#include "core/base/instant.h"
#include "core/net/credentials.h"
#include "core/notify/smtp/smtpreply.h"

#include <QSslCertificate>
#include <QSslSocket>
#include <QTimer>

#include <functional>
#include <optional>

namespace tierline::notify::smtp {

enum class SignInBy : quint8 { Auto, Plain, Login, Token }; ///< Token: XOAUTH2

/// Where mail is handed over, and as whom.
struct SmtpServer {
    QString host;
    quint16 port = 0;
    bool isTlsFromStart = false; ///< smtps; else STARTTLS
    bool isPlain = false; ///< a relay on this machine that nobody signs in to: nothing is encrypted
    QList<QSslCertificate> authorities; ///< trusted besides the system's
    QString user;
    Secret secret; ///< empty: nobody signs in
    SignInBy signInBy = SignInBy::Auto;
};

/// How long is waited, each time anew but for the last.
struct SmtpLimits {
    Millis connect { 15'000 }; ///< name, connection and encryption, each
    Millis reply { 60'000 };
    Millis taken {
        300'000
    }; ///< for the answer to the last dot: servers look at the whole mail then
    Millis total { 900'000 };
};

/// What is handed over.
struct SmtpMail {
    QByteArray from, to; ///< as parseMailAddress() gives them
    QByteArray message; ///< as composed() gives it
};

/// How a dialogue ended.
struct SmtpEnd {
    enum class Trouble : quint8 {
        None,
        Offline, ///< no connection
        Late, ///< a limit
        Broken, ///< the connection ended early
        Certificate,
        Tls, ///< any other failure of encryption
        NoTls, ///< it offers none, or takes its offer back
        Injected, ///< words came with the offer of encryption that would be believed after it
        NoSignIn, ///< it offers no sign-in that is wanted
        Gibberish, ///< no mail server
        Reply, ///< it said no: `reply`
    };
    enum class Step : quint8 { Connect, Greeting, Hello, Encrypt, SignIn, From, To, Message };
    Trouble trouble = Trouble::None;
    Step step = Step::Connect;
    Reply reply;
    QString certificate; ///< the sentence, with Trouble::Certificate
    bool isHandedOver = false; ///< the last dot was sent, so the mail may be taken
    QString protocol; ///< "TLS 1.3"; empty: not encrypted
};

/// One connection to a mail server: signs in, hands one mail over or none, and leaves. Never says the secret, nor a
/// mail, before the connection is encrypted and the certificate good, unless the server is a plain one.
/// Thread: the one it was made on, whose loop must run. Belongs to its parent; `done` is called once, from the loop,
/// and may delete this. Nothing waits.
class SmtpDialogue final : public QObject
{
    Q_OBJECT
public:
    SmtpDialogue(SmtpServer server, SmtpLimits limits, std::optional<SmtpMail> mail,
        std::function<void(SmtpEnd)> done, QObject *parent);

    ~SmtpDialogue() override;

    void start();
    /// Nobody listens any more; what was not handed over is not.
    void abandon();

signals:
    /// Once, also when it was abandoned: its place is free.
    void over();

private:
    using Step = SmtpEnd::Step;
    using Trouble = SmtpEnd::Trouble;
    enum class Expects : quint8 {
        Nothing,
        Greeting,
        Hello,
        Encryption,
        SignIn,
        From,
        To,
        Go,
        Taken
    };

    void wait(Millis limit) { m_limit.start(limit); }
    void ask(const QByteArray &line, Expects expects, Step step);
    void encrypted();
    void read();
    void heard(const Reply &reply);
    void hello();
    void heardHello(const Reply &reply);
    void heardSignIn(const Reply &reply);
    void signIn();
    void begin();
    void sendBody();
    void left(qint64 bytes);
    void broken(QAbstractSocket::SocketError error);
    void end(Trouble trouble, const Reply &reply = {});
    void deliver();

    const SmtpServer m_server;
    const SmtpLimits m_limits;
    const std::optional<SmtpMail> m_mail;
    std::function<void(SmtpEnd)> m_done;
    QSslSocket m_socket;
    QTimer m_limit;
    QTimer m_total;
    ReplyReader m_reader;
    Expects m_expects = Expects::Nothing;
    QList<QByteArray> m_answers; ///< to questions of the sign-in, the next first
    bool m_isSendingBody = false;
    qint64 m_bytesToLeave = 0; ///< of the mail: not yet taken by the system
    bool m_isOver = false;
    SmtpEnd m_end;
};

} // namespace tierline::notify::smtp

#include "tests/support/smtp/lyingsmtp.h"

#include <QSslConfiguration>
#include <QSslSocket>
#include <QUrl>

namespace tierline::test {

/// One connection.
class LyingSmtp::Peer final : public QObject
{
public:
    Peer(LyingSmtp *server, qintptr handle)
        : QObject(server)
        , m_server(server)
    {
        m_socket.setSocketDescriptor(handle);
        connect(&m_socket, &QIODevice::readyRead, this, &Peer::read);
        connect(&m_socket, &QAbstractSocket::disconnected, this, &Peer::gone);
        if (server->m_hasTls) {
            QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
            tls.setLocalCertificate(server->m_certificate);
            tls.setPrivateKey(server->m_key);
            m_socket.setSslConfiguration(tls);
        }
        connect(&m_socket, &QSslSocket::encrypted, this, [this] {
            if (m_server->m_isTlsFromStart)
                say("GREETING", "220 mail.example.org at your service\r\n");
        });
        if (server->m_isTlsFromStart)
            m_socket.startServerEncryption();
        else
            say("GREETING", "220 mail.example.org at your service\r\n");
    }
    ~Peer() override { m_socket.disconnect(this); }

private:
    void gone()
    {
        --m_server->m_now;
        deleteLater();
    }

    void say(const QByteArray &step, const QByteArray &honest)
    {
        const int count = ++m_counts[step];
        const QByteArray numbered = step + QByteArray::number(count);
        const Said said = m_server->script.value(
            numbered, m_server->script.value(step, Said { honest, Said::Then::GoOn }));
        m_socket.write(said.bytes);
        if (said.then == Said::Then::Close) {
            m_isDeaf = true;
            m_socket.disconnectFromHost();
        } else if (said.then == Said::Then::Reset) {
            m_isDeaf = true;
            m_socket.abort();
        }
    }

    void read()
    {
        // A mail's bytes stay where they are until somebody decided about them.
        if (m_isInMail && !m_isBodySeen) {
            m_isBodySeen = true;
            if (m_server->script.contains("BODY"))
                say("BODY", {});
        }
        if (m_isDeaf)
            return;
        m_in += m_socket.readAll();
        while (!m_isDeaf && !m_in.isEmpty()) {
            const qsizetype end = m_isInMail ? endOfMail() : m_in.indexOf("\r\n");
            if (end < 0)
                return;
            const QByteArray piece = m_in.first(end);
            m_in.remove(0, end + 2);
            if (m_isInMail) {
                m_isInMail = false;
                m_server->m_mails.append(piece.chopped(1));
                say("DOT", "250 2.0.0 queued as 1\r\n");
            } else {
                command(piece);
            }
        }
    }

    qsizetype endOfMail() const
    {
        if (m_in.startsWith(".\r\n"))
            return 1;
        const qsizetype found = m_in.indexOf("\r\n.\r\n");
        return found < 0 ? -1 : found + 3;
    }

    void command(const QByteArray &line)
    {
        m_server->m_commands.append(line);
        if (!m_socket.isEncrypted())
            m_server->m_open.append(line);
        const QByteArray word = line.split(' ').first().toUpper();
        if (m_questions > 0) {
            --m_questions;
            return say("ANSWER",
                m_questions > 0 ? QByteArray("334 UGFzc3dvcmQ6\r\n")
                                : QByteArray("235 2.7.0 accepted\r\n"));
        }
        if (word == "EHLO") {
            const QByteArray lines = "mail.example.org|" + m_server->capabilities;
            QByteArray reply;
            for (const QByteArray &one : lines.split('|'))
                reply += "250-" + one + "\r\n";
            reply[reply.lastIndexOf("250-") + 3] = ' ';
            return say(word, reply);
        }
        if (word == "STARTTLS") {
            say(word, "220 go ahead\r\n");
            if (m_server->m_hasTls && !m_isDeaf) {
                m_socket.flush();
                m_socket.startServerEncryption();
            }
            return;
        }
        if (word == "AUTH") {
            m_questions = line == "AUTH LOGIN" ? 2 : 0;
            return say(word,
                m_questions > 0 ? QByteArray("334 VXNlcm5hbWU6\r\n")
                                : QByteArray("235 2.7.0 accepted\r\n"));
        }
        if (word == "DATA") {
            m_isInMail = true;
            m_isBodySeen = false;
            return say(word, "354 go on\r\n");
        }
        if (word == "QUIT") {
            say(word, "221 bye\r\n");
            m_socket.disconnectFromHost();
            return;
        }
        say(word, "250 2.1.0 fine\r\n");
    }

    LyingSmtp *m_server;
    QSslSocket m_socket;
    QByteArray m_in;
    QHash<QByteArray, int> m_counts;
    int m_questions = 0;
    bool m_isInMail = false;
    bool m_isBodySeen = false;
    bool m_isDeaf = false;
};

LyingSmtp::LyingSmtp(QObject *parent)
    : QTcpServer(parent)
{
    listen(QHostAddress::LocalHost);
}

LyingSmtp::~LyingSmtp()
{
    // Its own notifiers are children, too.
    for (QObject *child : findChildren<QObject *>(Qt::FindDirectChildrenOnly)) {
        if (auto *peer = dynamic_cast<Peer *>(child))
            delete peer;
    }
}

void LyingSmtp::useTls(const QSslCertificate &certificate, const QSslKey &key, bool fromStart)
{
    m_hasTls = true;
    m_isTlsFromStart = fromStart;
    m_certificate = certificate;
    m_key = key;
}

QUrl LyingSmtp::url() const
{
    return QUrl(QStringLiteral("%1://127.0.0.1:%2")
                    .arg(m_isTlsFromStart ? QStringLiteral("smtps") : QStringLiteral("smtp"))
                    .arg(serverPort()));
}

void LyingSmtp::incomingConnection(qintptr handle)
{
    ++m_connections;
    m_mostAtOnce = qMax(m_mostAtOnce, ++m_now);
    new Peer(this, handle);
}

} // namespace tierline::test

#pragma once

#include <QHash>
#include <QSslCertificate>
#include <QSslKey>
#include <QTcpServer>

namespace tierline::test {

/// What is said at one step instead of the honest answer, and what is done then.
struct Said {
    enum class Then : quint8 { GoOn, Close, Reset };
    QByteArray bytes; ///< as they are; empty: nothing is said
    Then then = Then::GoOn;
};

/// A mail server over loopback that says what it is told, byte by byte. Steps: "GREETING", the commands, "ANSWER" for
/// lines of a sign-in, "BODY" for the first bytes of a mail, "DOT" for its end; "EHLO2" and so on for the second
/// command of a kind. What is not told is answered honestly. Thread: the test's own loop.
class LyingSmtp final : public QTcpServer
{
public:
    explicit LyingSmtp(QObject *parent = nullptr);
    ~LyingSmtp() override;

    void useTls(const QSslCertificate &certificate, const QSslKey &key, bool fromStart = false);
    QHash<QByteArray, Said> script;
    QByteArray capabilities = "STARTTLS|SIZE 1000000|AUTH PLAIN LOGIN XOAUTH2"; ///< lines of EHLO

    QUrl url() const;
    const QByteArrayList &commands() const { return m_commands; }
    /// Those that came before the connection was encrypted.
    const QByteArrayList &openCommands() const { return m_open; }
    /// As they came, dots and all; one for each mail that ended with its dot.
    const QByteArrayList &mails() const { return m_mails; }
    int connections() const { return m_connections; }
    int mostAtOnce() const { return m_mostAtOnce; }

protected:
    void incomingConnection(qintptr handle) override;

private:
    class Peer;
    friend class Peer;

    bool m_hasTls = false;
    bool m_isTlsFromStart = false;
    QSslCertificate m_certificate;
    QSslKey m_key;
    QByteArrayList m_commands, m_open, m_mails;
    int m_connections = 0;
    int m_now = 0;
    int m_mostAtOnce = 0;
};

} // namespace tierline::test

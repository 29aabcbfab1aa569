#include "core/notify/smtp/smtpway.h"
#include "tests/support/fakeclock.h"
#include "tests/support/net/testcertificates.h"

#include <QDir>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::notify::smtp;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray password = "c4nary-Passw0rd";

/// A body as a mail program reads it.
QString bodyOf(const QByteArray &mail)
{
    QByteArray body = mail.mid(mail.indexOf("\n\n") + 2);
    body.replace("=\n", "");
    QByteArray plain;
    for (qsizetype i = 0; i < body.size(); ++i) {
        if (body[i] == '=') {
            plain += QByteArray::fromHex(body.mid(i + 1, 2));
            i += 2;
        } else {
            plain += body[i];
        }
    }
    return QString::fromUtf8(plain);
}

} // namespace

/// A real mail server: exim, of this test's own.
class TestSmtpServer : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void arrives_data();
    void arrives();
    void threads();
    void aLongMailArrivesAsItWas();
    void aCertificateOfNobody();
    void aRefusedSignIn_data();
    void aRefusedSignIn();
    void aRefusedAddress();
    void saysHowItSignedIn();

private:
    Result<std::unique_ptr<Way>> way(const QByteArray &secret = password,
        const QString &auth = u"auto"_s, bool isTrusted = true);
    Told tell(Way &way, const Telling &telling);
    Telling telling(const QString &text = u"Look"_s);
    QByteArrayList mails() const;

    CertificateMaker m_maker;
    QTemporaryDir m_folder;
    QProcess m_exim;
    QByteArray m_authority;
    quint16 m_port = 0;
    int m_number = 0;
    SystemClock m_clock;
    SeededRandom m_random { 1 };
};

void TestSmtpServer::initTestCase()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("The program openssl is not installed.");
    const auto authority = m_maker.authority();
    const auto good = m_maker.signedFor(u"IP:127.0.0.1"_s, 2);
    QVERIFY(authority && good && m_folder.isValid());
    m_authority = authority->certificate.toPem();
    for (const auto &[name, bytes] : QList<QPair<QString, QByteArray>> {
             { u"cert.pem"_s, good->certificate.toPem() }, { u"key.pem"_s, good->key.toPem() } }) {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    m_port = probe.serverPort();
    probe.close();
    m_exim.start(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/support/smtp/start-exim"),
        { m_folder.path(), QString::number(m_port), u"desk"_s, QString::fromLatin1(password) });
    QVERIFY(m_exim.waitForStarted());
    const auto isUp = [this] {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port);
        return socket.waitForConnected(1000) || m_exim.state() == QProcess::NotRunning;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUp(), 20'000);
    if (m_exim.state() == QProcess::NotRunning && m_exim.exitCode() == 3)
        QSKIP(m_exim.readAllStandardError().constData());
    QVERIFY2(m_exim.state() == QProcess::Running, m_exim.readAllStandardError().constData());
}

void TestSmtpServer::cleanupTestCase()
{
    m_exim.terminate();
    if (!m_exim.waitForFinished(5000))
        m_exim.kill();
    m_exim.waitForFinished(5000);
}

Result<std::unique_ptr<Way>> TestSmtpServer::way(
    const QByteArray &secret, const QString &auth, bool isTrusted)
{
    WayConfig config;
    config.url = QUrl(u"smtp://127.0.0.1:%1"_s.arg(m_port));
    config.user = u"desk"_s;
    config.options = { { u"from"_s, u"desk@example.org"_s }, { u"auth"_s, auth } };
    if (isTrusted)
        config.authorities = m_authority;
    WaySecrets secrets;
    secrets[u"secret"_s] = Secret::take(QByteArray(secret));
    return smtpKind().make(config, secrets, m_clock, m_random);
}

Telling TestSmtpServer::telling(const QString &text)
{
    Telling one;
    one.id = u"00000000-0000-4000-8000-%1"_s.arg(++m_number, 12, 10, QChar(u'0'));
    one.topic = u"00000000-0000-4000-8000-0000000000aa"_s;
    one.address = u"ada@example.net"_s;
    one.card.ticket = u"T-12"_s;
    one.card.subject = u"SSO · 語"_s;
    one.card.text = text;
    one.at = m_clock.now();
    return one;
}

Told TestSmtpServer::tell(Way &way, const Telling &telling)
{
    std::optional<Told> told;
    const auto errand = way.tell(telling, [&](Told one) { told = std::move(one); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(told, 30'000); }();
    [&] {
        const QString said = told && told->error ? told->error->detail : QString();
        QVERIFY2(!said.contains(QString::fromLatin1(password)), qPrintable(said));
    }();
    return told.value_or(Told {});
}

QByteArrayList TestSmtpServer::mails() const
{
    QByteArrayList all;
    const QDir folder(m_folder.filePath(u"mail"_s));
    for (const QString &name : folder.entryList({ u"q*"_s }, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            all.append(file.readAll());
    }
    return all;
}

void TestSmtpServer::arrives_data()
{
    QTest::addColumn<QString>("auth");
    for (const char *auth : { "auto", "plain", "login" })
        QTest::newRow(auth) << QString::fromLatin1(auth);
}

void TestSmtpServer::arrives()
{
    QFETCH(QString, auth);
    const auto before = mails().size();
    auto mail = way(password, auth);
    QVERIFY(mail);
    const Telling one = telling();
    const Told told = tell(**mail, one);
    QVERIFY2(told.outcome == Told::Outcome::Arrived,
        qPrintable(told.error ? told.error->detail : QString()));
    QTRY_COMPARE(mails().size(), before + 1);
    const QByteArrayList all = mails();
    QVERIFY(std::any_of(all.begin(), all.end(), [&](const QByteArray &each) {
        return each.contains("Message-ID: " + told.receipt.toLatin1()) && each.contains("esmtpsa");
    }));
}

void TestSmtpServer::threads()
{
    auto mail = way();
    Telling one = telling();
    const QString first = tell(**mail, one).receipt;
    one = telling();
    one.receipt = first;
    QCOMPARE(tell(**mail, one).receipt, first);
    QTRY_VERIFY(mails().join().contains(
        "\nIn-Reply-To: " + first.toLatin1() + "\nReferences: " + first.toLatin1() + '\n'));
}

void TestSmtpServer::aLongMailArrivesAsItWas()
{
    QString text;
    for (int line = 0; text.size() < 200 << 10; ++line)
        text += (line % 3 == 0          ? u"."_s
                        : line % 3 == 1 ? u".."_s
                                        : QString())
            + u"Zeile %1: Grüße, 語 🙂 = ."_s.arg(line) + u"x"_s.repeated(line % 150)
            + u"\n.\n"_s;
    auto mail = way();
    const Told told = tell(**mail, telling(text + u"end"_s));
    QVERIFY2(told.outcome == Told::Outcome::Arrived,
        qPrintable(told.error ? told.error->detail : QString()));
    const auto whole = [&] {
        for (const QByteArray &one : mails()) {
            if (one.contains("Message-ID: " + told.receipt.toLatin1()))
                return bodyOf(one);
        }
        return QString();
    };
    QTRY_VERIFY(!whole().isEmpty());
    QVERIFY(whole() == u"T-12 · SSO · 語\n\n"_s + text + u"end\n"_s);
}

void TestSmtpServer::aCertificateOfNobody()
{
    auto mail = way(password, u"auto"_s, false);
    const auto before = mails().size();
    const Told told = tell(**mail, telling());
    QVERIFY(told.outcome == Told::Outcome::Refused && told.isWayShut);
    QVERIFY2(
        told.error->detail.contains(u"certificate of 127.0.0.1"_s), qPrintable(told.error->detail));
    QCOMPARE(mails().size(), before);
}

void TestSmtpServer::aRefusedSignIn_data()
{
    arrives_data();
}

void TestSmtpServer::aRefusedSignIn()
{
    QFETCH(QString, auth);
    auto mail = way(password + "x", auth);
    const Told told = tell(**mail, telling());
    QVERIFY(told.outcome == Told::Outcome::Refused && told.isWayShut);
    QCOMPARE(told.error->fault, Fault::SignIn);
    QVERIFY2(told.error->detail.contains(u"535"_s), qPrintable(told.error->detail));
}

void TestSmtpServer::aRefusedAddress()
{
    auto mail = way();
    Telling one = telling();
    one.address = u"ada@example.com"_s;
    const Told told = tell(**mail, one);
    QVERIFY(told.outcome == Told::Outcome::Refused && !told.isWayShut);
    QCOMPARE(told.error->detail,
        u"127.0.0.1 takes no mail for this address; check it: it says “550 nobody of that name”."_s);
}

void TestSmtpServer::saysHowItSignedIn()
{
    auto mail = way();
    std::optional<Result<QString>> result;
    const auto before = mails().size();
    const auto errand = (*mail)->test([&](Result<QString> one) { result = std::move(one); });
    QTRY_VERIFY_WITH_TIMEOUT(result, 30'000);
    QVERIFY(*result);
    QCOMPARE(**result, u"Signed in to 127.0.0.1 as desk, encrypted with TLS 1.3."_s);
    QCOMPARE(mails().size(), before);
}

QTEST_GUILESS_MAIN(TestSmtpServer)
#include "tst_smtpserver.moc"

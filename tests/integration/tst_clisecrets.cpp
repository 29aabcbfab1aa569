#include "tests/support/cli/clirunner.h"

#include <QDirIterator>
#include <QProcess>
#include <QStringEncoder>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// A sign-in goes through the real program on every way that ends well or badly, with no keychain and all that can be
// logged switched on. Afterwards it is looked for, in every form in which it could have been written, in what
// the program said and in every file that it could have made.

namespace {

/// Has signs that change on the way into an address or a JSON text.
const QByteArray token = "1-51-c0ffee/0123+456=789 decade\"0\\";

struct Form {
    QByteArray name;
    QByteArray bytes;
};

QList<Form> formsOf(const QByteArray &secret)
{
    const QString text = QString::fromUtf8(secret);
    QStringEncoder little(QStringEncoder::Utf16LE), big(QStringEncoder::Utf16BE);
    QByteArray quoted = secret;
    quoted.replace('\\', "\\\\").replace('"', "\\\"");
    return { { "as it is", secret }, { "in JSON", quoted },
        { "for an address", secret.toPercentEncoding() },
        { "for a form", secret.toPercentEncoding().replace("%20", "+") },
        { "UTF-16 LE", QByteArray(little(text)) }, { "UTF-16 BE", QByteArray(big(text)) },
        { "base64", secret.toBase64().chopped(4) },
        { "base64 of the header", QByteArray("token " + secret).toBase64().chopped(4) },
        { "hex", secret.toHex() }, { "its middle", "c0ffee/0123" } };
}

/// Where it stands; empty is good.
QByteArray formIn(const QByteArray &bytes)
{
    for (const Form &form : formsOf(token)) {
        if (bytes.contains(form.bytes))
            return form.name;
    }
    return {};
}

/// Answers each request with the same bytes and ends the connection.
class OneAnswer
{
public:
    explicit OneAnswer(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                    m_asked += socket->readAll();
                    if (!m_asked.endsWith("\r\n\r\n"))
                        return;
                    socket->write(m_bytes);
                    socket->disconnectFromHost();
                });
                QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    QString url() const { return u"http://127.0.0.1:%1/"_s.arg(m_server.serverPort()); }
    const QByteArray &asked() const { return m_asked; }

private:
    QByteArray m_bytes;
    QByteArray m_asked;
    QTcpServer m_server;
};

QByteArray answer(const QByteArray &status, const QByteArray &body, const QByteArray &more = {})
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + more + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

} // namespace

class TestCliSecrets : public QObject
{
    Q_OBJECT
private slots:
    void theSweeperFinds();
    void leavesNoTrace_data();
    void leavesNoTrace();

private:
    Ran run(const QStringList &words, const QByteArray &input);
    QStringList filesWithIt() const;

    std::unique_ptr<CliRunner> m_cli;
};

/// With its loop going on, since the server lives in this process.
Ran TestCliSecrets::run(const QStringList &words, const QByteArray &input)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : { "HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
             "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR" })
        environment.insert(QString::fromLatin1(name), m_cli->path(u"home"_s));
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nowhere"_s);
    environment.remove(u"DISPLAY"_s);
    environment.insert(u"TIERLINE_LOG"_s, u"1"_s);
    environment.insert(u"QT_LOGGING_RULES"_s, u"*=true"_s);
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(CliRunner::program(), m_cli->globals() + words);
    process.write(input);
    process.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 120'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return { process.exitCode(), process.readAllStandardOutput(),
        QString::fromUtf8(process.readAllStandardError()) };
}

QStringList TestCliSecrets::filesWithIt() const
{
    QStringList found;
    QDirIterator files(
        m_cli->path({}), QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (const QByteArray form = formIn(file.readAll()); !form.isEmpty())
            found.append(u"%1 (%2)"_s.arg(file.fileName(), QString::fromLatin1(form)));
    }
    return found;
}

/// A sweep that finds nothing proves something only where it finds what is there.
void TestCliSecrets::theSweeperFinds()
{
    m_cli = std::make_unique<CliRunner>();
    QCOMPARE(filesWithIt(), QStringList());
    for (const Form &form : formsOf(token)) {
        const QString name = m_cli->file(u"planted.bin"_s, "before\0" + form.bytes + "after");
        QVERIFY2(filesWithIt().size() == 1, form.name.constData());
        QVERIFY(QFile::remove(name));
    }
}

void TestCliSecrets::leavesNoTrace_data()
{
    QTest::addColumn<QByteArray>("bytes"); ///< empty: nobody listens
    QTest::newRow("nobody listens") << QByteArray();
    QTest::newRow("refused") << answer("401 Unauthorized", "{\"message\":\"Unauthorized\"}");
    QTest::newRow("forbidden") << answer("403 Forbidden", "{\"message\":\"No.\"}");
    QTest::newRow("broken") << answer("500 Internal Server Error", "");
    QTest::newRow("a page for people") << answer("200 OK", "<html><form action=/login></html>");
    QTest::newRow("not what was asked") << answer("200 OK", "[1,2");
    QTest::newRow("sent elsewhere")
        << answer("302 Found", "", "Location: http://127.0.0.1:9/elsewhere\r\n");
    QTest::newRow("asked to wait") << answer("429 Too Many Requests", "{}", "Retry-After: 1\r\n");
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9\r\n");
}

void TestCliSecrets::leavesNoTrace()
{
    QFETCH(QByteArray, bytes);
    m_cli = std::make_unique<CliRunner>();
    QVERIFY(QDir().mkpath(m_cli->path(u"home"_s)));
    QFile::setPermissions(
        m_cli->path(u"home"_s), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    OneAnswer server(bytes);
    const QString url = bytes.isEmpty() ? u"http://127.0.0.1:1/"_s : server.url();
    QByteArray quoted = token;
    quoted.replace('\\', "\\\\").replace('"', "\\\"");
    const QByteArray secrets = "{\"desk\":\"" + quoted + "\"}";
    QByteArray said;
    const auto tell = [&](const Ran &ran) {
        said += ran.told() + ran.out;
        return ran.exitCode;
    };
    QCOMPARE(tell(run({ u"init"_s }, {})), 0);
    // Where the helpdesk refuses the sign-in the account is not kept; then one that nobody answers is.
    const QStringList add { u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s,
        u"--secret-stdin"_s, u"--url"_s };
    if (tell(run(add + QStringList { url }, token)) != 0)
        QCOMPARE(tell(run(add + QStringList { u"http://127.0.0.1:1/"_s }, token)), 0);
    for (const QStringList &words : { QStringList { u"account"_s, u"test"_s, u"desk"_s },
             QStringList { u"sync"_s }, QStringList { u"--json"_s, u"sync"_s } }) {
        QVERIFY(tell(run(words + QStringList { u"--secrets-stdin"_s }, secrets)) > 0);
        // Half a document, and one whose secret has another name.
        QVERIFY(tell(run(words + QStringList { u"--secrets-stdin"_s }, secrets.chopped(1))) > 0);
        QVERIFY(tell(run(
                    words + QStringList { u"--secrets-stdin"_s }, "{\"other\":\"" + quoted + "\"}"))
            > 0);
    }
    QCOMPARE(tell(run({ u"account"_s, u"list"_s }, {})), 0);
    (void)tell(run({ u"--json"_s, u"doctor"_s }, {}));
    QCOMPARE(tell(run({ u"backup"_s, m_cli->path(u"copy.db"_s) }, {})), 0);
    if (!bytes.isEmpty())
        QVERIFY(formIn(server.asked()) != QByteArray()); // it did go on the wire
    const QByteArray trace = formIn(said).isEmpty() ? QByteArray() : formIn(said) + ": " + said;
    QVERIFY2(trace.isEmpty(), trace.constData());
    QCOMPARE(filesWithIt(), QStringList());
}

QTEST_GUILESS_MAIN(TestCliSecrets)
#include "tst_clisecrets.moc"

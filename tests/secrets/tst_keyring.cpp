#include "core/secrets/keychainsecrets.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char *const inside = "TIERLINE_TEST_ON_OWN_BUS";

SecretReply wait(std::function<std::unique_ptr<SecretCall>(SecretHandler)> ask)
{
    std::optional<SecretReply> heard;
    const auto call = ask([&heard](SecretReply reply) { heard = std::move(reply); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(heard, 20'000); }();
    return heard.value_or(SecretReply { .fault = SecretFault::Slow });
}

} // namespace

/// A real keyring, on a bus and in a home of its own. The program starts itself again inside that bus
/// for each case; the outer one only looks at what the inner one says.
class TestKeyring : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void keepsSecrets();
    void saysThatThereIsNone();
    void aLockedOneIsNoReasonToHang();
    // Inside, called by name.
    void innerKeeps();
    void innerKept();
    void innerAbsent();
    void innerLocked();

private:
    void runInside(const QStringList &cases, const QByteArray &before);
    QTemporaryDir m_home;
};

void TestKeyring::initTestCase()
{
    if (qEnvironmentVariableIsSet(inside))
        return;
    for (const char *program : { "dbus-run-session", "gnome-keyring-daemon" }) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            QSKIP("There is no gnome-keyring with dbus-run-session on this machine.");
    }
}

void TestKeyring::runInside(const QStringList &cases, const QByteArray &before)
{
    QProcess bus;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *gone : { "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
             "GNOME_KEYRING_CONTROL", "XDG_CURRENT_DESKTOP", "KDE_FULL_SESSION" })
        environment.remove(QString::fromLatin1(gone));
    environment.insert(QString::fromLatin1(inside), u"1"_s);
    environment.insert(u"HOME"_s, m_home.path());
    environment.insert(u"XDG_DATA_HOME"_s, m_home.filePath(u"data"_s));
    environment.insert(u"XDG_CONFIG_HOME"_s, m_home.filePath(u"config"_s));
    environment.insert(u"XDG_CACHE_HOME"_s, m_home.filePath(u"cache"_s));
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_home.path());
    bus.setProcessEnvironment(environment);
    bus.setProcessChannelMode(QProcess::MergedChannels);
    const QString self = QCoreApplication::applicationFilePath();
    const QString script
        = QString::fromLatin1(before) + u"exec '%1' %2"_s.arg(self, cases.join(u' '));
    if (before.contains("NO-BUS")) {
        environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
        bus.setProcessEnvironment(environment);
        bus.start(self, cases);
    } else {
        bus.start(u"dbus-run-session"_s, { u"--"_s, u"bash"_s, u"-c"_s, script });
    }
    QVERIFY(bus.waitForFinished(60'000));
    const QByteArray said = bus.readAll();
    QVERIFY2(bus.exitCode() == 0 && said.contains(" 0 failed, 0 skipped"), said.constData());
}

void TestKeyring::keepsSecrets()
{
    if (qEnvironmentVariableIsSet(inside))
        return;
    const QByteArray unlocked
        = "printf master | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ";
    runInside({ u"innerKeeps"_s }, unlocked);
    // Another bus, another daemon, the same home: what was written is there.
    runInside({ u"innerKept"_s }, unlocked);
}

void TestKeyring::saysThatThereIsNone()
{
    if (qEnvironmentVariableIsSet(inside))
        return;
    runInside({ u"innerAbsent"_s }, "NO-BUS");
}

void TestKeyring::aLockedOneIsNoReasonToHang()
{
    if (qEnvironmentVariableIsSet(inside))
        return;
    runInside({ u"innerLocked"_s },
        "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ");
}

void TestKeyring::innerKeeps()
{
    if (!qEnvironmentVariableIsSet(inside))
        return;
    KeychainSecrets store;
    QVERIFY(store.isPermanent());
    const SecretKey key { u"acme/ä"_s, u"token"_s };
    QCOMPARE(wait([&](SecretHandler done) { return store.read(key, done); }).fault,
        SecretFault::NotFound);
    const SecretReply removed = wait([&](SecretHandler done) { return store.remove(key, done); });
    QCOMPARE(removed.fault, SecretFault::None);
    for (const QString &text : { u"canary-one"_s, u"canary-ü€"_s }) {
        QCOMPARE(wait([&](SecretHandler done) {
            return store.write(key, Secret::fromText(text), done);
        }).fault,
            SecretFault::None);
        const SecretReply read = wait([&](SecretHandler done) { return store.read(key, done); });
        QVERIFY2(read.ok() && read.secret, qPrintable(read.detail));
        QVERIFY(*read.secret == Secret::fromText(text));
    }
    QCOMPARE(wait([&](SecretHandler done) {
        return store.read({ u"acme"_s, u"ä/token"_s }, done);
    }).fault,
        SecretFault::NotFound);
    const SecretKey other { u"beta"_s, u"password"_s };
    QVERIFY(wait([&](SecretHandler done) {
        return store.write(other, Secret::fromText(u"x"_s), done);
    }).ok());
    QVERIFY(wait([&](SecretHandler done) { return store.remove(other, done); }).ok());
    QCOMPARE(wait([&](SecretHandler done) { return store.read(other, done); }).fault,
        SecretFault::NotFound);
    // A question that nobody waits for any more, and a store that goes first.
    int told = 0;
    auto dropped = store.read(key, [&](const SecretReply &) { ++told; });
    dropped.reset();
    auto brief = std::make_unique<KeychainSecrets>();
    const auto orphan = brief->read(key, [&](const SecretReply &) { ++told; });
    brief.reset();
    QVERIFY(wait([&](SecretHandler done) { return store.read(key, done); }).ok());
    QCOMPARE(told, 0);
}

void TestKeyring::innerKept()
{
    if (!qEnvironmentVariableIsSet(inside))
        return;
    KeychainSecrets store;
    const SecretReply read = wait([&](SecretHandler done) {
        return store.read({ u"acme/ä"_s, u"token"_s }, done);
    });
    QVERIFY2(read.ok() && read.secret, qPrintable(read.detail));
    QVERIFY(*read.secret == Secret::fromText(u"canary-ü€"_s));
}

void TestKeyring::innerAbsent()
{
    if (!qEnvironmentVariableIsSet(inside))
        return;
    KeychainSecrets store;
    const SecretKey key { u"acme"_s, u"token"_s };
    const SecretReply written = wait([&](SecretHandler done) {
        return store.write(key, Secret::fromText(u"canary-nowhere"_s), done);
    });
    QCOMPARE(written.fault, SecretFault::NoKeychain);
    QVERIFY(written.detail.contains("at each start"_L1));
    QCOMPARE(wait([&](SecretHandler done) { return store.read(key, done); }).fault,
        SecretFault::NoKeychain);
}

void TestKeyring::innerLocked()
{
    if (!qEnvironmentVariableIsSet(inside))
        return;
    // Nobody is there to answer a prompt.
    KeychainSecrets store(u"Tierline"_s, 3s);
    const SecretReply read = wait([&](SecretHandler done) {
        return store.read({ u"acme/ä"_s, u"token"_s }, done);
    });
    QVERIFY(!read.ok());
    QVERIFY(!read.secret);
    QVERIFY(!read.detail.isEmpty());
    qInfo("locked: %s", qPrintable(secretFaultCode(read.fault)));
}

QTEST_GUILESS_MAIN(TestKeyring)
#include "tst_keyring.moc"

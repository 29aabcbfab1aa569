#include "core/secrets/keychainsecrets.h"
#include "core/secrets/sessionsecrets.h"
#include "tests/secrets/fakesecretservice.h"
#include "tests/secrets/ownbus.h"
#include "tests/support/cli/clirunner.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray token = "1-51-abcdef0123456789canary";
const SecretKey key { u"desk"_s, u"secret"_s };

SecretReply wait(const std::function<std::unique_ptr<SecretCall>(SecretHandler)> &ask)
{
    std::optional<SecretReply> heard;
    const auto call = ask([&heard](SecretReply reply) { heard = std::move(reply); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(heard, 20'000); }();
    return heard.value_or(SecretReply { .fault = SecretFault::Slow });
}

} // namespace

/// The doctor and the program's own store of secrets, before keychains in every state: a real one and
/// some that only say that they are. Each function starts itself again on a bus of its own.
class TestKeychainDoctor : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup() { m_service.reset(); }
    void keptAndLost();
    void missing();
    void locked();
    void neverAnswers();
    void fails();
    void garbledWire();
    void lockedWire();
    // Inside, called by name.
    void innerKeptAndLost();
    void innerMissing();
    void innerLocked();
    void innerSilent();
    void innerFailing();
    void innerGarbled();
    void innerLockedWire();

private:
    Ran cli(const QStringList &words, const QByteArray &input = {});
    /// A workspace with an account that cannot be reached.
    void makeAccount();
    /// The keychain's line of the doctor; the whole run must otherwise be healthy.
    QString verdict(bool isOk);
    void pretend(FakeSecretService::Mood mood);
    /// A session keeps a secret for this run whatever the keychain does.
    void holdsForThisRun();

    OwnBus m_bus;
    CliRunner m_cli;
    std::unique_ptr<FakeSecretService> m_service;
};

void TestKeychainDoctor::initTestCase()
{
    if (const char *why = OwnBus::isInside() ? nullptr : OwnBus::whyNot())
        QSKIP(why);
}

/// As CliRunner runs it, but with this process's loop going on: it may be the keychain.
Ran TestKeychainDoctor::cli(const QStringList &words, const QByteArray &input)
{
    QProcess program;
    program.start(CliRunner::program(), m_cli.globals() + words);
    program.write(input);
    program.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return program.state() == QProcess::NotRunning; }, 40'000)) {
        program.kill();
        program.waitForFinished();
        return {};
    }
    return { program.exitCode(), program.readAllStandardOutput(),
        QString::fromUtf8(program.readAllStandardError()) };
}

void TestKeychainDoctor::makeAccount()
{
    RAN(made, 0, cli({ u"init"_s }));
    RAN(added, 0,
        cli({ u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s, u"--url"_s,
                u"http://127.0.0.1:9"_s, u"--secret-stdin"_s },
            token));
    QVERIFY(!added.out.contains("canary"));
}

QString TestKeychainDoctor::verdict(bool isOk)
{
    const Ran looked = cli({ u"--json"_s, u"doctor"_s });
    if (looked.exitCode != (isOk ? 0 : 1) || looked.out.contains("canary"))
        return QString::fromUtf8(looked.told());
    QString line;
    for (const QJsonValue &value : looked.json().value(u"checks"_s).toArray()) {
        const QJsonObject check = value.toObject();
        const bool isKeychain = check.value(u"name"_s).toString() == "keychain"_L1;
        if (isKeychain)
            line = check.value(u"detail"_s).toString();
        if (check.value(u"ok"_s).toBool() != (isOk || !isKeychain))
            return QString::fromUtf8(looked.told());
    }
    return line;
}

void TestKeychainDoctor::pretend(FakeSecretService::Mood mood)
{
    m_service = std::make_unique<FakeSecretService>(mood);
    QVERIFY(m_service->start());
}

void TestKeychainDoctor::holdsForThisRun()
{
    KeychainSecrets keychain(u"Tierline"_s, 2s);
    SessionSecrets secrets(keychain);
    const SecretReply kept = wait([&](SecretHandler done) {
        return secrets.write(key, Secret::fromText(u"of-this-run"_s), done);
    });
    QVERIFY(kept.ok());
    QVERIFY(kept.isForThisRunOnly);
    QVERIFY2(kept.detail.contains("until this program ends, and nowhere else"_L1),
        qPrintable(kept.detail));
    const SecretReply read = wait([&](SecretHandler done) { return secrets.read(key, done); });
    QVERIFY(read.ok() && *read.secret == Secret::fromText(u"of-this-run"_s));
    // A program that starts anew has to ask.
    SessionSecrets next(keychain);
    const SecretReply none = wait([&](SecretHandler done) { return next.read(key, done); });
    QVERIFY(!none.ok() && !none.secret);
    QVERIFY(!none.detail.contains("canary"_L1));
}

void TestKeychainDoctor::keptAndLost()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerKeptAndLost"_s }, OwnBus::unlocked()), QByteArray());
}

void TestKeychainDoctor::missing()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.runWithoutBus({ u"innerMissing"_s }), QByteArray());
}

void TestKeychainDoctor::locked()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerLocked"_s }, OwnBus::locked()), QByteArray());
}

void TestKeychainDoctor::neverAnswers()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerSilent"_s }, {}), QByteArray());
}

void TestKeychainDoctor::fails()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerFailing"_s }, {}), QByteArray());
}

void TestKeychainDoctor::garbledWire()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerGarbled"_s }, {}), QByteArray());
}

void TestKeychainDoctor::lockedWire()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerLockedWire"_s }, {}), QByteArray());
}

void TestKeychainDoctor::innerKeptAndLost()
{
    if (!OwnBus::isInside())
        return;
    makeAccount();
    QCOMPARE(verdict(true), u"The keychain has the sign-in of desk."_s);
    KeychainSecrets keychain;
    QVERIFY(wait([&](SecretHandler done) {
        return keychain.write(key, Secret::fromText(u"\x01garbled\x02"_s), done);
    }).ok());
    QVERIFY(verdict(false).contains("cannot be a token or password"_L1));
    QVERIFY(wait([&](SecretHandler done) { return keychain.remove(key, done); }).ok());
    const QString lost = verdict(false);
    QVERIFY2(lost.contains(u"no sign-in for “desk”"_s), qPrintable(lost));
    QVERIFY(!lost.contains("remove"_L1, Qt::CaseInsensitive));
}

void TestKeychainDoctor::innerMissing()
{
    if (!OwnBus::isInside())
        return;
    makeAccount();
    const QString said = verdict(false);
    QVERIFY2(said.contains("No keychain answers"_L1) && said.contains("--secrets-stdin"_L1),
        qPrintable(said));
    holdsForThisRun();
}

void TestKeychainDoctor::innerLocked()
{
    if (!OwnBus::isInside())
        return;
    makeAccount();
    // What a locked keyring without anybody to ask looks like differs between its versions.
    const QString said = verdict(false);
    QVERIFY2(said.contains("keychain"_L1) && said.contains("--secrets-stdin"_L1), qPrintable(said));
    holdsForThisRun();
}

void TestKeychainDoctor::innerSilent()
{
    if (!OwnBus::isInside())
        return;
    pretend(FakeSecretService::Mood::Silent);
    RAN(made, 0, cli({ u"init"_s }));
    // Local data needs no keychain.
    RAN(local, 0, cli({ u"queue"_s }));
    QCOMPARE(m_service->calls(), 0);
    holdsForThisRun();
    QVERIFY(m_service->calls() > 0);
}

void TestKeychainDoctor::innerFailing()
{
    if (!OwnBus::isInside())
        return;
    pretend(FakeSecretService::Mood::Failing);
    makeAccount();
    const QString said = verdict(false);
    QVERIFY2(said.contains("keychain"_L1) && said.contains("--secrets-stdin"_L1), qPrintable(said));
    holdsForThisRun();
}

void TestKeychainDoctor::innerGarbled()
{
    if (!OwnBus::isInside())
        return;
    pretend(FakeSecretService::Mood::Garbled);
    makeAccount();
    const QString said = verdict(false);
    QVERIFY2(said.contains("keychain"_L1) && said.contains("--secrets-stdin"_L1), qPrintable(said));
    holdsForThisRun();
}

void TestKeychainDoctor::innerLockedWire()
{
    if (!OwnBus::isInside())
        return;
    pretend(FakeSecretService::Mood::Locked);
    makeAccount();
    const QString said = verdict(false);
    QVERIFY2(said.contains("keychain"_L1) && said.contains("--secrets-stdin"_L1), qPrintable(said));
    holdsForThisRun();
}

QTEST_GUILESS_MAIN(TestKeychainDoctor)
#include "tst_keychaindoctor.moc"

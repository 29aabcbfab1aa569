#include "core/secrets/keychainsecrets.h"
#include "tests/secrets/ownbus.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

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
    OwnBus m_bus;
};

void TestKeyring::initTestCase()
{
    if (const char *why = OwnBus::isInside() ? nullptr : OwnBus::whyNot())
        QSKIP(why);
}

void TestKeyring::keepsSecrets()
{
    if (OwnBus::isInside())
        return;
    QCOMPARE(m_bus.run({ u"innerKeeps"_s }, OwnBus::unlocked()), QByteArray());
    // Another bus, another daemon, the same home: what was written is there.
    QCOMPARE(m_bus.run({ u"innerKept"_s }, OwnBus::unlocked()), QByteArray());
}

void TestKeyring::saysThatThereIsNone()
{
    if (OwnBus::isInside())
        return;
    QCOMPARE(m_bus.runWithoutBus({ u"innerAbsent"_s }), QByteArray());
    // With a loop that the keychain's library cannot answer in.
    qputenv("QT_NO_GLIB", "1");
    QCOMPARE(m_bus.runWithoutBus({ u"innerAbsent"_s }), QByteArray());
    qunsetenv("QT_NO_GLIB");
}

void TestKeyring::aLockedOneIsNoReasonToHang()
{
    if (!OwnBus::isInside())
        QCOMPARE(m_bus.run({ u"innerLocked"_s }, OwnBus::locked()), QByteArray());
}

void TestKeyring::innerKeeps()
{
    if (!OwnBus::isInside())
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
    if (!OwnBus::isInside())
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
    if (!OwnBus::isInside())
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
    if (!OwnBus::isInside())
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

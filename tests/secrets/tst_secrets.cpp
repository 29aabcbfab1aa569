#include "core/secrets/keychainsecrets.h"
#include "core/secrets/memorysecrets.h"
#include "core/secrets/secretinput.h"

#include <QBuffer>
#include <QTest>
#include <QTimer>

using namespace tierline;
using namespace Qt::StringLiterals;

class TestSecrets : public QObject
{
    Q_OBJECT
private slots:
    void prints();
    void wipesWhatItTakes();
    void compares();
    void readsWhatWasWritten();
    void answersLaterAndOnce();
    void readsInput_data();
    void readsInput();
    void refusesInput_data();
    void refusesInput();
    void fillsFromADevice();
    void namesKeychainEntries();
    void understandsTheKeychain_data();
    void understandsTheKeychain();
};

void TestSecrets::prints()
{
    const Secret secret = Secret::fromText(u"canary"_s);
    QString text;
    QDebug(&text) << secret << QVariant::fromValue(secret) << QList<Secret> { secret };
    QVERIFY2(!text.contains("canary"_L1), qPrintable(text));
    QVERIFY(text.contains(u"•••"_s));
    text.clear();
    QDebug(&text) << Secret();
    QCOMPARE(text.trimmed(), u"(none)"_s);
}

void TestSecrets::wipesWhatItTakes()
{
    QByteArray bytes("canary-in-memory");
    bytes.detach();
    const char *at = bytes.constData();
    const QByteArray keeper = QByteArray::fromRawData(at, 0);
    const Secret secret = Secret::take(std::move(bytes));
    QVERIFY(bytes.isEmpty());
    QCOMPARE(secret.expose(), QByteArrayView("canary-in-memory"));
    // A shared array is let go of, and its other holder keeps it.
    QByteArray shared("canary-shared");
    QByteArray other = shared;
    const Secret second = Secret::take(std::move(shared));
    QCOMPARE(other, "canary-shared");
    QCOMPARE(second.size(), 13);
    QVERIFY(Secret::take({}).isEmpty());
}

void TestSecrets::compares()
{
    const Secret a = Secret::fromText(u"one"_s);
    Secret b = a;
    QVERIFY(a == b);
    QVERIFY(a == Secret::fromText(u"one"_s));
    QVERIFY(!(a == Secret::fromText(u"two"_s)));
    QVERIFY(!(a == Secret::fromText(u"ones"_s)));
    QVERIFY(Secret() == Secret());
    b = Secret();
    QCOMPARE(a.size(), 3);
}

void TestSecrets::readsWhatWasWritten()
{
    MemorySecrets store;
    QVERIFY(!store.isPermanent());
    QStringList heard;
    std::vector<std::unique_ptr<SecretCall>> calls;
    const auto hear = [&heard](const SecretReply &reply) {
        heard.append(reply.secret ? QString::fromUtf8(reply.secret->expose())
                                  : secretFaultCode(reply.fault));
    };
    const SecretKey key { u"acme"_s, u"token"_s };
    calls.push_back(store.read(key, hear));
    calls.push_back(store.write(key, Secret::fromText(u"s1"_s), hear));
    calls.push_back(store.read(key, hear));
    calls.push_back(store.write(key, Secret::fromText(u"s2"_s), hear));
    calls.push_back(store.read(key, hear));
    calls.push_back(store.read({ u"acme"_s, u"other"_s }, hear));
    calls.push_back(store.remove(key, hear));
    calls.push_back(store.remove(key, hear));
    calls.push_back(store.read(key, hear));
    QVERIFY(heard.isEmpty());
    QTRY_COMPARE(heard.size(), 9);
    QCOMPARE(heard.join(u' '), u"not_found none s1 none s2 not_found none none not_found"_s);
}

void TestSecrets::answersLaterAndOnce()
{
    auto store = std::make_unique<MemorySecrets>();
    store->put({ u"a"_s, u"b"_s }, Secret::fromText(u"x"_s));
    int told = 0;
    auto dropped = store->read({ u"a"_s, u"b"_s }, [&](const SecretReply &) { told += 100; });
    dropped.reset();
    std::unique_ptr<SecretCall> own;
    own = store->read({ u"a"_s, u"b"_s }, [&](const SecretReply &) {
        own.reset();
        ++told;
    });
    QTRY_COMPARE(told, 1);
    const auto late = store->read({ u"a"_s, u"b"_s }, [&](const SecretReply &) { told += 100; });
    store.reset();
    bool passed = false;
    QTimer::singleShot(0, this, [&] { passed = true; });
    QTRY_VERIFY(passed);
    QCOMPARE(told, 1);
}

void TestSecrets::readsInput_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("found");
    QTest::newRow("json") << QByteArray(R"({"acme":"s1","beta":{"user":"u","token":"t"}})")
                          << u"acme/secret=s1 beta/token=t beta/user=u"_s;
    QTest::newRow("json with room") << QByteArray("\n  {\"a\": \"ü€\"}\n") << u"a/secret=ü€"_s;
    QTest::newRow("lines") << QByteArray("# mine\n\nacme=s1\r\nbeta.token=a=b=c\n")
                           << u"acme/secret=s1 beta/token=a=b=c"_s;
    QTest::newRow("room stays in a value") << QByteArray("acme = s 1 \n") << u"acme/secret= s 1 "_s;
    QTest::newRow("nothing") << QByteArray() << QString();
}

void TestSecrets::readsInput()
{
    QFETCH(QByteArray, input);
    QFETCH(QString, found);
    const auto secrets = readSecrets(std::move(input));
    QVERIFY2(secrets.has_value(), qPrintable(secrets ? QString() : secrets.error().detail));
    QStringList printed;
    for (const NamedSecret &named : *secrets)
        printed.append(u"%1/%2=%3"_s.arg(
            named.key.account, named.key.field, QString::fromUtf8(named.secret.expose())));
    QCOMPARE(printed.join(u' '), found);
}

void TestSecrets::refusesInput_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("half a json") << QByteArray("{\"acme\":\"canary");
    QTest::newRow("number") << QByteArray("{\"acme\":12}");
    QTest::newRow("deep") << QByteArray("{\"acme\":{\"a\":{\"b\":\"canary\"}}}");
    QTest::newRow("field of a number") << QByteArray("{\"acme\":{\"a\":1}}");
    QTest::newRow("empty secret") << QByteArray("{\"acme\":\"\"}");
    QTest::newRow("no name") << QByteArray("{\"\":\"canary\"}");
    QTest::newRow("line break") << QByteArray("{\"acme\":\"canary\\nX-A: b\"}");
    QTest::newRow("long secret") << "acme=" + QByteArray(9000, 'c');
    QTest::newRow("long name") << QByteArray(300, 'n') + "=canary";
    QTest::newRow("no equals") << QByteArray("canary\n");
    QTest::newRow("nothing before equals") << QByteArray("=canary\n");
    QTest::newRow("twice") << QByteArray("acme=canary\nacme=canary2\n");
    QTest::newRow("too long") << QByteArray("acme=") + QByteArray(70'000, 'c');
    QByteArray many;
    for (int i = 0; i < 201; ++i)
        many += "a" + QByteArray::number(i) + "=canary\n";
    QTest::newRow("too many") << many;
}

void TestSecrets::refusesInput()
{
    QFETCH(QByteArray, input);
    const auto secrets = readSecrets(std::move(input));
    QVERIFY(!secrets);
    QCOMPARE(secrets.error().fault, Fault::BadInput);
    QVERIFY(secrets.error().detail.endsWith(u'.'));
    const QString said = secrets.error().detail + secrets.error().where;
    QVERIFY2(!said.contains("canary"_L1) && !said.contains("cccc"_L1), qPrintable(said));
}

void TestSecrets::fillsFromADevice()
{
    MemorySecrets store;
    QBuffer device;
    device.setData("{\"acme\":\"s1\"}");
    QVERIFY(device.open(QIODevice::ReadOnly));
    QVERIFY(readSecrets(device, store).has_value());
    std::optional<SecretReply> heard;
    const auto call = store.read({ u"acme"_s, QString::fromUtf16(MainSecret) },
        [&](const SecretReply &reply) { heard = reply; });
    QTRY_VERIFY(heard);
    QCOMPARE(heard->secret->expose(), QByteArrayView("s1"));
    QBuffer empty;
    QVERIFY(empty.open(QIODevice::ReadOnly));
    QVERIFY(!readSecrets(empty, store).has_value());
    QBuffer endless;
    endless.setData(QByteArray(1 << 20, 'x'));
    QVERIFY(endless.open(QIODevice::ReadOnly));
    QVERIFY(!readSecrets(endless, store).has_value());
    QCOMPARE_LT(endless.pos(), 70'000);
}

void TestSecrets::namesKeychainEntries()
{
    QCOMPARE(keychainEntry({ u"acme"_s, u"token"_s }), u"acme/token"_s);
    QVERIFY(keychainEntry({ u"a/b"_s, u"c"_s }) != keychainEntry({ u"a"_s, u"b/c"_s }));
    QCOMPARE(keychainEntry({ u"ä b"_s, u"x"_s }), u"%C3%A4%20b/x"_s);
}

void TestSecrets::understandsTheKeychain_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    QTest::addColumn<SecretFault>("fault");
    QTest::newRow("fine") << 0 << QString() << SecretFault::None;
    QTest::newRow("absent entry") << 1 << QString() << SecretFault::NotFound;
    QTest::newRow("not removed") << 2 << u"x"_s << SecretFault::Failed;
    QTest::newRow("person said no") << 3 << QString() << SecretFault::Denied;
    QTest::newRow("locked") << 4 << QString() << SecretFault::Locked;
    QTest::newRow("no backend") << 5 << QString() << SecretFault::NoKeychain;
    QTest::newRow("not there") << 6 << QString() << SecretFault::NoKeychain;
    QTest::newRow("no service") << 7
                                << u"GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: …"_s
                                << SecretFault::NoKeychain;
    QTest::newRow("no bus") << 7 << u"Cannot autolaunch D-Bus without X11 $DISPLAY"_s
                            << SecretFault::NoKeychain;
    QTest::newRow("else") << 7 << u"Something"_s << SecretFault::Failed;
}

void TestSecrets::understandsTheKeychain()
{
    QFETCH(int, code);
    QFETCH(QString, text);
    QTEST(keychainFault(code, text), "fault");
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"

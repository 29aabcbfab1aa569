#include "core/notify/webhook/webhookway.h"
#include "tests/support/fakeclock.h"

#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::notify::webhook;
using namespace Qt::StringLiterals;

/// Where a webhook may lead, before anything is connected to.
class TestWebhookPlaces : public QObject
{
    Q_OBJECT
private slots:
    void places_data();
    void places();
    void urls_data();
    void urls();
    void options();
};

void TestWebhookPlaces::places_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("allowed"); ///< always, own, never
    const auto rows = [](const char *allowed, std::initializer_list<const char *> addresses) {
        for (const char *one : addresses)
            QTest::addRow("%s", one) << QString::fromLatin1(one) << QString::fromLatin1(allowed);
    };
    rows("always",
        { "93.184.216.34", "8.8.8.8", "11.0.0.0", "9.255.255.255", "172.15.255.255", "172.32.0.0",
            "192.167.255.255", "192.169.0.0", "100.63.255.255", "100.128.0.0", "169.253.255.255",
            "223.255.255.255", "192.0.2.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8" });
    rows("own",
        { "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
            "192.168.255.255", "100.64.0.0", "100.127.255.255", "fc00::1", "fd12:3456::1",
            "fdff:ffff::1", "::ffff:10.0.0.1", "::ffff:192.168.1.1" });
    rows("never",
        { "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254",
            "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.0.1",
            "192.88.99.1", "::", "::1", "::2", "::7f00:1", "::ffff:127.0.0.1",
            "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::ffff:224.0.0.1", "fe80::1",
            "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "64:ff9b::7f00:1",
            "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001::1",
            "2001:0:7f00:1::", "100::1", "4000::1", "fbff::1", "fe00::1" });
    QTest::newRow("nothing") << QString() << u"never"_s;
}

void TestWebhookPlaces::places()
{
    QFETCH(QString, address);
    QFETCH(QString, allowed);
    const QHostAddress place(address);
    QCOMPARE(place.isNull(), address.isEmpty());
    QCOMPARE(whyNotThere(place, Network::Public).isEmpty(), allowed == "always"_L1);
    QCOMPARE(whyNotThere(place, Network::Own).isEmpty(), allowed != "never"_L1);
}

void TestWebhookPlaces::urls_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("allowed"); ///< always, own, never; names are looked up later
    const auto rows = [](const char *allowed, std::initializer_list<const char *> urls) {
        for (const char *one : urls)
            QTest::addRow("%s", one) << QString::fromUtf8(one) << QString::fromLatin1(allowed);
    };
    rows("always",
        { "https://hooks.example.org/a/b?c=d", "https://hooks.example.org:8443/x",
            "https://hooks.example.org./x", "https://93.184.216.34/x", "https://bücher.example/x",
            "https://intern/x", "https://[2606:4700::1111]/x",
            // This machine, written down as what it is by whoever set it up.
            "http://127.0.0.1:8080/x", "https://127.0.0.1/x", "http://127.9.9.9/x",
            "http://[::1]:8080/x",
            // The same in other spellings.
            "http://2130706433/x", "http://0x7f000001/x", "http://0177.0.0.1/x", "http://127.1/x",
            "http://0x7f.1/x", "http://[::ffff:127.0.0.1]/x", "http://%31%32%37.0.0.1/x",
            "http://１２７.0.0.1/x" });
    rows("own",
        { "https://10.0.0.1/x", "https://192.168.1.1:8443/x", "https://172.16.0.1/x",
            "https://100.64.0.1/x", "https://[fd00::1]/x", "https://167772161/x",
            "https://0xa000001/x", "https://012.0.0.1/x", "https://10.1/x",
            "https://[::ffff:10.0.0.1]/x" });
    rows("never",
        { "", "hooks.example.org", "//hooks.example.org/x", "http://hooks.example.org/x",
            "http://localhost/x", "https://localhost/x", "https://localhost./x",
            "https://LOCALHOST/x", "https://x.localhost/x", "http://10.0.0.1/x",
            "https://user@hooks.example.org/x", "https://user:pass@hooks.example.org/x",
            "https://:pass@hooks.example.org/x", "https://127.0.0.1@10.0.0.1/x",
            "https://hooks.example.org/x#y", "ftp://hooks.example.org/x", "file:///etc/passwd",
            "javascript:alert(1)", "https://", "https:///x", "https://0.0.0.0/x", "https://0/x",
            "https://169.254.169.254/latest/meta-data", "https://2852039166/x",
            "https://0xa9fea9fe/x", "https://224.0.0.1/x", "https://255.255.255.255/x",
            "https://[::]/x", "https://[fe80::1]/x", "https://[fe80::1%25eth0]/x",
            "https://[fd00::1%25eth0]/x", "https://[::1%25lo]/x", "https://[ff02::1]/x",
            "https://[::ffff:169.254.169.254]/x", "https://[64:ff9b::a00:1]/x",
            "https://[2002:a00:1::]/x", "https://hooks.example.org:0x50/x",
            "https://hooks.example.org:99999/x", "https://hooks example.org/x" });
    QTest::newRow("too long") << u"https://hooks.example.org/"_s + u"x"_s.repeated(2000)
                              << u"never"_s;
}

void TestWebhookPlaces::urls()
{
    QFETCH(QString, url);
    QFETCH(QString, allowed);
    for (const bool isOwn : { false, true }) {
        WayConfig config;
        config.url = QUrl(url);
        config.options[u"network"_s] = isOwn ? u"own"_s : u"public"_s;
        const auto hook = readHook(config, {});
        const bool isExpected = allowed == "always"_L1 || (isOwn && allowed == "own"_L1);
        QVERIFY2(hook.has_value() == isExpected,
            qPrintable(hook ? hook->url.toString() : hook.error().detail));
        if (!hook) {
            QCOMPARE(hook.error().where, u"url"_s);
            QVERIFY(!hook.error().detail.contains(u"pass@"_s));
        }
    }
}

void TestWebhookPlaces::options()
{
    WayConfig config;
    config.url = QUrl(u"https://10.0.0.1/x"_s);
    QVERIFY(!readHook(config, {}));
    config.options[u"network"_s] = u"all"_s;
    QCOMPARE(readHook(config, {}).error().where, u"network"_s);
    const WayKind kind = webhookKind();
    QCOMPARE(kind.type, u"webhook"_s);
    QVERIFY(kind.reaches == std::vector { NoticeTarget::Webhook });
    QVERIFY(kind.checkAddress({}));
    QVERIFY(!kind.checkAddress(u"ada@example.org"_s));
    QVERIFY(!kind.check(config));
    config.options[u"network"_s] = u"own"_s;
    QVERIFY(kind.check(config));
    SystemClock clock;
    SeededRandom random(1);
    QVERIFY(kind.make(config, {}, clock, random));
    config.url = QUrl(u"https://169.254.169.254"_s);
    QVERIFY(!kind.make(config, {}, clock, random));
}

QTEST_GUILESS_MAIN(TestWebhookPlaces)
#include "tst_webhookplaces.moc"

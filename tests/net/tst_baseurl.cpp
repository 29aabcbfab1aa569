#include "core/base/ids.h"
#include "core/net/baseurl.h"

#include <QTest>

using namespace tierline;
using namespace tierline::net;
using namespace Qt::StringLiterals;

class TestBaseUrl : public QObject
{
    Q_OBJECT
private slots:
    void takes_data();
    void takes();
    void refuses_data();
    void refuses();
    void knowsItsOrigin_data();
    void knowsItsOrigin();
    void nothingChangesThePath_data();
    void nothingChangesThePath();
    void nothingClimbs();
    void knowsLocalHosts_data();
    void knowsLocalHosts();
};

void TestBaseUrl::takes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("plain");
    QTest::newRow("https") << u"https://desk.example.com"_s << u"https://desk.example.com"_s
                           << false;
    QTest::newRow("no scheme") << u" desk.example.com/rt/ "_s << u"https://desk.example.com/rt"_s
                               << false;
    QTest::newRow("port") << u"https://Desk.Example.com:8443/"_s
                          << u"https://desk.example.com:8443"_s << false;
    QTest::newRow("loopback") << u"http://127.0.0.1:8091"_s << u"http://127.0.0.1:8091"_s << true;
    QTest::newRow("other loopback") << u"http://127.9.8.7"_s << u"http://127.9.8.7"_s << true;
    QTest::newRow("loopback 6") << u"http://[::1]:80/x"_s << u"http://[::1]:80/x"_s << true;
    QTest::newRow("encrypted loopback")
        << u"https://127.0.0.1"_s << u"https://127.0.0.1"_s << false;
}

void TestBaseUrl::takes()
{
    QFETCH(QString, text);
    QFETCH(QString, url);
    QFETCH(bool, plain);
    const auto base = BaseUrl::parse(text);
    QVERIFY2(base.has_value(), qPrintable(base ? QString() : base.error().detail));
    QCOMPARE(base->url().toString(), url);
    QCOMPARE(base->isPlainLoopback(), plain);
}

void TestBaseUrl::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : { "", "   ", "http://desk.example.com", "http://localhost",
             "http://localhost:8091", "http://127.0.0.1.example.com", "http://192.168.1.5",
             "http://[::2]", "http://0.0.0.0", "ftp://desk.example.com", "file:///etc/passwd",
             "https://", "https://user:secret@desk.example.com", "https://user@desk.example.com",
             "https://desk.example.com/?token=x", "https://desk.example.com/#a",
             "javascript:alert(1)", "https://desk example.com", "https://[::1",
             "https://desk.example.com:99999" })
        QTest::addRow("%s", text) << QString::fromLatin1(text);
    QTest::newRow("long") << u"https://"_s + QString(3000, u'a');
}

void TestBaseUrl::refuses()
{
    QFETCH(QString, text);
    const auto base = BaseUrl::parse(text);
    QVERIFY(!base);
    QCOMPARE(base.error().fault, Fault::BadInput);
    QVERIFY(base.error().detail.endsWith(u'.'));
    QVERIFY(!base.error().detail.contains("secret"_L1));
}

void TestBaseUrl::knowsItsOrigin_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("own");
    QTest::newRow("itself") << u"https://desk.example.com/a"_s << true;
    QTest::newRow("default port") << u"https://desk.example.com:443/a"_s << true;
    QTest::newRow("case") << u"HTTPS://DESK.example.COM"_s << true;
    QTest::newRow("other port") << u"https://desk.example.com:444/"_s << false;
    QTest::newRow("plain") << u"http://desk.example.com/"_s << false;
    QTest::newRow("plain on 443") << u"http://desk.example.com:443/"_s << false;
    QTest::newRow("below") << u"https://x.desk.example.com/"_s << false;
    QTest::newRow("suffix") << u"https://desk.example.com.evil.example/"_s << false;
    QTest::newRow("user trick") << u"https://desk.example.com@evil.example/"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestBaseUrl::knowsItsOrigin()
{
    QFETCH(QString, url);
    const auto base = BaseUrl::parse(u"https://desk.example.com/rt"_s);
    QVERIFY(base);
    QTEST(base->isOwnOrigin(QUrl(url)), "own");
}

void TestBaseUrl::nothingChangesThePath_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("plain") << u"12"_s << QByteArray("12");
    QTest::newRow("slash") << u"1/../../admin"_s << QByteArray("1%2F..%2F..%2Fadmin");
    QTest::newRow("three dots") << u"..."_s << QByteArray("...");
    QTest::newRow("backslash") << u"..\\.."_s << QByteArray("..%5C..");
    QTest::newRow("query") << u"1?admin=1#x"_s << QByteArray("1%3Fadmin%3D1%23x");
    QTest::newRow("percent") << u"%2e%2e"_s << QByteArray("%252e%252e");
    QTest::newRow("letters") << u"ä +"_s << QByteArray("%C3%A4%20%2B");
    QTest::newRow("break") << u"a\r\nb"_s << QByteArray("a%0D%0Ab");
}

void TestBaseUrl::nothingClimbs()
{
    const auto base = BaseUrl::parse(u"https://desk.example.com/rt/"_s);
    QVERIFY(base);
    for (const QString &segment : { u".."_s, u"."_s, QString() }) {
        QVERIFY(!base->at({ u"ticket"_s, segment, u"history"_s }).isValid());
        QVERIFY(!base->at({ segment }).isValid());
    }
    for (const char *text : { "https://desk.example.com/rt/../admin", "https://desk.example.com/..",
             "https://desk.example.com/%2e%2e/admin", "https://desk.example.com/rt/.%2E/x",
             "https://desk.example.com/rt/./x" }) {
        const auto climbing = BaseUrl::parse(QString::fromLatin1(text));
        // What Qt itself has resolved is another address, within its own bounds.
        QVERIFY2(!climbing || !climbing->url().path().contains(u".."_s), text);
    }
    // Whatever a text is, no address that is made of it lies outside.
    SeededRandom random(20261121);
    const QString letters = u"./\\%2eE:?#@ä"_s;
    for (int i = 0; i < 5'000; ++i) {
        QString segment;
        for (qint64 n = random.below(8); n >= 0; --n)
            segment += letters[random.below(letters.size())];
        const QUrl url = base->at({ u"ticket"_s, segment });
        if (!url.isValid())
            continue;
        const QByteArray sent = QUrl(u"https://desk.example.com/rt/"_s).resolved(url).toEncoded();
        QVERIFY2(sent.startsWith("https://desk.example.com/rt/ticket/"), sent.constData());
        QCOMPARE(url.path(QUrl::FullyEncoded).count(u'/'), 3);
    }
}

void TestBaseUrl::nothingChangesThePath()
{
    QFETCH(QString, id);
    QFETCH(QByteArray, encoded);
    const auto base = BaseUrl::parse(u"https://desk.example.com/rt/"_s);
    QVERIFY(base);
    const QUrl url
        = base->at({ u"ticket"_s, id, u"history"_s }, { { id, id }, { u"z"_s, u"1"_s } });
    QVERIFY(url.isValid());
    QVERIFY(base->isOwnOrigin(url));
    const QByteArray sent = url.toEncoded();
    QVERIFY2(sent.startsWith("https://desk.example.com/rt/ticket/" + encoded + "/history?"),
        sent.constData());
    QCOMPARE(url.path(QUrl::FullyEncoded).count(u'/'), 4);
    QVERIFY(sent.endsWith("&z=1"));
    QCOMPARE(sent.count('&'), 1);
}

void TestBaseUrl::knowsLocalHosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("local");
    for (const char *host : { "localhost", "LOCALHOST.", "a.localhost", "printer.local", "intranet",
             "127.0.0.1", "127.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
             "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1",
             "[::1]", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:10.0.0.1", "" })
        QTest::addRow("local %s", host) << QString::fromLatin1(host) << true;
    for (const char *host : { "files.example.com", "8.8.8.8", "172.32.0.1", "2001:4860:4860::8888",
             "::ffff:8.8.8.8", "10.example.com" })
        QTest::addRow("far %s", host) << QString::fromLatin1(host) << false;
}

void TestBaseUrl::knowsLocalHosts()
{
    QFETCH(QString, host);
    QTEST(isLocalHost(host), "local");
}

QTEST_APPLESS_MAIN(TestBaseUrl)
#include "tst_baseurl.moc"

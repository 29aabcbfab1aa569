#include "tests/notify/slack/slackrig.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using Outcome = Told::Outcome;

namespace {

/// Of letters alone, as one in some sixty is: nothing about it looks like a key.
const QByteArray hookPath = "/services/TCANARYA/BCANARYB/canarySecretOfLettersOnl";

struct HookRig : WayRig {
    HookRig() { way = std::move(*make(server.url(QString::fromLatin1(hookPath)).toEncoded())); }
    Result<std::unique_ptr<Way>> make(const QByteArray &url)
    {
        return slackKind(u"slack-hook"_s)
            .make({}, { { u"url"_s, Secret::take(QByteArray(url)) } }, clock, random);
    }
    LyingServer server;
    Scripts says { server };
};

} // namespace

/// The webhook of Slack, whose address is its secret.
class TestSlackHook : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void posts();
    void outcomes_data();
    void outcomes();
    void tellsHowLongToWait();
    void nothingComesBack();
    void secretIsNowhere();
    void takesSlacksAddressesAlone_data();
    void takesSlacksAddressesAlone();
};

void TestSlackHook::posts()
{
    HookRig rig;
    rig.says.on(hookPath, Script { send(answer(200, "ok", "text/html")) });
    const Told told = rig.tell(telling());
    QCOMPARE(told.outcome, Outcome::Arrived);
    QVERIFY(told.receipt.isEmpty());
    const Arrival &arrival = rig.server.arrivals().first();
    QCOMPARE(arrival.method, "POST");
    QCOMPARE(arrival.header("Authorization"), "");
    const QJsonObject body = QJsonDocument::fromJson(arrival.body).object();
    QVERIFY(body.value("text"_L1).toString().startsWith("T-12"_L1));
    QVERIFY(body.value("blocks"_L1).toArray().size() >= 3);
    for (const QString &none : { u"channel"_s, u"metadata"_s })
        QVERIFY(!body.contains(none));
}

void TestSlackHook::outcomes_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("isShut");
    QTest::addColumn<QString>("says");
    const auto plain = [](int status, const char *word) {
        return Script { send(answer(status, word, "text/plain")) };
    };
    for (const char *word :
        { "invalid_payload", "no_text", "too_many_attachments", "user_not_found" })
        QTest::addRow("400 %s", word)
            << plain(400, word) << Outcome::Refused << false << QString::fromLatin1(word);
    QTest::newRow("403 action_prohibited")
        << plain(403, "action_prohibited") << Outcome::Later << true << u"action_prohibited"_s;
    QTest::newRow("403 invalid_token")
        << plain(403, "invalid_token") << Outcome::Later << true << u"make a new one"_s;
    for (const char *word : { "channel_not_found", "no_service", "no_team" })
        QTest::addRow("404 %s", word)
            << plain(404, word) << Outcome::Later << true << QString::fromLatin1(word);
    QTest::newRow("410") << plain(410, "channel_is_archived") << Outcome::Later << true
                         << u"channel_is_archived"_s;
    QTest::newRow("404 of words") << plain(404, "<!channel> No Such Hook") << Outcome::Later << true
                                  << u"(status 404)"_s;
    QTest::newRow("500") << plain(500, "rollup_error") << Outcome::Unknown << false << QString();
    QTest::newRow("page") << plain(200, "<html>") << Outcome::Unknown << false << u"Slack's"_s;
    QTest::newRow("died") << Script { reset() } << Outcome::Unknown << false << QString();
    QTest::newRow("half") << Script { send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\no"),
        close() } << Outcome::Unknown
                          << false << QString();
    QTest::newRow("307") << Script { send(answer(307, "", "text/plain", "Location: /y\r\n")) }
                         << Outcome::Later << true << u"another place"_s;
    QTest::newRow("302") << Script { send(answer(302, "", "text/plain", "Location: /y\r\n")) }
                         << Outcome::Unknown << false << u"another place"_s;
}

void TestSlackHook::outcomes()
{
    QFETCH(Script, script);
    QFETCH(Outcome, outcome);
    QFETCH(bool, isShut);
    QFETCH(QString, says);
    HookRig rig;
    rig.says.on(hookPath, script);
    const Told told = rig.tell(telling());
    QCOMPARE(told.outcome, outcome);
    QCOMPARE(told.isWayShut, isShut);
    QVERIFY2(told.error->detail.contains(says), qPrintable(told.error->detail));
    QVERIFY(!told.error->detail.contains(u'<'));
    QCOMPARE(rig.server.arrivals().size(), 1);
}

void TestSlackHook::tellsHowLongToWait()
{
    HookRig rig;
    rig.says.on(hookPath, Script { send(answer(429, "x", "text/plain", "Retry-After: 30\r\n")) });
    const Told told = rig.tell(telling());
    QCOMPARE(told.outcome, Outcome::Later);
    QCOMPARE_GE(told.wait.count(), 30'000);
}

void TestSlackHook::nothingComesBack()
{
    HookRig rig;
    const Told told = rig.look(telling());
    QCOMPARE(told.outcome, Outcome::Unknown);
    QVERIFY(told.error);
    QVERIFY(!rig.way->hears());
    QVERIFY(rig.test().has_value());
    QCOMPARE(rig.server.connections(), 0);
}

void TestSlackHook::secretIsNowhere()
{
    LogLines log;
    QString said;
    LyingServer other;
    const QByteArray away
        = "Location: " + other.url(QString::fromLatin1(hookPath)).toEncoded() + "\r\n";
    const QList<Script> scripts { { send(answer(200, "ok", "text/plain")) },
        { send(answer(200, hookPath, "text/plain")) },
        { send(answer(400, hookPath, "text/plain")) },
        { send(answer(401, hookPath, "text/plain")) },
        { send(answer(404, hookPath, "text/plain")) },
        { send(answer(429, hookPath, "text/plain")) },
        { send(answer(500, hookPath, "text/plain")) },
        { send(answer(301, "", "text/plain", away)) },
        { send(answer(307, "", "text/plain", away)) },
        { send(answer(308, "", "text/plain", "Location: " + hookPath + "\r\n")) }, { reset() },
        { send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\no"), close() } };
    for (const Script &script : scripts) {
        HookRig rig;
        rig.says.on(hookPath, script);
        said += saidIn(rig.tell(telling())) + saidIn(rig.look(telling())) + *rig.test();
    }
    HookRig rig;
    for (const QByteArray &wrong : { "http://hooks.slack.com" + hookPath,
             "https://evil.example" + hookPath, "https://hooks.slack.com:x" + hookPath, hookPath,
             "https://hooks.slack.com" + hookPath + "?canary=1" }) {
        const auto made = rig.make(wrong);
        QVERIFY(!made);
        said += made.error().detail + made.error().where;
    }
    QVERIFY(log.all().count(u'\n') > 20);
    QVERIFY(log.all().contains("POST http://127.0.0.1"_L1));
    for (const QString &text : { log.all(), said })
        QVERIFY2(!text.contains("canary"_L1, Qt::CaseInsensitive), qPrintable(text));
    QCOMPARE(other.connections(), 0);
}

void TestSlackHook::takesSlacksAddressesAlone_data()
{
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("slack") << "https://hooks.slack.com" + hookPath << true;
    QTest::newRow("gov") << "https://hooks.slack-gov.com" + hookPath << true;
    QTest::newRow("this machine") << "http://127.0.0.1:8080" + hookPath << true;
    QTest::newRow("plain") << "http://hooks.slack.com" + hookPath << false;
    QTest::newRow("elsewhere") << "https://hooks.slack.com.evil.example" + hookPath << false;
    QTest::newRow("with a user") << "https://hooks.slack.com@evil.example" + hookPath << false;
    QTest::newRow("other port") << "https://hooks.slack.com:8443" + hookPath << false;
    QTest::newRow("climbing") << QByteArray("https://hooks.slack.com/services/../x") << false;
    QTest::newRow("start page") << QByteArray("https://hooks.slack.com/") << false;
    QTest::newRow("localhost by name") << "http://localhost" + hookPath << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestSlackHook::takesSlacksAddressesAlone()
{
    QFETCH(QByteArray, url);
    QFETCH(bool, isGood);
    HookRig rig;
    const auto made = rig.make(url);
    QCOMPARE(made.has_value(), isGood);
    if (!made) {
        QCOMPARE(made.error().fault, Fault::BadInput);
        QCOMPARE(made.error().where, u"url"_s);
    }
}

QTEST_GUILESS_MAIN(TestSlackHook)
#include "tst_slackhook.moc"

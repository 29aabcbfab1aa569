#include "tests/notify/slack/slackrig.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using Outcome = Told::Outcome;

namespace {

const QString receipt = u"C0ESC:1780920001.000100"_s;

QByteArray refused(const QByteArray &word)
{
    return "{\"ok\":false,\"error\":\"" + word + "\"}";
}

} // namespace

/// A bot of Slack, told and looked at, against a server that lies.
class TestSlackWay : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void postsOnceAndThenChanges();
    void postsAnewWhereThePostIsGone();
    void addsALineWhereThePostIsFixed();
    void changingTwiceIsNoHarm_data();
    void changingTwiceIsNoHarm();
    void faults_data();
    void faults();
    void refusals_data();
    void refusals();
    void saysWhatToDo();
    void looksForPosts_data();
    void looksForPosts();
    void looksInTheThread();
    void findsTheChannel();
    void opensADirectMessage();
    void sawTooLittle();
    void secretStaysAtHome();
    void secretIsNowhere();
    void greets_data();
    void greets();
    void checksSettings_data();
    void checksSettings();
    void checksAddresses_data();
    void checksAddresses();
    void mayGoAtAnyTime();
};

void TestSlackWay::postsOnceAndThenChanges()
{
    SlackRig rig;
    rig.says.on("/api/chat.postMessage", posted())
        .on("/api/chat.postMessage", posted("1780920009.000200"));
    rig.says.on("/api/chat.update", posted());
    Telling one = telling();
    const Told first = rig.tell(one);
    QCOMPARE(first.outcome, Outcome::Arrived);
    QCOMPARE(first.receipt, receipt);
    QCOMPARE(rig.server.arrivals().first().header("Authorization"), "Bearer " + slackToken);
    QJsonObject body = rig.body(0);
    QCOMPARE(body.value("channel"_L1).toString(), u"#escalations"_s);
    QVERIFY(!body.contains("thread_ts"_L1));
    QJsonObject metadata = body.value("metadata"_L1).toObject();
    QCOMPARE(metadata.value("event_type"_L1).toString(), u"tierline_notice"_s);
    QCOMPARE(metadata.value("event_payload"_L1).toObject().value("id"_L1).toString(), one.id);
    QCOMPARE(metadata.value("event_payload"_L1).toObject().value("topic"_L1).toString(), one.topic);

    for (const Act act : { Act::Tell, Act::Acknowledge, Act::Resolve }) {
        const qsizetype before = rig.server.arrivals().size();
        rig.clock.advance(Millis(10'000)); // within the pace
        one.id = rig.random.uuid();
        one.act = act;
        one.receipt = first.receipt;
        const Told next = rig.tell(one);
        QCOMPARE(next.outcome, Outcome::Arrived);
        QCOMPARE(next.receipt, first.receipt);
        QCOMPARE(rig.asked().mid(before), QByteArrayList({ "chat.update", "chat.postMessage" }));
        const QJsonObject changed = rig.body(before);
        QCOMPARE(changed.value("channel"_L1).toString(), u"C0ESC"_s);
        QCOMPARE(changed.value("ts"_L1).toString(), u"1780920001.000100"_s);
        // Left out, so that the post keeps the id of its own telling.
        QVERIFY(!changed.contains("metadata"_L1));
        body = rig.body(before + 1);
        QCOMPARE(body.value("channel"_L1).toString(), u"C0ESC"_s);
        QCOMPARE(body.value("thread_ts"_L1).toString(), u"1780920001.000100"_s);
        metadata = body.value("metadata"_L1).toObject();
        QCOMPARE(metadata.value("event_payload"_L1).toObject().value("id"_L1).toString(), one.id);
        const bool isTold = act == Act::Tell;
        QCOMPARE(changed.value("text"_L1).toString().startsWith("T-12"_L1), isTold);
        QCOMPARE(body.value("text"_L1).toString().startsWith("Nobody"_L1), isTold);
    }
}

void TestSlackWay::postsAnewWhereThePostIsGone()
{
    SlackRig rig;
    rig.says.on("/api/chat.update", refused("message_not_found"));
    rig.says.on("/api/chat.postMessage", posted("1780920005.000300"));
    Telling one = telling();
    one.receipt = receipt;
    const Told told = rig.tell(one);
    QCOMPARE(told.outcome, Outcome::Arrived);
    QCOMPARE(told.receipt, u"C0ESC:1780920005.000300"_s);
    QVERIFY(!rig.body(1).contains("thread_ts"_L1));
}

void TestSlackWay::addsALineWhereThePostIsFixed()
{
    SlackRig rig;
    rig.says.on("/api/chat.update", refused("edit_window_closed"));
    rig.says.on("/api/chat.postMessage", posted());
    Telling one = telling();
    one.receipt = receipt;
    QCOMPARE(rig.tell(one).receipt, receipt);
    QVERIFY(rig.body(1).contains("thread_ts"_L1));
}

void TestSlackWay::changingTwiceIsNoHarm_data()
{
    QTest::addColumn<Script>("update");
    QTest::addColumn<Script>("line");
    QTest::addColumn<Outcome>("outcome");
    const Script good { send(answer(200, posted())) };
    const Script cutShort { send("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"ok\""), close() };
    QTest::newRow("update cut") << cutShort << good << Outcome::Later;
    QTest::newRow("update 500") << Script { send(answer(500, "oops")) } << good << Outcome::Later;
    QTest::newRow("line cut") << good << cutShort << Outcome::Unknown;
    QTest::newRow("line 500") << good << Script { send(answer(500, "oops")) } << Outcome::Unknown;
}

void TestSlackWay::changingTwiceIsNoHarm()
{
    QFETCH(Script, update);
    QFETCH(Script, line);
    QFETCH(Outcome, outcome);
    SlackRig rig;
    rig.says.on("/api/chat.update", update).on("/api/chat.postMessage", line);
    Telling one = telling();
    one.receipt = receipt;
    const Told told = rig.tell(one);
    QCOMPARE(told.outcome, outcome);
    QVERIFY(told.error);
    // Where the line may be there, nothing but a look may follow; the post was changed before it.
    QCOMPARE(rig.asked().contains("chat.postMessage"), outcome == Outcome::Unknown);
}

void TestSlackWay::faults_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("isShut");
    QTest::newRow("500") << Script { send(answer(500, "oops")) } << Outcome::Unknown << false;
    QTest::newRow("503") << Script { send(answer(503, "{}")) } << Outcome::Unknown << false;
    QTest::newRow("died") << Script { reset() } << Outcome::Unknown << false;
    QTest::newRow("half") << Script { send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                           "Content-Length: 99\r\n\r\n{\"ok\":true,"),
        close() } << Outcome::Unknown
                          << false;
    QTest::newRow("page") << Script { send(answer(200, "<html>", "text/html")) } << Outcome::Unknown
                          << false;
    QTest::newRow("no ok") << Script { send(answer(200, "{\"error\":\"x\"}")) } << Outcome::Unknown
                           << false;
    QTest::newRow("ok without a place")
        << Script { send(answer(200, "{\"ok\":true,\"channel\":5,\"ts\":\"../x\"}")) }
        << Outcome::Unknown << false;
    QTest::newRow("401") << Script { send(answer(401, "{}")) } << Outcome::Later << true;
    QTest::newRow("401 with a word")
        << Script { send(answer(401, "{\"ok\":false,\"error\":\"invalid_auth\"}")) }
        << Outcome::Later << true;
    QTest::newRow("413") << Script { send(answer(413, "too much", "text/plain")) }
                         << Outcome::Refused << false;
    QTest::newRow("302") << Script { send(answer(302, "", "text/html", "Location: /login\r\n")) }
                         << Outcome::Unknown << false;
}

void TestSlackWay::faults()
{
    QFETCH(Script, script);
    QFETCH(Outcome, outcome);
    QFETCH(bool, isShut);
    SlackRig rig;
    rig.says.on("/api/chat.postMessage", script);
    const Told told = rig.tell(telling());
    QCOMPARE(told.outcome, outcome);
    QCOMPARE(told.isWayShut, isShut);
    QVERIFY(told.receipt.isEmpty());
    QVERIFY(told.error && told.error->detail.endsWith(u'.'));
    QCOMPARE(rig.server.arrivals().size(), 1);
}

void TestSlackWay::refusals_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("isShut");
    for (const char *word : { "channel_not_found", "not_in_channel", "is_archived", "msg_too_long",
             "invalid_blocks", "msg_blocks_too_long", "restricted_action", "user_not_found",
             "never_heard_of", "Odd Word <!channel>", "" })
        QTest::addRow("%s", word) << QByteArray(word) << Outcome::Refused << false;
    for (const char *word : { "invalid_auth", "token_revoked", "account_inactive", "token_expired",
             "missing_scope", "team_access_not_granted" })
        QTest::addRow("%s", word) << QByteArray(word) << Outcome::Later << true;
    for (const char *word : { "ratelimited", "service_unavailable" })
        QTest::addRow("%s", word) << QByteArray(word) << Outcome::Later << false;
    for (const char *word : { "internal_error", "fatal_error" })
        QTest::addRow("%s", word) << QByteArray(word) << Outcome::Unknown << false;
}

void TestSlackWay::refusals()
{
    QFETCH(QByteArray, word);
    QFETCH(Outcome, outcome);
    QFETCH(bool, isShut);
    SlackRig rig;
    rig.says.on("/api/chat.postMessage", refused(word));
    const Told told = rig.tell(telling());
    QCOMPARE(told.outcome, outcome);
    QCOMPARE(told.isWayShut, isShut);
    const QString sentence = told.error->detail;
    QVERIFY2(!sentence.contains(u'%') && !sentence.contains(u'<') && sentence.endsWith(u'.'),
        qPrintable(sentence));
}

void TestSlackWay::saysWhatToDo()
{
    SlackRig rig;
    rig.says.on("/api/chat.postMessage", refused("not_in_channel"))
        .on("/api/chat.postMessage",
            "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write,chat:write.public\"}")
        .on("/api/chat.postMessage",
            "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"<!channel>\"}")
        .on("/api/chat.postMessage",
            Script { send(answer(429, "{\"ok\":false,\"error\":\"ratelimited\"}",
                "application/json", "Retry-After: 90\r\n")) });
    QCOMPARE(rig.tell(telling()).error->detail,
        u"The bot is not in #escalations: invite it there with /invite."_s);
    QVERIFY(rig.tell(telling()).error->detail.startsWith(
        "The bot lacks the scope chat:write or chat:write.public: add it"_L1));
    QVERIFY(rig.tell(telling()).error->detail.startsWith("The bot lacks a permission: add it"_L1));
    Told told = rig.tell(telling());
    QCOMPARE(told.outcome, Outcome::Later);
    QCOMPARE_GE(told.wait.count(), 90'000);
    QCOMPARE(told.error->fault, Fault::RateLimited);
    // Nothing more goes out before that, and whoever asks hears how long it is.
    told = rig.tell(telling());
    QCOMPARE(told.outcome, Outcome::Later);
    QCOMPARE_GE(told.wait.count(), 90'000);
    QCOMPARE(rig.server.arrivals().size(), 4);
}

void TestSlackWay::looksForPosts_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("found");
    Telling other = telling();
    other.id = u"33333333-3333-4333-8333-333333333333"_s;
    QTest::newRow("there") << messageOf(telling(), "1780920001.000100") << Outcome::Arrived
                           << receipt;
    QTest::newRow("another's") << messageOf(other, "1780920001.000100") << Outcome::Later
                               << QString();
    QTest::newRow("empty") << QByteArray("{\"ok\":true,\"messages\":[]}") << Outcome::Later
                           << QString();
    QTest::newRow("no list") << QByteArray("{\"ok\":true}") << Outcome::Unknown << QString();
    QTest::newRow("odd list") << QByteArray("{\"ok\":true,\"messages\":{\"0\":5}}")
                              << Outcome::Unknown << QString();
    QTest::newRow("odd items") << QByteArray(
        "{\"ok\":true,\"messages\":[5,null,{\"metadata\":[]}]}")
                               << Outcome::Later << QString();
    QTest::newRow("closed") << refused("not_in_channel") << Outcome::Unknown << QString();
    QTest::newRow("odd ts") << messageOf(telling(), "../../x") << Outcome::Later << QString();
}

void TestSlackWay::looksForPosts()
{
    QFETCH(QByteArray, history);
    QFETCH(Outcome, outcome);
    QFETCH(QString, found);
    SlackRig rig;
    rig.says.on("/api/conversations.history", history);
    Telling one = telling();
    one.address = u"C0ESC"_s;
    const Told told = rig.look(one);
    QCOMPARE(told.outcome, outcome);
    QCOMPARE(told.receipt, found);
    QCOMPARE(told.error.has_value(), outcome != Outcome::Arrived);
    QCOMPARE(rig.query(0, u"channel"_s), u"C0ESC"_s);
    QCOMPARE(rig.query(0, u"include_all_metadata"_s), u"true"_s);
    // Ten minutes before, for clocks that differ.
    QCOMPARE(rig.query(0, u"oldest"_s), u"1780919400.000000"_s);
}

void TestSlackWay::looksInTheThread()
{
    Telling one = telling();
    one.receipt = receipt;
    {
        SlackRig rig;
        rig.says.on("/api/conversations.replies", messageOf(one, "1780920009.000900"));
        const Told told = rig.look(one);
        QCOMPARE(told.outcome, Outcome::Arrived);
        QCOMPARE(told.receipt, receipt);
        QCOMPARE(rig.query(0, u"ts"_s), u"1780920001.000100"_s);
    }
    {
        // The post was removed, and a new one was made.
        SlackRig rig;
        rig.says.on("/api/conversations.replies", refused("thread_not_found"));
        rig.says.on("/api/conversations.history", messageOf(one, "1780920009.000900"));
        QCOMPARE(rig.look(one).receipt, u"C0ESC:1780920009.000900"_s);
    }
    SlackRig rig;
    rig.says.on("/api/conversations.replies", "{\"ok\":true,\"messages\":[]}");
    rig.says.on("/api/conversations.history", "{\"ok\":true,\"messages\":[]}");
    QCOMPARE(rig.look(one).outcome, Outcome::Later);
}

void TestSlackWay::findsTheChannel()
{
    SlackRig rig;
    rig.says
        .on("/api/users.conversations",
            "{\"ok\":true,\"channels\":[{\"id\":\"C0ONE\",\"name\":\"one\"}],"
            "\"response_metadata\":{\"next_cursor\":\"more=\"}}")
        .on("/api/users.conversations",
            "{\"ok\":true,\"channels\":[{\"id\":\"C0ESC\",\"name\":\"escalations\"}]}");
    rig.says.on("/api/conversations.history", messageOf(telling(), "1780920001.000100"));
    QCOMPARE(rig.look(telling()).receipt, receipt);
    QCOMPARE(rig.query(1, u"cursor"_s), u"more="_s);
    // From then on it is known.
    QCOMPARE(rig.look(telling()).receipt, receipt);
    QCOMPARE(rig.asked(),
        QByteArrayList({ "users.conversations", "users.conversations", "conversations.history",
            "conversations.history" }));
    Telling other = telling();
    other.address = u"#elsewhere"_s;
    const Told told = rig.look(other);
    QCOMPARE(told.outcome, Outcome::Unknown);
    QVERIFY(told.error->detail.contains("not in #elsewhere"_L1));
}

void TestSlackWay::opensADirectMessage()
{
    SlackRig rig;
    rig.says.on("/api/conversations.open", "{\"ok\":true,\"channel\":{\"id\":\"D0PRIYA\"}}")
        .on("/api/conversations.open", "{\"ok\":true,\"channel\":{\"id\":\"../x\"}}");
    rig.says.on("/api/conversations.history", messageOf(telling(), "1780920001.000100"));
    Telling one = telling();
    one.address = u"U0PRIYA"_s;
    QCOMPARE(rig.look(one).receipt, u"D0PRIYA:1780920001.000100"_s);
    one.address = u"U0OTHER"_s;
    QCOMPARE(rig.look(one).outcome, Outcome::Unknown);
}

void TestSlackWay::sawTooLittle()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history",
        "{\"ok\":true,\"messages\":[],\"response_metadata\":{\"next_cursor\":\"on\"}}");
    Telling one = telling();
    one.address = u"C0ESC"_s;
    // That nothing was found in a part of it does not mean that nothing is there.
    QCOMPARE(rig.look(one).outcome, Outcome::Unknown);
    QCOMPARE(rig.server.arrivals().size(), 8);
}

void TestSlackWay::secretStaysAtHome()
{
    LyingServer other;
    for (const int status : { 301, 302, 303, 307, 308 }) {
        SlackRig rig;
        const Script away { send(answer(
            status, "", "text/html", "Location: " + other.url(u"/steal"_s).toEncoded() + "\r\n")) };
        rig.says.on("/api/chat.postMessage", away).on("/api/conversations.history", away);
        Telling one = telling();
        one.address = u"C0ESC"_s;
        const Told told = rig.tell(one);
        QVERIFY(told.outcome != Outcome::Arrived);
        QCOMPARE(told.isWayShut, status >= 307);
        QCOMPARE(rig.look(one).outcome, Outcome::Unknown);
    }
    QCOMPARE(other.connections(), 0);
}

void TestSlackWay::secretIsNowhere()
{
    LogLines log;
    QString said;
    const QList<Script> scripts { { send(answer(200, posted())) },
        { send(answer(200, refused("invalid_auth"))) }, { send(answer(200, refused(slackToken))) },
        { send(answer(401, "{\"error\":\"" + slackToken + "\"}")) },
        { send(answer(429, slackToken, "text/plain", "Retry-After: 600\r\n")) },
        { send(answer(500, slackToken)) }, { reset() },
        { send(answer(302, "", "text/html", "Location: /" + slackToken + "\r\n")) },
        { send(answer(307, "", "text/html", "Location: /" + slackToken + "\r\n")) },
        { send(answer(200, "{\"ok\":true,\"channel\":\"" + slackToken + "\",\"ts\":\"1\"}")) } };
    for (const Script &script : scripts) {
        SlackRig rig;
        for (const char *method : { "chat.postMessage", "chat.update", "conversations.history",
                 "conversations.replies", "auth.test", "users.info" })
            rig.says.on(QByteArray("/api/") + method, script);
        Telling one = telling();
        one.address = u"C0ESC"_s;
        said += saidIn(rig.tell(one)) + saidIn(rig.look(one));
        one.receipt = receipt;
        said += saidIn(rig.tell(one)) + saidIn(rig.look(one));
        const auto heard = rig.hear({ { one.topic, one.address, receipt, {} } });
        const auto tested = rig.test();
        said += heard ? QString() : heard.error().detail + heard.error().where;
        said += tested ? *tested : tested.error().detail + tested.error().where;
    }
    QVERIFY(log.all().count(u'\n') > 50);
    QVERIFY(log.all().contains("chat.postMessage"_L1));
    for (const QString &text : { log.all(), said }) {
        QVERIFY2(!text.contains("canary"_L1), qPrintable(text));
        // Nor what the card says.
        QVERIFY2(!text.contains("SSO"_L1) && !text.contains("Ada"_L1), qPrintable(text));
    }
}

void TestSlackWay::greets_data()
{
    QTest::addColumn<QByteArray>("scopes");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    QTest::addColumn<bool>("isGood");
    const QByteArray good = "{\"ok\":true,\"team\":\"ACME\",\"user\":\"tierline-bot\"}";
    const QString signedIn = u"Signed in to ACME as tierline-bot."_s;
    QTest::newRow("all") << QByteArray("chat:write, channels:history,users:read.email") << good
                         << signedIn << true;
    QTest::newRow("not told") << QByteArray() << good << signedIn << true;
    QTest::newRow("cannot hear") << QByteArray("chat:write") << good
                                 << u"nobody's claim is heard."_s << true;
    QTest::newRow("no mail") << QByteArray("chat:write,groups:history") << good
                             << u"which agent claims."_s << true;
    QTest::newRow("cannot post") << QByteArray("users:read") << good << u"chat:write"_s << false;
    QTest::newRow("revoked") << QByteArray() << refused("token_revoked")
                             << u"no longer valid (token_revoked)"_s << false;
}

void TestSlackWay::greets()
{
    QFETCH(QByteArray, scopes);
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    QFETCH(bool, isGood);
    SlackRig rig;
    const QByteArray header
        = scopes.isEmpty() ? QByteArray() : "X-OAuth-Scopes: " + scopes + "\r\n";
    rig.says.on("/api/auth.test", Script { send(answer(200, body, "application/json", header)) });
    const auto result = rig.test();
    QCOMPARE(result.has_value(), isGood);
    const QString sentence = result ? *result : result.error().detail;
    QVERIFY2(sentence.contains(says), qPrintable(sentence));
    QCOMPARE(rig.asked(), QByteArrayList({ "auth.test" }));
}

void TestSlackWay::checksSettings_data()
{
    QTest::addColumn<QString>("api");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("where");
    QTest::newRow("good") << QString() << slackToken << QString();
    QTest::newRow("gov") << u"https://slack-gov.com/api"_s << slackToken << QString();
    QTest::newRow("plain") << u"http://slack.com/api"_s << slackToken << u"api"_s;
    QTest::newRow("none") << QString() << QByteArray() << u"token"_s;
    QTest::newRow("app token") << QString() << QByteArray("xapp-1") << u"token"_s;
    QTest::newRow("line break") << QString() << QByteArray("xoxb-1\n") << u"token"_s;
}

void TestSlackWay::checksSettings()
{
    QFETCH(QString, api);
    QFETCH(QByteArray, token);
    QFETCH(QString, where);
    WayConfig config;
    if (!api.isEmpty())
        config.options[u"api"_s] = api;
    const WayKind &kind = slackKind(u"slack"_s);
    FakeClock clock;
    SeededRandom random { 1 };
    const auto made
        = kind.make(config, { { u"token"_s, Secret::take(QByteArray(token)) } }, clock, random);
    QCOMPARE(made.has_value(), where.isEmpty());
    QCOMPARE(kind.check(config).has_value(), where != "api"_L1);
    if (!made) {
        QCOMPARE(made.error().where, where);
        QCOMPARE(made.error().fault, Fault::BadInput);
    }
    config.authorities = "nonsense";
    QVERIFY(!kind.check(config));
}

void TestSlackWay::checksAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("name") << u"#escalations"_s << true;
    QTest::newRow("umlaut") << u"#störungen-l2_x"_s << true;
    QTest::newRow("channel") << u"C0123456789"_s << true;
    QTest::newRow("person") << u"U0123456789"_s << true;
    QTest::newRow("direct") << u"D0123456789"_s << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("bare") << u"escalations"_s << false;
    QTest::newRow("blank") << u"#a b"_s << false;
    QTest::newRow("line break") << u"#a\n"_s << false;
    QTest::newRow("mail") << u"ada@example.org"_s << false;
    QTest::newRow("team") << u"T0123456789"_s << false;
    QTest::newRow("long") << u"#"_s + QString(81, u'a') << false;
}

void TestSlackWay::checksAddresses()
{
    QFETCH(QString, address);
    QFETCH(bool, isGood);
    QCOMPARE(slackKind(u"slack"_s).checkAddress(address).has_value(), isGood);
    QCOMPARE(slackKind(u"slack-hook"_s).checkAddress(address).has_value(), address.isEmpty());
}

void TestSlackWay::mayGoAtAnyTime()
{
    SlackRig rig;
    rig.says.on("/api/chat.postMessage", Script { hold() });
    int called = 0;
    const auto count = [&called](const Told &) { ++called; };
    auto dropped = rig.way->tell(telling(), count);
    auto kept = rig.way->tell(telling(), count);
    QTRY_COMPARE(rig.server.arrivals().size(), 2);
    dropped.reset();
    rig.way.reset();
    QTRY_COMPARE(rig.server.open(), 0);
    kept.reset();
    QCOMPARE(called, 0);

    SlackRig silent;
    silent.says.on("/api/chat.postMessage", Script { hold() });
    Told told;
    const auto errand = silent.way->tell(telling(), [&](const Told &value) {
        told = value;
        ++called;
    });
    QTRY_COMPARE(silent.server.arrivals().size(), 1);
    silent.clock.advance(Millis(61'000));
    QTRY_COMPARE(called, 1);
    QCOMPARE(told.outcome, Outcome::Unknown);
    QCOMPARE(told.error->fault, Fault::Timeout);
}

QTEST_GUILESS_MAIN(TestSlackWay)
#include "tst_slackway.moc"

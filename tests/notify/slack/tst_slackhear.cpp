#include "core/notify/slack/slackclaims.h"
#include "tests/notify/slack/slackrig.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray rootTs = "1780920001.000100";

Open open(const QString &topic = u"topic-1"_s, const QString &ts = QString::fromLatin1(rootTs),
    const QString &channel = u"C0ESC"_s)
{
    return { topic, u"#escalations"_s, channel + u':' + ts, {} };
}

QByteArray list(const QByteArray &messages, const QByteArray &rest = {})
{
    return "{\"ok\":true,\"messages\":[" + messages + "]" + rest + "}";
}

/// One of our posts.
QByteArray root(const QByteArray &rest = {}, const QByteArray &ts = rootTs)
{
    return "{\"ts\":\"" + ts + "\",\"bot_id\":\"B1\"" + rest + "}";
}

QByteArray reply(const QByteArray &user, const QByteArray &text, const QByteArray &ts,
    const QByteArray &rest = {})
{
    return "{\"ts\":\"" + ts + "\",\"user\":\"" + user + "\",\"text\":\"" + text + "\"" + rest
        + "}";
}

QByteArray person(const QByteArray &name, const QByteArray &email = {})
{
    return "{\"ok\":true,\"user\":{\"is_bot\":false,\"profile\":{\"real_name\":\"" + name
        + "\",\"email\":\"" + email + "\"}}}";
}

QStringList whoIn(const Result<std::vector<Heard>> &heard)
{
    QStringList all;
    if (!heard)
        return { heard.error().detail };
    for (const Heard &one : *heard)
        all += one.who;
    return all;
}

} // namespace

/// Who claims in Slack.
class TestSlackHear : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void knowsClaims_data();
    void knowsClaims();
    void firstWins();
    void botsAndOddMessagesClaimNothing();
    void reactionsClaimOnce();
    void readsOnlyWhatIsOpen();
    void readsThreadsBeyondThePages();
    void peopleAreAskedOnce();
    void hearsWithoutThePeoplesScope();
    void failsWholeWhereItMayMiss_data();
    void failsWholeWhereItMayMiss();
    void oneClosedChannelIsLeftOut();
    void nothingOpenAsksNothing();
};

void TestSlackHear::knowsClaims_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("claims");
    for (const char *text : { "claim", "Claimed!", "take", "Taking this one", "mine", "MINE",
             "*mine*", "I take it", "I\u2019ll take it", "\u00fcbernehme", "\u00dcbernehme ich",
             "u\u0308bernehme", "Ich \u00fcbernehme das", "je prends", "Je le prends", "lo tomo",
             "Yo lo tomo", "eu assumo", ":raised_hand: mine" })
        QTest::addRow("%s", text) << QString::fromUtf8(text)
                                  << !QByteArray(text).startsWith(":raised");
    for (const char *text : { "", "not mine", "I take", "take your time", "taking a break",
             "who takes it", "take a look?", "mineral", "je", "<@U0SAM> take", "<!channel> mine",
             "undertake", "  ", "\u4e2d" })
        QTest::addRow("no: %s", text) << QString::fromUtf8(text) << false;
}

void TestSlackHear::knowsClaims()
{
    QFETCH(QString, text);
    QFETCH(bool, claims);
    QCOMPARE(slack::saysClaim(text), claims);
}

void TestSlackHear::firstWins()
{
    SlackRig rig;
    rig.clock.advance(Millis(300'000));
    rig.says.on("/api/conversations.history",
        list(root(",\"reply_count\":4,\"reactions\":[{\"name\":\"eyes\",\"users\":[\"U0EVE\"]}]")));
    rig.says.on("/api/conversations.replies",
        list(root() + ',' + reply("U0SAM", "mine", "1780920060.000200") + ','
            + reply("U0ADA", "I take it", "1780920060.000100") + ','
            + reply("U0BOB", "what is it about", "1780920030.000100")
            + ','
            // Said first, and made a claim of when others had claimed.
            + reply("U0CAT", "mine", "1780920010.000100",
                ",\"edited\":{\"ts\":\"1780920090.000000\"}")));
    rig.says.on("/api/users.info", person("Ada Byron", "ada@example.org"));
    const auto heard = rig.hear({ open() });
    QCOMPARE(whoIn(heard), QStringList({ u"U0ADA"_s, u"U0SAM"_s, u"U0CAT"_s, u"U0EVE"_s }));
    const Heard &first = heard->front();
    QCOMPARE(first.topic, u"topic-1"_s);
    QCOMPARE(first.kind, Heard::Kind::Claim);
    QCOMPARE(first.id, u"C0ESC:1780920060.000100"_s);
    QCOMPARE(first.name, u"Ada Byron"_s);
    QCOMPARE(first.email, u"ada@example.org"_s);
    QCOMPARE(first.at.ms, 1'780'920'060'000);
    QCOMPARE(rig.hear({ open() }), heard);
}

void TestSlackHear::botsAndOddMessagesClaimNothing()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history",
        list("5,null,{},[],"
            + root(",\"reply_count\":9,\"reactions\":[5,{\"name\":\"eyes\",\"users\":["
                   "5,null,\"../x\",\"USLACKBOT\",\"B0BOT\"]},"
                   "{\"name\":\"tada\",\"users\":[\"U0ADA\"]},{\"users\":\"U0ADA\"}]")));
    rig.says.on("/api/conversations.replies",
        list("5,{},null," + reply("U0BOT", "mine", "1780920060.000100", ",\"bot_id\":\"B2\"") + ','
            + reply("USLACKBOT", "mine", "1780920060.000200") + ','
            + reply("../../x", "mine", "1780920060.000300") + ',' + reply("U0ADA", "mine", "soon")
            + ',' + reply("U0ADA", "mine", "1e99") + ','
            + reply("U0ADA", "mine", "1780920060.000400", ",\"subtype\":\"channel_join\"")
            + ",{\"ts\":\"1780920060.000500\",\"user\":\"U0ADA\",\"text\":{\"a\":1}}" + ','
            + reply("U0APP", "mine", "1780920060.000600")));
    // Only asking shows that this one is no person.
    rig.says.on("/api/users.info", "{\"ok\":true,\"user\":{\"is_bot\":true}}");
    const auto heard = rig.hear({ open() });
    QVERIFY(heard.has_value());
    QCOMPARE(whoIn(heard), QStringList());
    QCOMPARE(rig.asked(),
        QByteArrayList({ "conversations.history", "conversations.replies", "users.info" }));
}

void TestSlackHear::reactionsClaimOnce()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history",
        list(root(
            ",\"reactions\":[{\"name\":\"raised_hand::skin-tone-3\",\"users\":[\"U0SAM\",\"U0ADA\"]},"
            "{\"name\":\"white_check_mark\",\"users\":[\"U0ADA\",\"U0EVE\"]}]")));
    rig.says.on("/api/users.info", person("Somebody"));
    const auto heard = rig.hear({ open() });
    QCOMPARE(whoIn(heard), QStringList({ u"U0SAM"_s, u"U0ADA"_s, u"U0EVE"_s }));
    for (const Heard &one : *heard) {
        QCOMPARE(one.kind, Heard::Kind::Claim); // a tick is no resolution
        QCOMPARE(one.at, rig.clock.now());
    }
    rig.clock.advance(Millis(1'000));
    const auto again = rig.hear({ open() });
    for (size_t i = 0; i < again->size(); ++i)
        QCOMPARE((*again)[i].id, (*heard)[i].id);
    // Without replies no thread is read.
    QVERIFY(!rig.asked().contains("conversations.replies"));
}

void TestSlackHear::readsOnlyWhatIsOpen()
{
    SlackRig rig;
    const QByteArray eyes = ",\"reactions\":[{\"name\":\"eyes\",\"users\":[\"U0ADA\"]}]";
    rig.says.on("/api/conversations.history",
        list(root(eyes, "1780920001.000100") + ',' + root(eyes, "1780920002.000100") + ','
            + root(eyes, "1780920003.000100")));
    rig.says.on("/api/users.info", person("Ada"));
    const auto heard = rig.hear({ open(u"first"_s), open(u"third"_s, u"1780920003.000100"_s),
        open(u"elsewhere"_s, u"1780920003.000100"_s, u"C0OTHER"_s),
        { u"unsent"_s, u"#x"_s, {}, {} } });
    QStringList topics;
    for (const Heard &one : *heard)
        topics += one.topic;
    topics.sort();
    QCOMPARE(topics, QStringList({ u"elsewhere"_s, u"first"_s, u"third"_s }));
    QCOMPARE(rig.asked().count("conversations.history"), 2); // one for each channel
    QCOMPARE(rig.query(0, u"oldest"_s), u"1780920001.000100"_s);
    QCOMPARE(rig.query(0, u"latest"_s), u"1780920003.000100"_s);
    QCOMPARE(rig.query(0, u"inclusive"_s), u"true"_s);
}

void TestSlackHear::readsThreadsBeyondThePages()
{
    SlackRig rig;
    rig.says.on(
        "/api/conversations.history", list({}, ",\"response_metadata\":{\"next_cursor\":\"on\"}"));
    rig.says.on("/api/conversations.replies",
        list(root(",\"reactions\":[{\"name\":\"eyes\",\"users\":[\"U0EVE\"]}]") + ','
            + reply("U0ADA", "mine", "1780920060.000100")));
    rig.says.on("/api/users.info", person("Ada"));
    QCOMPARE(whoIn(rig.hear({ open() })), QStringList({ u"U0EVE"_s, u"U0ADA"_s }));
    QCOMPARE(rig.asked().count("conversations.history"), 3);
}

void TestSlackHear::peopleAreAskedOnce()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history", list(root(",\"reply_count\":2")));
    rig.says.on("/api/conversations.replies",
        list(reply("U0ADA", "mine", "1780920060.000100") + ','
            + reply("U0ADA", "taking", "1780920061.000100")));
    rig.says.on("/api/users.info", "{\"ok\":false,\"error\":\"user_not_visible\"}");
    QCOMPARE(whoIn(rig.hear({ open() })), QStringList({ u"U0ADA"_s, u"U0ADA"_s }));
    QCOMPARE(whoIn(rig.hear({ open() })), QStringList({ u"U0ADA"_s, u"U0ADA"_s }));
    QCOMPARE(rig.asked().count("users.info"), 1);
}

void TestSlackHear::hearsWithoutThePeoplesScope()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history", list(root(",\"reply_count\":2")));
    rig.says.on("/api/conversations.replies",
        list(reply("U0ADA", "mine", "1780920060.000100") + ','
            + reply("U0SAM", "mine", "1780920061.000100")));
    rig.says.on(
        "/api/users.info", "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"users:read\"}");
    const auto heard = rig.hear({ open() });
    QCOMPARE(whoIn(heard), QStringList({ u"U0ADA"_s, u"U0SAM"_s }));
    QVERIFY(heard->front().email.isEmpty() && heard->front().name.isEmpty());
    QCOMPARE(rig.asked().count("users.info"), 1);
}

void TestSlackHear::failsWholeWhereItMayMiss_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<Script>("script");
    QTest::addColumn<Fault>("fault");
    for (const QByteArray path :
        { "/api/conversations.history", "/api/conversations.replies", "/api/users.info" }) {
        QTest::addRow("%s 500", path.constData())
            << path << Script { send(answer(500, "x")) } << Fault::BadReply;
        QTest::addRow("%s died", path.constData()) << path << Script { reset() } << Fault::BadReply;
        QTest::addRow("%s 429", path.constData())
            << path << Script { send(answer(429, "x", "text/plain", "Retry-After: 5\r\n")) }
            << Fault::RateLimited;
        QTest::addRow("%s token", path.constData())
            << path << Script { send(answer(200, "{\"ok\":false,\"error\":\"token_revoked\"}")) }
            << Fault::SignIn;
        if (path.endsWith("info"))
            continue;
        QTest::addRow("%s odd", path.constData())
            << path << Script { send(answer(200, "{\"ok\":true,\"messages\":\"none\"}")) }
            << Fault::BadReply;
    }
}

void TestSlackHear::failsWholeWhereItMayMiss()
{
    QFETCH(QByteArray, path);
    QFETCH(Script, script);
    QFETCH(Fault, fault);
    SlackRig rig;
    const std::map<QByteArray, QByteArray> good { { "/api/conversations.history",
                                                      list(root(",\"reply_count\":2")) },
        { "/api/conversations.replies", list(reply("U0ADA", "mine", "1780920060.000100")) },
        { "/api/users.info", person("Ada") } };
    for (const auto &[each, json] : good)
        rig.says.on(each, each == path ? script : Script { send(answer(200, json)) });
    const auto heard = rig.hear({ open() });
    QVERIFY(!heard);
    QCOMPARE(heard.error().fault, fault);
}

void TestSlackHear::oneClosedChannelIsLeftOut()
{
    SlackRig rig;
    rig.says.on("/api/conversations.history", "{\"ok\":false,\"error\":\"not_in_channel\"}")
        .on("/api/conversations.history",
            list(root(",\"reactions\":[{\"name\":\"hand\",\"users\":[\"U0ADA\"]}]")))
        .on("/api/conversations.history", "{\"ok\":false,\"error\":\"not_in_channel\"}");
    rig.says.on("/api/users.info", person("Ada"));
    QCOMPARE(whoIn(rig.hear({ open(u"closed"_s, u"1780920003.000100"_s, u"C0AAA"_s), open() })),
        QStringList({ u"U0ADA"_s }));
    const auto heard = rig.hear({ open() });
    QVERIFY(!heard);
    QCOMPARE(heard.error().fault, Fault::NotAllowed);
}

void TestSlackHear::nothingOpenAsksNothing()
{
    SlackRig rig;
    QVERIFY(rig.way->hears());
    QCOMPARE(whoIn(rig.hear({})), QStringList());
    QCOMPARE(whoIn(rig.hear({ { u"t"_s, u"#x"_s, u"of another kind"_s, {} } })), QStringList());
    QCOMPARE(rig.server.arrivals().size(), 0);
}

QTEST_GUILESS_MAIN(TestSlackHear)
#include "tst_slackhear.moc"

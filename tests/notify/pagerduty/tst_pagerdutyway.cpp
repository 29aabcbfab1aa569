#include "tests/support/notify/wayrig.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <QUrlQuery>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using Outcome = Told::Outcome;

namespace tierline::notify {
void registerPagerduty(WayRegistry &registry);
}

namespace {

const QByteArray pagerKey = "canaryKey0123456789canaryKey0123";
const QByteArray apiToken = "canaryToken";

const WayKind &kind()
{
    static const WayRegistry registry = [] {
        WayRegistry all;
        registerPagerduty(all);
        return all;
    }();
    return *registry.find(u"pagerduty"_s);
}

struct PagerRig : WayRig {
    explicit PagerRig(const QByteArray &token = apiToken)
    {
        WayConfig config;
        config.options[u"events"_s] = eventServer.url().toString();
        config.options[u"api"_s] = apiServer.url().toString();
        way = std::move(*kind().make(config,
            { { u"key"_s, Secret::take(QByteArray(pagerKey)) },
                { u"token"_s, Secret::take(QByteArray(token)) } },
            clock, random));
    }
    QJsonObject event(qsizetype index = 0) const
    {
        return QJsonDocument::fromJson(eventServer.arrivals().at(index).body).object();
    }
    PagerRig &enqueue(const Script &script)
    {
        events.on("/v2/enqueue", script);
        return *this;
    }

    LyingServer eventServer;
    LyingServer apiServer;
    Scripts events { eventServer };
    Scripts api { apiServer };
};

const Script accepted { send(answer(
    202, "{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"canary\"}")) };

Telling paging()
{
    Telling one;
    one.id = u"11111111-1111-4111-8111-111111111111"_s;
    one.topic = u"22222222-2222-4222-8222-222222222222"_s;
    one.card.ticket = u"T-12"_s;
    one.card.subject = u"SSO login loops"_s;
    one.card.customer = u"Ada Byron, ACME"_s;
    one.card.plan = u"enterprise"_s;
    one.card.tier = u"L2 Technical"_s;
    one.card.reason = u"20 min without an answer"_s;
    one.card.text = u"Nobody has answered yet."_s;
    one.card.link = u"https://desk.example.com/t/12"_s;
    one.card.isUrgent = true;
    one.at = { 1'780'920'000'000 };
    return one;
}

QByteArray invalid(const QByteArray &sentence)
{
    return "{\"status\":\"invalid event\",\"message\":\"Event object is invalid\",\"errors\":[\""
        + sentence + "\"]}";
}

QByteArray agent(const QByteArray &id, const QByteArray &type = "user_reference")
{
    return "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"summary\":\"Priya S.\"}";
}

QByteArray acknowledged(const QByteArray &by, const QByteArray &at)
{
    return "{\"id\":\"Q0INCIDENT\",\"status\":\"acknowledged\",\"acknowledgements\":[{\"at\":\""
        + at + "\",\"acknowledger\":" + by + "}]}";
}

QByteArray resolved(const QByteArray &by)
{
    return "{\"id\":\"Q0INCIDENT\",\"status\":\"resolved\",\"last_status_change_at\":"
           "\"2026-06-08T12:30:00Z\",\"last_status_change_by\":"
        + by + "}";
}

QByteArray incidents(const QByteArray &items, bool isMore = false)
{
    return "{\"incidents\":[" + items + "],\"more\":" + (isMore ? "true" : "false") + "}";
}

const Open open { u"topic-1"_s, {}, u"topic-1"_s, {} };

} // namespace

/// A pager's service, told and heard, against two servers that lie.
class TestPagerDutyWay : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void triggers();
    void changesWithTheKeyAlone_data();
    void changesWithTheKeyAlone();
    void keepsLimits();
    void outcomes_data();
    void outcomes();
    void waitsAMinuteAtLeast();
    void showsTheirWordsOnlyWhereTheyAreHarmless_data();
    void showsTheirWordsOnlyWhereTheyAreHarmless();
    void looksNowhere();
    void hears_data();
    void hears();
    void hearsWhoItIs();
    void readsAllPages();
    void failsWholeWhereItMayMiss_data();
    void failsWholeWhereItMayMiss();
    void hearsNothingWithoutAToken();
    void testPagesNobody();
    void secretsStayAtHome();
    void secretsAreNowhere();
    void checksSettings_data();
    void checksSettings();
};

void TestPagerDutyWay::triggers()
{
    PagerRig rig;
    rig.enqueue(accepted);
    const Told told = rig.tell(paging());
    QCOMPARE(told.outcome, Outcome::Arrived);
    QCOMPARE(told.receipt, paging().topic);
    const Arrival &arrival = rig.eventServer.arrivals().first();
    QCOMPARE(arrival.method, "POST");
    QCOMPARE(arrival.header("Authorization"), "");
    const QJsonObject event = rig.event();
    QCOMPARE(event.value("routing_key"_L1).toString().toLatin1(), pagerKey);
    QCOMPARE(event.value("event_action"_L1).toString(), u"trigger"_s);
    QCOMPARE(event.value("dedup_key"_L1).toString(), paging().topic);
    QCOMPARE(event.value("client"_L1).toString(), u"Tierline"_s);
    QCOMPARE(event.value("client_url"_L1).toString(), u"https://desk.example.com/t/12"_s);
    QCOMPARE(event.value("links"_L1).toArray().size(), 1);
    const QJsonObject payload = event.value("payload"_L1).toObject();
    QCOMPARE(payload.value("summary"_L1).toString(),
        u"T-12 · SSO login loops · Ada Byron, ACME (enterprise): Nobody has answered yet."_s);
    QCOMPARE(payload.value("severity"_L1).toString(), u"critical"_s);
    QCOMPARE(payload.value("timestamp"_L1).toString(), u"2026-06-08T12:00:00Z"_s);
    QCOMPARE(payload.value("source"_L1).toString(), u"Tierline"_s);
    QCOMPARE(payload.value("component"_L1).toString(), u"T-12"_s);
    const QJsonObject details = payload.value("custom_details"_L1).toObject();
    QCOMPARE(details.value("reason"_L1).toString(), u"20 min without an answer"_s);
    QCOMPARE(details.value("tier"_L1).toString(), u"L2 Technical"_s);

    Telling calm = paging();
    calm.card.isUrgent = false;
    calm.card.link = u"javascript:alert(1)"_s;
    rig.tell(calm);
    QCOMPARE(
        rig.event(1).value("payload"_L1).toObject().value("severity"_L1).toString(), u"warning"_s);
    QVERIFY(!rig.event(1).contains("links"_L1) && !rig.event(1).contains("client_url"_L1));
}

void TestPagerDutyWay::changesWithTheKeyAlone_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<QString>("action");
    QTest::newRow("taken") << Act::Acknowledge << u"acknowledge"_s;
    QTest::newRow("over") << Act::Resolve << u"resolve"_s;
}

void TestPagerDutyWay::changesWithTheKeyAlone()
{
    QFETCH(Act, act);
    QFETCH(QString, action);
    PagerRig rig;
    rig.enqueue(accepted);
    Telling one = paging();
    one.act = act;
    QCOMPARE(rig.tell(one).outcome, Outcome::Arrived);
    QCOMPARE(rig.event().value("event_action"_L1).toString(), action);
    QStringList keys = rig.event().keys();
    QCOMPARE(keys, QStringList({ u"dedup_key"_s, u"event_action"_s, u"routing_key"_s }));
}

void TestPagerDutyWay::keepsLimits()
{
    PagerRig rig;
    rig.enqueue(accepted);
    Telling one = paging();
    // Each is six bytes in JSON, and the last is half a pair.
    const QString huge = QString(300'000, QChar(1)) + QChar(0xd83d);
    one.topic = QString(300, u't');
    one.card.subject = one.card.customer = one.card.plan = one.card.tier = one.card.reason = huge;
    one.card.text = one.card.ticket = huge;
    QCOMPARE(rig.tell(one).outcome, Outcome::Arrived);
    QVERIFY(rig.eventServer.arrivals().first().body.size() < 512 * 1024);
    QVERIFY(rig.event().value("dedup_key"_L1).toString().size() <= 255);
    const QString summary
        = rig.event().value("payload"_L1).toObject().value("summary"_L1).toString();
    QCOMPARE(summary.size(), 1024);
    QVERIFY(summary.isValidUtf16());
}

void TestPagerDutyWay::outcomes_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("isShut");
    QTest::newRow("202") << accepted << Outcome::Arrived << false;
    QTest::newRow("400") << Script { send(answer(400, invalid("'payload' is missing"))) }
                         << Outcome::Refused << false;
    QTest::newRow("400 key") << Script {
        send(answer(400, invalid("Length of 'routing_key' is incorrect (should be 32 characters)")))
    } << Outcome::Refused << true;
    QTest::newRow("413") << Script { send(answer(413, "{}")) } << Outcome::Refused << false;
    QTest::newRow("429") << Script { send(answer(429, "{}")) } << Outcome::Later << false;
    QTest::newRow("500") << Script { send(answer(500, "{}")) } << Outcome::Unknown << false;
    QTest::newRow("died") << Script { reset() } << Outcome::Unknown << false;
    QTest::newRow("half") << Script { send("HTTP/1.1 202 OK\r\nContent-Type: application/json\r\n"
                                           "Content-Length: 99\r\n\r\n{\"status\":"),
        close() } << Outcome::Unknown
                          << false;
    QTest::newRow("page") << Script { send(answer(200, "<html>", "text/html")) } << Outcome::Unknown
                          << false;
    QTest::newRow("other JSON") << Script { send(answer(200, "{\"status\":\"fine\"}")) }
                                << Outcome::Unknown << false;
}

void TestPagerDutyWay::outcomes()
{
    QFETCH(Script, script);
    QFETCH(Outcome, outcome);
    QFETCH(bool, isShut);
    PagerRig rig;
    rig.enqueue(script);
    const Told told = rig.tell(paging());
    QCOMPARE(told.outcome, outcome);
    QCOMPARE(told.isWayShut, isShut);
    QCOMPARE(told.error.has_value(), outcome != Outcome::Arrived);
    QCOMPARE(told.receipt.isEmpty(), outcome != Outcome::Arrived);
    QCOMPARE(rig.eventServer.arrivals().size(), 1);
}

void TestPagerDutyWay::waitsAMinuteAtLeast()
{
    for (const char *header : { "", "Retry-After: 1\r\n", "Retry-After: 600\r\n" }) {
        PagerRig rig;
        rig.enqueue({ send(answer(429, "{}", "application/json", header)) });
        const Told told = rig.tell(paging());
        QCOMPARE(told.outcome, Outcome::Later);
        QCOMPARE_GE(told.wait.count(), QByteArray(header).contains("600") ? 600'000 : 60'000);
        QCOMPARE(told.error->wait, told.wait);
    }
}

void TestPagerDutyWay::showsTheirWordsOnlyWhereTheyAreHarmless_data()
{
    QTest::addColumn<QByteArray>("sentence");
    QTest::addColumn<QString>("shown");
    const QString start = u"PagerDuty does not take this event, and would refuse it again"_s;
    QTest::newRow("harmless") << QByteArray("'payload.severity' is   wrong")
                              << start + u": 'payload.severity' is wrong"_s;
    QTest::newRow("repeats the card")
        << QByteArray("cannot take 'sso login LOOPS'") << start + u'.';
    QTest::newRow("repeats the key")
        << "do not know " + pagerKey.toUpper() << start + u": do not know •••"_s;
    QTest::newRow("long") << QByteArray(1000, 'x') << start + u": "_s + QString(199, u'x') + u'…';
    QTest::newRow("empty") << QByteArray() << start + u'.';
}

void TestPagerDutyWay::showsTheirWordsOnlyWhereTheyAreHarmless()
{
    QFETCH(QByteArray, sentence);
    QFETCH(QString, shown);
    PagerRig rig;
    rig.enqueue({ send(answer(400, invalid(sentence))) });
    QCOMPARE(rig.tell(paging()).error->detail, shown);
}

void TestPagerDutyWay::looksNowhere()
{
    PagerRig rig;
    const Told told = rig.look(paging());
    QCOMPARE(told.outcome, Outcome::Later);
    QVERIFY(told.error && told.wait == Millis(0));
    QCOMPARE(rig.eventServer.connections() + rig.apiServer.connections(), 0);
}

void TestPagerDutyWay::hears_data()
{
    QTest::addColumn<QByteArray>("answerText");
    QTest::addColumn<QStringList>("heard");
    const QByteArray at = "2026-06-08T08:15:00-04:00";
    QTest::newRow("nothing") << incidents("") << QStringList();
    QTest::newRow("ringing") << incidents("{\"id\":\"Q0INCIDENT\",\"status\":\"triggered\"}")
                             << QStringList();
    QTest::newRow("taken") << incidents(acknowledged(agent("PPRIYA"), at))
                           << QStringList({ u"1 PPRIYA 2026-06-08T12:15:00Z"_s });
    QTest::newRow("over") << incidents(resolved(agent("PPRIYA")))
                          << QStringList({ u"2 PPRIYA 2026-06-08T12:30:00Z"_s });
    QTest::newRow("over, then taken again")
        << incidents(resolved(agent("PPRIYA")) + ','
               + acknowledged(agent("PSAM0"), at).replace("Q0INCIDENT", "Q1INCIDENT"))
        << QStringList({ u"1 PSAM0 2026-06-08T12:15:00Z"_s, u"2 PPRIYA 2026-06-08T12:30:00Z"_s });
    // What we said ourselves comes back as a service's doing.
    QTest::newRow("by a service") << incidents(resolved(agent("PSERV", "service_reference")) + ','
        + acknowledged(agent("PSERV", "events_api_v2_inbound_integration_reference"), at))
                                  << QStringList();
    QTest::newRow("odd") << incidents(
        "5,null,{},[],{\"id\":\"../../x\",\"status\":\"resolved\"},"
        "{\"id\":\"Q0INCIDENT\",\"status\":\"acknowledged\","
        "\"acknowledgements\":[5,{\"at\":7},{\"at\":\"soon\",\"acknowledger\":"
        + agent("PPRIYA") + "}]}," + resolved(agent("../users")))
                         << QStringList();
}

void TestPagerDutyWay::hears()
{
    QFETCH(QByteArray, answerText);
    QFETCH(QStringList, heard);
    PagerRig rig;
    rig.api.on("/incidents", answerText);
    const auto result = rig.hear({ open });
    QVERIFY(result.has_value());
    QStringList all;
    for (const Heard &one : *result) {
        QCOMPARE(one.topic, u"topic-1"_s);
        QCOMPARE(one.name, u"Priya S."_s); // nobody shows who that is
        all += u"%1 %2 %3"_s.arg(int(one.kind)).arg(one.who, one.at.iso());
    }
    QCOMPARE(all, heard);
    QCOMPARE(rig.hear({ open }), result);
}

void TestPagerDutyWay::hearsWhoItIs()
{
    PagerRig rig;
    rig.api.on("/incidents", incidents(acknowledged(agent("PPRIYA"), "2026-06-08T12:15:00Z")));
    rig.api.on(
        "/users/PPRIYA", "{\"user\":{\"name\":\"Priya Shah\",\"email\":\"priya@example.org\"}}");
    QVERIFY(rig.way->hears());
    const Open second { u"topic-2"_s, {}, {}, {} };
    for (int i = 0; i < 2; ++i) {
        const auto heard = rig.hear({ open, second });
        QCOMPARE(heard->size(), size_t(2));
        QCOMPARE(heard->front().name, u"Priya Shah"_s);
        QCOMPARE(heard->front().email, u"priya@example.org"_s);
        QCOMPARE(heard->front().id, u"Q0INCIDENT:acknowledged:PPRIYA"_s);
    }
    QByteArrayList paths;
    for (const Arrival &arrival : rig.apiServer.arrivals()) {
        paths += arrival.target.split('?').first();
        QCOMPARE(arrival.header("Authorization"), "Token token=" + apiToken);
        QCOMPARE(arrival.header("Accept"), "application/vnd.pagerduty+json;version=2");
    }
    // The person is asked for once.
    QCOMPARE(paths,
        QByteArrayList(
            { "/incidents", "/incidents", "/users/PPRIYA", "/incidents", "/incidents" }));
    const QUrlQuery query(QUrl::fromEncoded(rig.apiServer.arrivals().first().target));
    QCOMPARE(query.queryItemValue(u"incident_key"_s), u"topic-1"_s);
    QCOMPARE(query.queryItemValue(u"date_range"_s), u"all"_s);
}

void TestPagerDutyWay::readsAllPages()
{
    PagerRig rig;
    rig.api.on("/incidents", incidents("", true))
        .on("/incidents", incidents(resolved(agent("PPRIYA")), false));
    QCOMPARE(rig.hear({ open })->size(), size_t(1));
    QVERIFY(rig.apiServer.arrivals().at(1).target.contains("offset=25"));
    // But not without end.
    PagerRig endless;
    endless.api.on("/incidents", incidents("", true));
    QVERIFY(endless.hear({ open }).has_value());
    QCOMPARE(endless.apiServer.arrivals().size(), 4);
}

void TestPagerDutyWay::failsWholeWhereItMayMiss_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<Script>("script");
    QTest::addColumn<Fault>("fault");
    for (const QByteArray path : { "/incidents", "/users/PPRIYA" }) {
        QTest::addRow("%s 500", path.constData())
            << path << Script { send(answer(500, "x")) } << Fault::BadReply;
        QTest::addRow("%s 401", path.constData())
            << path << Script { send(answer(401, "{}")) } << Fault::SignIn;
        QTest::addRow("%s 429", path.constData())
            << path << Script { send(answer(429, "{}")) } << Fault::RateLimited;
        QTest::addRow("%s page", path.constData())
            << path << Script { send(answer(200, "<p>", "text/html")) } << Fault::BadReply;
    }
    QTest::newRow("403") << QByteArray("/incidents") << Script { send(answer(403, "{}")) }
                         << Fault::NotAllowed;
    QTest::newRow("no list") << QByteArray("/incidents")
                             << Script { send(answer(200, "{\"incidents\":{}}")) }
                             << Fault::BadReply;
}

void TestPagerDutyWay::failsWholeWhereItMayMiss()
{
    QFETCH(QByteArray, path);
    QFETCH(Script, script);
    QFETCH(Fault, fault);
    PagerRig rig;
    rig.api.on(path, script);
    if (path != "/incidents")
        rig.api.on("/incidents", incidents(resolved(agent("PPRIYA"))));
    const auto heard = rig.hear({ open });
    QVERIFY(!heard);
    QCOMPARE(heard.error().fault, fault);
}

void TestPagerDutyWay::hearsNothingWithoutAToken()
{
    PagerRig rig { QByteArray() };
    QVERIFY(!rig.way->hears());
    QCOMPARE(rig.hear({ open })->size(), size_t(0));
    QCOMPARE(rig.apiServer.connections(), 0);
}

void TestPagerDutyWay::testPagesNobody()
{
    const QString form
        = u"The key has the right form; whether it is good shows with the first page."_s;
    PagerRig without { QByteArray() };
    QCOMPARE(*without.test(), form);
    PagerRig rig;
    rig.api.on("/abilities", "{\"abilities\":[]}")
        .on("/abilities", Script { send(answer(401, "{}")) });
    QCOMPARE(*rig.test(), u"PagerDuty accepts the API token. "_s + form);
    const auto refused = rig.test();
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::SignIn);
    QVERIFY(refused.error().detail.contains("make a new one"_L1));
    QCOMPARE(without.eventServer.connections() + without.apiServer.connections()
            + rig.eventServer.connections(),
        0);
}

void TestPagerDutyWay::secretsStayAtHome()
{
    LyingServer other;
    for (const int status : { 301, 302, 303, 307, 308 }) {
        PagerRig rig;
        const Script away { send(answer(
            status, "", "text/html", "Location: " + other.url(u"/steal"_s).toEncoded() + "\r\n")) };
        rig.enqueue(away);
        rig.api.on("/incidents", away);
        const Told told = rig.tell(paging());
        QCOMPARE(told.outcome, status >= 307 ? Outcome::Later : Outcome::Unknown);
        QCOMPARE(told.isWayShut, status >= 307);
        QVERIFY(!rig.hear({ open }));
        // Each host gets its own secret, and never the other's.
        QCOMPARE(rig.eventServer.arrivals().first().header("Authorization"), "");
        QVERIFY(!rig.apiServer.arrivals().first().target.contains("canaryKey"));
    }
    QCOMPARE(other.connections(), 0);
}

void TestPagerDutyWay::secretsAreNowhere()
{
    LogLines log;
    QString said;
    const QByteArray both = pagerKey + ' ' + apiToken;
    const QByteArray away = "Location: /" + pagerKey + "\r\n";
    const QList<Script> scripts { accepted, { send(answer(202, "{\"status\":\"" + both + "\"}")) },
        { send(answer(400, invalid(pagerKey))) }, { send(answer(400, both, "text/plain")) },
        { send(answer(401, both)) }, { send(answer(403, both)) },
        { send(answer(429, both, "text/plain", "Retry-After: 600\r\n")) },
        { send(answer(500, both)) }, { send(answer(302, both, "text/html", away)) },
        { send(answer(308, both, "text/html", away)) }, { reset() } };
    for (const Script &script : scripts) {
        PagerRig rig;
        rig.enqueue(script);
        for (const char *path : { "/incidents", "/abilities" })
            rig.api.on(path, script);
        said += saidIn(rig.tell(paging())) + saidIn(rig.look(paging()));
        const auto heard = rig.hear({ open });
        const auto tested = rig.test();
        said += heard ? QString() : heard.error().detail + heard.error().where;
        said += tested ? *tested : tested.error().detail + tested.error().where;
    }
    QVERIFY(log.all().count(u'\n') > 50);
    QVERIFY(log.all().contains("/v2/enqueue"_L1));
    for (const QString &text : { log.all(), said }) {
        QVERIFY2(!text.contains("canary"_L1), qPrintable(text));
        QVERIFY2(!text.contains("SSO"_L1) && !text.contains("Ada"_L1), qPrintable(text));
    }
}

void TestPagerDutyWay::checksSettings_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("where");
    QTest::newRow("good") << u"region"_s << QString() << pagerKey << QString();
    QTest::newRow("eu") << u"region"_s << u"EU"_s << pagerKey << QString();
    QTest::newRow("mars") << u"region"_s << u"mars"_s << pagerKey << u"region"_s;
    QTest::newRow("plain") << u"events"_s << u"http://events.example"_s << pagerKey << u"events"_s;
    QTest::newRow("plain API") << u"api"_s << u"http://api.example"_s << pagerKey << u"api"_s;
    QTest::newRow("short key") << u"region"_s << QString() << pagerKey.chopped(1) << u"key"_s;
    QTest::newRow("odd key") << u"region"_s << QString() << pagerKey.chopped(1) + '"' << u"key"_s;
    QTest::newRow("no key") << u"region"_s << QString() << QByteArray() << u"key"_s;
}

void TestPagerDutyWay::checksSettings()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    QFETCH(QByteArray, key);
    QFETCH(QString, where);
    WayConfig config;
    config.options[option] = value;
    FakeClock clock;
    SeededRandom random { 1 };
    const auto made
        = kind().make(config, { { u"key"_s, Secret::take(QByteArray(key)) } }, clock, random);
    QCOMPARE(made.has_value(), where.isEmpty());
    QCOMPARE(kind().check(config).has_value(), where.isEmpty() || where == "key"_L1);
    if (!made) {
        QCOMPARE(made.error().where, where);
        QVERIFY(!made.error().detail.contains("canary"_L1));
    }
    QVERIFY(kind().checkAddress({}).has_value());
    QVERIFY(!kind().checkAddress(u"ada@example.org"_s));
}

QTEST_GUILESS_MAIN(TestPagerDutyWay)
#include "tst_pagerdutyway.moc"

#include "core/desk/suggestions.h"

#include <QTest>

using namespace tierline;
using namespace tierline::desk;
using namespace Qt::StringLiterals;

namespace {

Message customer(const QString &text)
{
    return { .author = AuthorKind::Customer, .text = text };
}
Message note(const QString &text)
{
    return { .kind = MessageKind::InternalNote, .author = AuthorKind::Agent, .text = text };
}
Message reply(const QString &text)
{
    return { .author = AuthorKind::Agent, .text = text };
}

constexpr Instant monday { 1'780'920'000'000 }; // 2026-06-08T12:00:00Z

} // namespace

class TestSuggestions : public QObject
{
    Q_OBJECT
private slots:
    void summary_data();
    void summary();
    void expectation_data();
    void expectation();
    void steps();
    void stepsAreFewAndShort();
    void reason();
    void flags();
    void hostileText();
};

void TestSuggestions::summary_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("both") << u"Sign-in"_s << u"Hello,\nI get error 2.5 in app.exe. Help!"_s
                          << u"Sign-in: I get error 2.5 in app.exe."_s;
    QTest::newRow("subject said again")
        << u"App crashes"_s << u"My app crashes."_s << u"My app crashes."_s;
    QTest::newRow("no text") << u"App crashes."_s << QString() << u"App crashes"_s;
    QTest::newRow("only a quote") << u"Re: x"_s << u"> old words."_s << u"Re: x"_s;
}

void TestSuggestions::summary()
{
    QFETCH(QString, subject);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(
        suggestedSummary({ .subject = subject }, { customer(text), customer(u"Later words."_s) }),
        expected);
}

void TestSuggestions::expectation_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("question") << u"It broke. Can you bring it back? Thanks, Ada"_s
                              << u"Can you bring it back?"_s;
    QTest::newRow("wish") << u"I would like a refund. It broke on Monday."_s
                          << u"I would like a refund."_s;
    QTest::newRow("none") << u"It broke."_s << QString();
}

void TestSuggestions::expectation()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(suggestedExpectation({ customer(text), reply(u"Do you want a call?"_s) }), expected);
    // The newest wish counts, though the newest words hold none.
    const auto older = suggestedExpectation({ customer(u"Please hurry."_s), customer(text) });
    QCOMPARE(older, expected.isEmpty() ? u"Please hurry."_s : expected);
}

void TestSuggestions::steps()
{
    const std::vector<Message> thread { customer(u"Please fix it"_s),
        { .kind = MessageKind::BotTurn,
            .author = AuthorKind::Bot,
            .text = u"Could you restart the app?"_s },
        reply(u"Thanks. Please send us the log file!"_s),
        note(u"- Reset her password\n- I checked the quota.\nNeeds a look."_s),
        note(u"reset her password"_s) };
    QCOMPARE(suggestedSteps(thread),
        (QStringList { u"Asked to restart the app (bot)"_s, u"Asked to send us the log file"_s,
            u"Reset her password"_s, u"I checked the quota"_s }));
}

void TestSuggestions::stepsAreFewAndShort()
{
    std::vector<Message> thread;
    for (int i = 0; i < 20; ++i)
        thread.push_back(
            note(u"Checked "_s + QString(i + 1, u'x') + u' ' + QString(u"word "_s).repeated(100)));
    const QStringList steps = suggestedSteps(thread);
    QCOMPARE(steps.size(), 8);
    for (const QString &step : steps)
        QVERIFY(step.size() <= 201);
}

void TestSuggestions::reason()
{
    QCOMPARE(suggestedReason({ customer(u"It broke"_s) }), QString());
    QCOMPARE(suggestedReason({ customer(u"Get me your manager."_s) }), u"customer-asked"_s);
    QCOMPARE(suggestedReason({ customer(u"My LAWYER will write."_s) }), u"legal"_s);
    QCOMPARE(suggestedReason({ reply(u"Our manager and lawyer say no"_s) }), QString());
    QCOMPARE(suggestedReason({ customer(u"The issue pursues me"_s) }), QString());
}

void TestSuggestions::flags()
{
    const Ticket ticket { .priority = Priority::Urgent, .severity = Severity::Critical };
    const Organization organization {
        .plan = u"Enterprise"_s, .health = 49, .renewal = QDate(2026, 8, 7), .flags = { u"vip"_s }
    };
    QCOMPARE(urgencyFlags(ticket, organization,
                 { customer(u"a"_s), reply(u"b"_s), customer(u"c"_s), customer(u"d"_s) }, monday),
        (QStringList { u"urgent priority"_s, u"critical severity"_s, u"Enterprise plan"_s,
            u"renewal in 60 d"_s, u"health 49"_s, u"churn risk"_s, u"vip"_s,
            u"wrote 2 times without an answer"_s }));
    const Organization calm { .plan = u"basic"_s, .health = 50, .renewal = QDate(2026, 8, 8) };
    QVERIFY(urgencyFlags({}, calm, { customer(u"a"_s) }, monday).isEmpty());
    QVERIFY(
        urgencyFlags({}, { .renewal = QDate(2026, 6, 7) }, {}, monday).isEmpty()); // in the past
}

void TestSuggestions::hostileText()
{
    const QString wall(1'000'000, u'?');
    QVERIFY(suggestedExpectation({ customer(wall) }).size() <= 201);
    QVERIFY(suggestedSummary({ .subject = wall }, { customer(wall) }).size() <= 401);
    std::vector<Message> many(5000, note(QString(u"Checked it. "_s).repeated(2000)));
    QCOMPARE(suggestedSteps(many), QStringList { u"Checked it"_s });
}

QTEST_GUILESS_MAIN(TestSuggestions)
#include "tst_suggestions.moc"

// What every condition says of a ticket: where it holds, where it does not, where it cannot be known, and
// how its value reads.

#include "core/rules/print.h"
#include "core/rules/sentence.h"
#include "tests/rules/subjects.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;
using test::FilledSubject;

namespace {

/// One rule with one condition, and what it says.
struct Judged {
    Truth truth = Truth::Unknown;
    QString sentence;
    QString value;
    std::optional<Instant> due;
    QString unjudged;
    QString anchor;
};

std::vector<Rule> ruleOf(const QString &condition)
{
    ParsedCondition parsed = parseCondition(condition);
    if (!parsed.problems.empty())
        qFatal("%s: %s", qPrintable(condition), qPrintable(parsed.problems.front().text()));
    Rule rule { .name = u"R"_s, .when = parsed.expr };
    rule.then = parseActions(u"remind").actions;
    return { rule };
}

Judged judged(const QString &condition, const Subject &subject, const Lists &lists = {})
{
    const RuleSet set(ruleOf(condition), lists);
    Evaluator evaluator(set);
    const FactRow row = set.read(subject);
    evaluator.start(row, subject.now);
    Judged judged { .truth = evaluator.judge(0) };
    if (judged.truth == Truth::Yes) {
        judged.sentence = sentence(set, 0, evaluator, subject);
        judged.anchor = evaluator.anchor(0).text();
    }
    if (judged.truth == Truth::Unknown)
        judged.unjudged = unjudgedText(set, *evaluator.whyUnknown(0));
    judged.value = explain(set, 0, evaluator, subject).front().value;
    judged.due = evaluator.nextDue(0);
    return judged;
}

} // namespace

class TestRuleConditions : public QObject
{
    Q_OBJECT

private slots:
    void holds_data();
    void holds();
    void doesNotHold_data();
    void doesNotHold();
    void everyFactIsInBothTables();
    void everyClockHasAName();
    void missingFactsAreUnknown_data();
    void missingFactsAreUnknown();
    void wrongTypesAreUnknown();
    void everyOperatorOnEveryType_data();
    void everyOperatorOnEveryType();
    void emptyIsKnown();
    void threeValuedLogic_data();
    void threeValuedLogic();
    void windowsReachWhoCounts();
    void listsAndNegation();
};

void TestRuleConditions::holds_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *condition, const char *sentence = nullptr) {
        QTest::newRow(condition) << QString::fromUtf8(condition)
                                 << QString::fromUtf8(sentence ? sentence : condition);
    };
    row("plan is Enterprise");
    row("plan is business or enterprise", "plan is business or enterprise (enterprise)");
    row("plan is not free", "plan is not free (enterprise)");
    row("arr is at least $100,000", "arr is at least $100,000 ($250,000)");
    row("arr is at least $250,000");
    row("health is under 40", "health is under 40 (35)");
    row("renewal within 60d", "renewal within 60d (in 29d 14h)");
    row("customer flags include vip");
    row("organization is \"acme gmbh\"");
    row("requester is \"ceo@acme.example\"");
    row("priority is at least normal", "priority is at least normal (high)");
    row("priority is high");
    row("severity is under high", "severity is under high (medium)");
    row("complex", "complex");
    row("status is new or open", "status is new or open (open)");
    row("category is billing");
    row("product is mobile");
    row("type is bug or outage", "type is bug or outage (bug)");
    row("tags include refund or vip", "tags include refund or vip (refund)");
    row("tags do not include vip", "tags do not include vip (refund, at-risk)");
    row("field \"impact\" is Major", "field \"impact\" is Major");
    row("field \"seats\" is over 100", "field \"seats\" is over 100 (250)");
    row("field \"share\" is at most 12.5 %");
    row("field \"trial\" is yes");
    row("amount is over $500", "amount is over $500 ($750)");
    row("tier is l1", "tier is l1");
    row("team is \"Frontline\"");
    row("assignee is filled", "assignee is filled (priya)");
    row("channel is email");
    row("language is en or de", "language is en or de (en)");
    row("capacity of team \"Billing\" is under 20 %",
        "capacity of team \"Billing\" is under 20 % (15 %)");
    row("capacity of its team is under 10 %", "capacity of its team is under 10 % (5 %)");
    row("4 attempts");
    row("2 attempts at L1", "2 attempts at L1 (3)");
    row("3 failed fixes");
    row("over 1 failed fixes at L2", "over 1 failed fixes at L2 (2)");
    row("tier L2 tried without success");
    row("reopened 2 times", "reopened 2 times (3)");
    row("4 messages without answer");
    row("handed over 2 times");
    row("5 tickets from one account within 7d", "5 tickets from one account within 7d (6)");
    row("5 unanswered tickets from one account within 7d");
    row("same issue reopened by 3 customers within 7d");
    row("5 similar tickets within 30m", "5 similar tickets within 30m (7)");
    row("arrivals within 1h are over 200 % of usual",
        "arrivals within 1h are over 200 % of usual (250 %)");
    row("text mentions \"refund\" or \"chargeback\"",
        "text mentions \"refund\" or \"chargeback\" (\"refund\")");
    row("text mentions \"lawyer\"");
    row("text does not mention \"chargeback\"");
    row("text matches \"\\bINV-[0-9]+\"");
    row("subject mentions \"invoice\"");
    row("last message matches \"call my (lawyer|attorney)\"");
    row("asks for a human");
    row("churn intent");
    row("legal words");
    row("failed payment");
    row("urgency is at least 60", "urgency is at least 60 (70)");
    row("sentiment score is at most -50", "sentiment score is at most -50 (-60)");
    row("sentiment is negative");
    row("escalation risk is at least medium", "escalation risk is at least medium (high)");
    row("3 failed logins");
    row("signals include order-delay");
    row("no agent reply for 2h", "no agent reply for 2h (waited 2h 4m)");
    row("no agent reply for 124m");
    row("in tier for 5h");
    row("idle for 1h", "idle for 1h (idle 2h 4m)");
    row("open for 10h");
    row("in status for 3h", "in status for 3h (in status 3h 20m)");
    // Open since midnight, the calendar opens at nine: one service hour.
    row("open for 1 service hour");
    row("open for 30 service minutes", "open for 30 service minutes (open 1h of service)");
    row("sla left below 4h", "sla left below 4h (3h left)");
    row("sla left below 3h");
    row("during service hours");
    row("sla left below 80 %", "sla left below 80 % (3h left)");
    row("next response left below 3 service hours",
        "next response left below 3 service hours (3h of service left)");
    row("not bot gave up");
    row("not plan is free", "not plan is free (enterprise)");
    row("not (complex and revenue loss)", "not revenue loss");
}

void TestRuleConditions::holds()
{
    QFETCH(const QString, condition);
    QFETCH(const QString, sentence);
    FilledSubject filled;
    filled.ticket.isComplex = true;
    const Judged judge = judged(condition, filled.subject);
    QVERIFY2(judge.truth == Truth::Yes, qPrintable(judge.value + judge.unjudged));
    QCOMPARE(judge.sentence, sentence);
    QVERIFY(!judge.due); // it holds already
}

void TestRuleConditions::doesNotHold_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QString>("value");
    QTest::addColumn<qint64>("dueMinutes"); // from now; -1: never by time alone
    const auto row = [](const char *condition, const char *value, qint64 due = -1) {
        QTest::newRow(condition) << QString::fromUtf8(condition) << QString::fromUtf8(value) << due;
    };
    row("plan is free or trial", "enterprise");
    row("arr is over $250,000", "$250,000");
    row("health is over 35", "35");
    row("renewal within 7d", "in 29d 14h", (29 * 24 + 14 - 7 * 24) * 60);
    row("customer flags do not include vip", "vip");
    row("organization is \"Acme\"", "Acme GmbH");
    row("requester is \"x@y.example\"", "ceo@acme.example");
    row("priority is urgent", "high");
    row("severity is at least high", "medium");
    row("complex", "no");
    row("status is not open", "open");
    row("category is empty", "billing");
    row("product is web", "mobile");
    row("type is outage", "bug");
    row("tags are empty", "refund, at-risk");
    row("field \"impact\" is minor", "major");
    row("field \"seats\" is 251", "250");
    row("amount is at most $749.99", "$750");
    row("tier is L2", "L1");
    row("team is \"Billing\"", "Frontline");
    row("assignee is empty", "priya");
    row("channel is chat", "email");
    row("language is not en", "en");
    row("capacity of team \"Billing\" is over 20 %", "15 %");
    row("capacity of its team is over 10 %", "5 %");
    row("5 attempts", "4");
    row("4 attempts at L1", "3");
    row("4 failed fixes", "3");
    row("3 failed fixes at L2", "2");
    row("tier L3 tried without success", "no");
    row("reopened under 3 times", "3");
    row("exactly 3 messages without answer", "4");
    row("handed over 3 times", "2");
    row("7 tickets from one account within 7d", "6");
    row("6 unanswered tickets from one account within 7d", "5");
    row("same issue reopened by 4 customers within 7d", "3");
    row("8 similar tickets within 30m", "7");
    row("arrivals within 1h are over 300 % of usual", "250 %");
    row("text mentions \"art\"",
        "\"Invoice INV-4711 is wrong I want a refund, or I call my lawyer.\"");
    row("text does not match \"INV\"",
        "\"Invoice INV-4711 is wrong I want a refund, or I call my lawyer.\"");
    row("subject mentions \"refund\"", "\"Invoice INV-4711 is wrong\"");
    row("last message matches \"invoice\"", "\"I want a refund, or I call my lawyer.\"");
    row("asks for a manager", "no");
    row("bot gave up", "no");
    row("revenue loss", "no");
    row("urgency is under 70", "70");
    row("sentiment score is over -60", "-60");
    row("sentiment is at least neutral", "negative");
    row("escalation risk is low", "high");
    row("4 failed logins", "3");
    row("signals include known-bug", "order-delay");
    row("no agent reply for 3h", "waited 2h 4m", 56);
    row("no customer reply for 1h", "none");
    row("unassigned for 30m", "none");
    row("in tier for 6h", "in tier 5h", 60);
    row("idle for 4h", "idle 2h 4m", 116);
    row("open for 24h", "open 10h", 14 * 60);
    row("in status for 4h", "in status 3h 20m", 40);
    row("unaccepted for 5m", "none");
    row("accepted but untouched for 2h", "none");
    row("flagged for 30m", "none");
    row("open for 2 service hours", "open 1h of service", 60);
    row("sla left below 30m", "3h left", 150);
    row("sla left below 25 %", "3h left", 120);
    row("first response left below 1h", "none");
    row("next response left below 1h", "3h left", 120);
    row("resolution left below 1h", "none");
    row("tier response left below 1h", "none");
    row("promise left below 1h", "none");
    row("periodic update left below 1h", "none");
    row("requester wait left below 1h", "none");
    row("agent work left below 25 %", "none");
    row("first resolution left below 1h", "none");
    row("accept left below 1m", "none");
    row("tier resolution left below 2 service hours", "none");
    row("supplier left below 1d", "none");
    row("sla breached", "3h left", 180);
    row("sla breached for 1h", "over by 0s", 240);
    row("outside service hours", "open", 7 * 60);
    row("not during service hours", "open", 7 * 60);
}

void TestRuleConditions::doesNotHold()
{
    QFETCH(const QString, condition);
    QFETCH(const QString, value);
    QFETCH(const qint64, dueMinutes);
    FilledSubject filled;
    const Judged judge = judged(condition, filled.subject);
    QVERIFY2(judge.truth == Truth::No, qPrintable(judge.value + judge.unjudged));
    QCOMPARE(judge.value, value);
    if (dueMinutes < 0) {
        QVERIFY(!judge.due);
        return;
    }
    QVERIFY(judge.due);
    QCOMPARE(judge.due->iso(), (filled.now + Millis(dueMinutes * 60'000)).iso());
    // At that very instant it holds, a millisecond before it does not.
    filled.subject.now = *judge.due;
    QVERIFY(judged(condition, filled.subject).truth == Truth::Yes);
    filled.subject.now = *judge.due - Millis(1);
    QVERIFY(judged(condition, filled.subject).truth == Truth::No);
}

void TestRuleConditions::everyFactIsInBothTables()
{
    // Data-driven over every condition: a new row in the table of facts needs rows above.
    QSet<QString> seen;
    QFile source(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/rules/tst_ruleconditions.cpp"));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(source.readAll());
    static const QRegularExpression rows(u"row\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\""_s);
    auto matches = rows.globalMatch(text);
    while (matches.hasNext()) {
        QString condition = matches.next().captured(1);
        condition.replace(u"\\\""_s, u"\""_s).replace(u"\\\\"_s, u"\\"_s);
        const ParsedCondition parsed = parseCondition(condition);
        if (parsed.problems.empty())
            forEachTest(parsed.expr, [&](const Test &test) { seen.insert(test.fact->id); });
    }
    for (const FactInfo &fact : factTable().all())
        QVERIFY2(seen.contains(fact.id), qPrintable(fact.id));
}

/// Each clock that an agreement can promise has a name in rules, and says its own time.
void TestRuleConditions::everyClockHasAName()
{
    FilledSubject filled;
    for (const sla::ClockKind kind : sla::allClocks) {
        const auto fact = std::ranges::find(factTable().all(), sla::code(kind), &FactInfo::clock);
        QVERIFY2(fact != factTable().all().end(), qPrintable(sla::code(kind)));
        Subject subject = filled.subject;
        subject.clocks.front().kind = kind;
        QVERIFY2(judged(fact->example, subject).due.has_value(), qPrintable(fact->id));
        for (const FactInfo &other : factTable().all()) {
            if (!other.clock.isEmpty() && other.id != fact->id)
                QVERIFY2(!judged(other.example, subject).due, qPrintable(other.id));
        }
    }
}

void TestRuleConditions::missingFactsAreUnknown_data()
{
    QTest::addColumn<QString>("id");
    for (const FactInfo &fact : factTable().all())
        QTest::addRow("%s", qPrintable(fact.id)) << fact.id;
}

void TestRuleConditions::missingFactsAreUnknown()
{
    QFETCH(const QString, id);
    // A ticket of which nothing is known but that it is there.
    const Ticket bare { .key = u"T-2"_s };
    const Subject subject { .ticket = &bare, .now = FilledSubject::now };
    const Judged judge = judged(factTable().find(id)->example, subject);
    // What a ticket always says is known even of the barest one.
    static const QSet<QString> always { u"priority"_s, u"complex"_s, u"status"_s, u"tags"_s,
        u"tier"_s, u"team"_s, u"assignee"_s, u"text"_s, u"subject"_s, u"last-message"_s,
        u"organization"_s, u"sla-left"_s, u"sla-breached"_s, u"sla-breached-for"_s,
        u"service-hours"_s };
    if (always.contains(id)) {
        QVERIFY(judge.truth != Truth::Unknown);
        return;
    }
    QVERIFY2(judge.truth == Truth::Unknown, qPrintable(judge.value));
    QVERIFY2(judge.unjudged.endsWith(u"is not filled"_s), qPrintable(judge.unjudged));
    // Neither a denial nor an "or" that fails makes it known.
    QVERIFY(judged(u"not "_s + factTable().find(id)->example, subject).truth == Truth::Unknown);
    QVERIFY(!judge.due);
}

void TestRuleConditions::wrongTypesAreUnknown()
{
    FilledSubject filled;
    filled.ticket.fields = { { u"list"_s, QJsonArray { 1, 2 } }, { u"object"_s, QJsonObject {} },
        { u"word"_s, u"many"_s }, { u"yes"_s, true }, { u"huge"_s, 1e300 }, { u"empty"_s, u""_s } };
    for (const QString &condition :
        { u"field \"list\" is x"_s, u"field \"list\" is 1"_s, u"field \"object\" is x"_s,
            u"field \"word\" is over 3"_s, u"field \"word\" is $3"_s, u"field \"word\" is 3 %"_s,
            u"field \"yes\" is 1"_s, u"field \"huge\" is over 1"_s, u"field \"huge\" is x"_s }) {
        const Judged judge = judged(condition, filled.subject);
        QVERIFY2(judge.truth == Truth::Unknown, qPrintable(condition));
        QVERIFY2(judge.unjudged.contains(u"cannot be compared"_s), qPrintable(judge.unjudged));
    }
    QVERIFY(
        judged(u"field \"empty\" is x"_s, filled.subject).unjudged.endsWith(u"is not filled"_s));
    QVERIFY(judged(u"field \"absent\" is 1"_s, filled.subject).truth == Truth::Unknown);
    // A number in words is a number; a yes compared as a word is "yes".
    QVERIFY(judged(u"field \"yes\" is yes"_s, filled.subject).truth == Truth::Yes);
}

void TestRuleConditions::everyOperatorOnEveryType_data()
{
    QTest::addColumn<QJsonValue>("stored");
    QTest::addColumn<QString>(
        "holding"); // the operators that hold; those in capitals cannot be judged
    QTest::newRow("word") << QJsonValue(u"x"_s) << u"is filled NUMBER MONEY SHARE"_s;
    QTest::newRow("number in words")
        << QJsonValue(u"5"_s) << u"isnot over atleast money share filled"_s;
    QTest::newRow("number") << QJsonValue(5) << u"isnot over atleast money share filled"_s;
    QTest::newRow("zero") << QJsonValue(0) << u"isnot atmost under filled"_s;
    QTest::newRow("yes") << QJsonValue(true) << u"isnot filled NUMBER MONEY SHARE"_s;
    QTest::newRow("list") << QJsonValue(QJsonArray { 5 }) << u"filled WORD NUMBER MONEY SHARE"_s;
    QTest::newRow("object") << QJsonValue(QJsonObject {}) << u"filled WORD NUMBER MONEY SHARE"_s;
    QTest::newRow("null") << QJsonValue(QJsonValue::Null) << u"empty WORD NUMBER MONEY SHARE"_s;
    QTest::newRow("nothing") << QJsonValue(QJsonValue::Undefined)
                             << u"empty WORD NUMBER MONEY SHARE"_s;
    QTest::newRow("no letters") << QJsonValue(u""_s) << u"empty WORD NUMBER MONEY SHARE"_s;
}

void TestRuleConditions::everyOperatorOnEveryType()
{
    QFETCH(const QJsonValue, stored);
    QFETCH(const QString, holding);
    struct Row {
        QString name, condition, kind;
    };
    const std::vector<Row> rows { { u"is"_s, u"is x"_s, u"WORD"_s },
        { u"isnot"_s, u"is not x"_s, u"WORD"_s }, { u"over"_s, u"is over 3"_s, u"NUMBER"_s },
        { u"atleast"_s, u"is at least 5"_s, u"NUMBER"_s },
        { u"atmost"_s, u"is at most 3"_s, u"NUMBER"_s },
        { u"under"_s, u"is under 3"_s, u"NUMBER"_s }, { u"money"_s, u"is $5"_s, u"MONEY"_s },
        { u"share"_s, u"is 5 %"_s, u"SHARE"_s }, { u"empty"_s, u"is empty"_s, u"-"_s },
        { u"filled"_s, u"is filled"_s, u"-"_s } };
    const QStringList expected = holding.split(u' ');
    FilledSubject filled;
    filled.ticket.fields = {};
    if (!stored.isUndefined())
        filled.ticket.fields.insert(u"f"_s, stored);
    for (const Row &row : rows) {
        const Truth wanted = expected.contains(row.kind) ? Truth::Unknown
            : expected.contains(row.name)                ? Truth::Yes
                                                         : Truth::No;
        const Judged judge = judged(u"field \"f\" "_s + row.condition, filled.subject);
        QVERIFY2(judge.truth == wanted, qPrintable(row.condition + u' ' + judge.value));
    }
}

void TestRuleConditions::emptyIsKnown()
{
    const Ticket bare { .key = u"T-2"_s };
    const Subject subject { .ticket = &bare, .now = FilledSubject::now };
    for (const QString &condition : { u"plan is empty"_s, u"category is empty"_s, u"arr is empty"_s,
             u"tags are empty"_s, u"assignee is empty"_s, u"field \"x\" is empty"_s,
             u"text is empty"_s, u"not health is filled"_s })
        QVERIFY2(judged(condition, subject).truth == Truth::Yes, qPrintable(condition));
    FilledSubject filled;
    filled.customer.arr = 0; // nothing is an amount too
    for (const QString &condition : { u"plan is filled"_s, u"arr is filled"_s, u"tags are filled"_s,
             u"field \"seats\" is filled"_s, u"text is filled"_s })
        QVERIFY2(judged(condition, filled.subject).truth == Truth::Yes, qPrintable(condition));
}

void TestRuleConditions::threeValuedLogic_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<int>("truth");
    // Complex is no, churn intent yes, health unknown.
    const auto row = [](const char *condition, Truth truth) {
        QTest::newRow(condition) << QString::fromUtf8(condition) << int(truth);
    };
    row("health is 1 and complex", Truth::No);
    row("complex and health is 1", Truth::No);
    row("health is 1 and churn intent", Truth::Unknown);
    row("churn intent and health is 1", Truth::Unknown);
    row("health is 1 or churn intent", Truth::Yes);
    row("health is 1 or complex", Truth::Unknown);
    row("not health is 1", Truth::Unknown);
    row("not (health is 1 and complex)", Truth::Yes);
    row("not (health is 1 or churn intent)", Truth::No);
    row("health is 1 or not health is 1", Truth::Unknown);
    row("(health is 1 or churn intent) and (complex or churn intent)", Truth::Yes);
    row("health is not 1", Truth::Unknown);
    row("health is empty and churn intent", Truth::Yes);
}

void TestRuleConditions::threeValuedLogic()
{
    QFETCH(const QString, condition);
    QFETCH(const int, truth);
    FilledSubject filled;
    filled.customer.health.reset();
    QCOMPARE(int(judged(condition, filled.subject).truth), truth);
}

void TestRuleConditions::windowsReachWhoCounts()
{
    FilledSubject filled;
    judged(u"5 tickets from one account within 7d"_s, filled.subject);
    QCOMPARE(filled.around.lastWindow, Millis(7 * 86'400'000));
    judged(u"arrivals within 90m are over 10 % of usual"_s, filled.subject);
    QCOMPARE(filled.around.lastWindow, Millis(90 * 60'000));
}

void TestRuleConditions::listsAndNegation()
{
    FilledSubject filled;
    const Lists lists {
        { .name = u"Legal words"_s, .language = u"en"_s, .words = { u"lawyer"_s, u"lawsuit*"_s } },
        { .name = u"legal words"_s, .language = u"de"_s, .words = { u"Anwalt"_s } }
    };
    const auto truth = [&](const QString &text, const QString &condition) {
        filled.subject.text = text;
        return judged(condition, filled.subject, lists).truth;
    };
    const QString legal = u"text mentions list \"legal words\""_s;
    QVERIFY(truth(u"My lawyer will call"_s, legal) == Truth::Yes);
    QVERIFY(truth(u"Ich rufe meinen ANWALT an"_s, legal) == Truth::Yes);
    QVERIFY(truth(u"two lawsuits are open"_s, legal) == Truth::Yes);
    QVERIFY(truth(u"the outlaw yersinia"_s, legal) == Truth::No);
    QVERIFY(truth(u"Please do not escalate this"_s, u"text mentions \"escalate\""_s) == Truth::No);
    QVERIFY(truth(u"Please escalate this"_s, u"text mentions \"escalate\""_s) == Truth::Yes);
    QVERIFY(truth(u"Please do not escalate this"_s, u"text does not mention \"escalate\""_s)
        == Truth::Yes);
    const RuleSet missing(ruleOf(u"text mentions list \"other\""_s), lists);
    QCOMPARE(missing.missingLists(), QStringList { u"other"_s });
}

QTEST_GUILESS_MAIN(TestRuleConditions)
#include "tst_ruleconditions.moc"

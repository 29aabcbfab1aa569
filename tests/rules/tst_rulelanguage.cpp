// The language as a whole: what prints is read back the same, and every row of the tables is written,
// printed and explained.

#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "tests/support/caserange.h"
#include "tests/support/rules/rulegenerator.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

QString told(const Problems &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(problem.text());
    return lines.join(u'\n');
}

} // namespace

class TestRuleLanguage : public QObject
{
    Q_OBJECT

private slots:
    void theSampleRuleIsItsOwnCanonicalForm();
    void everyConditionsExampleReadsAndPrints_data();
    void everyConditionsExampleReadsAndPrints();
    void everyActionsExampleReadsAndPrints_data();
    void everyActionsExampleReadsAndPrints();
    void waysOfWriting_data();
    void waysOfWriting();
    void waysOfActing_data();
    void waysOfActing();
    void randomTreesComeBack();
    void randomTestsOfEveryFactComeBack();
    void commentsStay();
    void bracketsFollowMeaning();
    void deepTreesAreLifted();
    void bytesWithMarkAndWindowsLineEnds();
};

void TestRuleLanguage::theSampleRuleIsItsOwnCanonicalForm()
{
    const QString text
        = u"rule \"Enterprise billing left waiting\"\n"
          "  when plan is enterprise and category is billing and no agent reply for 2h\n"
          "  then escalate to L3 team \"Billing\" reason sla-risk priority urgent\n"
          "       and notify channel \"#escalations\"\n"
          "       and tell customer\n"_s;
    const Parsed parsed = parse(text);
    QVERIFY2(parsed.isWhole(), qPrintable(told(parsed.problems)));
    QCOMPARE(parsed.document.rules.size(), size_t(1));
    QCOMPARE(print(parsed.document), text);
    const Rule &rule = parsed.document.rules.front();
    QCOMPARE(rule.when.kind, Expr::Kind::And);
    QCOMPARE(rule.when.children.size(), size_t(3));
    QCOMPARE(rule.when.children[2].test.fact->id, u"no-agent-reply"_s);
    QCOMPARE(rule.when.children[2].test.values.front().duration(), Millis(7'200'000));
    QCOMPARE(rule.then.front().text(Slot::Team), u"Billing"_s);
    QVERIFY(!rule.goesOn);
}

void TestRuleLanguage::everyConditionsExampleReadsAndPrints_data()
{
    QTest::addColumn<QString>("id");
    for (const FactInfo &fact : factTable().all())
        QTest::addRow("%s", qPrintable(fact.id)) << fact.id;
}

void TestRuleLanguage::everyConditionsExampleReadsAndPrints()
{
    QFETCH(const QString, id);
    const FactInfo &fact = *factTable().find(id);
    QVERIFY((fact.help.endsWith(u'.') || fact.help.endsWith(u'…')) && !fact.group.isEmpty()
        && fact.read && fact.changes);
    QCOMPARE(fact.type >= FactType::Elapsed && fact.type <= FactType::Within, !fact.said.isEmpty());
    const ParsedCondition parsed = parseCondition(fact.example);
    QVERIFY2(parsed.problems.empty(), qPrintable(told(parsed.problems)));
    QCOMPARE(parsed.expr.kind, Expr::Kind::Test);
    QCOMPARE(parsed.expr.test.fact, &fact);
    QCOMPARE(parsed.expr.test.place.length, fact.example.size());
    const ParsedCondition again = parseCondition(print(parsed.expr));
    QVERIFY(again.problems.empty());
    QCOMPARE(again.expr, parsed.expr);
    QCOMPARE(print(again.expr), print(parsed.expr));
}

void TestRuleLanguage::everyActionsExampleReadsAndPrints_data()
{
    QTest::addColumn<QString>("id");
    for (const ActionInfo &action : actionTable().all())
        QTest::addRow("%s", qPrintable(action.id)) << action.id;
}

void TestRuleLanguage::everyActionsExampleReadsAndPrints()
{
    QFETCH(const QString, id);
    const ActionInfo &info = *actionTable().find(id);
    QVERIFY(info.help.endsWith(u'.'));
    const ParsedActions parsed = parseActions(info.example);
    QVERIFY2(parsed.problems.empty(), qPrintable(told(parsed.problems)));
    QCOMPARE(parsed.actions.size(), size_t(1));
    QCOMPARE(parsed.actions.front().info, &info);
    QCOMPARE(print(parsed.actions.front()), info.example);
}

void TestRuleLanguage::waysOfWriting_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("printed");
    const auto row = [](const char *written, const char *printed) {
        QTest::newRow(written) << QString::fromUtf8(written) << QString::fromUtf8(printed);
    };
    row("Plan IS Enterprise", "plan is Enterprise");
    row("arr > $100k", "arr is over $100,000");
    row("arr at least $1.5M", "arr is at least $1,500,000");
    row("arr is more than $99.50", "arr is over $99.50");
    row("amount <= $500", "amount is at most $500");
    row("health score below 40", "health is under 40");
    row("health = 40", "health is 40");
    row("health != 40", "health is not 40");
    row("sentiment score under -50", "sentiment score is under -50");
    row("capacity of team Billing < 20%", "capacity of team \"Billing\" is under 20 %");
    row("capacity of team \"Billing\" less than 20 percent",
        "capacity of team \"Billing\" is under 20 %");
    row("reopened at least 2 times", "reopened 2 times");
    row("reopened exactly 1 time", "reopened exactly 1 times");
    row("more than 3 messages without answer", "over 3 messages without answer");
    row("5 tickets from the same account within 1 week", "5 tickets from one account within 1w");
    row("no agent reply for 90 minutes", "no agent reply for 90m");
    row("no agent reply for 1h 30m", "no agent reply for 90m");
    row("no agent reply for 1.5h", "no agent reply for 90m");
    row("no agent reply for 2 hours 30 minutes", "no agent reply for 2h");
    row("no reply for 24h", "no agent reply for 24h");
    row("idle for 2 service hours", "idle for 2 service hours");
    row("idle for 1 service hour", "idle for 1 service hour");
    row("idle for 90 service minutes", "idle for 90 service minutes");
    row("tier 2 tried without success", "tier L2 tried without success");
    row("tag is vip", "tags include vip");
    row("tags are not vip or urgent", "tags do not include vip or urgent");
    row("tags are empty", "tags are empty");
    row("assignee is not empty", "assignee is filled");
    row("priority >= high", "priority is at least high");
    row("priority is HIGH", "priority is high");
    row("status is new or open or pending", "status is new or open or pending");
    row("plan is not free or trial", "plan is not free or trial");
    row("plan is enterprise or category is billing", "plan is enterprise or category is billing");
    row("category is new or complex", "category is new or complex");
    row("category is new or \"complex\"", "category is new or \"complex\"");
    row("category is 404 or 500", "category is \"404\" or \"500\"");
    row("text contains \"refund\"", "text mentions \"refund\"");
    row("text does not contain \"refund\"", "text does not mention \"refund\"");
    row("text mentions “refund”", "text mentions \"refund\"");
    row("text matches \"\\bR\\d+\\b\"", "text matches \"\\bR\\d+\\b\"");
    row("field impact is major", "field \"impact\" is major");
    row("field \"seats\" > 100", "field \"seats\" is over 100");
    row("field \"share\" > 12.5 %", "field \"share\" is over 12.5 %");
    row("risk is high", "escalation risk is high");
    row("not not complex", "not not complex");
    row("(((complex)))", "complex");
    row("sla left below 25%", "sla left below 25 %");
    row("team is Billing", "team is \"Billing\"");
}

void TestRuleLanguage::waysOfWriting()
{
    QFETCH(const QString, written);
    QFETCH(const QString, printed);
    const ParsedCondition parsed = parseCondition(written);
    if (written == u"no agent reply for 2 hours 30 minutes"_s) {
        // Two durations in words are no one duration: it must be said, not guessed.
        QVERIFY(!parsed.problems.empty());
        return;
    }
    QVERIFY2(parsed.problems.empty(), qPrintable(told(parsed.problems)));
    QCOMPARE(print(parsed.expr), printed);
    QCOMPARE(parseCondition(printed).expr, parsed.expr);
}

void TestRuleLanguage::waysOfActing_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("printed");
    const auto row = [](const char *written, const char *printed) {
        QTest::newRow(written) << QString::fromUtf8(written) << QString::fromUtf8(printed);
    };
    row("escalate to L3 priority urgent reason sla-risk team Billing",
        "escalate to L3 team \"Billing\" reason sla-risk priority urgent");
    row("escalate to team \"Billing\" agent priya", "escalate to team \"Billing\" agent priya");
    row("escalate to agent priya team \"Billing\"", "escalate to team \"Billing\" agent priya");
    row("escalate to 3", "escalate to L3");
    row("add tag vip", "tag vip");
    row("manager", "notify manager");
    row("ladder (after 30m remind and notify assignee, after 1h manager) repeat 9 times",
        "ladder (after 30m remind and notify assignee, after 1h notify manager) repeat 9");
    row("Notify Channel \"#x\" SAYING \"hello\"", "notify channel \"#x\" saying \"hello\"");
}

void TestRuleLanguage::waysOfActing()
{
    QFETCH(const QString, written);
    QFETCH(const QString, printed);
    const ParsedActions parsed = parseActions(written);
    QVERIFY2(parsed.problems.empty(), qPrintable(told(parsed.problems)));
    QCOMPARE(parsed.actions.size(), size_t(1));
    QCOMPARE(print(parsed.actions.front()), printed);
    QCOMPARE(parseActions(printed).actions, parsed.actions);
}

void TestRuleLanguage::randomTreesComeBack()
{
    const test::CaseRange cases = test::casesToRun(1'000, 20'000); // of ten rules each
    for (qint64 seed = cases.first; seed < cases.end; ++seed) {
        test::RuleGenerator generator(quint64(seed) + 1);
        const Document made = generator.document(10);
        const QString text = print(made);
        const Parsed parsed = parse(text);
        if (!parsed.isWhole() || parsed.document != made || print(parsed.document) != text)
            qWarning().noquote() << "seed" << seed << "\n"
                                 << text << "\n"
                                 << told(parsed.problems) << "\n"
                                 << print(parsed.document);
        QVERIFY(parsed.isWhole());
        QVERIFY(parsed.document == made);
        QCOMPARE(print(parsed.document), text);
    }
}

void TestRuleLanguage::randomTestsOfEveryFactComeBack()
{
    for (const FactInfo &fact : factTable().all()) {
        for (quint64 seed = 1; seed <= 200; ++seed) {
            test::RuleGenerator generator(seed);
            const Test made = generator.test(fact);
            const ParsedCondition parsed = parseCondition(print(made));
            const QByteArray place
                = "seed " + QByteArray::number(seed) + ": " + print(made).toUtf8();
            QVERIFY2(parsed.problems.empty(),
                (place + ' ' + told(parsed.problems).toUtf8()).constData());
            QVERIFY2(parsed.expr.test == made, place.constData());
        }
    }
}

void TestRuleLanguage::commentsStay()
{
    const QString text = u"# The head of the file\n"
                         "# and its second line\n"
                         "rule \"One\" # name\n"
                         "  when # first\n"
                         "    plan is enterprise # big ones\n"
                         "    and # joint\n"
                         "    (complex # hard\n"
                         "     or churn intent)\n"
                         "  then remind # quick\n"
                         "       # before the note\n"
                         "       and note \"x\"\n"
                         "  # before the end\n"
                         "  stop\n"
                         "# the end\n"_s;
    const Parsed parsed = parse(text);
    QVERIFY2(parsed.isWhole(), qPrintable(told(parsed.problems)));
    const QString printed = print(parsed.document);
    for (const QString &comment :
        { u"# The head of the file"_s, u"# and its second line"_s, u"# name"_s, u"# first"_s,
            u"enterprise # big ones"_s, u"# joint"_s, u"complex # hard"_s, u"remind # quick"_s,
            u"# before the note"_s, u"# before the end"_s, u"# the end"_s })
        QVERIFY2(printed.contains(comment), qPrintable(comment + u'\n' + printed));
    QVERIFY(printed.startsWith(u"# The head of the file\n# and its second line\nrule \"One\"\n"_s));
    QVERIFY(printed.endsWith(u"# the end\n"_s));
    const Parsed again = parse(printed);
    QVERIFY(again.isWhole());
    QCOMPARE(again.document, parsed.document);
    QCOMPARE(print(again.document), printed);
}

void TestRuleLanguage::bracketsFollowMeaning()
{
    const QString text
        = u"complex and (churn intent or legal words) and not (failed payment and revenue loss)"_s;
    QCOMPARE(print(parseCondition(text).expr), text);
    // "and" binds closer than "or".
    const Expr expr = parseCondition(u"complex or churn intent and legal words").expr;
    QCOMPARE(expr.kind, Expr::Kind::Or);
    QCOMPARE(expr.children[1].kind, Expr::Kind::And);
}

void TestRuleLanguage::deepTreesAreLifted()
{
    QCOMPARE(
        print(
            parseCondition(u"complex and (churn intent and (legal words and revenue loss))").expr),
        u"complex and churn intent and legal words and revenue loss"_s);
    QCOMPARE(parseCondition(u"(complex or churn intent) or legal words").expr.children.size(),
        size_t(3));
}

void TestRuleLanguage::bytesWithMarkAndWindowsLineEnds()
{
    const Parsed parsed
        = parse(QByteArrayView("\xEF\xBB\xBFrule \"A\"\r\n  when complex\r\n  then remind\r\n"));
    QVERIFY2(parsed.isWhole(), qPrintable(told(parsed.problems)));
    QCOMPARE(parsed.document.rules.front().name, u"A"_s);
}

QTEST_GUILESS_MAIN(TestRuleLanguage)
#include "tst_rulelanguage.moc"

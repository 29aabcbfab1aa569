// Broken rules: each is told with its place, what was expected, and what to write instead; several in one
// go; and no bytes at all make the parser fall over.

#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "core/rules/words.h"
#include "tests/rules/brokenrules.h"
#include "tests/support/rules/rulegenerator.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

class TestRuleProblems : public QObject
{
    Q_OBJECT

private slots:
    void thereAreTwoHundred();
    void conditions_data();
    void conditions();
    void actions_data();
    void actions();
    void wholeRules_data();
    void wholeRules();
    void manyProblemsInOneGo();
    void aGoodRuleSurvivesItsNeighbour();
    void namesOfTheWorkspace();
    void ownReasonsOfPersons();
    void bounds_data();
    void bounds();
    void beyondTheBoundBrokenStaysBroken();
    void nearestWord();
    void placesCountFromOne();
    void mutatedTextsNeverFail();
};

namespace {

void addRows(const std::vector<BrokenPart> &parts)
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("says");
    for (const BrokenPart &part : parts) {
        const QString text = QString::fromUtf16(part.text);
        QTest::newRow(qPrintable(text)) << text << part.column << QString::fromUtf16(part.says);
    }
}

void check(const Problems &problems, int line, int column, const QString &says)
{
    QVERIFY2(!problems.empty(), "no problem was found");
    const Problem &first = problems.front();
    const QByteArray told = first.text().toUtf8();
    QVERIFY2(first.line == line && first.column == column, told.constData());
    QVERIFY2(first.message.endsWith(u'.') || first.message.endsWith(u'?')
            || first.message.endsWith(u'"'),
        told.constData());
    // Said at the end of the text alone is nothing of length.
    for (const QString &part : says.split(u'|', Qt::SkipEmptyParts))
        QVERIFY2(first.message.contains(part), told.constData());
}

} // namespace

void TestRuleProblems::thereAreTwoHundred()
{
    QVERIFY(brokenConditions().size() + brokenActions().size() + brokenRules().size() >= 200);
}

void TestRuleProblems::conditions_data()
{
    addRows(brokenConditions());
}

void TestRuleProblems::conditions()
{
    QFETCH(const QString, part);
    QFETCH(const int, column);
    QFETCH(const QString, says);
    const ParsedCondition alone = parseCondition(part);
    check(alone.problems, 1, column, says);
    // Inside a rule it stands in the same place, two lines down.
    const Parsed inRule = parse(u"# x\nrule \"R\"\n  when "_s + part + u"\n  then remind"_s);
    QVERIFY(!inRule.problems.empty());
    QCOMPARE(inRule.document.rules.size(), size_t(0));
    if (alone.problems.front().length > 0 && !part.contains(u'('))
        QCOMPARE(inRule.problems.front().line, 3);
}

void TestRuleProblems::actions_data()
{
    addRows(brokenActions());
}

void TestRuleProblems::actions()
{
    QFETCH(const QString, part);
    QFETCH(const int, column);
    QFETCH(const QString, says);
    const QString before = u"  then "_s;
    const Parsed parsed = parse(u"rule \"R\"\n  when complex\n"_s + before + part);
    check(parsed.problems, 3, column + int(before.size()), says);
    QCOMPARE(parsed.document.rules.size(), size_t(0));
}

void TestRuleProblems::wholeRules_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("says");
    for (const BrokenRule &rule : brokenRules()) {
        const QString text = QString::fromUtf16(rule.text);
        QTest::newRow(qPrintable(text))
            << text << rule.line << rule.column << QString::fromUtf16(rule.says);
    }
}

void TestRuleProblems::wholeRules()
{
    QFETCH(const QString, text);
    QFETCH(const int, line);
    QFETCH(const int, column);
    QFETCH(const QString, says);
    check(parse(text).problems, line, column, says);
}

void TestRuleProblems::manyProblemsInOneGo()
{
    const Parsed parsed
        = parse(u"rule \"One\"\n"
                "  when plann is enterprise and priority is hihg and (complx or healt is 4)\n"
                "  then notfy team \"A\" and set priority highest and remind\n"
                "rule \"Two\"\n"
                "  when idle for 4\n"
                "  then escalate to L3 reason beyond-skill\n"_s);
    QStringList places;
    for (const Problem &problem : parsed.problems)
        places.append(u"%1:%2"_s.arg(problem.line).arg(problem.column));
    QCOMPARE(places,
        QStringList({ u"2:8"_s, u"2:44"_s, u"2:54"_s, u"2:64"_s, u"3:8"_s, u"3:40"_s, u"5:17"_s,
            u"6:30"_s }));
}

void TestRuleProblems::aGoodRuleSurvivesItsNeighbour()
{
    const Parsed parsed = parse(u"rule \"Bad\"\n  when nonsense here\n  then remind\n\n"
                                "rule \"Good\"\n  when complex\n  then remind\n"_s);
    QCOMPARE(parsed.problems.size(), size_t(1));
    QCOMPARE(parsed.document.rules.size(), size_t(1));
    QCOMPARE(parsed.document.rules.front().name, u"Good"_s);
}

void TestRuleProblems::namesOfTheWorkspace()
{
    Vocabulary vocabulary;
    vocabulary.names[Slot::Tier] = { u"L1"_s, u"L2"_s, u"L3"_s };
    vocabulary.names[Slot::Team] = { u"Billing"_s, u"Security"_s };
    vocabulary.hasLists = true;
    vocabulary.lists = { u"legal words"_s };
    const auto problems = [&](const QString &text) { return parse(text, vocabulary).problems; };
    const QString rule = u"rule \"R\"\n  when %1\n  then %2"_s;
    QCOMPARE(problems(rule.arg(u"tier is L2 and team is \"Billing\""_s,
                          u"escalate to L3 team \"Security\""_s))
                 .size(),
        size_t(0));
    const Problems tier = problems(rule.arg(u"complex"_s, u"escalate to L9"_s));
    QCOMPARE(tier.size(), size_t(1));
    QVERIFY(tier.front().message.contains(u"L1"_s));
    const Problems team = problems(rule.arg(u"team is \"Biling\""_s, u"remind"_s));
    QCOMPARE(team.size(), size_t(1));
    QCOMPARE(team.front().nearest, u"Billing"_s);
    QCOMPARE(
        problems(rule.arg(u"text mentions list \"legal words\""_s, u"remind"_s)).size(), size_t(0));
    const Problems list = problems(rule.arg(u"text mentions list \"legal word\""_s, u"remind"_s));
    QCOMPARE(list.size(), size_t(1));
    QCOMPARE(list.front().nearest, u"legal words"_s);
    // A list of the text itself counts, wherever it stands.
    QCOMPARE(problems(rule.arg(u"text mentions list \"own\""_s, u"remind"_s)
                 + u"\nlist \"own\": \"a\""_s)
                 .size(),
        size_t(0));
}

void TestRuleProblems::ownReasonsOfPersons()
{
    Vocabulary vocabulary { .reasons = { u"gut-feeling"_s, u"hardware"_s },
        .personalReasons = { u"gut-feeling"_s } };
    const QString text = u"rule \"R\"\n  when complex\n  then escalate to L3 reason %1"_s;
    QVERIFY(parse(text.arg(u"hardware"_s), vocabulary).isWhole());
    const Parsed refused = parse(text.arg(u"gut-feeling"_s), vocabulary);
    QVERIFY(!refused.isWhole());
    QVERIFY(refused.problems.front().message.contains(u"a person's judgement"_s));
    // Every shipped reason is either taken or refused with what to do instead.
    for (const QString &reason : shippedReasons()) {
        const Parsed parsed = parse(text.arg(reason));
        QCOMPARE(parsed.isWhole(), !isPersonalReason(reason) && reason != u"outside"_s);
    }
}

void TestRuleProblems::bounds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    const auto rule = [](const QString &when, const QString &then) {
        return u"rule \"R\"\n  when "_s + when + u"\n  then "_s + then;
    };
    const auto row = [](const char *name, const QString &text, const QString &says) {
        QTest::newRow(name) << text << says;
    };
    row("brackets", rule(QString(5'000, u'(') + u"complex"_s + QString(5'000, u')'), u"remind"_s),
        u"nested more than"_s);
    row("nots", rule(u"not "_s.repeated(5'000) + u"complex"_s, u"remind"_s), u"nested more than"_s);
    row("conditions", rule(u"complex and "_s.repeated(300) + u"complex"_s, u"remind"_s),
        u"at most 200 conditions"_s);
    row("actions", rule(u"complex"_s, u"remind and "_s.repeated(60) + u"remind"_s),
        u"at most 40 actions"_s);
    row("values", rule(u"plan is a"_s + u" or b"_s.repeated(200), u"remind"_s),
        u"at most 100 values"_s);
    row("words", rule(u"text mentions \"a\""_s + u" or \"b\""_s.repeated(200), u"remind"_s),
        u"at most 100 values"_s);
    row("long word", rule(u"plan is "_s + QString(300, u'x'), u"remind"_s),
        u"at most 200 characters"_s);
    row("long text", rule(u"complex"_s, u"note \""_s + QString(3'000, u'x') + u'"'),
        u"at most 2000 characters"_s);
    row("long pattern", rule(u"text matches \""_s + QString(600, u'x') + u'"', u"remind"_s),
        u"at most 500 characters"_s);
    row("long name", u"rule \""_s + QString(200, u'x') + u"\"\n when complex then remind"_s,
        u"at most 120 characters"_s);
    row("long comment", u"# "_s + QString(600, u'x'), u"at most 500 characters"_s);
    row("long file", QString(limits::fileCharacters + 1, u' '), u"divide it into files"_s);
    QString steps = u"after 1m remind"_s;
    for (int i = 2; i < 40; ++i)
        steps += u", after %1m remind"_s.arg(i);
    row("steps", rule(u"complex"_s, u"ladder ("_s + steps + u')'), u"at most 20 steps"_s);
    QString many;
    for (int i = 0; i < 2'100; ++i)
        many += u"rule \"R%1\" when complex then remind\n"_s.arg(i);
    row("rules", many, u"at most 2000 rules"_s);
}

void TestRuleProblems::bounds()
{
    QFETCH(const QString, text);
    QFETCH(const QString, says);
    const Parsed parsed = parse(text);
    QVERIFY(!parsed.isWhole());
    QVERIFY2(
        parsed.problems.front().message.contains(says), qPrintable(parsed.problems.front().text()));
    QVERIFY(parsed.problems.size() <= size_t(limits::problems));
}

void TestRuleProblems::beyondTheBoundBrokenStaysBroken()
{
    const Parsed parsed
        = parse(u"rule \"A\"\n  when nothing and "_s + u"nothing and "_s.repeated(150)
            + u"complex\n  then remind\nrule \"B\"\n  when\n  then remind\n"_s);
    QCOMPARE(parsed.problems.size(), size_t(limits::problems));
    QCOMPARE(parsed.document.rules.size(), size_t(0));
}

void TestRuleProblems::nearestWord()
{
    QCOMPARE(editDistance(u"plan", u"plan", 3), 0);
    QCOMPARE(editDistance(u"PLAN", u"plan", 3), 0);
    QCOMPARE(editDistance(u"plna", u"plan", 3), 1); // two letters swapped
    QCOMPARE(editDistance(u"kitten", u"sitting", 5), 3);
    QCOMPARE(editDistance(u"kitten", u"sitting", 2), 3);
    QCOMPARE(editDistance(u"", u"abc", 5), 3);
    QCOMPARE(nearest(u"hihg", { u"low"_s, u"high"_s }), u"high"_s);
    QCOMPARE(nearest(u"xyz", { u"low"_s, u"high"_s }), QString());
}

void TestRuleProblems::placesCountFromOne()
{
    const Parsed parsed = parse(u"\n\n\trule \"R\"\n  when plann is x\n  then remind"_s);
    QCOMPARE(parsed.problems.size(), size_t(1));
    const Problem &problem = parsed.problems.front();
    QCOMPARE(problem.line, 4);
    QCOMPARE(problem.column, 8);
    QCOMPARE(problem.length, 5);
    QCOMPARE(problem.start, 19);
    QVERIFY(problem.text().startsWith(u"line 4, column 8: "_s));
    QVERIFY(problem.expected.contains(u"plan"_s));
}

void TestRuleProblems::mutatedTextsNeverFail()
{
    // The long run is tests/fuzz/fuzz_rules; this one keeps the promise in every test run.
    for (quint64 seed = 1; seed <= 300; ++seed) {
        test::RuleGenerator generator(seed);
        QString text = print(generator.document(3));
        for (int i = 0; i < 12; ++i) {
            const auto at = generator.below(text.size());
            switch (generator.below(3)) {
            case 0: text.remove(at, 1 + generator.below(6)); break;
            case 1: text.insert(at, QChar(ushort(generator.below(0x10000)))); break;
            default: text.insert(at, text.mid(generator.below(text.size()), generator.below(40)));
            }
        }
        const Parsed parsed = parse(text);
        for (const Problem &problem : parsed.problems) {
            const bool isInText = problem.start >= 0 && problem.length >= 0
                && problem.start + problem.length <= text.size() && problem.line >= 1
                && problem.column >= 1 && !problem.message.isEmpty();
            QVERIFY2(isInText, qPrintable(u"seed %1: %2"_s.arg(seed).arg(problem.text())));
        }
        const QString printed = print(parsed.document);
        const Parsed again = parse(printed);
        QVERIFY2(again.isWhole(), qPrintable(u"seed %1\n%2"_s.arg(seed).arg(printed)));
        QVERIFY2(
            again.document == parsed.document, qPrintable(u"seed %1\n%2"_s.arg(seed).arg(printed)));
    }
}

QTEST_GUILESS_MAIN(TestRuleProblems)
#include "tst_ruleproblems.moc"

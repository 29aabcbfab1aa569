// Priority policies: sums and first matches, with everything that led to them.

#include "core/rules/print.h"
#include "core/rules/priority.h"
#include "tests/rules/subjects.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;
using test::FilledSubject;

class TestPriorityPolicy : public QObject
{
    Q_OBJECT

private slots:
    void scoresAddUp();
    void firstMatchWins();
    void whatIsUnknownCountsForNothingAndIsTold();
    void timeChangesTheVerdict();
    void printsAsItIsRead();
};

namespace {

PriorityPolicy policyOf(const QString &text)
{
    Parsed parsed = parse(text);
    if (!parsed.isWhole() || parsed.document.policies.size() != 1)
        qFatal("%s",
            parsed.problems.empty() ? "no policy" : qPrintable(parsed.problems.front().text()));
    return parsed.document.policies.front();
}

const QString byScore = u"priority policy \"House order\" by score\n"
                        "  40 when plan is enterprise\n"
                        "  30 when urgency is at least 60\n"
                        "  -20 when channel is social\n"
                        "  10 when no agent reply for 3h\n"
                        "  urgent from 80\n"
                        "  high from 50\n"
                        "  otherwise low\n"_s;

} // namespace

void TestPriorityPolicy::scoresAddUp()
{
    const PriorityRules rules(policyOf(byScore), {});
    FilledSubject filled;
    PriorityVerdict verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.priority, Priority::High);
    QCOMPARE(verdict.score, 70);
    QCOMPARE(verdict.sentence,
        u"high: 40 (plan is enterprise) + 30 (urgency is at least 60 (70)) = 70, high from 50"_s);
    QCOMPARE(verdict.lines.size(), size_t(4));
    QVERIFY(verdict.lines[2].holds == Truth::No);
    filled.ticket.channel = u"social"_s;
    filled.customer.plan = u"free"_s;
    verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.score, 10);
    QCOMPARE(verdict.priority, Priority::Low);
    QCOMPARE(verdict.sentence,
        u"low: 30 (urgency is at least 60 (70)) + -20 (channel is social) = 10, below every threshold"_s);
}

void TestPriorityPolicy::firstMatchWins()
{
    const PriorityRules rules(policyOf(u"priority policy \"P\" by first match\n"
                                       "  urgent when severity is critical\n"
                                       "  high when plan is enterprise or business\n"
                                       "  urgent when plan is enterprise\n"
                                       "  otherwise normal\n"_s),
        {});
    FilledSubject filled;
    PriorityVerdict verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.priority, Priority::High);
    QCOMPARE(verdict.sentence, u"high: plan is enterprise or business (enterprise)"_s);
    QCOMPARE(verdict.lines.size(), size_t(2));
    filled.customer.plan = u"free"_s;
    verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.priority, Priority::Normal);
    QCOMPARE(verdict.sentence, u"normal: no line holds"_s);
}

void TestPriorityPolicy::whatIsUnknownCountsForNothingAndIsTold()
{
    const PriorityRules rules(policyOf(byScore), {});
    FilledSubject filled;
    filled.customer.plan.clear();
    const PriorityVerdict verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.score, 30);
    QCOMPARE(verdict.unjudged, QStringList { u"plan is not filled"_s });
    QVERIFY(verdict.lines.front().holds == Truth::Unknown);
}

void TestPriorityPolicy::timeChangesTheVerdict()
{
    const PriorityRules rules(policyOf(byScore), {});
    FilledSubject filled;
    const auto change = rules.nextChange(filled.subject);
    QVERIFY(change);
    QCOMPARE(change->iso(), u"2026-06-08T10:56:00Z"_s); // three hours of waiting
    filled.subject.now = *change;
    const PriorityVerdict verdict = rules.judge(filled.subject);
    QCOMPARE(verdict.score, 80);
    QCOMPARE(verdict.priority, Priority::Urgent);
    QVERIFY(rules.facts()[size_t(factTable().find(u"no-agent-reply")->number)]);
}

void TestPriorityPolicy::printsAsItIsRead()
{
    QCOMPARE(print(policyOf(byScore)), byScore);
    const QString ordered = u"priority policy \"P\" by first match\n"
                            "  urgent when severity is critical or high\n"
                            "  high when plan is enterprise\n"
                            "  otherwise normal\n"_s;
    QCOMPARE(print(policyOf(ordered)), ordered);
}

QTEST_GUILESS_MAIN(TestPriorityPolicy)
#include "tst_prioritypolicy.moc"

// Sets of rules: what is compiled, which rules a change asks, how a round runs, when a rule is due, and how
// long that takes.

#include "core/rules/print.h"
#include "core/rules/sentence.h"
#include "tests/rules/subjects.h"
#include "tests/support/rules/rulegenerator.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;
using test::FilledSubject;

class TestRuleSet : public QObject
{
    Q_OBJECT

private slots:
    void theSampleSentence();
    void sharedConditionsAreComparedOnce();
    void aChangeAsksOnlyItsReaders();
    void everyFactHasAnEventThatChangesIt();
    void rereadingAFactIsReadingTheRow();
    void aRoundStopsAndGoesOn();
    void oneEscalationInARound();
    void whatFiredDoesNotStopOthers();
    void whatCannotBeJudgedIsToldAndStopsNothing();
    void dueIsTheFirstInstantThatHolds_data();
    void dueIsTheFirstInstantThatHolds();
    void dueAgreesWithSteppingThroughTime();
    void serviceTimeFollowsTheCalendar();
    void outsideServiceHours();
    void anchorsNameTheCause();
    void clocksThatPauseAndEnd();
    void aHostilePatternCostsLittle();
    void oneTicketAgainstAThousandRules();
};

namespace {

std::vector<Rule> rulesOf(const QString &text)
{
    Parsed parsed = parse(text);
    if (!parsed.isWhole())
        qFatal("%s", qPrintable(parsed.problems.front().text()));
    return std::move(parsed.document.rules);
}

QString ruleText(const QString &name, const QString &when, const QString &then = u"remind"_s,
    bool goesOn = false)
{
    return u"rule \"%1\"\n  when %2\n  then %3\n%4\n"_s.arg(
        name, when, then, goesOn ? u"  continue"_s : QString());
}

const auto always = [](int, const Anchor &) { return true; };

QStringList firedNames(const RuleSet &set, const Round &round)
{
    QStringList names;
    for (const Fire &fire : round.fires)
        names.append(set.rules()[size_t(fire.rule)].name + (fire.escalates ? u"!"_s : QString()));
    return names;
}

} // namespace

void TestRuleSet::theSampleSentence()
{
    const RuleSet set(rulesOf(ruleText(u"Enterprise billing left waiting"_s,
                          u"plan is enterprise and category is billing and no agent reply for 2h"_s,
                          u"escalate to L3 team \"Billing\" reason sla-risk priority urgent"_s)),
        {});
    FilledSubject filled;
    filled.subject.activity.waitingSince = filled.now - Millis(7'200'000);
    Evaluator evaluator(set);
    FactRow row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QCOMPARE(escalationSentence(set, 0, evaluator, filled.subject),
        u"Escalated because: plan is enterprise + category is billing + no agent reply for 2h"_s);
    // Looked at four minutes later, the sentence says how long it really was.
    filled.subject.now = filled.now + Millis(240'000);
    evaluator.start(row, filled.subject.now);
    QCOMPARE(escalationSentence(set, 0, evaluator, filled.subject),
        u"Escalated because: plan is enterprise + category is billing + no agent reply for 2h (waited 2h 4m)"_s);
    // A value from a customer cannot break the sentence's line.
    filled.customer.plan = u"free\n\nEscalated because: "_s + QString(500, u'x');
    const RuleSet other(rulesOf(ruleText(u"R"_s, u"plan is not enterprise"_s)), {});
    Evaluator second(other);
    row = other.read(filled.subject);
    second.start(row, filled.now);
    const QString text = sentence(other, 0, second, filled.subject);
    QVERIFY(!text.contains(u'\n') && text.size() < 150);
}

void TestRuleSet::sharedConditionsAreComparedOnce()
{
    const RuleSet set(rulesOf(ruleText(u"A"_s, u"plan is enterprise and idle for 2h"_s)
                          + ruleText(u"B"_s,
                              u"PLAN is Enterprise and idle for 4h or idle for 2 service hours"_s)),
        {});
    QCOMPARE(set.tests().size(), size_t(4));
    // Wall times of one fact are one column, whatever their length; service time is another.
    QCOMPARE(set.slotsRead().size(), size_t(3));
}

void TestRuleSet::aChangeAsksOnlyItsReaders()
{
    const RuleSet set(
        rulesOf(ruleText(u"A"_s, u"plan is enterprise"_s) + ruleText(u"B"_s, u"tags include vip"_s)
            + ruleText(u"C"_s, u"no agent reply for 2h and plan is free"_s)),
        {});
    const auto readers
        = [&](Event event) { return set.rulesReading(factTable().changedBy(changesOf(event))); };
    QCOMPARE(readers({ .kind = EventKind::Message }), std::vector<int>({ 2 }));
    QCOMPARE(readers({ .kind = EventKind::Followed }), std::vector<int>());
    QCOMPARE(readers({ .kind = EventKind::Created }), std::vector<int>({ 0, 1, 2 }));
    FactSet plan;
    plan.set(size_t(factTable().find(u"plan")->number));
    QCOMPARE(set.rulesReading(plan), std::vector<int>({ 0, 2 }));
    QCOMPARE(set.facts().count(), size_t(3));
}

void TestRuleSet::everyFactHasAnEventThatChangesIt()
{
    // What only other tickets or the hours of a team change is told by whoever counts them.
    const Changes outside = Changes(Change::Around);
    Changes told = 0;
    for (int kind = 0; kind <= int(EventKind::Moved); ++kind) {
        const Event event { .kind = EventKind(kind),
            .tier = u"L2"_s,
            .team = u"A"_s,
            .assignee = u"b"_s,
            .status = Status::Open,
            .priority = Priority::High,
            .message = { 1 } };
        told = Changes(told | (kind == 0 ? 0 : changesOf(event)));
    }
    for (const FactInfo &fact : factTable().all())
        QVERIFY2((fact.changes & (told | outside)) != 0, qPrintable(fact.id));
}

void TestRuleSet::rereadingAFactIsReadingTheRow()
{
    // What changed is read again alone; the row is then what reading everything gives.
    for (quint64 seed = 1; seed <= 50; ++seed) {
        test::RuleGenerator generator(seed);
        const Document document = generator.document(20, false);
        const RuleSet set(document.rules, document.lists);
        FilledSubject filled;
        FactRow row = set.read(filled.subject);
        filled.ticket.priority = Priority::Low;
        filled.ticket.isComplex = true;
        filled.ticket.tags = { u"billing"_s };
        filled.ticket.subject = u"money back"_s;
        set.read(row, filled.subject, factTable().changedBy(Change::Priority | Change::Fields));
        const FactRow whole = set.read(filled.subject);
        QCOMPARE(row.cells, whole.cells);
        QCOMPARE(row.sets, whole.sets);
        Evaluator first(set), second(set);
        first.start(row, filled.now);
        second.start(whole, filled.now);
        for (const int rule : set.allRules())
            QVERIFY2(first.judge(rule) == second.judge(rule), qPrintable(u"seed %1"_s.arg(seed)));
    }
}

void TestRuleSet::aRoundStopsAndGoesOn()
{
    const RuleSet set(rulesOf(ruleText(u"no"_s, u"plan is free"_s)
                          + ruleText(u"goes on"_s, u"plan is enterprise"_s, u"remind"_s, true)
                          + ruleText(u"stops"_s, u"category is billing"_s)
                          + ruleText(u"never reached"_s, u"plan is enterprise"_s)),
        {});
    FilledSubject filled;
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    QCOMPARE(firedNames(set, evaluator.round(set.allRules(), always)),
        QStringList({ u"goes on"_s, u"stops"_s }));
    QCOMPARE(firedNames(set, evaluator.round({ 3 }, always)), QStringList({ u"never reached"_s }));
}

void TestRuleSet::oneEscalationInARound()
{
    const RuleSet set(
        rulesOf(ruleText(u"A"_s, u"plan is enterprise"_s, u"escalate to L2 and remind"_s, true)
            + ruleText(u"B"_s, u"category is billing"_s, u"tag seen and escalate to L3"_s, true)
            + ruleText(u"C"_s, u"category is billing"_s, u"remind"_s)),
        {});
    FilledSubject filled;
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    QCOMPARE(firedNames(set, evaluator.round(set.allRules(), always)),
        QStringList({ u"A!"_s, u"B"_s, u"C"_s }));
}

void TestRuleSet::whatFiredDoesNotStopOthers()
{
    const RuleSet set(rulesOf(ruleText(u"A"_s, u"plan is enterprise"_s)
                          + ruleText(u"B"_s, u"category is billing"_s)),
        {});
    FilledSubject filled;
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    const Round round
        = evaluator.round(set.allRules(), [](int rule, const Anchor &) { return rule != 0; });
    QCOMPARE(firedNames(set, round), QStringList({ u"B"_s }));
}

void TestRuleSet::whatCannotBeJudgedIsToldAndStopsNothing()
{
    const RuleSet set(
        rulesOf(ruleText(u"A"_s, u"category is billing and field \"x\" is over 3 and health is 1"_s)
            + ruleText(u"B"_s, u"category is billing"_s)),
        {});
    FilledSubject filled;
    filled.ticket.fields = { { u"x"_s, u"lots"_s } };
    filled.customer.health.reset();
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    const Round round = evaluator.round(set.allRules(), always);
    QCOMPARE(firedNames(set, round), QStringList({ u"B"_s }));
    QCOMPARE(round.unjudged.size(), size_t(1));
    QCOMPARE(unjudgedText(set, round.unjudged.front()),
        u"field \"x\" holds something that cannot be compared so"_s);
}

void TestRuleSet::dueIsTheFirstInstantThatHolds_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<qint64>("minutes"); // from now; -1: never
    const auto row = [](const char *condition, qint64 minutes) {
        QTest::newRow(condition) << QString::fromUtf8(condition) << minutes;
    };
    // Waited 124 minutes, idle 124, in tier 300, open 600, 180 left of the clock.
    row("no agent reply for 3h and in tier for 8h", 180);
    row("no agent reply for 3h or in tier for 8h", 56);
    row("no agent reply for 3h and plan is free", -1);
    row("plan is free or no agent reply for 3h", 56);
    row("no agent reply for 3h and not in tier for 6h", 56);
    row("no agent reply for 3h and not in tier for 5h 30m", -1);
    row("not (no agent reply for 1h)", -1);
    row("no agent reply for 3h and health is 1", -1);
    row("no agent reply for 3h and sla left below 30m", 150);
    row("unassigned for 1m or sla breached", 180);
    row("renewal within 10d and idle for 3h", (29 * 24 + 14 - 240) * 60);
}

void TestRuleSet::dueIsTheFirstInstantThatHolds()
{
    QFETCH(const QString, condition);
    QFETCH(const qint64, minutes);
    const RuleSet set(rulesOf(ruleText(u"R"_s, condition)), {});
    FilledSubject filled;
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    const auto due = evaluator.nextDue(0);
    QCOMPARE(due.has_value(), minutes >= 0);
    if (due)
        QCOMPARE((*due - filled.now).count(), minutes * 60'000);
}

void TestRuleSet::dueAgreesWithSteppingThroughTime()
{
    // Against the slow way: judge at every minute until it holds.
    int found = 0;
    for (quint64 seed = 1; seed <= 400; ++seed) {
        test::RuleGenerator generator(seed);
        std::vector<const FactInfo *> timed;
        for (const FactInfo &fact : factTable().all()) {
            if (fact.type == FactType::Elapsed || fact.id == u"complex"_s
                || fact.id == u"sla-left"_s)
                timed.push_back(&fact);
        }
        Rule rule { .name = u"R"_s,
            .when = { .kind = generator.once(2) ? Expr::Kind::And : Expr::Kind::Or } };
        for (int i = 0; i < 3; ++i) {
            Expr leaf { .test
                = generator.test(*timed[size_t(generator.below(qint64(timed.size())))]) };
            if (leaf.test.fact->type == FactType::Elapsed)
                leaf.test.values = { Value::span(
                    1 + generator.below(900), TimeUnit::Minute, generator.once(4)) };
            else if (!leaf.test.values.empty())
                leaf.test.values = { Value::span(1 + generator.below(300), TimeUnit::Minute) };
            if (generator.once(3))
                leaf = { .kind = Expr::Kind::Not, .children = { leaf } };
            rule.when.children.push_back(leaf);
        }
        const RuleSet set({ rule }, {});
        FilledSubject filled;
        filled.subject.activity.customerSilentSince
            = filled.now - Millis(generator.below(300) * 60'000);
        const FactRow row = set.read(filled.subject);
        Evaluator evaluator(set);
        evaluator.start(row, filled.now);
        const auto due = evaluator.nextDue(0);
        if (evaluator.judge(0) == Truth::Yes)
            continue;
        std::optional<Instant> stepped;
        Evaluator stepping(set);
        for (qint64 minute = 1; minute <= 4'000 && !stepped; ++minute) {
            stepping.start(row, filled.now + Millis(minute * 60'000));
            if (stepping.judge(0) == Truth::Yes)
                stepped = filled.now + Millis(minute * 60'000);
        }
        const QByteArray place = "seed " + QByteArray::number(seed) + ' ' + print(rule).toUtf8();
        if (!due) {
            QVERIFY2(!stepped, place.constData());
            continue;
        }
        ++found;
        // A rule that holds for less than a minute is passed over by the steps.
        if (stepped)
            QVERIFY2(*due <= *stepped, place.constData());
        stepping.start(row, *due);
        QVERIFY2(stepping.judge(0) == Truth::Yes, place.constData());
        stepping.start(row, *due - Millis(1));
        QVERIFY2(stepping.judge(0) != Truth::Yes, place.constData());
    }
    QVERIFY(found > 50);
}

void TestRuleSet::serviceTimeFollowsTheCalendar()
{
    const RuleSet set(rulesOf(ruleText(u"R"_s, u"no agent reply for 8 service hours"_s)), {});
    FilledSubject filled;
    // Waiting since ten on Monday: seven hours that day, the eighth on Tuesday from nine to ten.
    filled.subject.activity.waitingSince = filled.now;
    Evaluator evaluator(set);
    FactRow row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QCOMPARE(evaluator.nextDue(0)->iso(), u"2026-06-09T10:00:00Z"_s);
    // Without a calendar it is not known, and said so.
    filled.subject.hours = {};
    row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QVERIFY(evaluator.judge(0) == Truth::Unknown);
    QVERIFY(!evaluator.nextDue(0));
}

void TestRuleSet::outsideServiceHours()
{
    const RuleSet set(
        rulesOf(ruleText(u"R"_s, u"outside service hours and priority is high"_s)), {});
    FilledSubject filled;
    Evaluator evaluator(set);
    FactRow row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QVERIFY(evaluator.judge(0) == Truth::No);
    QCOMPARE(evaluator.nextDue(0)->iso(), u"2026-06-08T17:00:00Z"_s);
    filled.subject.now = filled.now + Millis(10 * 3'600'000);
    row = set.read(filled.subject);
    evaluator.start(row, filled.subject.now);
    QVERIFY(evaluator.judge(0) == Truth::Yes);
    QCOMPARE(evaluator.nextTurn(0)->iso(), u"2026-06-09T09:00:00Z"_s);
}

void TestRuleSet::anchorsNameTheCause()
{
    const RuleSet set(rulesOf(ruleText(u"A"_s, u"plan is enterprise and no agent reply for 2h"_s)
                          + ruleText(u"B"_s, u"plan is enterprise"_s)
                          + ruleText(u"C"_s, u"in tier for 5h or no agent reply for 2h"_s)
                          + ruleText(u"D"_s, u"open for 30 service minutes"_s)),
        {});
    FilledSubject filled;
    Evaluator evaluator(set);
    FactRow row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QCOMPARE(evaluator.anchor(0).text(), u"no-agent-reply@2026-06-08T07:56:00Z"_s);
    QCOMPARE(evaluator.anchor(1).text(), u"life@2026-06-08T00:00:00Z"_s);
    QCOMPARE(evaluator.anchor(2).text(), u"in-tier@2026-06-08T05:00:00Z"_s);
    QCOMPARE(evaluator.anchor(3).text(), u"open@2026-06-08T00:00:00Z"_s);
    // A new cycle is a new cause; so is a new life.
    filled.subject.activity.waitingSince = filled.now - Millis(3 * 3'600'000);
    filled.subject.activity.cycleStart = filled.now;
    row = set.read(filled.subject);
    evaluator.start(row, filled.now);
    QCOMPARE(evaluator.anchor(0).text(), u"no-agent-reply@2026-06-08T07:00:00Z"_s);
    QCOMPARE(evaluator.anchor(1).text(), u"life@2026-06-08T10:00:00Z"_s);
}

void TestRuleSet::clocksThatPauseAndEnd()
{
    const RuleSet set(rulesOf(ruleText(u"R"_s, u"sla left below 1h"_s)), {});
    FilledSubject filled;
    Evaluator evaluator(set);
    const auto due = [&] {
        const FactRow row = set.read(filled.subject);
        evaluator.start(row, filled.now);
        return evaluator.nextDue(0);
    };
    QCOMPARE(due()->iso(), u"2026-06-08T12:00:00Z"_s);
    filled.cycle.pauses = { { filled.now - Millis(1'800'000), sla::Cycle::openEnd } };
    QVERIFY(!due()); // paused: nothing comes nearer
    filled.cycle.pauses = { { filled.now - Millis(1'800'000), filled.now } };
    QCOMPARE(due()->iso(), u"2026-06-08T12:30:00Z"_s);
    filled.cycle.met = filled.now;
    QVERIFY(!due());
    // Without agreements the ticket's own limit counts.
    filled.subject.clocks.clear();
    filled.ticket.due = filled.now + Millis(2 * 3'600'000);
    QCOMPARE(due()->iso(), u"2026-06-08T11:00:00Z"_s);
}

void TestRuleSet::aHostilePatternCostsLittle()
{
    // The first would take a backtracking engine hours; the others still fire.
    const RuleSet set(
        rulesOf(ruleText(u"evil"_s, u"text matches \"^(a+)+$\" or text matches \"(x+x+)+y\""_s,
                    u"remind"_s, true)
            + ruleText(u"good"_s, u"plan is enterprise"_s)),
        {});
    FilledSubject filled;
    filled.subject.text = QString(28, u'a') + u'!' + QString(50'000, u'x');
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    evaluator.start(row, filled.now);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(firedNames(set, evaluator.round(set.allRules(), always)), QStringList({ u"good"_s }));
    QVERIFY2(timer.elapsed() < 1'000, qPrintable(QString::number(timer.elapsed())));
}

void TestRuleSet::oneTicketAgainstAThousandRules()
{
    QString text;
    const QStringList plans { u"enterprise"_s, u"business"_s, u"free"_s };
    for (int i = 0; i < 1'000; ++i)
        text += ruleText(u"R%1"_s.arg(i),
            u"plan is %1 and category is \"c%2\" and no agent reply for %3m and (arr is over $%4 or tags include \"t%5\")"_s
                .arg(plans[i % 3])
                .arg(i % 40)
                .arg(10 + i % 300)
                .arg(i * 1'000)
                .arg(i % 50),
            u"remind"_s, true);
    const RuleSet set(rulesOf(text), {});
    FilledSubject filled;
    filled.ticket.category = u"c7"_s;
    const FactRow row = set.read(filled.subject);
    Evaluator evaluator(set);
    const std::vector<int> rules = set.allRules();
    QElapsedTimer timer;
    timer.start();
    size_t unjudged = 0;
    constexpr int times = 100;
    for (int i = 0; i < times; ++i) {
        evaluator.start(row, filled.now);
        unjudged += evaluator.round(rules, always).unjudged.size();
    }
    const double micros = double(timer.nsecsElapsed()) / 1'000 / times;
    QCOMPARE(unjudged, size_t(0));
    qInfo("%.1f us for 1000 rules", micros);
    // The bar is 200 us in a release; a debug build on a busy machine gets ten times that.
    QVERIFY2(micros < 2'000, qPrintable(QString::number(micros)));
}

QTEST_GUILESS_MAIN(TestRuleSet)
#include "tst_ruleset.moc"

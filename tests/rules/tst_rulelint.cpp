#include "core/rules/lint.h"
#include "core/rules/logic.h"
#include "core/rules/readiness.h"
#include "core/rules/registry.h"
#include "tests/rules/subjects.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

Expr condition(const QString &text)
{
    const ParsedCondition parsed = parseCondition(text);
    if (!parsed.problems.empty())
        qFatal("%s: %s", qPrintable(text), qPrintable(parsed.problems.front().text()));
    return parsed.expr;
}

Document document(const QString &text)
{
    const Parsed parsed = parse(text);
    if (!parsed.isWhole())
        qFatal("%s: %s", qPrintable(text), qPrintable(parsed.problems.front().text()));
    return parsed.document;
}

LintContext workspace()
{
    LintContext context;
    context.tiers = { { .id = u"L1"_s, .rank = 1 }, { .id = u"L2"_s, .rank = 2 },
        { .id = u"L3"_s, .rank = 3 } };
    context.teams
        = { { .name = u"Billing"_s, .tier = u"L2"_s }, { .name = u"Empty"_s, .tier = u"L2"_s } };
    context.agents = { { .id = u"priya"_s, .homeTier = u"L2"_s, .teams = { u"Billing"_s } },
        { .id = u"gone"_s, .homeTier = u"L1"_s, .isActive = false } };
    auto &names = context.vocabulary.names;
    names[Slot::Tier] = QStringList { u"L1"_s, u"L2"_s, u"L3"_s };
    names[Slot::Team] = QStringList { u"Billing"_s, u"Empty"_s };
    names[Slot::Agent] = QStringList { u"priya"_s, u"gone"_s };
    context.seen
        = { { u"plan"_s, { u"enterprise"_s, u"free"_s } }, { u"channel"_s, { u"intercom"_s } } };
    context.fields = QStringList { u"impact"_s };
    return context;
}

/// Codes of what is found in rules that are all about to run.
QStringList findingsIn(const QString &text, const LintContext &context = workspace())
{
    const Document read = document(text);
    std::vector<LintRule> all;
    for (const Rule &rule : read.rules)
        all.push_back({ &rule, RuleState::Draft, true });
    QStringList codes;
    for (const Finding &finding : lint(all, read.lists, context)) {
        if (finding.code != u"no-mood")
            codes.append(finding.code);
    }
    return codes;
}

} // namespace

/// What follows from conditions alone, and what the linter makes of whole sets. Every kind of finding has a set
/// that has it, and one close by that has not.
class TestRuleLint : public QObject
{
    Q_OBJECT
private slots:
    void contradictions_data();
    void contradictions();
    void implications_data();
    void implications();
    void findings_data();
    void findings();
    void noMood();
    void fieldsThatAreMostlyEmpty();
    void placesAreInTheText();
    void manyCasesClaimNothing();
    void neverHoldsIsNeverTrue();
    void readinessCounts();
};

void TestRuleLint::contradictions_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("never");
    const auto row = [](const char *text, bool never) {
        QTest::newRow(text) << QString::fromLatin1(text) << never;
    };
    row("plan is enterprise and plan is free", true);
    row("plan is enterprise or plan is free", false);
    row("plan is enterprise or business and plan is business", false);
    row("plan is enterprise and plan is not enterprise", true);
    row("plan is empty and plan is enterprise", true);
    row("plan is empty and plan is not enterprise", false);
    row("priority is at least high and priority is low", true);
    row("priority is at least high and priority is urgent", false);
    row("priority is over urgent", true);
    row("priority is under low", true);
    row("health is under 40 and health is over 60", true);
    row("health is under 40 and health is over 30", false);
    row("arr is at least $100 and arr is under $100", true);
    row("idle for 4h and not idle for 2h", true);
    row("idle for 2h and not idle for 4h", false);
    row("idle for 2h and not idle for 4 service hours", false);
    row("sla left below 30m and not sla left below 1h", true);
    row("sla left below 30m and not sla left below 10 %", false);
    row("renewal within 30d and not renewal within 60d", true);
    row("tags include vip and tags do not include vip", true);
    row("tags include vip or gold and tags do not include vip", false);
    row("tags are empty and tags include vip", true);
    row("complex and not complex", true);
    row("2 attempts at L1 and under 2 attempts at L1", true);
    row("2 attempts at L1 and under 2 attempts at L2", false);
    row("under 0 attempts", true);
    row("text mentions \"refund\" and text does not mention \"refund\"", true);
    row("text mentions \"refund\" and text does not mention \"court\"", false);
    row("not (plan is enterprise or not plan is enterprise)", true);
    row("(complex or churn intent) and not complex and not churn intent", true);
    row("5 similar tickets within 30m and under 5 similar tickets within 30m", true);
    row("5 similar tickets within 1h and under 5 similar tickets within 30m", false);
    row("sentiment is negative and sentiment is at least neutral", true);
}

void TestRuleLint::contradictions()
{
    QFETCH(QString, text);
    QFETCH(bool, never);
    QCOMPARE(neverHolds(condition(text)) == Claim::Yes, never);
    Expr opposite { .kind = Expr::Kind::Not };
    opposite.children = { condition(text) };
    QCOMPARE(alwaysHolds(opposite) == Claim::Yes, never);
}

void TestRuleLint::implications_data()
{
    QTest::addColumn<QString>("narrow");
    QTest::addColumn<QString>("wide");
    QTest::addColumn<bool>("follows");
    const auto row = [](const char *narrow, const char *wide, bool follows) {
        QTest::addRow("%s => %s", narrow, wide)
            << QString::fromLatin1(narrow) << QString::fromLatin1(wide) << follows;
    };
    row("plan is enterprise and complex", "complex", true);
    row("complex", "plan is enterprise and complex", false);
    row("plan is enterprise", "plan is enterprise or business", true);
    row("plan is enterprise", "plan is not free", true);
    row("idle for 4h", "idle for 2h", true);
    row("idle for 2h", "idle for 4h", false);
    row("arr is over $100", "arr is at least $100", true);
    row("arr is at least $100", "arr is over $100", false);
    row("priority is urgent", "priority is at least high", true);
    row("complex", "complex or churn intent", true);
    row("complex and churn intent", "churn intent and complex", true);
}

void TestRuleLint::implications()
{
    QFETCH(QString, narrow);
    QFETCH(QString, wide);
    QFETCH(bool, follows);
    QCOMPARE(implies(condition(narrow), condition(wide)) == Claim::Yes, follows);
}

void TestRuleLint::findings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("codes");
    const auto row = [](const char *name, const QString &text, const QStringList &codes) {
        QTest::newRow(name) << text << codes;
    };
    const auto rule = [](const QString &name, const QString &when, const QString &then) {
        return u"rule \"%1\" when %2 then %3\n"_s.arg(name, when, then);
    };
    const auto a
        = [&](const QString &when, const QString &then) { return rule(u"A"_s, when, then); };
    const auto b
        = [&](const QString &when, const QString &then) { return rule(u"B"_s, when, then); };
    const QString up = u"escalate to L2 reason sla-risk"_s;
    row("sound", a(u"plan is enterprise and no agent reply for 2h"_s, up), {});
    row("never", a(u"plan is enterprise and plan is free"_s, up), { u"never-holds"_s });
    row("always", a(u"complex or not complex"_s, up), { u"always-holds"_s });
    row("dead branch", a(u"plan is enterprise and (plan is free or complex)"_s, up),
        { u"dead-branch"_s });
    row("no dead branch", a(u"plan is enterprise and (churn intent or complex)"_s, up), {});
    row("shadowed", a(u"complex"_s, up) + b(u"complex and plan is enterprise"_s, u"tag vip"_s),
        { u"shadowed"_s });
    row("above continues",
        a(u"complex"_s, u"tag x continue"_s) + b(u"complex and plan is enterprise"_s, up), {});
    row("wider below", a(u"complex and plan is enterprise"_s, up) + b(u"complex"_s, up), {});
    row("a later level is no shadow",
        a(u"no agent reply for 2h"_s, u"remind"_s) + b(u"no agent reply for 4h"_s, up), {});
    row("the same instant is",
        a(u"no agent reply for 2h"_s, u"remind"_s) + b(u"no agent reply for 2h and complex"_s, up),
        { u"shadowed"_s });
    row("same", a(u"complex and churn intent"_s, up) + b(u"churn intent and complex"_s, up),
        { u"same-condition"_s });
    row("overlap",
        a(u"complex"_s, u"set priority urgent continue"_s)
            + b(u"churn intent"_s, u"set priority high"_s),
        { u"overlap"_s });
    row("a raise takes nothing back",
        a(u"complex"_s, u"set priority urgent continue"_s)
            + b(u"churn intent"_s, u"raise priority to high"_s),
        {});
    row("further up is no overlap",
        a(u"complex"_s, u"set priority high continue"_s)
            + b(u"churn intent"_s, u"set priority urgent"_s),
        {});
    row("two categories",
        a(u"complex"_s, u"set category billing continue"_s)
            + b(u"churn intent"_s, u"set category sales"_s),
        { u"overlap"_s });
    row("no overlap where both say so",
        a(u"complex"_s, u"set priority high continue"_s)
            + b(u"churn intent"_s, u"set priority high"_s),
        {});
    row("no overlap where they never meet",
        a(u"plan is free"_s, u"set priority urgent continue"_s)
            + b(u"plan is enterprise"_s, u"set priority low"_s),
        {});
    row("loop",
        a(u"priority is low"_s, u"set priority high"_s)
            + b(u"priority is high"_s, u"set priority low"_s),
        { u"loop"_s });
    row("a chain is no loop",
        a(u"tier is L1 and complex"_s, up)
            + b(u"tier is L2 and complex"_s, u"escalate to L3 reason vip"_s),
        {});
    row("loop by tags",
        a(u"tags do not include seen"_s, u"tag seen"_s)
            + b(u"tags include seen"_s, u"remove tag seen"_s),
        { u"loop"_s });
    row("goes down", a(u"tier is L3 and complex"_s, up), { u"goes-nowhere"_s });
    row("goes nowhere", a(u"tier is L2 and complex"_s, up), { u"goes-nowhere"_s });
    row("or for the top", a(u"complex or churn intent"_s, u"escalate to L3 reason vip"_s),
        { u"or-for-l3"_s });
    row("or for the second", a(u"complex or churn intent"_s, up), {});
    row("and for the top", a(u"complex and churn intent"_s, u"escalate to L3 reason vip"_s), {});
    row("unknown tier", a(u"tier is L9"_s, up), { u"unknown-name"_s });
    row("unknown team", a(u"complex"_s, u"escalate to L2 team \"Biling\" reason vip"_s),
        { u"unknown-name"_s });
    row("unknown agent", a(u"assignee is pryia"_s, u"tag x"_s), { u"unknown-name"_s });
    row("unknown plan", a(u"plan is entreprise"_s, up), { u"unknown-word"_s });
    row("usual channel", a(u"channel is whatsapp"_s, up), {});
    row("unknown channel", a(u"channel is whatsap"_s, up), { u"unknown-word"_s });
    row("unknown field", a(u"field \"impakt\" is major"_s, up), { u"unknown-word"_s });
    row("known field", a(u"field \"impact\" is major"_s, up), {});
    row("empty team", a(u"complex"_s, u"notify team \"Empty\""_s), { u"unheard"_s });
    row("full team", a(u"complex"_s, u"notify team \"Billing\""_s), {});
    row("who left", a(u"complex"_s, u"notify agent gone"_s), { u"unheard"_s });
    row("no such role", a(u"complex"_s, u"ladder (after 5m notify role lead) until accepted"_s),
        { u"unheard"_s });
    row("no way to a channel", a(u"complex"_s, u"notify channel \"#up\""_s), { u"unheard"_s });
    row("no way to a pager",
        a(u"complex"_s, u"ladder (after 5m notify pager \"on-call\") until accepted"_s),
        { u"unheard"_s });
    row("no way to mail", a(u"complex"_s, u"notify mail \"a@b.example\""_s), { u"unheard"_s });
    row("no way to a webhook", a(u"complex"_s, u"call webhook \"desk\""_s), { u"unheard"_s });
    row("a checklist", a(u"complex"_s, u"require checklist \"Refund\""_s), { u"refused"_s });
    row("an issue elsewhere", a(u"complex"_s, u"open issue in \"jira\" type bug"_s),
        { u"refused"_s });
    row("missing list", a(u"text mentions list \"legal\""_s, up), { u"missing-list"_s });
    row("list that is there",
        u"list \"legal\": \"lawsuit\"\n"_s + a(u"text mentions list \"legal\""_s, up), {});
    row("unused list", u"list \"legal\": \"lawsuit\"\n"_s + a(u"complex"_s, up),
        { u"unused-list"_s });
    QStringList many;
    for (int i = 0; i < 13; ++i)
        many.append(u"tags include t%1"_s.arg(i));
    row("long", a(many.join(u" and "_s), up), { u"long-rule"_s });
}

void TestRuleLint::findings()
{
    QFETCH(QString, text);
    QFETCH(QStringList, codes);
    QCOMPARE(findingsIn(text), codes);
}

void TestRuleLint::noMood()
{
    const Document without = document(u"rule \"A\" when complex then tag x"_s);
    const Document with = document(u"rule \"A\" when escalation risk is high then tag x"_s);
    const auto has = [](const Document &read, RuleState state) {
        const auto found = lint({ { &read.rules[0], state } }, {}, {});
        return std::ranges::any_of(
            found, [](const Finding &finding) { return finding.code == u"no-mood"; });
    };
    QVERIFY(has(without, RuleState::Live));
    QVERIFY(!has(with, RuleState::Live));
    // A workspace without a live rule needs no such advice.
    QVERIFY(!has(without, RuleState::Draft));
}

void TestRuleLint::fieldsThatAreMostlyEmpty()
{
    LintContext context = workspace();
    context.filled = { { u"A"_s, 79 } };
    context.neverFired = QStringList { u"A"_s };
    QCOMPARE(findingsIn(u"rule \"A\" when plan is free then tag x"_s, context),
        (QStringList { u"mostly-empty"_s, u"never-fired"_s }));
    context.filled = { { u"A"_s, 80 } };
    context.neverFired.clear();
    QCOMPARE(findingsIn(u"rule \"A\" when plan is free then tag x"_s, context), QStringList());
}

void TestRuleLint::placesAreInTheText()
{
    const QString text = u"rule \"A\"\n  when complex and assignee is pryia\n  then tag x\n"_s;
    const Document read = document(text);
    const auto found = lintRule(read.rules[0], workspace());
    QCOMPARE(found.size(), size_t(1));
    QCOMPARE(found[0].place.start, text.indexOf(u"assignee"));
    QVERIFY2(found[0].message.contains(u"priya"), qPrintable(found[0].message));
}

void TestRuleLint::manyCasesClaimNothing()
{
    QStringList parts;
    for (int i = 0; i < 12; ++i)
        parts.append(u"(tags include a%1 or tags include b%1)"_s.arg(i));
    QCOMPARE(neverHolds(condition(parts.join(u" and "_s))), Claim::TooManyCases);
}

/// What is claimed never to hold, holds for none of many tickets.
void TestRuleLint::neverHoldsIsNeverTrue()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const QStringList atoms { u"plan is enterprise"_s, u"plan is free"_s, u"plan is empty"_s,
        u"health is under 40"_s, u"health is over 60"_s, u"health is at least 40"_s,
        u"priority is high"_s, u"priority is at least high"_s, u"priority is low"_s, u"complex"_s,
        u"tags include vip"_s, u"tags are empty"_s, u"tags do not include vip or gold"_s };
    const std::function<QString(int)> make = [&](int depth) -> QString {
        const int kind = depth == 0 ? 0 : random.bounded(4);
        if (kind == 0)
            return atoms[random.bounded(atoms.size())];
        if (kind == 1)
            return u"not ("_s + make(depth - 1) + u')';
        const QString join = kind == 2 ? u" and "_s : u" or "_s;
        return u'(' + make(depth - 1) + join + make(depth - 1) + u')';
    };
    int never = 0;
    for (int i = 0; i < 2'000; ++i) {
        const QString text = make(3);
        const bool isNever = neverHolds(condition(text)) == Claim::Yes;
        const bool isAlways = alwaysHolds(condition(text)) == Claim::Yes;
        never += isNever ? 1 : 0;
        if (!isNever && !isAlways)
            continue;
        const RuleSet set({ Rule { .name = u"R"_s, .when = condition(text) } }, {});
        Evaluator evaluator(set);
        for (int j = 0; j < 20; ++j) {
            Ticket ticket;
            ticket.priority = Priority(random.bounded(4));
            ticket.isComplex = random.bounded(2) == 1;
            if (random.bounded(2) == 1)
                ticket.tags = QStringList { random.bounded(2) == 1 ? u"vip"_s : u"other"_s };
            Organization customer;
            customer.plan = QStringList { u"enterprise"_s, u"free"_s, u"pro"_s }[random.bounded(3)];
            customer.health = random.bounded(100);
            const Subject subject { .ticket = &ticket, .customer = &customer };
            const FactRow row = set.read(subject);
            evaluator.start(row, { 1'000 });
            const Truth truth = evaluator.judge(0);
            QVERIFY2(truth != (isNever ? Truth::Yes : Truth::No), qPrintable(text));
        }
    }
    QVERIFY(never > 20);
}

void TestRuleLint::readinessCounts()
{
    const Document read = document(
        u"rule \"A\" when plan is enterprise and complex then tag x\n"
        "rule \"B\" when complex then tag y\n"
        "rule \"C\" when field \"impact\" is major or health is under 40 then tag z\n"_s);
    const RuleSet set(read.rules, {});
    ReadinessCount count(set);
    for (int i = 0; i < 10; ++i) {
        Ticket ticket;
        Organization customer;
        customer.plan = i < 7 ? u"enterprise"_s : QString();
        if (i < 3)
            customer.health = 50;
        count.add(Subject { .ticket = &ticket, .customer = &customer });
    }
    const Readiness result = count.result();
    QCOMPARE(result.tickets, 10);
    QHash<QString, qint64> filled;
    for (const FieldReadiness &field : result.fields)
        filled.insert(field.field, field.filled);
    QCOMPARE(filled[u"plan"_s], 7);
    QCOMPARE(filled[u"complex"_s], 10);
    QCOMPARE(filled[u"health"_s], 3);
    QCOMPARE(filled[u"field \"impact\""_s], 0);
    // What is false already needs no other field.
    QCOMPARE(result.rules[0].judged, 10);
    QCOMPARE(result.rules[1].judged, 10);
    QCOMPARE(result.rules[2].judged, 0);
    QCOMPARE(result.fields[0].field, u"field \"impact\""_s);
    QCOMPARE(result.fields[0].rules, QStringList { u"C"_s });
    QCOMPARE(result.percent(7), 70);
}

QTEST_GUILESS_MAIN(TestRuleLint)
#include "tst_rulelint.moc"

// Questions to the past: which tickets two sets of rules treat differently and why, what a bound would do at
// other values, what and against or would bring, how a rule stood at an instant.

#include "core/rules/explainpast.h"
#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "core/rules/rulediff.h"
#include "core/rules/whatif.h"
#include "tests/support/pasts/pastmaker.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant start { 1'775'001'600'000 };
constexpr Instant end { start.ms + 8LL * 86'400'000 };

/// From rules with ' for ".
std::vector<Rule> rulesOf(QString text)
{
    Parsed parsed = parse(text.replace(u'\'', u'"'));
    if (!parsed.isWhole())
        qFatal("%s", qPrintable(parsed.problems.front().text()));
    return std::move(parsed.document.rules);
}

test::ListPast somePast(quint64 seed, int tickets)
{
    test::PastMaker maker(seed, {});
    test::ListPast past(maker.tickets(tickets));
    for (PastTicket &ticket : past.tickets) {
        if (ticket.id.v % 3)
            ticket.shouldEscalate = ticket.id.v % 2;
    }
    return past;
}

} // namespace

class TestRuleWhatIf : public QObject
{
    Q_OBJECT

private slots:
    void sameRulesDiffer_data();
    void sameRulesDiffer();
    void differencesAreThoseOfBacktests();
    void aCurveIsItsRulesPlayedAlone();
    void boundsThatMove();
    void valuesAround_data();
    void valuesAround();
    void andOr();
    void explainsAnInstant();
};

void TestRuleWhatIf::sameRulesDiffer_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<QString>("flipped"); // begins so; empty: no difference at all
    const QString late = u"rule 'Late' when no agent reply for 2h then remind"_s;
    QTest::newRow("the same") << late << late << QString();
    QTest::newRow("a bound") << late << u"rule 'Late' when no agent reply for 3h then remind"_s
                             << u"no agent reply for 3h (waited 2h)"_s;
    QTest::newRow("a condition more")
        << late << u"rule 'late' when no agent reply for 2h and priority is urgent then remind"_s
        << u"priority is urgent ("_s;
    QTest::newRow("other actions")
        << late << u"rule 'Late' when no agent reply for 2h then flag"_s << QString();
    QTest::newRow("it escalates")
        << late << u"rule 'Late' when no agent reply for 2h then escalate to L2 reason sla-risk"_s
        << u"it escalates in b"_s;
    QTest::newRow("no such rule") << late << u"rule 'Other' when complex then remind"_s
                                  << u"no rule “Late” in b"_s;
    QTest::newRow("stopped") << u"rule 'Zany' when status is closed then remind\n"_s + late
                             << u"rule 'Zany' when no agent reply for 2h then flag\n"_s + late
                             << u"“Zany” stopped the round in b"_s;
    QTest::newRow("not filled")
        << late << u"rule 'Late' when no agent reply for 2h and field 'nobody' is 3 then remind"_s
        << u"field \"nobody\" is not filled"_s;
}

void TestRuleWhatIf::sameRulesDiffer()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(QString, flipped);
    const RuleSet first(rulesOf(a), {}), second(rulesOf(b), {});
    test::ListPast past = somePast(4, 60);
    const auto found = diff(first, second, past, {}, { .to = end });
    QVERIFY(found);
    QCOMPARE(found->played, 60);
    QCOMPARE(found->tickets.empty(), flipped.isEmpty());
    const bool isNamed = flipped.isEmpty()
        || std::ranges::any_of(found->tickets,
            [&](const ChangedTicket &ticket) { return ticket.flipped.startsWith(flipped); });
    QVERIFY2(
        isNamed, found->tickets.empty() ? "nothing" : qPrintable(found->tickets.front().flipped));
}

void TestRuleWhatIf::differencesAreThoseOfBacktests()
{
    const RuleSet a(rulesOf(u"rule 'Late' when no agent reply for 2h then remind continue\n"
                            "rule 'Open' when open for 1d then escalate to L2 reason sla-risk"_s),
        {});
    const RuleSet b(rulesOf(u"rule 'Open' when open for 1d and not category is billing\n"
                            "  then escalate to L2 reason sla-risk continue\n"
                            "rule 'Late' when no agent reply for 4h then remind"_s),
        {});
    for (quint64 seed = 1; seed <= 5; ++seed) {
        test::ListPast past = somePast(seed, 80);
        const BacktestSpan span { .from = start + Millis(86'400'000), .to = end };
        const auto found = diff(a, b, past, {}, span);
        const auto inA = backtest(a, past, {}, span);
        const auto inB = backtest(b, past, {}, span);
        QVERIFY(found && inA && inB);
        using Fires = std::map<qint64, QStringList>;
        const auto firesOf = [](const BacktestResult &result) {
            Fires fires;
            for (const BacktestRule &rule : result.rules) {
                for (const BacktestFire &fire : rule.fires)
                    fires[fire.ticket.v].append(rule.name + fire.at.iso());
            }
            for (auto &[ticket, list] : fires)
                list.sort();
            return fires;
        };
        Fires first = firesOf(*inA), second = firesOf(*inB);
        QSet<qint64> differ, told;
        for (const PastTicket &ticket : past.tickets) {
            if (first[ticket.id.v] != second[ticket.id.v])
                differ.insert(ticket.id.v);
        }
        for (const ChangedTicket &ticket : found->tickets) {
            told.insert(ticket.ticket.v);
            QVERIFY(!ticket.flipped.isEmpty());
            QVERIFY(ticket.at >= span.from && ticket.at <= span.to);
        }
        QVERIFY2(differ == told, qPrintable(u"seed %1"_s.arg(seed)));
        QVERIFY(differ.size() > 10);
    }
}

void TestRuleWhatIf::aCurveIsItsRulesPlayedAlone()
{
    const Rule rule
        = rulesOf(u"rule 'Late' when priority is at least normal and no agent reply for 2h "
                  "then escalate to L3 reason sla-risk"_s)
              .front();
    test::ListPast past = somePast(9, 80);
    const std::vector<Value> values = rules::valuesAround(rule, 1);
    const BacktestSpan span { .to = end };
    const auto curve = thresholdCurve(rule, 1, values, {}, past, {}, span);
    QVERIFY(curve);
    QCOMPARE(curve->size(), values.size());
    qint64 least = std::numeric_limits<qint64>::max();
    for (const CurvePoint &point : *curve) {
        const RuleSet alone(
            rulesOf(u"rule 'Late' when priority is at least normal and no agent reply for %1 "
                    "then escalate to L3 reason sla-risk"_s.arg(print(point.value))),
            {});
        const auto played = backtest(alone, past, {}, span);
        QVERIFY(played);
        const BacktestRule &own = played->rules[0];
        QCOMPARE(point.outcome.count, own.count);
        QCOMPARE(point.outcome.missed, own.missed);
        QCOMPARE(point.outcome.precision, own.precision);
        QCOMPARE(point.loadPerTier, played->loadPerTier);
        QCOMPARE(point.outcome.name, u"Late"_s);
        QVERIFY(point.outcome.count <= least); // who waits longer also waited shorter
        least = point.outcome.count;
    }
    QVERIFY(curve->front().outcome.count > curve->back().outcome.count);
    QVERIFY(!thresholdCurve(rule, 0, values, {}, past, {}, span)); // a word does not move
}

void TestRuleWhatIf::boundsThatMove()
{
    const Rule rule = rulesOf(u"rule 'A' when plan is free and (arr is at least $10 or 3 attempts) "
                              "and not renewal within 60d and complex then remind"_s)
                          .front();
    QCOMPARE(movableBounds(rule), (std::vector<int> { 1, 2, 3 }));
}

void TestRuleWhatIf::valuesAround_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    QTest::newRow("duration") << u"no agent reply for 2h"_s << u"12m"_s << u"8h"_s;
    QTest::newRow("count") << u"3 attempts"_s << u"0"_s << u"12"_s;
    QTest::newRow("money") << u"amount is over $500"_s << u"$0"_s << u"$2,000"_s;
    QTest::newRow("share") << u"capacity of its team is under 20 %"_s << u"0 %"_s << u"80 %"_s;
    QTest::newRow("window") << u"renewal within 60d"_s << u"6d"_s << u"240d"_s;
}

void TestRuleWhatIf::valuesAround()
{
    QFETCH(QString, when);
    QFETCH(QString, first);
    QFETCH(QString, last);
    const Rule rule = rulesOf(u"rule 'A' when %1 then remind"_s.arg(when)).front();
    const std::vector<Value> values = rules::valuesAround(rule, 0);
    QVERIFY(values.size() > 5);
    const auto same = [](const Value &value, const QString &text) {
        const QString printed = print(value);
        return printed == text || spanText(value.duration()).startsWith(text);
    };
    QVERIFY2(same(values.front(), first), qPrintable(print(values.front())));
    QVERIFY2(same(values.back(), last), qPrintable(spanText(values.back().duration())));
    QVERIFY(std::ranges::is_sorted(values, {}, &Value::amount));
    const Test &test = rule.when.test;
    const Value &written = test.values.empty() ? *test.window : test.values.front();
    QVERIFY(std::ranges::find(values, written) != values.end());
    // Each can be written and reads back as the same bound.
    for (const Value &value : values) {
        const QString text = print(value);
        QVERIFY2(!text.isEmpty(), qPrintable(when));
    }
}

void TestRuleWhatIf::andOr()
{
    const Rule rule
        = rulesOf(u"rule 'A' when priority is urgent and no agent reply for 2h then remind"_s)
              .front();
    test::ListPast past = somePast(5, 100);
    const BacktestSpan span { .from = start, .to = start + Millis(15LL * 86'400'000) };
    const auto expected = expectedMatches(rule, {}, past, {}, span);
    QVERIFY(expected);
    QVERIFY(expected->isJoined);
    const auto count = [&](const QString &when) {
        const RuleSet set(rulesOf(u"rule 'A' when %1 then remind"_s.arg(when)), {});
        return backtest(set, past, {}, span)->rules[0].count;
    };
    // Fifteen days are half of a month.
    QCOMPARE(
        expected->asAnd, 2.0 * double(count(u"priority is urgent and no agent reply for 2h"_s)));
    QCOMPARE(expected->asOr, 2.0 * double(count(u"priority is urgent or no agent reply for 2h"_s)));
    QVERIFY(expected->asAnd < expected->asOr);
    const Rule single = rulesOf(u"rule 'A' when priority is urgent then remind"_s).front();
    const auto same = expectedMatches(single, {}, past, {}, span);
    QVERIFY(same && !same->isJoined);
    QCOMPARE(same->asAnd, same->asOr);
}

void TestRuleWhatIf::explainsAnInstant()
{
    const RuleSet set(
        rulesOf(u"rule 'A' when no agent reply for 2h and plan is enterprise then remind"_s), {});
    PastTicket ticket { .id = { 1 }, .key = u"T-1"_s };
    ticket.customer.organization = Organization { .plan = u"enterprise"_s };
    Event created { .id = { 1 }, .ticket = { 1 }, .at = start, .order = start };
    created.kind = EventKind::Created;
    created.status = Status::New;
    Event message { .id = { 2 }, .ticket = { 1 }, .at = start, .order = start };
    message.kind = EventKind::Message;
    message.actorKind = AuthorKind::Customer;
    ticket.events = { created, message };
    LifeFrame frame;
    Replay replay(set, frame, nullptr);
    QVERIFY(!explainPast(set, 0, replay, ticket, start - Millis(1)).isThere);
    const PastVerdict early = explainPast(set, 0, replay, ticket, start + Millis(90 * 60'000));
    QVERIFY(early.isThere);
    QCOMPARE(early.verdict, Truth::No);
    QCOMPARE(early.next->ms, start.ms + 2 * 3'600'000);
    QCOMPARE(early.conditions.size(), 2u);
    QCOMPARE(early.conditions[0].value, u"waited 1h 30m"_s);
    QCOMPARE(early.conditions[0].holds, Truth::No);
    QCOMPARE(early.conditions[1].value, u"enterprise"_s);
    const PastVerdict due = explainPast(set, 0, replay, ticket, *early.next);
    QCOMPARE(due.verdict, Truth::Yes);
    QCOMPARE(due.sentence, u"no agent reply for 2h + plan is enterprise"_s);
    ticket.customer.organization->plan.clear();
    const PastVerdict unknown = explainPast(set, 0, replay, ticket, *early.next);
    QCOMPARE(unknown.verdict, Truth::Unknown);
    QCOMPARE(unknown.sentence, u"plan is not filled"_s);
}

QTEST_GUILESS_MAIN(TestRuleWhatIf)
#include "tst_rulewhatif.moc"

#include "core/commands/labels.h"
#include "core/desk/rulefigures.h"
#include "core/desk/rulehistory.h"
#include "core/desk/worddiff.h"
#include "tests/engine/enginetest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString marked(const std::vector<desk::DiffPiece> &pieces)
{
    QString text;
    for (const desk::DiffPiece &piece : pieces)
        text += piece.mark == desk::DiffPiece::Mark::Gone ? u"[-%1-]"_s.arg(piece.text)
            : piece.mark == desk::DiffPiece::Mark::Come   ? u"[+%1+]"_s.arg(piece.text)
                                                          : piece.text;
    return text;
}

} // namespace

/// What was done to a rule, what its sentence was, and what became of the figure that prompted a change.
class TestRuleHistory : public QObject
{
    Q_OBJECT
private slots:
    void wordsAreCompared_data();
    void wordsAreCompared();
    void anyTwoTextsCanBePutTogether();
    void figuresAreNamed_data();
    void figuresAreNamed();
    void everyChangeIsThere();
    void theFigureIsCountedOnBothSides();
    void labelsCountAtRest();
};

void TestRuleHistory::wordsAreCompared_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("difference");
    QTest::newRow("same") << u"when open for 2h"_s << u"when open for 2h"_s
                          << u"when open for 2h"_s;
    QTest::newRow("one word") << u"when open for 2h then remind"_s
                              << u"when open for 3h then remind"_s
                              << u"when open for [-2h-][+3h+] then remind"_s;
    QTest::newRow("comes") << u"when churn intent then remind"_s
                           << u"when churn intent and tier is L1 then remind"_s
                           << u"when churn intent [+and tier is L1 +]then remind"_s;
    QTest::newRow("goes") << u"a b c"_s << u"a c"_s << u"a [-b -]c"_s;
    QTest::newRow("from nothing") << QString() << u"a b"_s << u"[+a b+]"_s;
    QTest::newRow("to nothing") << u"a b"_s << QString() << u"[-a b-]"_s;
    QTest::newRow("both empty") << QString() << QString() << QString();
}

void TestRuleHistory::wordsAreCompared()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QTEST(marked(desk::wordDiff(before, after)), "difference");
}

void TestRuleHistory::anyTwoTextsCanBePutTogether()
{
    SeededRandom dice(41);
    const QStringList words { u"when"_s, u"and"_s, u"2h"_s, u"tier"_s, u" "_s, u"  "_s, u"\n"_s };
    for (int round = 0; round < 500; ++round) {
        QString texts[2];
        for (QString &text : texts) {
            for (quint64 left = dice.next64() % 30; left > 0; --left)
                text += words[qsizetype(dice.next64() % quint64(words.size()))];
        }
        QString before, after;
        auto last = desk::DiffPiece::Mark::Same;
        bool isFirst = true;
        for (const desk::DiffPiece &piece : desk::wordDiff(texts[0], texts[1])) {
            QVERIFY(isFirst || piece.mark != last);
            last = piece.mark;
            isFirst = false;
            if (piece.mark != desk::DiffPiece::Mark::Come)
                before += piece.text;
            if (piece.mark != desk::DiffPiece::Mark::Gone)
                after += piece.text;
        }
        QVERIFY2(before == texts[0] && after == texts[1], "seed 41");
    }
}

void TestRuleHistory::figuresAreNamed_data()
{
    using desk::RuleMetric;
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("metric");
    QTest::newRow("fires") << u"40 fires a week"_s << int(RuleMetric::FiresAWeek);
    QTest::newRow("precision") << u"Precision was 40 %"_s << int(RuleMetric::Precision);
    QTest::newRow("rate") << u"escalation rate 12 %"_s << int(RuleMetric::EscalationRate);
    QTest::newRow("other") << u"CSAT 3.1"_s << -1;
    QTest::newRow("none") << QString() << -1;
}

void TestRuleHistory::figuresAreNamed()
{
    QFETCH(QString, text);
    const auto metric = desk::metricIn(text);
    QTEST(metric ? int(*metric) : -1, "metric");
}

void TestRuleHistory::everyChangeIsThere()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"A\" when open for 2h then remind"_s));
    commands::Context context = desk.as(u"lea"_s);
    DONE(commands::run(context,
        commands::SaveRules {
            .texts = { { .name = u"A"_s, .text = u"rule \"A\" when open for 3h then remind"_s } },
            .reason = { u"Too early"_s, u"CSAT 3"_s } }));
    VALUE(book, storage::loadRuleBook(desk.connection()));
    VALUE(history,
        desk::loadRuleHistory(
            desk.connection(), Visibility::all(), book.rules.front().id, desk.clock.now()));
    QVERIFY(history.steps.size() >= 3);
    const desk::RuleStep &newest = history.steps.front();
    QCOMPARE(newest.version, 2);
    QCOMPARE(newest.who, u"LEA"_s);
    QCOMPARE(newest.change.why, u"Too early"_s);
    QCOMPARE(newest.change.metric, u"CSAT 3"_s);
    QVERIFY(newest.text.contains(u"3h"_s));
    QVERIFY(!newest.moved); // nothing that can be counted
    const desk::RuleStep &oldest = history.steps.back();
    QCOMPARE(oldest.version, 1);
    QVERIFY(oldest.text.contains(u"2h"_s));
    const auto states = std::ranges::count_if(history.steps,
        [](const auto &step) { return step.change.what == RuleChange::What::State; });
    QCOMPARE(states, 1);
}

void TestRuleHistory::theFigureIsCountedOnBothSides()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"A\" when no agent reply for 2h then notify manager"_s));
    desk.settle();
    for (int i = 1; i <= 4; ++i) {
        DONE(desk.newTicket(u"T-%1"_s.arg(i)));
        desk.after(3h);
    }
    desk.after(1min); // what fires in the instant of a change comes after it
    DONE(desk.change("lea", commands::SetLabel { u"T-1"_s, true }));
    DONE(desk.change("lea", commands::SetLabel { u"T-2"_s, false }));
    const auto save = [&](const QString &hours, const QString &metric) {
        commands::Context context = desk.as(u"lea"_s);
        return commands::run(context,
            commands::SaveRules { .texts = { { .name = u"A"_s,
                                      .text = u"rule \"A\" when no agent reply for %1 then notify "
                                              "manager"_s.arg(hours) } },
                .reason = { u"a test"_s, metric } });
    };
    DONE(save(u"4h"_s, u"4 fires a week"_s));
    DONE(save(u"5h"_s, u"precision 50 %"_s));
    VALUE(book, storage::loadRuleBook(desk.connection()));
    const QString id = book.rules.front().id;
    const auto stepOf = [&](int version) {
        auto history
            = desk::loadRuleHistory(desk.connection(), Visibility::all(), id, desk.clock.now());
        if (history) {
            for (const desk::RuleStep &step : history->steps) {
                if (step.version == version && step.moved)
                    return *step.moved;
            }
        }
        return desk::MetricMove {};
    };
    desk::MetricMove fires = stepOf(2);
    QCOMPARE(fires.before, std::optional(1.0)); // four in four weeks
    QCOMPARE(fires.after, std::nullopt); // its first day is not over
    QCOMPARE(stepOf(3).before, std::optional(0.5));
    DONE(desk.newTicket(u"T-9"_s));
    desk.after(6h);
    desk.after(14 * 24h - 6h);
    fires = stepOf(2);
    QCOMPARE(fires.daysAfter, 14);
    QVERIFY(fires.after);
    QCOMPARE(*fires.after, 0.5);
    desk.after(30 * 24h);
    QCOMPARE(stepOf(2).daysAfter, 28);
    QCOMPARE(stepOf(2).after, std::optional(0.25));
}

void TestRuleHistory::labelsCountAtRest()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"A\" when no agent reply for 2h then notify manager"_s));
    desk.settle();
    DONE(desk.newTicket(u"T-1"_s));
    desk.after(3h);
    VALUE(book, storage::loadRuleBook(desk.connection()));
    const QString id = book.rules.front().id;
    VALUE(before,
        desk::loadRuleFigures(desk.connection(), book, Visibility::all(), desk.clock.now()));
    QCOMPARE(before[id].firesInWeek, 1);
    QCOMPARE(before[id].precision, std::nullopt);
    DONE(desk.change("lea", commands::SetLabel { u"T-1"_s, false }));
    VALUE(
        after, desk::loadRuleFigures(desk.connection(), book, Visibility::all(), desk.clock.now()));
    QCOMPARE(after[id].precision, std::optional(0.0));
}

QTEST_GUILESS_MAIN(TestRuleHistory)
#include "tst_rulehistory.moc"

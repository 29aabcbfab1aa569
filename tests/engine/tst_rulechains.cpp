#include "enginetest.h"

#include "tests/support/caserange.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Random sets of rules that set each other off in every way: each comes to an end, within its bound, and where it was
// ended the log names the way.

namespace {

QString tagName(SeededRandom &dice)
{
    return u"t%1"_s.arg(dice.below(4));
}

QString condition(SeededRandom &dice)
{
    static const QStringList priorities { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s };
    static const QStringList statuses { u"new"_s, u"open"_s, u"pending"_s, u"hold"_s };
    switch (dice.below(6)) {
    case 0: return u"tags include "_s + tagName(dice);
    case 1: return u"not tags include "_s + tagName(dice);
    case 2: return u"priority is "_s + priorities[dice.below(4)];
    case 3: return u"status is "_s + statuses[dice.below(4)];
    case 4: return u"category is c%1"_s.arg(dice.below(3));
    default: return dice.below(2) ? u"tier is L1"_s : u"idle for 30m"_s;
    }
}

QString action(SeededRandom &dice)
{
    static const QStringList priorities { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s };
    static const QStringList statuses { u"open"_s, u"pending"_s, u"hold"_s };
    switch (dice.below(9)) {
    case 0:
    case 1: return u"tag "_s + tagName(dice);
    case 2: return u"remove tag "_s + tagName(dice);
    case 3: return u"set priority "_s + priorities[dice.below(4)];
    case 4: return u"set status "_s + statuses[dice.below(3)];
    case 5: return u"set category c%1"_s.arg(dice.below(3));
    case 6: return u"tell customer saying \"Please wait\""_s;
    case 7: return u"escalate to L%1 reason sla-risk"_s.arg(dice.below(2) + 2);
    default: return u"ladder (after 10m set priority urgent, after 20m tag t0)"_s;
    }
}

commands::ReplaceRules randomRules(SeededRandom &dice)
{
    QString text;
    const qint64 count = 2 + dice.below(7);
    for (qint64 i = 0; i < count; ++i) {
        const QString joined = dice.below(2) ? u" or "_s : u" and "_s;
        text += u"rule \"R%1\" when %2%3 then %4%5%6\n"_s.arg(QString::number(i), condition(dice),
            dice.below(3) ? QString() : joined + condition(dice), action(dice),
            dice.below(2) ? QString() : u" and "_s + action(dice),
            dice.below(3) ? u" continue"_s : QString());
    }
    const rules::Parsed parsed = rules::parse(text);
    if (!parsed.isWhole())
        qFatal("%s\n%s", qPrintable(parsed.problems.front().text()), qPrintable(text));
    commands::ReplaceRules replace { .reason = { u"a test"_s } };
    for (const rules::BookText &part : rules::partsOf(parsed.document))
        replace.items.push_back({ { part.kind, part.name, part.text }, RuleState::Live, 0 });
    return replace;
}

} // namespace

class TestRuleChains : public QObject
{
    Q_OBJECT
private slots:
    void everySetEnds();

private:
    Result<commands::RuleOutcome> replace(EngineFixture &desk, const commands::ReplaceRules &rules)
    {
        commands::Context context = desk.as(u"lea"_s);
        commands::RuleOutcome outcome;
        const Result<Done> done = desk.write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(replaced, commands::replaceRules(context, scope, rules));
            outcome = replaced;
            return Done {};
        });
        return done ? Result<commands::RuleOutcome>(outcome)
                    : Result<commands::RuleOutcome>(done.error());
    }
};

void TestRuleChains::everySetEnds()
{
    const CaseRange cases = casesToRun(150, 10'000);
    std::unique_ptr<EngineFixture> desk;
    int ended = 0, chained = 0;
    for (qint64 seed = cases.first; seed < cases.end; ++seed) {
        SeededRandom dice(quint64(seed) + 1);
        // Old tickets and versions make every later case slower.
        if (!desk || seed % 200 == 0) {
            desk = std::make_unique<EngineFixture>(quint64(seed) + 1);
            DONE(desk->begin());
        }
        const commands::ReplaceRules rules = randomRules(dice);
        QByteArray where = "seed " + QByteArray::number(seed);
        for (const commands::ReplaceRules::Item &item : rules.items)
            where += "\n" + item.text.text.toUtf8();
        DONE(replace(*desk, rules));
        desk->settle();
        const QString key = u"C-%1"_s.arg(seed);
        DONE(desk->newTicket(key));
        size_t before = 0;
        for (int turn = 0; turn < 4; ++turn) {
            const engine::Tally tally = desk->after(Millis(dice.below(3)) * 15 * 60'000);
            QVERIFY2(desk->problem.isEmpty(), (where + desk->problem.toUtf8()).constData());
            const std::vector<Firing> all = desk->firings(key, std::nullopt);
            for (size_t i = before; i < all.size(); ++i) {
                QVERIFY2(all[i].depth <= 5, where.constData());
                chained += all[i].depth > 0;
                ended += all[i].outcome == FiringOutcome::Ended;
                const bool isTold
                    = all[i].outcome != FiringOutcome::Ended || all[i].sentence.contains(u" → ");
                QVERIFY2(isTold, where.constData());
            }
            // A rule acts once in a chain; what is due beside it, and each level of a ladder, begins one more.
            QVERIFY2(tally.fired <= int(rules.items.size()) * 8, where.constData());
            // Nothing is left that would begin anew by itself.
            const engine::Tally again = desk->settle();
            QVERIFY2(again.fired == 0 && again.escalated == 0, where.constData());
            before = all.size();
            std::ignore = desk->run("ann", commands::CustomerMessage { key, u"Well?"_s });
        }
        desk->settle();
        const QString wrong = desk->wrong(key);
        QVERIFY2(wrong.isEmpty(), (where + '\n' + wrong.toUtf8()).constData());
        std::ignore = desk->run("adm", commands::Solve { key });
    }
    qInfo("%lld sets: %d firings were led to by others, %d chains were ended",
        static_cast<long long>(cases.end - cases.first), chained, ended);
    QVERIFY(chained > 0 && ended > 0);
}

QTEST_GUILESS_MAIN(TestRuleChains)
#include "tst_rulechains.moc"

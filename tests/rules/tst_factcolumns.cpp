// A full pass over columns says of every rule and ticket what judging it alone says.

#include "core/rules/columns.h"
#include "tests/rules/subjects.h"
#include "tests/support/caserange.h"
#include "tests/support/rules/rulegenerator.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;
using test::FilledSubject;

class TestFactColumns : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithJudgingAlone();
    void aThresholdIsMovedWithoutReadingAgain();
    void rowsFillBlocksUnevenly();
};

namespace {

QString pick(SeededRandom &random, const QStringList &from)
{
    return from[random.below(from.size())];
}

/// Another ticket each time: values that the generator's rules name, others, and none.
void vary(FilledSubject &filled, SeededRandom &random)
{
    const QStringList words { u"billing"_s, u"enterprise"_s, u"L2"_s, u"open"_s, u"404"_s,
        u"other"_s, QString() };
    const auto once = [&](qint64 in) { return random.below(in) == 0; };
    Ticket &t = filled.ticket;
    t.category = pick(random, words);
    t.product = pick(random, words);
    t.type = pick(random, words);
    t.channel = pick(random, words);
    t.team = pick(random, words);
    t.tier = pick(random, words);
    t.assignee = pick(random, words);
    t.priority = Priority(random.below(4));
    t.severity = once(3) ? std::nullopt : std::optional(Severity(random.below(4)));
    t.status = Status(random.below(6));
    t.isComplex = once(2);
    t.tags.clear();
    for (auto count = random.below(4); count > 0; --count)
        t.tags.append(pick(random, words));
    t.fields = { { u"billing"_s, pick(random, words) },
        { u"enterprise"_s, double(random.below(300)) - 100 },
        { u"amount"_s, once(3) ? QJsonValue() : QJsonValue(double(random.below(2'000))) },
        { u"L2"_s, QJsonArray {} } };
    filled.customer.plan = pick(random, words);
    filled.customer.arr = once(3) ? std::nullopt : std::optional<qint64>(random.below(2'000'000));
    filled.customer.health = once(3) ? std::nullopt : std::optional(int(random.below(100)));
    filled.customer.flags = { pick(random, words) };
    filled.subject.customer = once(6) ? nullptr : &filled.customer;
    const auto since = [&]() -> Told<Instant> {
        if (once(4))
            return once(2) ? Told<Instant>() : Told<Instant>::none();
        return filled.now - Millis(random.below(90) * 3'600'000);
    };
    Activity &a = filled.subject.activity;
    for (Told<Instant> *instant :
        { &a.waitingSince, &a.customerSilentSince, &a.openSince, &a.unassignedSince, &a.tierSince,
            &a.statusSince, &a.touchedAt, &a.unacceptedSince, &a.flaggedSince })
        *instant = since();
    a.reopened = random.below(6);
    a.hasAttempts = !once(5);
    filled.subject.signs.churn = once(3) ? Told<bool>() : Told<bool>(once(2));
    filled.subject.signs.urgency = once(3) ? Told<qint64>() : Told<qint64>(random.below(100));
    filled.subject.text = pick(random,
        { u"I want my money back"_s, u"please do not refund"_s, u"INV-12 a lawyer"_s, QString() });
    filled.subject.lastWords = filled.subject.text;
    t.subject = filled.subject.text;
}

} // namespace

void TestFactColumns::agreesWithJudgingAlone()
{
    const test::CaseRange cases = test::casesToRun(12, 3'000);
    int held = 0;
    for (qint64 seed = cases.first; seed < cases.end; ++seed) {
        test::RuleGenerator generator(quint64(seed) + 1);
        const Document document = generator.document(40, false);
        const RuleSet set(document.rules, document.lists);
        SeededRandom random(quint64(seed) + 1);
        std::vector<FactRow> rows;
        FactColumns columns(set);
        for (int i = 0; i < 200; ++i) {
            FilledSubject filled;
            vary(filled, random);
            rows.push_back(set.read(filled.subject));
            columns.append(rows.back());
        }
        std::vector<std::vector<Truth>> found(
            set.rules().size(), std::vector<Truth>(rows.size(), Truth::No));
        ColumnEvaluator pass(set);
        pass.judge(columns, FilledSubject::now,
            [&](int rule, size_t first, int count, const quint8 *truths) {
                for (int i = 0; i < count; ++i)
                    found[size_t(rule)][first + size_t(i)] = Truth(truths[i]);
            });
        Evaluator evaluator(set);
        for (size_t row = 0; row < rows.size(); ++row) {
            evaluator.start(rows[row], FilledSubject::now);
            for (size_t rule = 0; rule < found.size(); ++rule) {
                const Truth truth = evaluator.judge(int(rule));
                held += truth == Truth::Yes;
                QVERIFY2(truth == found[rule][row],
                    qPrintable(
                        u"seed %1, row %2: %3"_s.arg(seed).arg(row).arg(print(set.rules()[rule]))));
            }
        }
    }
    QVERIFY(held > 500);
}

void TestFactColumns::aThresholdIsMovedWithoutReadingAgain()
{
    // The instant since which a customer waits is kept, not how long: the same columns serve any "now".
    Rule rule { .name = u"R"_s, .when = parseCondition(u"no agent reply for 3h").expr };
    const RuleSet set({ rule }, {});
    FactColumns columns(set);
    for (int minutes = 0; minutes < 300; ++minutes) {
        FilledSubject filled;
        filled.subject.activity.waitingSince = filled.now - Millis(minutes * 60'000);
        columns.append(set.read(filled.subject));
    }
    const auto fires = [&](Instant now) {
        int count = 0;
        ColumnEvaluator(set).judge(columns, now, [&](int, size_t, int rows, const quint8 *truths) {
            for (int i = 0; i < rows; ++i)
                count += truths[i] == quint8(Truth::Yes);
        });
        return count;
    };
    QCOMPARE(fires(FilledSubject::now), 120);
    QCOMPARE(fires(FilledSubject::now + Millis(3'600'000)), 180);
    QCOMPARE(fires(FilledSubject::now - Millis(6 * 3'600'000)), 0);
}

void TestFactColumns::rowsFillBlocksUnevenly()
{
    Rule rule { .name = u"R"_s,
        .when = parseCondition(u"health is filled and not health is under 50").expr };
    const RuleSet set({ rule }, {});
    for (const int rows : { 0, 1, 1'023, 1'024, 1'025, 3'000 }) {
        FactColumns columns(set);
        for (int i = 0; i < rows; ++i) {
            FilledSubject filled;
            filled.customer.health = i % 100;
            columns.append(set.read(filled.subject));
        }
        int held = 0;
        ColumnEvaluator(set).judge(
            columns, FilledSubject::now, [&](int, size_t, int count, const quint8 *truths) {
                for (int i = 0; i < count; ++i)
                    held += truths[i] == quint8(Truth::Yes);
            });
        int expected = 0;
        for (int i = 0; i < rows; ++i)
            expected += i % 100 >= 50;
        QCOMPARE(held, expected);
    }
}

QTEST_GUILESS_MAIN(TestFactColumns)
#include "tst_factcolumns.moc"

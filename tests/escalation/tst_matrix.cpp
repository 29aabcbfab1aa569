#include "core/base/json.h"
#include "core/escalation/matrixjson.h"
#include "core/escalation/pathbook.h"

#include <QRandomGenerator>
#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QList<Tier> tiers { { .id = u"L1"_s, .rank = 1 }, { .id = u"L2"_s, .rank = 2 },
    { .id = u"L3"_s, .rank = 3 } };
const QList<Team> teams { { u"Frontline"_s, u"L1"_s }, { u"Fraud"_s, u"L1"_s },
    { u"Billing"_s, u"L2"_s }, { u"Technical"_s, u"L2"_s }, { u"Engineering"_s, u"L3"_s },
    { u"Legal"_s, u"L1"_s, Confidential::Legal } };

Agent person(const QString &id, const QString &tier, Role role = Role::Agent,
    const QStringList &in = {}, bool isActive = true)
{
    return { .id = id, .homeTier = tier, .teams = in, .role = role, .isActive = isActive };
}
const QList<Agent> agents { person(u"ann"_s, u"L1"_s),
    person(u"max"_s, u"L2"_s, Role::Lead, { u"Billing"_s }),
    person(u"mia"_s, u"L2"_s, Role::Lead, { u"Technical"_s }), person(u"eve"_s, u"L3"_s),
    person(u"old"_s, u"L3"_s, Role::Lead, {}, false) };

MatrixCell line(const QString &category, const QString &plan = {},
    std::optional<Severity> severity = {}, const QString &type = {})
{
    return { .category = category,
        .type = type,
        .plan = plan,
        .severity = severity,
        .steps = { { Destination::Tier, u"L2"_s } } };
}

/// The rule of "most specific" in other words: lines sorted by what they name, the first that fits.
const MatrixCell *slowly(const Matrix &matrix, const MatrixAsk &ask)
{
    for (int named = 4; named >= 0; --named) {
        for (int order = 7; order >= 0; --order) {
            for (const MatrixCell &cell : matrix) {
                const int names = !cell.category.isEmpty() + !cell.type.isEmpty()
                    + !cell.plan.isEmpty() + cell.severity.has_value();
                const int weight = 4 * !cell.category.isEmpty() + 2 * !cell.plan.isEmpty()
                    + cell.severity.has_value();
                const auto takes = [](const QString &a, const QString &b) {
                    return a.isEmpty() || a.toLower() == b.toLower();
                };
                if (names == named && weight == order && takes(cell.category, ask.category)
                    && takes(cell.type, ask.type) && takes(cell.plan, ask.plan)
                    && (!cell.severity || cell.severity == ask.severity))
                    return &cell;
            }
        }
    }
    return nullptr;
}

} // namespace

class TestMatrix : public QObject
{
    Q_OBJECT
private slots:
    void theMostSpecificLineIsTaken_data();
    void theMostSpecificLineIsTaken();
    void everyTicketGetsOneLineOrIsAGap();
    void aStepLeadsSomewhere_data();
    void aStepLeadsSomewhere();
    void aPathGoesOnWhereAStepLeadsNowhere();
    void aLineThatCannotBeIsRefused_data();
    void aLineThatCannotBeIsRefused();
    void whatIsWrittenIsReadAgain();
    void aBrokenFileIsRefused_data();
    void aBrokenFileIsRefused();
    void theShippedMatrixHasNoGap();
    void aGapSaysWhatIsMissing();
};

void TestMatrix::theMostSpecificLineIsTaken_data()
{
    QTest::addColumn<QString>("category");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("plan");
    QTest::addColumn<int>("severity");
    QTest::addColumn<int>("expected"); // of the lines below, -1: none
    QTest::newRow("three named") << u"billing"_s << u"problem"_s << u"enterprise"_s << 3 << 0;
    QTest::newRow("two named, category and plan")
        << u"billing"_s << u""_s << u"enterprise"_s << 0 << 1;
    QTest::newRow("category before plan") << u"bug"_s << u""_s << u"enterprise"_s << -1 << 3;
    QTest::newRow("plan before severity") << u"data"_s << u""_s << u"enterprise"_s << 3 << 4;
    QTest::newRow("letters") << u"BILLING"_s << u""_s << u"Enterprise"_s << 1 << 1;
    QTest::newRow("of a type") << u"billing"_s << u"request"_s << u"free"_s << 1 << 2;
    QTest::newRow("severity alone") << u"data"_s << u""_s << u"free"_s << 3 << 5;
    QTest::newRow("none") << u"data"_s << u""_s << u"free"_s << 1 << -1;
    QTest::newRow("nothing known") << u""_s << u""_s << u""_s << -1 << -1;
}

void TestMatrix::theMostSpecificLineIsTaken()
{
    QFETCH(QString, category);
    QFETCH(QString, type);
    QFETCH(QString, plan);
    QFETCH(int, severity);
    QFETCH(int, expected);
    const Matrix matrix { line(u"billing"_s, u"enterprise"_s, Severity::Critical),
        line(u"billing"_s, u"enterprise"_s), line(u"billing"_s, {}, {}, u"request"_s),
        line(u"bug"_s), line({}, u"enterprise"_s), line({}, {}, Severity::Critical) };
    MatrixAsk ask { category, type, plan, {} };
    if (severity >= 0)
        ask.severity = Severity(severity);
    const MatrixCell *found = findCell(matrix, ask);
    QCOMPARE(found ? int(found - matrix.data()) : -1, expected);
}

void TestMatrix::everyTicketGetsOneLineOrIsAGap()
{
    const quint32 seed = 20261122;
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const QStringList words { u""_s, u"a"_s, u"b"_s, u"C"_s };
    const auto word = [&] { return words[random.bounded(int(words.size()))]; };
    int gaps = 0;
    for (int round = 0; round < 300; ++round) {
        Matrix matrix;
        for (int i = random.bounded(12); i >= 0; --i) {
            MatrixCell cell = line(word(), word(), {}, word());
            if (random.bounded(2))
                cell.severity = Severity(random.bounded(4));
            Matrix with = matrix;
            with.push_back(cell);
            if (check(with, tiers, teams, agents))
                matrix = with;
        }
        Matrix shuffled = matrix;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        for (int i = 0; i < 100; ++i) {
            MatrixAsk ask { word().toUpper(), word(), word(), {} };
            if (random.bounded(2))
                ask.severity = Severity(random.bounded(4));
            const MatrixCell *found = findCell(matrix, ask);
            QCOMPARE(found, slowly(matrix, ask));
            const MatrixCell *other = findCell(shuffled, ask);
            QCOMPARE(other != nullptr, found != nullptr);
            if (found)
                QCOMPARE(*other, *found); // whatever the order of the lines
            gaps += !found;
        }
    }
    QVERIFY(gaps > 100);
}

void TestMatrix::aStepLeadsSomewhere_data()
{
    QTest::addColumn<Destination>("to");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("tier"); // of the ticket
    QTest::addColumn<QString>("team");
    QTest::addColumn<QString>(
        "expected"); // tier team agent, "up" or "sideways" or "there"; or the sentence
    const auto row = [](const char *name, Destination to, const QString &what, const QString &tier,
                         const QString &team, const QString &expected) {
        QTest::newRow(name) << to << what << tier << team << expected;
    };
    using D = Destination;
    row("a tier above", D::Tier, u"L3"_s, u"L1"_s, {}, u"L3 - - up"_s);
    row("the own tier", D::Tier, u"L1"_s, u"L1"_s, {}, u"L1 - - there"_s);
    row("a tier below", D::Tier, u"L1"_s, u"L2"_s, {},
        u"The path leads down to L1, and the ticket is at L2."_s);
    row("a team above", D::Team, u"Billing"_s, u"L1"_s, {}, u"L2 Billing - up"_s);
    row("another department", D::Team, u"Fraud"_s, u"L1"_s, u"Frontline"_s,
        u"L1 Fraud - sideways"_s);
    row("the own team", D::Team, u"Fraud"_s, u"L1"_s, u"Fraud"_s, u"L1 Fraud - there"_s);
    row("no such team", D::Team, u"Gone"_s, u"L1"_s, {}, u"There is no team “Gone” any more."_s);
    row("the account's team", D::AccountTeam, {}, u"L1"_s, {}, u"L2 Technical - up"_s);
    row("a person above", D::Person, u"eve"_s, u"L1"_s, {}, u"L3 - eve up"_s);
    row("a person beside", D::Person, u"ann"_s, u"L1"_s, u"Frontline"_s, u"L1 - ann sideways"_s);
    row("a person who may not see it", D::Person, u"ann"_s, u"L1"_s, u"Legal"_s,
        u"ann may not see team Legal, where the ticket is."_s);
    row("who has left", D::Person, u"old"_s, u"L1"_s, {}, u"“old” does not work here any more."_s);
    row("the team's lead", D::Manager, {}, u"L2"_s, u"Technical"_s, u"L2 Technical mia sideways"_s);
    row("any lead", D::Manager, {}, u"L1"_s, u"Frontline"_s, u"L2 - max up"_s);
}

void TestMatrix::aStepLeadsSomewhere()
{
    QFETCH(Destination, to);
    QFETCH(QString, name);
    QFETCH(QString, tier);
    QFETCH(QString, team);
    QFETCH(QString, expected);
    const auto target
        = follow(PathStep { to, name }, { tiers, teams, agents, tier, team, u"Technical"_s });
    const auto dash = [](const QString &text) { return text.isEmpty() ? u"-"_s : text; };
    if (!target) {
        QCOMPARE(target.error().detail, expected);
        return;
    }
    const QStringList found { target->tier, dash(target->team), dash(target->agent),
        target->isThere    ? u"there"_s
            : target->isUp ? u"up"_s
                           : u"sideways"_s };
    QCOMPARE(found.join(u' '), expected);
}

void TestMatrix::aPathGoesOnWhereAStepLeadsNowhere()
{
    const MatrixCell cell { .category = u"billing"_s,
        .steps = { { Destination::AccountTeam, {}, 30min }, { Destination::Team, u"Billing"_s, 4h },
            { Destination::Manager } } };
    QCOMPARE(
        pathInWords(cell), u"the account's team, after 30 min Billing, after 4 h the manager"_s);
    const PathPlace nobodys { tiers, teams, agents, u"L1"_s, {}, {} };
    const auto first = follow(cell, nobodys);
    QVERIFY(first);
    QCOMPARE(first->step, size_t(1));
    QCOMPARE(first->target.team, u"Billing"_s);
    const PathPlace there { tiers, teams, agents, u"L2"_s, u"Billing"_s, {} };
    const auto second = follow(cell, there);
    QVERIFY(second);
    QCOMPARE(second->step, size_t(2));
    QCOMPARE(second->target.agent, u"max"_s);
    QCOMPARE(follow(cell, nobodys, 2)->target.agent, u"max"_s);
    const auto nowhere = follow(cell, PathPlace { tiers, teams, {}, u"L2"_s, u"Billing"_s, {} });
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().detail,
        u"The path of “billing” leads nowhere from here. No team has this customer's account. The ticket "
        "is at Billing already. Nobody who works here is a lead."_s);
}

void TestMatrix::aLineThatCannotBeIsRefused_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const char *cells, const QString &sentence) {
        QTest::newRow(name) << u"{\"cells\":[%1]}"_s.arg(QString::fromUtf8(cells)) << sentence;
    };
    row("no step", "{\"path\":[]}", u"Line 1 of the matrix: a path has between 1 and 8 steps."_s);
    row("no such tier", "{\"path\":[{\"to\":\"tier\",\"name\":\"L9\"}]}",
        u"Line 1 of the matrix: there is no tier “L9”."_s);
    row("no such agent", "{\"path\":[{\"to\":\"person\",\"name\":\"zoe\"}]}",
        u"Line 1 of the matrix: there is no agent “zoe”."_s);
    row("a team without a name", "{\"path\":[{\"to\":\"team\"}]}",
        u"Line 1 of the matrix: a step to a team has no name: say which."_s);
    row("a manager with a name", "{\"path\":[{\"to\":\"manager\",\"name\":\"max\"}]}",
        u"Line 1 of the matrix: the manager and the account's team have no name of their own here."_s);
    row("the last one waits", "{\"path\":[{\"to\":\"manager\",\"wait\":\"1h\"}]}",
        u"Line 1 of the matrix: its last step waits, and nothing comes after it: take the wait away."_s);
    row("no wait between", "{\"path\":[{\"to\":\"tier\",\"name\":\"L2\"},{\"to\":\"manager\"}]}",
        u"Line 1 of the matrix: between two steps there is a wait of a minute to a year."_s);
    row("twice the same",
        "{\"category\":\"bug\",\"path\":[{\"to\":\"manager\"}]},"
        "{\"category\":\"BUG\",\"path\":[{\"to\":\"tier\",\"name\":\"L2\"}]}",
        u"Line 2 of the matrix: “BUG” stands in line 1 already: one of them has to go."_s);
}

void TestMatrix::aLineThatCannotBeIsRefused()
{
    QFETCH(QString, json);
    QFETCH(QString, sentence);
    const auto read = readJsonObject(json.toUtf8());
    QVERIFY(read);
    const auto matrix = matrixFromJson(*read);
    QVERIFY2(matrix, qPrintable(matrix ? QString() : matrix.error().detail));
    const auto checked = check(*matrix, tiers, teams, agents);
    QVERIFY(!checked);
    QCOMPARE(checked.error().detail, sentence);
    QCOMPARE(checked.error().fault, Fault::BadInput);
}

void TestMatrix::whatIsWrittenIsReadAgain()
{
    Matrix matrix = shippedMatrix().matrix;
    matrix.push_back({ .type = u"request"_s,
        .severity = Severity::Low,
        .steps = { { Destination::Person, u"eve"_s, 90s }, { Destination::Tier, u"L3"_s } },
        .kind = EscalationKind::Hierarchical,
        .priorityStep = 0,
        .procedure = u"How to “ask”"_s });
    const QJsonObject once = toJson(matrix);
    const auto read = matrixFromJson(once);
    QVERIFY(read);
    QVERIFY(*read == matrix);
    QCOMPARE(toJson(*read), once);
}

void TestMatrix::aBrokenFileIsRefused_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("mention");
    QTest::newRow("unknown key") << u"{\"cells\":[],\"rows\":1}"_s << u"“rows”"_s;
    QTest::newRow("unknown key of a line") << u"{\"cells\":[{\"paths\":[]}]}"_s << u"“paths”"_s;
    QTest::newRow("unknown key of a step")
        << u"{\"cells\":[{\"path\":[{\"to\":\"manager\",\"who\":\"x\"}]}]}"_s << u"“who”"_s;
    QTest::newRow("no object") << u"{\"cells\":[3]}"_s << u"Line 1"_s;
    QTest::newRow("a newer form") << u"{\"form\":2,\"cells\":[]}"_s << u"“form”"_s;
    QTest::newRow("a severity") << u"{\"cells\":[{\"severity\":\"huge\"}]}"_s << u"critical"_s;
    QTest::newRow("a destination")
        << u"{\"cells\":[{\"path\":[{\"to\":\"moon\"}]}]}"_s << u"account-team"_s;
    QTest::newRow("a wait")
        << u"{\"cells\":[{\"path\":[{\"to\":\"manager\",\"wait\":\"soon\"}]}]}"_s << u"wait"_s;
    QTest::newRow("a priority") << u"{\"cells\":[{\"path\":[],\"priority_step\":2.5}]}"_s
                                << u"whole number"_s;
    QTest::newRow("nine steps") << u"{\"cells\":[{\"path\":[1,2,3,4,5,6,7,8,9]}]}"_s
                                << u"at most 8"_s;
}

void TestMatrix::aBrokenFileIsRefused()
{
    QFETCH(QString, json);
    QFETCH(QString, mention);
    const auto read = readJsonObject(json.toUtf8());
    QVERIFY(read);
    const auto matrix = matrixFromJson(*read);
    QVERIFY(!matrix);
    QVERIFY2(matrix.error().detail.contains(mention), qPrintable(matrix.error().detail));
}

void TestMatrix::theShippedMatrixHasNoGap()
{
    const ShippedMatrix &shipped = shippedMatrix();
    QVERIFY(shipped.matrix.size() > 10);
    QList<Team> all = teams + shipped.teams;
    for (const char *name : { "Legal", "Security" })
        all.append({ QString::fromLatin1(name), u"L3"_s });
    const auto checked = check(shipped.matrix, tiers, all, agents);
    QVERIFY2(checked, qPrintable(checked ? QString() : checked.error().detail));
    QStringList departments;
    for (const Team &team : shipped.teams)
        departments.append(team.name);
    QCOMPARE(departments,
        (QStringList {
            u"Customer success"_s, u"Finance"_s, u"Fraud"_s, u"Product"_s, u"Shipping"_s }));
    const auto rows = combinations(shipped.matrix,
        { u"billing"_s, u"bug"_s, u"how-to"_s, u"outage"_s, u"nobody thought of it"_s },
        { u"free"_s, u"enterprise"_s, u""_s });
    QCOMPARE(rows.size(), size_t(5 * 3 * 4));
    for (const MatrixRow &row : rows)
        QVERIFY2(row.cell, qPrintable(row.combination.category));
    QCOMPARE(nameOf(*rows.front().cell), u"billing"_s);
}

void TestMatrix::aGapSaysWhatIsMissing()
{
    PathBook book {
        .matrix = { line(u"bug"_s) }, .edition = 3, .tiers = tiers, .teams = teams, .agents = agents
    };
    const Ticket ticket { .key = u"T-1"_s, .category = u"billing"_s, .tier = u"L1"_s };
    const auto gap = book.pathOf(ticket, u"free"_s);
    QVERIFY(!gap);
    QVERIFY2(gap.error().detail.contains(u"category billing, plan free, severity none"_s),
        qPrintable(gap.error().detail));
    book.matrix.push_back(line({}));
    const auto path = book.pathOf(ticket, u"free"_s);
    QVERIFY(path);
    QCOMPARE(path->edition, 3);
    QCOMPARE(nameOf(path->cell), u"everything else"_s);
    book.matrix.clear();
    QVERIFY(book.pathOf(ticket, {}).error().detail.contains(u"no escalation matrix"_s));
}

QTEST_GUILESS_MAIN(TestMatrix)
#include "tst_matrix.moc"

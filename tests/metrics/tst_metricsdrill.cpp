#include "core/metrics/drill.h"
#include "tests/metrics/generator.h"

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

// The tickets behind a figure are as many as the figure says.

class TestMetricsDrill : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void asManyAsTheFigureSays_data();
    void asManyAsTheFigureSays();
    void periodAndRowHold();
    void answersOfTheHolder();
    void clocks();
    void unknownFigures_data();
    void unknownFigures();

private:
    std::vector<History> m_tickets;
};

void TestMetricsDrill::initTestCase()
{
    const QString given = qEnvironmentVariable("TIERLINE_SEED");
    const quint64 seed = given.isEmpty() ? SystemRandom().next64() : given.toULongLong();
    qInfo("TIERLINE_SEED=%llu", static_cast<unsigned long long>(seed));
    Generator generator(seed);
    for (int i = 0; i < 250; ++i) {
        History history = generator.next();
        if (i % 3 == 0) {
            history.ticket.fields = { { u"known"_s,
                QJsonObject { { u"sla_met"_s, i % 2 == 0 },
                    { u"resolved_at"_s, u"2026-09-01T00:00:00Z"_s } } } };
        }
        m_tickets.push_back(std::move(history));
    }
}

void TestMetricsDrill::asManyAsTheFigureSays_data()
{
    QTest::addColumn<QString>("figure");
    QTest::addColumn<QString>("inside"); ///< where the JSON form has the number of tickets
    const auto row = [](const char *figure, const char *inside = "") {
        QTest::newRow(figure) << QString::fromLatin1(figure) << QString::fromLatin1(inside);
    };
    row("tickets");
    row("escalated");
    row("by_start_tier.L2.tickets");
    row("by_start_tier.L2.escalated");
    row("into_tier.L3");
    row("solved_at_l1", "n");
    row("solved_at_l1.of");
    row("out_of_tier.L1.tickets");
    row("out_of_tier.L2.escalated");
    row("returned_after_escalation");
    row("time_to_escalate_s", "n");
    row("repeat_escalation");
    row("ping_pong_teams", "tickets");
    row("ping_pong_tiers", "tickets");
    row("reassignments", "tickets");
    row("first_resolution_s.escalated", "n");
    row("first_resolution_s.not_escalated", "n");
    row("final_resolution_s.escalated", "n");
    row("final_resolution_s.not_escalated", "n");
    row("resolution_after_escalation_s", "n");
    row("reopened");
    row("first_response_s", "n");
    row("sla.imported.all.met");
    row("sla.imported.moved.breached");
    row("sla.imported.not_moved.met");
    row("time_to_first_move_s", "n");
    row("moved");
    row("moved_again");
    row("resolution_s.all", "n");
    row("resolution_s.moved", "n");
    row("resolution_s.not_moved", "n");
    row("priority_raised");
    row("awaited_customer");
    row("first_contact_resolution", "n");
    row("first_contact_resolution.of");
}

void TestMetricsDrill::asManyAsTheFigureSays()
{
    QFETCH(QString, figure);
    QFETCH(QString, inside);
    for (const By by : { By::All, By::Team, By::Week, By::Agent }) {
        const Options options {
            .zone = QTimeZone("Europe/Berlin"), .by = by, .ranks = threeTiers()
        };
        for (const Row &row : reportOf(m_tickets, options).rows) {
            QJsonValue value = toJson(row);
            const QString path = inside.isEmpty() ? figure : figure + u'.' + inside;
            for (const QString &name : path.split(u'.'))
                value = value.toObject().value(name);
            const auto drill = Drill::into(figure, options, row.key);
            QVERIFY2(drill.has_value(), qPrintable(figure));
            const auto holds = [&](const History &t) { return drill->holds(t.input()); };
            const auto found = std::count_if(m_tickets.begin(), m_tickets.end(), holds);
            QCOMPARE(static_cast<qint64>(found), value.toInteger(0));
        }
    }
}

void TestMetricsDrill::periodAndRowHold()
{
    History history("0 created tier=L1 team=A actor=ana\n9 log tier=L2 actor=ben");
    const Options june { .from = Instant { Start.ms },
        .to = Instant { Start.ms + 1 },
        .by = By::Team,
        .ranks = threeTiers() };
    QVERIFY(Drill::into(u"escalated"_s, june, u"A"_s)->holds(history.input()));
    QVERIFY(!Drill::into(u"escalated"_s, june, u"B"_s)->holds(history.input()));
    QVERIFY(Drill::into(u"escalation_steps.L1>L2"_s, june, u"A"_s)->holds(history.input()));
    QVERIFY(!Drill::into(u"escalation_steps.L1>L3"_s, june, u"A"_s)->holds(history.input()));
    history.ticket.created = { Start.ms + 1 };
    QVERIFY(!Drill::into(u"escalated"_s, june, u"A"_s)->holds(history.input()));

    const Options agents { .by = By::Agent, .ranks = threeTiers() };
    QVERIFY(Drill::into(u"escalated"_s, agents, u"ana"_s)->holds(history.input()));
    QVERIFY(!Drill::into(u"escalated"_s, agents, u"ben"_s)->holds(history.input()));
    QVERIFY(Drill::into(u"escalation_steps"_s, agents, u"ben"_s)->holds(history.input()));
}

void TestMetricsDrill::answersOfTheHolder()
{
    const History history("0 created tier=L1 to=ana status=open actor=ana\n"
                          "20 solved status=solved actor=ana\n"
                          "30 claimed to=ben actor=ben\n"
                          "40 csat score=5 actor=customer\n");
    const auto holds = [&](By by, const QString &key, const QString &figure) {
        return Drill::into(figure, { .by = by, .ranks = threeTiers() }, key)
            ->holds(history.input());
    };
    QVERIFY(holds(By::Agent, u"ana"_s, u"csat.all"_s));
    QVERIFY(!holds(By::Agent, u"ben"_s, u"csat.all"_s));
    QVERIFY(holds(By::All, u"all"_s, u"csat.all"_s));
    QVERIFY(!holds(By::All, u"all"_s, u"csat.after_escalation"_s));
}

void TestMetricsDrill::clocks()
{
    const History history("0 created tier=L1");
    const std::vector<ClockVerdict> clocks { { u"first_response"_s, ClockState::Breached } };
    const TicketInput input {
        .ticket = history.ticket, .events = history.events, .clocks = clocks
    };
    QVERIFY(Drill::into(u"sla.first_response.breached"_s, {}, u"all"_s)->holds(input));
    QVERIFY(!Drill::into(u"sla.first_response.met"_s, {}, u"all"_s)->holds(input));
    QVERIFY(!Drill::into(u"sla.resolution.breached"_s, {}, u"all"_s)->holds(input));
}

void TestMetricsDrill::unknownFigures_data()
{
    QTest::addColumn<QString>("figure");
    for (const char *name : { "", "colour", "by_start_tier.L1", "by_start_tier.L1.colour", "csat",
             "sla.first_response", "sla.imported.all", "sla.imported.all.running",
             "resolution_s.some", "first_resolution_s", "escalation_steps.L1", "a.b.c.d.e" })
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestMetricsDrill::unknownFigures()
{
    QFETCH(QString, figure);
    const auto drill = Drill::into(figure, {}, u"all"_s);
    QVERIFY(!drill);
    QCOMPARE(drill.error().fault, Fault::BadInput);
}

QTEST_GUILESS_MAIN(TestMetricsDrill)
#include "tst_metricsdrill.moc"

#include "core/metrics/metrics.h"
#include "core/storage/walk.h"
#include "importtest.h"
#include "tests/support/reallogs/reallogs.h"

#include <QDir>
#include <QJsonArray>
#include <QScopeGuard>
#include <QTemporaryDir>

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestEventLog : public QObject
{
    Q_OBJECT
private slots:
    void rowsBecomeEvents();
    void orderColumnDecides();
    void nullsLeaveThingsAsTheyWere();
    void logsWithoutTiersSaySo();
    void knownWordsStay();
    void secondImportIsEmpty();
    void longerExportAddsItsRows();
    void badInputChangesNothing_data();
    void badInputChangesNothing();
    void allowedBadRowsAreReported();
    void cancelLeavesNothing();
    void otherWorkGoesInBetween();
    void droppedJobTakesBack();
    void readersSeeNothingBeforeTheEnd();
    void stagingGoesAway();
    void realLogs_data();
    void realLogs();
};

namespace {

const QByteArray mapJson
    = R"({"case":"id","time":"at","team":"team","tier":{"from":"team","rules":[{"suffix":" 3rd","tier":"L3"},
{"suffix":" 2nd","tier":"L2"},{"else":"L1"}]},"status":{"column":"state","map":{"Done":"solved","Wait":"pending"},"else":"open"},
"agent":"who","fields":{"product":"product","impact":"impact"},"null":["?",""],"known":{"awaiting":"Wait"}})";
const QByteArray header = "id,at,team,state,who,product,impact\n";

EventMap map()
{
    return *EventMap::parse(mapJson, u"m.json"_s);
}

} // namespace

void TestEventLog::rowsBecomeEvents()
{
    test::ImportFixture desk;
    const QString file = desk.file(u"log.csv"_s,
        header
            + "B,2026-03-02T08:00:00Z,X 2nd,New,Ann,P1,Low\n"
              "A,2026-03-01T08:00:00Z,X,New,Bob,P2,Low\n"
              "A,2026-03-01T10:00:00Z,Y 2nd,Work,Cid,P2,High\n"
              "A,2026-03-01T09:00:00Z,X,Work,Bob,P2,Low\n"
              "A,2026-03-01T11:00:00Z,Y 2nd,Done,Cid,P3,High\n");
    VALUE(report, desk.importLog(file, map()));
    QCOMPARE(report.rows, 5);
    QCOMPARE(report.tickets, 2);
    QCOMPARE(report.events, 5);
    QCOMPARE(report.added, 5);
    QCOMPARE(report.badCount, 0);

    const auto events = desk.events(u"A"_s);
    QCOMPARE(events.size(), size_t(4));
    QCOMPARE(events[0].kind, EventKind::Created);
    QCOMPARE(events[1].kind, EventKind::LogRow);
    QCOMPARE(events[1].at.iso(), u"2026-03-01T09:00:00Z"_s); // by time, whatever the file's order
    QCOMPARE(events[0].tier, u"L1"_s);
    QVERIFY(!events[1].tier && !events[1].team && !events[1].assignee);
    QCOMPARE(events[1].status,
        Status::Open == *events[0].status ? std::optional<Status>() : std::optional(Status::Open));
    QCOMPARE(events[2].tier, u"L2"_s);
    QCOMPARE(events[2].team, u"Y 2nd"_s);
    QCOMPARE(events[2].assignee, u"Cid"_s);
    QCOMPARE(events[3].status, Status::Solved);
    QVERIFY(!events[3].tier && !events[3].team && !events[3].assignee);
    for (const Event &event : events)
        QVERIFY(event.actor
            == (event.at.iso() < u"2026-03-01T10"_s ? u"Bob"_s
                                                    : u"Cid"_s)); // always the row's agent
    const Ticket ticket = desk.ticket(u"A"_s);
    QCOMPARE(ticket.created.iso(), u"2026-03-01T08:00:00Z"_s);
    QCOMPARE(ticket.tier, u"L2"_s);
    QCOMPARE(ticket.startTier, u"L1"_s);
    QCOMPARE(ticket.status, Status::Solved);
    QCOMPARE(ticket.product, u"P3"_s);
    QCOMPARE(ticket.fields[u"impact"_s].toString(), u"High"_s);
    QCOMPARE(ticket.subject, u"A · P2"_s);
    QCOMPARE(ticket.assignee, u"Cid"_s);
    // Numbers grow with creation, so the older ticket of the file has the smaller one.
    QVERIFY(desk.ticket(u"A"_s).id < desk.ticket(u"B"_s).id);
    // The escalation became a record, which nobody of ours made.
    VALUE(state, storage::loadTicket(desk.store->connection(), ticket.id));
    QCOMPARE(state.escalations.size(), size_t(1));
    QCOMPARE(state.escalations[0].reasonCode, u"outside"_s);
    QCOMPARE(desk.number(u"SELECT count(*) FROM outbox"_s), 0);
}

void TestEventLog::orderColumnDecides()
{
    test::ImportFixture desk;
    VALUE(ordered,
        EventMap::parse(R"({"case":"id","time":"at","order":"n","team":"team"})", u"o.json"_s));
    const QString file = desk.file(u"log.csv"_s,
        "id,at,n,team\nA,2026-03-01T08:00:00Z,2,second\nA,2026-03-01T09:00:00Z,1,first\nA,2026-03-01T08:30:00Z,10,tenth\n");
    VALUE(report, desk.importLog(file, ordered));
    QCOMPARE(report.events, 3);
    const auto events = desk.events(u"A"_s);
    QCOMPARE(events.size(), size_t(3));
    QStringList teams;
    for (const Event &event : events)
        teams.append(event.team.value_or(QString()));
    QCOMPARE(teams, (QStringList { u"first"_s, u"second"_s, u"tenth"_s }));
    QCOMPARE(events[1].at.iso(), u"2026-03-01T08:00:00Z"_s); // the instants stay what they were
    QCOMPARE(events[1].order.iso(), u"2026-03-01T09:00:00Z"_s);
    QCOMPARE(desk.ticket(u"A"_s).created.iso(), u"2026-03-01T09:00:00Z"_s);
    QCOMPARE(desk.ticket(u"A"_s).tier, u"L1"_s);
}

void TestEventLog::nullsLeaveThingsAsTheyWere()
{
    test::ImportFixture desk;
    const QString file = desk.file(u"log.csv"_s,
        header
            + "A,2026-03-01T08:00:00Z,X 2nd,Wait,Ann,P,Low\nA,2026-03-01T09:00:00Z,?,?,?,?,\n"
              "A,2026-03-01T10:00:00Z,X 2nd,Wait,Ann,P,Low\n");
    VALUE(report, desk.importLog(file, map()));
    QCOMPARE(report.events, 3);
    const auto events = desk.events(u"A"_s);
    QVERIFY(events[0].data[u"awaiting"_s].toBool());
    QVERIFY(!events[1].tier && !events[1].team && !events[1].assignee && !events[1].status);
    QCOMPARE(events[1].actor, QString());
    QVERIFY(!events[1].data.contains(u"awaiting"_s));
    QVERIFY(!events[2].tier && !events[2].team && !events[2].assignee && !events[2].status);
    QVERIFY(events[2].data[u"awaiting"_s].toBool());
    QCOMPARE(desk.ticket(u"A"_s).team, u"X 2nd"_s);
    QCOMPARE(desk.ticket(u"A"_s).fields[u"impact"_s].toString(), u"Low"_s);
}

/// Its tickets are at the lowest tier only because they must be somewhere.
void TestEventLog::logsWithoutTiersSaySo()
{
    const QByteArray rows = "id,at,team\nA,2026-03-01T08:00:00Z,X\nA,2026-03-01T09:00:00Z,Y 2nd\n";
    const auto created = [&](const QByteArray &json) {
        test::ImportFixture desk;
        const auto used = EventMap::parse(json, u"m.json"_s);
        const auto report = used ? desk.importLog(desk.file(u"log.csv"_s, rows), *used)
                                 : Result<ImportReport>(used.error());
        return report ? desk.events(u"A"_s).at(0) : Event();
    };
    const Event without = created(R"({"case":"id","time":"at","team":"team"})");
    QCOMPARE(without.tier, u"L1"_s);
    QVERIFY(without.data["tier_assumed"_L1].toBool());
    const Event with = created(
        R"({"case":"id","time":"at","team":"team","tier":{"from":"team","rules":[{"suffix":" 2nd","tier":"L2"},{"else":"L1"}]}})");
    QCOMPARE(with.tier, u"L1"_s);
    QVERIFY(!with.data.contains("tier_assumed"_L1));
}

void TestEventLog::knownWordsStay()
{
    test::ImportFixture desk;
    VALUE(known,
        EventMap::parse(
            R"({"case":"id","time":"at","null":["?"],"known":{"created_at":"opened","resolved_at":"resolved",
"sla_met":"sla","reopen_count":"re","priority":"prio"}})",
            u"k.json"_s));
    const QString file = desk.file(u"log.csv"_s,
        "id,at,opened,resolved,sla,re,prio\n"
        "A,2026-03-01T08:00:00Z,2026-03-01T07:30:00Z,?,true,0,3 - Moderate\n"
        "A,2026-03-01T09:00:00Z,2026-03-01T07:30:00Z,2026-03-01T08:50:00Z,false,1,1 - Critical\n");
    VALUE(report, desk.importLog(file, known));
    QCOMPARE(report.events, 2);
    const Ticket ticket = desk.ticket(u"A"_s);
    QCOMPARE(ticket.created.iso(), u"2026-03-01T07:30:00Z"_s);
    QCOMPARE(ticket.priority, Priority::Urgent);
    const QJsonObject expected { { u"resolved_at"_s, u"2026-03-01T08:50:00Z"_s },
        { u"sla_met"_s, false }, { u"reopen_count"_s, 1 } };
    QCOMPARE(ticket.fields[u"known"_s].toObject(), expected);
    const auto events = desk.events(u"A"_s);
    QCOMPARE(events[0].priority, Priority::Normal);
    QCOMPARE(events[1].priority, Priority::Urgent);
}

void TestEventLog::secondImportIsEmpty()
{
    test::ImportFixture desk;
    // Two rows that are equal in everything are two events, and stay two.
    const QString file = desk.file(u"log.csv.gz"_s,
        test::gzipped(header
            + "A,2026-03-01T08:00:00Z,X,New,Bob,P,Low\nA,2026-03-01T09:00:00Z,X,Work,Bob,P,Low\n"
              "A,2026-03-01T09:00:00Z,X,Work,Bob,P,Low\n"));
    VALUE(first, desk.importLog(file, map()));
    QCOMPARE(first.added, 3);
    const QString before = desk.picture();
    VALUE(second, desk.importLog(file, map()));
    QCOMPARE(second.rows, 3);
    QCOMPARE(second.events, 3);
    QCOMPARE(second.added, 0);
    QCOMPARE(desk.events(u"A"_s).size(), size_t(3));
    Q_UNUSED(before);
    QCOMPARE(desk.number(u"SELECT count(*) FROM ticket"_s), 1);
    const QJsonObject json = toJson(second);
    QCOMPARE(json[u"new"_s].toInteger(), 0);
    QCOMPARE(json[u"bad"_s].toArray().size(), 0);
    QVERIFY(json.contains(u"seconds"_s));
}

void TestEventLog::longerExportAddsItsRows()
{
    test::ImportFixture desk;
    const QByteArray rows = header
        + "A,2026-03-01T08:00:00Z,X,New,Bob,P,Low\nA,2026-03-01T09:00:00Z,X 2nd,Work,Bob,P,Low\n";
    VALUE(first, desk.importLog(desk.file(u"one.csv"_s, rows), map()));
    VALUE(second,
        desk.importLog(
            desk.file(u"two.csv"_s,
                rows
                    + "A,2026-03-01T10:00:00Z,X 2nd,Done,Ann,P,Low\nC,2026-03-05T10:00:00Z,X,New,Ann,P,Low\n"),
            map()));
    QCOMPARE(first.added, 2);
    QCOMPARE(second.added, 2);
    QCOMPARE(second.tickets, 2);
    QCOMPARE(desk.events(u"A"_s).size(), size_t(3));
    QCOMPARE(desk.ticket(u"A"_s).status, Status::Solved);
    QCOMPARE(desk.ticket(u"C"_s).status, Status::Open);
}

void TestEventLog::badInputChangesNothing_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("says");
    const QByteArray good = "A,2026-03-01T08:00:00Z,X,New,Bob,P,Low\n";
    QTest::newRow("no log")
        << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) << mapJson
        << u"The header of “log.csv” cannot be read: The byte 0x89 does not exist in utf-8"_s;
    QTest::newRow("no text") << QByteArray("PK\3\4\0\0", 6) << mapJson
                             << u"“log.csv” is no CSV file"_s;
    QTest::newRow("a text") << QByteArray("Dear all,\nplease find attached\n") << mapJson
                            << u"The column “id” is missing"_s;
    QTest::newRow("empty") << QByteArray() << mapJson << u"is empty"_s;
    QTest::newRow("missing column") << QByteArray("id,at,team,state,who,product\nA,B,C,D,E,F\n")
                                    << mapJson << u"The column “impact” is missing"_s;
    QTest::newRow("broken row in the middle")
        << QByteArray(header + good + "A,2026-03-01T09:00:00Z,X\n" + good) << mapJson
        << u"Line 3 of “log.csv” cannot be read: it has 3 cells where the header has 7"_s;
    QTest::newRow("wrong encoding")
        << QByteArray(header + good + "A,2026-03-01T09:00:00Z,X,New,G\xF6ran,P,Low\n") << mapJson
        << u"Line 3 of “log.csv” cannot be read: The byte 0xf6 does not exist in utf-8"_s;
    QTest::newRow("UTF-16 mark") << QByteArray("\xFF\xFEi\0d\0", 6) << mapJson
                                 << u"set \"encoding\" to \"utf-16\""_s;
    QTest::newRow("one line of 100 MB") << test::gzipped(header + QByteArray(100'000'000, 'x'))
                                        << mapJson << u"of “log.csv” is longer than 16 MiB"_s;
    QTest::newRow("cut-off gzip") << test::gzipped(header + good).chopped(9) << mapJson
                                  << u"cut off"_s;
    QTest::newRow("year 9999") << QByteArray(
        header + good + "A,9999-01-01T00:00:00Z,X,New,Bob,P,Low\n")
                               << mapJson << u"Line 3"_s;
    QTest::newRow("unknown tier") << QByteArray(header + good)
                                  << QByteArray(mapJson).replace("\"L3\"", "\"L9\"")
                                  << u"the tier “L9”, which this workspace does not have"_s;
    const QByteArray xes = R"({"format":"xes","time":"time:timestamp","team":"org:group"})";
    QTest::newRow("XES with entities")
        << QByteArray(R"(<!DOCTYPE log [<!ENTITY a "b">]><log/>)") << xes << u"document type"_s;
    QTest::newRow("no XES") << QByteArray(header + good) << xes << u"no XES log"_s;
    QTest::newRow("XES attribute that no event has") << QByteArray(
        "<log><trace><string key='concept:name' value='A'/><event><date key='time:timestamp' value='2026-03-01T08:00:00Z'/></event></trace></log>")
                                                     << xes
                                                     << u"The attribute “org:group” is in no event"_s;
}

void TestEventLog::badInputChangesNothing()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, json);
    QFETCH(QString, says);
    test::ImportFixture desk;
    VALUE(there,
        desk.importLog(
            desk.file(u"there.csv"_s, header + "Z,2026-01-01T08:00:00Z,X,New,Bob,P,Low\n"), map()));
    Q_UNUSED(there);
    const QString before = desk.picture();
    VALUE(used, EventMap::parse(json, u"m.json"_s));
    const auto report = desk.importLog(desk.file(u"log.csv"_s, content), used);
    QVERIFY(!report);
    QCOMPARE(report.error().fault, Fault::BadInput);
    QVERIFY2(report.error().detail.contains(says), qPrintable(report.error().detail));
    QVERIFY(report.error().detail.endsWith(u'.'));
    QCOMPARE(desk.picture(), before);
}

void TestEventLog::allowedBadRowsAreReported()
{
    test::ImportFixture desk;
    const QString file = desk.file(u"log.csv"_s,
        header
            + "A,2026-03-01T08:00:00Z,X,New,Bob,P,Low\nA,never,X,New,Bob,P,Low\n,2026-03-01T08:00:00Z,X,New,Bob,P,Low\n"
              "A,2026-03-01T09:00:00Z,X,Done,Bob,P,Low\n");
    QVERIFY(!desk.importLog(file, map(), 1));
    QCOMPARE(desk.number(u"SELECT count(*) FROM ticket"_s), 0);
    VALUE(report, desk.importLog(file, map(), 2));
    QCOMPARE(report.rows, 4);
    QCOMPARE(report.events, 2);
    QCOMPARE(report.badCount, 2);
    QCOMPARE(report.bad[0].line, 3);
    QCOMPARE(report.bad[1].line, 4);
    QVERIFY(report.bad[1].why.contains(u"belongs to no ticket"_s));
}

namespace {
QByteArray manyTickets(int tickets)
{
    QByteArray rows = header;
    for (int i = 0; i < tickets; ++i)
        rows += "T-" + QByteArray::number(i) + ",2026-03-01T08:00:00Z,X,New,Bob,P,Low\n";
    return rows;
}
} // namespace

void TestEventLog::cancelLeavesNothing()
{
    test::ImportFixture desk;
    const QString file = desk.file(u"log.csv"_s, manyTickets(500));
    const QString before = desk.picture();
    // At every step but the last there is something to stop.
    for (int stop = 1; stop < 8; ++stop) {
        VALUE(job, startEventLog(*desk.store, file, map()));
        int steps = 0;
        const auto report = runToEnd(*job, [&](const ImportProgress &) { return ++steps < stop; });
        if (report)
            break;
        QCOMPARE(report.error().fault, Fault::Cancelled);
        QCOMPARE(desk.number(u"SELECT count(*) FROM ticket"_s), 0);
        QCOMPARE(desk.number(u"SELECT count(*) FROM event WHERE ticket <> 0"_s), 0);
        QCOMPARE(desk.number(u"SELECT count(*) FROM import"_s), 0);
        QVERIFY(!job->step());
    }
    Q_UNUSED(before);
    VALUE(report, desk.importLog(file, map()));
    QCOMPARE(report.added, 500);
}

void TestEventLog::otherWorkGoesInBetween()
{
    test::ImportFixture desk;
    VALUE(job, startEventLog(*desk.store, desk.file(u"log.csv"_s, manyTickets(300)), map()));
    int n = 0;
    for (;;) {
        VALUE(more, job->step());
        if (!more)
            break;
        const auto written
            = desk.store->write(storage::Durability::Person, [&](storage::WriteScope &scope) {
                  return storage::saveSetting(scope, u"test"_s, QString::number(++n));
              });
        QVERIFY(written.has_value());
    }
    QVERIFY(n >= 4);
    QCOMPARE(job->report().added, 300);
}

void TestEventLog::droppedJobTakesBack()
{
    test::ImportFixture desk;
    {
        VALUE(job, startEventLog(*desk.store, desk.file(u"log.csv"_s, manyTickets(300)), map()));
        while (desk.number(u"SELECT count(*) FROM ticket"_s) == 0) {
            VALUE(more, job->step());
            QVERIFY(more);
        }
    }
    QCOMPARE(desk.number(u"SELECT count(*) FROM ticket"_s), 0);
    QCOMPARE(desk.number(u"SELECT count(*) FROM import"_s), 0);
}

void TestEventLog::readersSeeNothingBeforeTheEnd()
{
    test::ImportFixture desk;
    VALUE(job, startEventLog(*desk.store, desk.file(u"log.csv"_s, manyTickets(300)), map()));
    bool wasHidden = false;
    for (;;) {
        VALUE(more, job->step());
        if (!more)
            break;
        if (desk.number(u"SELECT count(*) FROM ticket"_s) > 0) {
            QVERIFY(!storage::findTicket(desk.store->connection(), u"T-0"_s, Visibility::all()));
            wasHidden = true;
        }
    }
    QVERIFY(wasHidden);
    QVERIFY(storage::findTicket(desk.store->connection(), u"T-0"_s, Visibility::all()).has_value());
}

void TestEventLog::stagingGoesAway()
{
    // A place of its own: other programs import at the same time.
    QTemporaryDir place;
    const QByteArray usual = qgetenv("TMPDIR");
    qputenv("TMPDIR", QFile::encodeName(place.path()));
    const auto putBack = qScopeGuard(
        [&usual] { usual.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", usual); });
    const auto left = [&place] {
        return QDir(place.path()).entryInfoList({ u"tierline-import-*"_s }, QDir::Dirs);
    };
    test::ImportFixture desk;
    {
        VALUE(job, startEventLog(*desk.store, desk.file(u"log.csv"_s, manyTickets(10)), map()));
        QVERIFY(job != nullptr);
        QCOMPARE(left().size(), 1);
        QCOMPARE(
            left().front().permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
            QFile::Permissions());
    }
    QCOMPARE(left().size(), 0);
}

void TestEventLog::realLogs_data()
{
    QTest::addColumn<QString>("log");
    for (const test::RealLog &log : test::realLogs())
        QTest::newRow(qPrintable(log.name)) << log.name;
}

void TestEventLog::realLogs()
{
    QFETCH(QString, log);
    const test::RealLog &known = test::realLog(log);
    const QString path = known.path();
    if (test::dataFolder().isEmpty() || !QFile::exists(path))
        QSKIP("The real logs are not here; TIERLINE_DATA names the folder that has them.");
    test::ImportFixture desk;
    VALUE(used, EventMap::load(known.map));
    VALUE(report, desk.importLog(path, used));
    QCOMPARE(report.rows, known.rows);
    QCOMPARE(report.tickets, known.cases);
    QCOMPARE(report.events, known.rows);
    QCOMPARE(report.added, known.rows);

    VALUE(tiers, storage::loadTiers(desk.store->connection()));
    metrics::Collector collector({ .ranks = metrics::Ranks(tiers), .now = desk.clock.now() });
    VALUE(walked,
        storage::walkTickets(
            desk.store->connection(), Visibility::all(), [](Instant) { return true; },
            [&](const storage::WalkedTicket &t) -> Result<Done> {
                std::vector<metrics::MessageStamp> stamps;
                collector.add({ .ticket = t.ticket,
                    .events = t.events,
                    .messages = stamps,
                    .segment = t.plan,
                    .escalations = t.escalations });
                return Done {};
            }));
    Q_UNUSED(walked);
    VALUE(result, collector.finish());
    const QJsonObject row = metrics::toJson(result)[u"rows"_s].toArray().at(0).toObject();
    const QString wrong = test::wrongFigures(log, row);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    VALUE(again, desk.importLog(path, used));
    QCOMPARE(again.added, 0);
    QCOMPARE(desk.number(u"SELECT count(*) FROM event WHERE ticket <> 0"_s), known.rows);
}

QTEST_GUILESS_MAIN(TestEventLog)
#include "tst_eventlog.moc"

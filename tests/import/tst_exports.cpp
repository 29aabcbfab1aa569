#include "core/base/json.h"
#include "core/commands/commands.h"
#include "core/import/csvreader.h"
#include "core/import/exporter.h"
#include "core/storage/firings.h"
#include "core/storage/tickets.h"
#include "importtest.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestExports : public QObject
{
    Q_OBJECT
private slots:
    void ticketsGoRound();
    void ownWorkGoesRound();
    void logsGoRound();
    void ownExportIsNoNews();
    void csvRunsNoFormula();
    void eventsAndAudit();
    void auditOfRules();
    void confidentialIsAbsent();
    void metricsInThreeForms();
    void formsByName_data();
    void formsByName();
    void failedExportLeavesTheOldFile();
};

namespace {

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

const QByteArray lines =
    R"({"id":"T-1","created":"2026-06-01T08:00:00Z","subject":"=cmd|' /C calc'!A0","channel":"email","category":"billing","priority":"high","tags":["a","b"],"requester":{"name":"Ann","email":"ann@example.com"},"organization":{"name":"Acme","plan":"enterprise","arr":120000,"health":42,"renewal":"2026-09-01","flags":["vip"]},"tier":"L1","team":"Front","status":"new","messages":[{"at":"2026-06-01T08:00:00Z","from":"customer","author":"Ann","text":"one\r\ntwo"},{"at":"2026-06-01T09:00:00Z","from":"bot","author":"Botty","text":"beep","public":true},{"at":"2026-06-01T10:00:00Z","from":"agent","author":"bob","public":false,"text":"note","html":"<p>note</p>"}],"events":[{"at":"2026-06-01T10:00:00Z","kind":"tier","to":"L2","actor":"bob","note":"n"},{"at":"2026-06-01T10:30:00Z","kind":"accept","actor":"cid","to":"cid"},{"at":"2026-06-01T11:00:00Z","kind":"return","to":"L1","actor":"cid","verdict":"answered","note":"x"},{"at":"2026-06-01T12:00:00Z","kind":"field","name":"region","to":"EU","actor":"bob"},{"at":"2026-06-01T12:00:00Z","kind":"status","to":"solved","actor":"bob"},{"at":"2026-06-02T12:00:00Z","kind":"csat","to":2,"actor":"customer"}]}
{"id":"T-2","created":"2026-06-03T08:00:00Z","subject":"plain","fields":{"x":"y"},"severity":"high","product":"P","type":"bug"}
)";

/// Imports a file, exports the workspace, and gives what was written.
QByteArray exported(test::ImportFixture &desk, const QString &name)
{
    const auto report = exportTickets(desk.store->connection(), desk.path(name), {});
    return report ? readFile(desk.path(name)) : report.error().detail.toUtf8();
}

commands::Context contextOf(test::ImportFixture &desk, RandomSource &random)
{
    auto agents = storage::loadAgents(desk.store->connection());
    Agent actor = agents && !agents->isEmpty() ? agents->first()
                                               : Agent { .id = u"me"_s, .homeTier = u"L1"_s };
    actor.role = Role::Admin;
    return { .store = *desk.store, .random = random, .actor = actor, .now = desk.clock.now() };
}

} // namespace

void TestExports::ticketsGoRound()
{
    test::ImportFixture first, second;
    VALUE(one, first.importLines(first.file(u"in.jsonl"_s, lines)));
    const QByteArray out = exported(first, u"out.jsonl"_s);
    QCOMPARE(out.count('\n'), 2);
    VALUE(two, second.importLines(second.file(u"in.jsonl"_s, out)));
    QCOMPARE(two.events, one.events);
    QVERIFY(two.ignored.isEmpty());
    QCOMPARE(exported(second, u"out.jsonl"_s), out);
    for (const QString &key : { u"T-1"_s, u"T-2"_s }) {
        VALUE(a, storage::loadTicket(first.store->connection(), first.ticket(key).id));
        VALUE(b, storage::loadTicket(second.store->connection(), second.ticket(key).id));
        QCOMPARE(b.ticket, a.ticket);
        QVERIFY(b.escalations == a.escalations);
    }
    const QJsonObject line = *readJsonObject(out.split('\n').at(0));
    QCOMPARE(line[u"messages"_s].toArray().size(), 3);
    QCOMPARE(line[u"organization"_s].toObject()[u"arr"_s].toInteger(), 120000);
    QCOMPARE(line[u"events"_s].toArray().at(0).toObject()[u"kind"_s].toString(), u"tier"_s);
    QCOMPARE(line[u"events"_s].toArray().at(0).toObject()[u"from"_s].toString(), u"L1"_s);
}

void TestExports::ownWorkGoesRound()
{
    test::ImportFixture first, second;
    SeededRandom random(7);
    auto context = contextOf(first, random);
    const auto step = [&](auto command) {
        first.clock.advance(Millis(60'000));
        context.now = first.clock.now();
        const auto outcome = commands::run(context, command);
        if (!outcome)
            qWarning("%s", qPrintable(outcome.error().detail));
        return outcome.has_value();
    };
    VALUE(made,
        commands::run(context,
            commands::CreateTicket {
                .ticket = { .subject = u"Help"_s, .channel = u"phone"_s, .tier = u"L1"_s },
                .requester = { .name = u"Ann"_s, .email = u"ann@example.com"_s },
                .organization = { .name = u"Acme"_s },
                .text = u"It is broken."_s }));
    const QString key = made.state.ticket.key;
    QVERIFY(step(commands::Note { .ticket = key, .text = u"hm"_s }));
    QVERIFY(step(commands::Escalate { .ticket = key,
        .toTier = u"L2"_s,
        .reason = u"beyond-skill"_s,
        .form = { .summary = u"It is broken and nothing helps."_s,
            .tried = { u"restart"_s, u"reinstall"_s },
            .expected = u"It works."_s },
        .skipNotice = u"told on the phone"_s,
        .overrideGuard = u"sure"_s }));
    QVERIFY(step(commands::Accept { .ticket = key }));
    QVERIFY(step(commands::Reply { .ticket = key, .text = u"We look at it."_s }));
    QVERIFY(step(commands::SetFields { .ticket = key,
        .changes = { { u"priority"_s, u"urgent"_s }, { u"category"_s, u"bug"_s } } }));
    QVERIFY(step(commands::Solve { .ticket = key, .text = u"Done?"_s }));
    const QByteArray out = exported(first, u"out.jsonl"_s);
    VALUE(report, second.importLines(second.file(u"in.jsonl"_s, out)));
    QVERIFY(report.added > 5);
    QCOMPARE(exported(second, u"out.jsonl"_s), out);
    VALUE(a, storage::loadTicket(first.store->connection(), first.ticket(key).id));
    VALUE(b, storage::loadTicket(second.store->connection(), second.ticket(key).id));
    QVERIFY(b.escalations == a.escalations);
    QCOMPARE(b.ticket, a.ticket);
}

void TestExports::logsGoRound()
{
    test::ImportFixture first, second;
    VALUE(map,
        EventMap::parse(
            R"({"case":"id","time":"at","order":"n","team":"team","status":{"column":"s","map":{"D":"solved"},"else":"open"},"fields":{"impact":"i"},"known":{"awaiting":"D"}})",
            u"m"_s));
    VALUE(one,
        first.importLog(
            first.file(u"l.csv"_s,
                "id,at,n,team,s,i\nA,2026-03-01T08:00:00Z,1,x,W,1\nA,2026-03-01T07:00:00Z,2,y,D,2\nA,2026-03-01T09:00:00Z,3,y,W,2\n"),
            map));
    QCOMPARE(one.added, 3);
    const QByteArray out = exported(first, u"out.json"_s);
    VALUE(document, readJson(out));
    QCOMPARE(document.array().size(), 1);
    const QByteArray jsonLines = exported(first, u"out.jsonl"_s);
    QVERIFY(jsonLines.contains("\"tier_assumed\":true"));
    VALUE(two, second.importLines(second.file(u"in.jsonl"_s, jsonLines)));
    QCOMPARE(two.added, 3);
    QCOMPARE(exported(second, u"out.jsonl"_s), jsonLines);
    QCOMPARE(second.ticket(u"A"_s), first.ticket(u"A"_s));
    // And back into the workspace that it came from: nothing new.
    VALUE(back, first.importLines(first.file(u"back.jsonl"_s, jsonLines)));
    QCOMPARE(back.added, 0);
}

void TestExports::ownExportIsNoNews()
{
    test::ImportFixture desk;
    SeededRandom random(7);
    auto context = contextOf(desk, random);
    VALUE(made,
        commands::run(context,
            commands::CreateTicket {
                .ticket = { .subject = u"Help"_s, .tier = u"L1"_s }, .text = u"It is broken."_s }));
    desk.clock.advance(Millis(60'000));
    context.now = desk.clock.now();
    VALUE(noted,
        commands::run(
            context, commands::Note { .ticket = made.state.ticket.key, .text = u"hm"_s }));
    Q_UNUSED(noted);
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, lines)));
    Q_UNUSED(imported);
    const QByteArray out = exported(desk, u"out.jsonl"_s);
    const qint64 before = desk.number(u"SELECT count(*) FROM event"_s);
    VALUE(back, desk.importLines(desk.path(u"out.jsonl"_s)));
    QCOMPARE(back.added, 0);
    QCOMPARE(desk.number(u"SELECT count(*) FROM event"_s), before);
}

void TestExports::csvRunsNoFormula()
{
    test::ImportFixture desk;
    QByteArray hostile;
    int n = 0;
    for (const char *start : { "=1+1", "+1", "-1", "@SUM(1)", "\\t=1", "\\r=1", "\\n=1", "'=1" })
        hostile += R"({"id":"H-)" + QByteArray::number(++n)
            + R"(","created":"2026-06-01T08:00:00Z","subject":")" + start + "\",\"category\":\""
            + start + "\"}\n";
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, hostile)));
    Q_UNUSED(imported);
    VALUE(report, exportTickets(desk.store->connection(), desk.path(u"t.csv"_s), {}));
    QCOMPARE(report.rows, n);
    CsvReader reader(sourceOf(readFile(desk.path(u"t.csv"_s))), {});
    CsvRecord record;
    for (int row = 0; row <= n; ++row) {
        VALUE(more, reader.next(record));
        QVERIFY(more);
        QVERIFY(record.problem.isEmpty());
        QCOMPARE(record.fields.size(), 25);
        for (const QString &cell : record.fields)
            QVERIFY2(cell.isEmpty() || !QStringLiteral("=+-@\t\r\n").contains(cell[0]),
                qPrintable(cell));
    }
    QCOMPARE(withoutGuard(record.fields[3]), u"'=1"_s);
}

void TestExports::eventsAndAudit()
{
    test::ImportFixture desk;
    SeededRandom random(7);
    auto context = contextOf(desk, random);
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, lines)));
    Q_UNUSED(imported);
    VALUE(set,
        commands::run(context,
            commands::SetFields {
                .ticket = u"T-2"_s, .changes = { { u"priority"_s, u"urgent"_s } } }));
    Q_UNUSED(set);
    VALUE(events, exportEvents(desk.store->connection(), desk.path(u"e.jsonl"_s), {}));
    QCOMPARE(events.tickets, 2);
    QCOMPARE(events.rows, desk.number(u"SELECT count(*) FROM event WHERE ticket <> 0"_s));
    VALUE(audit, exportAudit(desk.store->connection(), desk.path(u"a.jsonl"_s), {}));
    bool found = false;
    for (const QByteArray &bytes : readFile(desk.path(u"a.jsonl"_s)).split('\n')) {
        const QJsonObject row = QJsonDocument::fromJson(bytes).object();
        QVERIFY(row[u"ticket"_s].toString() != u"T-1"_s); // imported history is nobody's deed here
        if (row[u"ticket"_s].toString() == u"T-2"_s
            && row[u"field"_s].toString() == u"priority"_s) {
            found = true;
            QCOMPARE(row[u"before"_s].toString(), u"normal"_s);
            QCOMPARE(row[u"after"_s].toString(), u"urgent"_s);
            QCOMPARE(row[u"actor"_s].toString(), context.actor.id);
        }
    }
    QVERIFY(found);
    Q_UNUSED(audit);
}

/// Every firing stands in the audit, with what was done, refused or would have been; and whatever a person
/// decided against a warning.
void TestExports::auditOfRules()
{
    test::ImportFixture desk;
    SeededRandom random(7);
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, lines)));
    Q_UNUSED(imported);
    const TicketId ticket = *storage::findAnyTicket(desk.store->connection(), u"T-2"_s);
    const Result<Done> written = desk.store->write(
        storage::Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
            for (const FiringOutcome outcome : { FiringOutcome::Fired, FiringOutcome::Shadow }) {
                Firing firing { .ticket = ticket,
                    .rule = u"id"_s,
                    .anchor = u"0"_s,
                    .name = u"Left waiting"_s,
                    .version = 3,
                    .due = { 1'000 },
                    .at = { 2'000 },
                    .outcome = outcome,
                    .sentence = u"no agent reply for 2h"_s,
                    .deeds = { { u"escalate to L2"_s, u"refused"_s, u"The checklist is open."_s } },
                    .operation = u"op"_s,
                    .isReal = outcome == FiringOutcome::Fired };
                TIERLINE_CHECK(storage::insertFiring(scope, firing));
            }
            Event event { .ticket = ticket,
                .at = { 3'000 },
                .order = { 3'000 },
                .kind = EventKind::Escalated,
                .actor = u"ann"_s };
            event.data = { { u"escalation"_s,
                QJsonObject { { u"reason"_s, u"vip"_s },
                    { u"overrideGuard"_s, u"The customer waits on the phone"_s } } } };
            return storage::appendEvent(scope, event);
        });
    QVERIFY2(written, written ? "" : qPrintable(written.error().detail));
    VALUE(audit, exportAudit(desk.store->connection(), desk.path(u"a.jsonl"_s), {}));
    Q_UNUSED(audit);
    QMap<QString, QJsonObject> rows;
    for (const QByteArray &bytes : readFile(desk.path(u"a.jsonl"_s)).split('\n')) {
        const QJsonObject row = QJsonDocument::fromJson(bytes).object();
        rows.insert(row[u"field"_s].toString(), row);
    }
    const QJsonObject fired = rows[u"rule.Left waiting.fired"_s];
    QCOMPARE(fired[u"kind"_s].toString(), u"firing"_s);
    QCOMPARE(fired[u"ticket"_s].toString(), u"T-2"_s);
    QCOMPARE(fired[u"actor"_s].toString(), u"rule:Left waiting"_s);
    QCOMPARE(fired[u"note"_s].toString(), u"no agent reply for 2h"_s);
    QCOMPARE(fired[u"operation"_s].toString(), u"op"_s);
    const QJsonObject after = fired[u"after"_s].toObject();
    QCOMPARE(after[u"version"_s].toInt(), 3);
    QCOMPARE(after[u"due"_s].toString(), u"1970-01-01T00:00:01Z"_s);
    const QJsonObject deed = after[u"deeds"_s].toArray()[0].toObject();
    QCOMPARE(deed[u"outcome"_s].toString(), u"refused"_s);
    QCOMPARE(deed[u"why"_s].toString(), u"The checklist is open."_s);
    QVERIFY(rows.contains(u"rule.Left waiting.shadow"_s));
    QCOMPARE(rows[u"escalation.override_guard"_s][u"after"_s].toString(),
        u"The customer waits on the phone"_s);
    QCOMPARE(rows[u"escalation.reason"_s][u"after"_s].toString(), u"vip"_s);
    // CSV is one cell a value.
    VALUE(csv, exportAudit(desk.store->connection(), desk.path(u"a.csv"_s), {}));
    Q_UNUSED(csv);
    QVERIFY(readFile(desk.path(u"a.csv"_s)).contains("rule.Left waiting.fired"));
}

void TestExports::confidentialIsAbsent()
{
    test::ImportFixture desk;
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, lines)));
    Q_UNUSED(imported);
    const ExportOptions blind { .visibility = { .deniedTeams = { u"Front"_s } } };
    const QString file = desk.path(u"out.jsonl"_s);
    VALUE(tickets, exportTickets(desk.store->connection(), file, blind));
    QCOMPARE(tickets.rows, 1);
    QVERIFY(!readFile(file).contains("T-1"));
    VALUE(events, exportEvents(desk.store->connection(), file, blind));
    QCOMPARE(events.tickets, 1);
    QVERIFY(!readFile(file).contains("T-1"));
    VALUE(audit, exportAudit(desk.store->connection(), file, blind));
    Q_UNUSED(audit);
    QVERIFY(!readFile(file).contains("T-1"));
}

void TestExports::metricsInThreeForms()
{
    test::ImportFixture desk;
    const QJsonObject report { { u"zone"_s, u"UTC"_s },
        { u"rows"_s,
            QJsonArray { QJsonObject { { u"key"_s, u"all"_s }, { u"tickets"_s, 3 },
                { u"escalation_rate"_s, 0.25 }, { u"csat"_s, QJsonValue() },
                { u"into_tier"_s, QJsonObject { { u"L2"_s, 1 } } } } } } };
    VALUE(json, exportMetrics(report, desk.path(u"m.json"_s)));
    Q_UNUSED(json);
    VALUE(document, readJsonObject(readFile(desk.path(u"m.json"_s))));
    QCOMPARE(document, report);
    VALUE(lines, exportMetrics(report, desk.path(u"m.jsonl"_s)));
    QCOMPARE(lines.rows, 1);
    VALUE(csv, exportMetrics(report, desk.path(u"m.csv"_s)));
    Q_UNUSED(csv);
    QCOMPARE(readFile(desk.path(u"m.csv"_s)),
        QByteArray("key,csat,escalation_rate,into_tier.L2,tickets\r\nall,,0.25,1,3\r\n"));
}

void TestExports::formsByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("form");
    QTest::newRow("csv") << u"a.csv"_s << 0;
    QTest::newRow("CSV") << u"A.CSV"_s << 0;
    QTest::newRow("json") << u"a.json"_s << 1;
    QTest::newRow("jsonl") << u"a.jsonl"_s << 2;
    QTest::newRow("ndjson") << u"a.ndjson"_s << 2;
    QTest::newRow("none") << u"a"_s << -1;
    QTest::newRow("other") << u"a.xlsx"_s << -1;
}

void TestExports::formsByName()
{
    QFETCH(QString, name);
    QFETCH(int, form);
    const auto known = formOf(name);
    QCOMPARE(known ? static_cast<int>(*known) : -1, form);
}

void TestExports::failedExportLeavesTheOldFile()
{
    test::ImportFixture desk;
    VALUE(imported, desk.importLines(desk.file(u"in.jsonl"_s, lines)));
    Q_UNUSED(imported);
    const QString file = desk.file(u"out.jsonl"_s, "old");
    const auto stopped = exportTickets(
        desk.store->connection(), file, { .progress = [](qint64) { return false; } });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().fault, Fault::Cancelled);
    QCOMPARE(readFile(file), QByteArray("old"));
    QVERIFY(!QFile::exists(file + u".partial"_s));
    QVERIFY(!exportTickets(desk.store->connection(), u"/no/such/folder/out.jsonl"_s, {}));
    VALUE(whole, exportTickets(desk.store->connection(), file, {}));
    QCOMPARE(whole.rows, 2);
    QVERIFY(!QFile::exists(file + u".partial"_s));
    QCOMPARE(
        QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

QTEST_GUILESS_MAIN(TestExports)
#include "tst_exports.moc"

#include "core/base/json.h"
#include "core/import/ticketline.h"
#include "importtest.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestTicketLines : public QObject
{
    Q_OBJECT
private slots:
    void readsAWholeLine();
    void kindsOfEvents_data();
    void kindsOfEvents();
    void badLinesSayWhy_data();
    void badLinesSayWhy();
    void hostileTextIsMended();
    void hugeTextsAreShortened();
    void unknownKeysAreCounted();
    void imports();
    void secondImportIsEmpty();
    void longerLineAddsItsEvents();
    void oneIdTwiceInAFile();
    void badInputChangesNothing_data();
    void badInputChangesNothing();
    void htmlBecomesText();
    void searchFindsWhatWasImported();
    void neverCrashesOnBentLines();
};

namespace {

const QByteArray line
    = R"({"id":"T-1","created":"2026-06-01T08:00:00Z","subject":"Invoice is wrong","channel":"email","category":"billing","priority":"high","tags":["a","b"],)"
      R"("requester":{"name":"Ann Lee","email":"ann@example.com"},"organization":{"name":"Acme","plan":"enterprise","arr":120000,"health":42,"renewal":"2026-09-01","flags":["vip"]},)"
      R"("tier":"L1","team":"Front","assignee":"bob","status":"new",)"
      R"("messages":[{"at":"2026-06-01T08:00:00Z","from":"customer","author":"Ann Lee","public":true,"text":"It is twice what it was."},)"
      R"({"at":"2026-06-01T09:00:00Z","from":"agent","author":"bob","public":false,"text":"Odd."}],)"
      R"("events":[{"at":"2026-06-01T10:00:00Z","kind":"tier","from":"L1","to":"L2","actor":"bob","note":"beyond me"},)"
      R"({"at":"2026-06-01T11:00:00Z","kind":"return","from":"L2","to":"L1","actor":"cid","verdict":"l1_could_have_solved","note":"see wiki"},)"
      R"({"at":"2026-06-01T12:00:00Z","kind":"status","from":"open","to":"solved","actor":"bob"},)"
      R"({"at":"2026-06-02T12:00:00Z","kind":"csat","to":5,"actor":"customer"}]})";

TicketLineParser parser()
{
    return TicketLineParser({ .tiers = { u"L1"_s, u"L2"_s, u"L3"_s }, .frontline = u"L1"_s });
}

/// The line with one member of its top replaced.
QByteArray lineWith(const QByteArray &key, const QByteArray &json)
{
    QJsonObject object = *readJsonObject(line);
    object[QString::fromLatin1(key)] = QJsonDocument::fromJson('[' + json + ']').array().at(0);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

void TestTicketLines::readsAWholeLine()
{
    TicketLineParser reader = parser();
    VALUE(history, reader.parse(line));
    QCOMPARE(history.ticket.key, u"T-1"_s);
    QCOMPARE(history.ticket.subject, u"Invoice is wrong"_s);
    QCOMPARE(history.ticket.tags, (QStringList { u"a"_s, u"b"_s }));
    QCOMPARE(history.requester.email, u"ann@example.com"_s);
    QCOMPARE(history.organization.arr, 120000);
    QCOMPARE(history.organization.health, 42);
    QCOMPARE(history.organization.renewal, QDate(2026, 9, 1));
    QCOMPARE(history.messages.size(), size_t(2));
    QCOMPARE(history.messages[1].kind, MessageKind::InternalNote);
    QCOMPARE(history.events.size(), size_t(7));
    const Event &created = history.events[0];
    QCOMPARE(created.kind, EventKind::Created);
    QCOMPARE(created.tier, u"L1"_s);
    QCOMPARE(created.team, u"Front"_s);
    QCOMPARE(created.assignee, u"bob"_s);
    QCOMPARE(created.status, Status::New);
    QCOMPARE(created.priority, Priority::High);
    QCOMPARE(history.events[1].kind,
        EventKind::Message); // at the instant of the creation, and behind it
    QCOMPARE(history.messageOf[1], 0);
    QCOMPARE(history.events[2].data[u"internal"_s].toBool(), true);
    QCOMPARE(history.events[3].kind, EventKind::Moved);
    QCOMPARE(history.events[3].tier, u"L2"_s);
    QCOMPARE(history.events[3].note, u"beyond me"_s);
    QCOMPARE(history.events[4].kind, EventKind::Returned);
    QCOMPARE(history.events[4].tier, u"L1"_s);
    QCOMPARE(history.events[4].data[u"verdict"_s].toString(), u"l1_could_have_solved"_s);
    QCOMPARE(history.events[5].status, Status::Solved);
    QCOMPARE(history.events[6].kind, EventKind::Csat);
    QCOMPARE(history.events[6].data[u"score"_s].toInt(), 5);
    QSet<quint64> origins;
    for (const Event &event : history.events)
        origins.insert(event.origin);
    QCOMPARE(origins.size(), 7);
    QVERIFY(!origins.contains(0));
    VALUE(again, reader.parse(line));
    for (size_t i = 0; i < again.events.size(); ++i)
        QCOMPARE(again.events[i], history.events[i]);
}

void TestTicketLines::kindsOfEvents_data()
{
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("check");
    const auto row = [](const char *name, const char *event, EventKind kind, const QString &check) {
        QTest::newRow(name) << QByteArray(event) << static_cast<int>(kind) << check;
    };
    row("team", R"({"kind":"team","to":"Back"})", EventKind::Moved, u"team=Back"_s);
    row("no team any more", R"({"kind":"team","from":"Back","to":null})", EventKind::Moved,
        u"team="_s);
    row("assignee", R"({"kind":"assignee","to":"cid"})", EventKind::Changed, u"assignee=cid"_s);
    row("priority", R"({"kind":"priority","to":"urgent"})", EventKind::Changed,
        u"priority=urgent"_s);
    row("accept", R"({"kind":"accept","actor":"cid"})", EventKind::Accepted, u""_s);
    row("accept with owner", R"({"kind":"accept","to":"cid"})", EventKind::Accepted,
        u"assignee=cid"_s);
    row("return without tier", R"({"kind":"return","verdict":"wrong_team"})", EventKind::Returned,
        u""_s);
    row("field", R"({"kind":"field","name":"region","to":"EU"})", EventKind::Changed,
        u"field.region=EU"_s);
    row("own field", R"({"kind":"field","name":"category","to":"bug"})", EventKind::Changed,
        u"data.category=bug"_s);
}

void TestTicketLines::kindsOfEvents()
{
    QFETCH(QByteArray, event);
    QFETCH(int, kind);
    QFETCH(QString, check);
    event.insert(1, R"("at":"2026-06-03T08:00:00Z",)");
    TicketLineParser reader = parser();
    VALUE(history, reader.parse(lineWith("events", '[' + event + ']')));
    const Event &read = history.events.back();
    QCOMPARE(static_cast<int>(read.kind), kind);
    QStringList seen;
    if (read.tier)
        seen.append(u"tier="_s + *read.tier);
    if (read.team)
        seen.append(u"team="_s + *read.team);
    if (read.assignee)
        seen.append(u"assignee="_s + *read.assignee);
    if (read.priority)
        seen.append(u"priority="_s + code(*read.priority));
    const QJsonObject fields = read.data[u"fields"_s].toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        seen.append(u"field."_s + it.key() + u'=' + it.value().toString());
    if (read.data.contains(u"category"_s))
        seen.append(u"data.category="_s + read.data[u"category"_s].toString());
    QCOMPARE(seen.join(u' '), check);
}

void TestTicketLines::badLinesSayWhy_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const QByteArray &bytes, const QString &says) {
        QTest::newRow(name) << bytes << says;
    };
    row("no JSON", "{\"id\":", u"cannot be read"_s);
    row("no object", "[1,2]", u"no JSON object"_s);
    row("a word", "hello", u"cannot be read"_s);
    row("no id", R"({"created":"2026-06-01T08:00:00Z"})", u"has no “id”"_s);
    row("empty id", R"({"id":" ","created":"2026-06-01T08:00:00Z"})", u"has no “id”"_s);
    row("no creation", R"({"id":"1"})", u"has no “created”"_s);
    row("year 9999", lineWith("created", R"("9999-06-01T08:00:00Z")"),
        u"“created”: “9999-06-01T08:00:00Z” is no instant: the year must be 1900 to 2199"_s);
    row("no offset", lineWith("created", R"("2026-06-01T08:00:00")"), u"it has no offset"_s);
    row("negative revenue", lineWith("organization", R"({"name":"A","arr":-1})"),
        u"revenue cannot be negative"_s);
    row("revenue of a half", lineWith("organization", R"({"name":"A","arr":1.5})"),
        u"“organization.arr” must be a whole number"_s);
    row("revenue as text", lineWith("organization", R"({"name":"A","arr":"12"})"),
        u"must be a whole number"_s);
    row("health", lineWith("organization", R"({"name":"A","health":101})"), u"must be 0 to 100"_s);
    row("renewal", lineWith("organization", R"({"name":"A","renewal":"9999-01-01"})"),
        u"years 1900 to 2199"_s);
    row("tier", lineWith("tier", R"("L9")"),
        u"“tier” is “L9”, a tier that this workspace does not have (it has L1, L2, L3)"_s);
    row("tier of an event",
        lineWith("events", R"([{"at":"2026-06-01T08:00:00Z","kind":"tier","to":"L7"}])"),
        u"“events[0].to” is “L7”"_s);
    row("status", lineWith("status", R"("done")"),
        u"“status” is “done” and must be one of new, open"_s);
    row("priority", lineWith("priority", R"("p1")"), u"“priority” is “p1”"_s);
    row("event kind",
        lineWith("events", R"([{"at":"2026-06-01T08:00:00Z","kind":"teir","to":"L2"}])"),
        u"“events[0].kind” is “teir”"_s);
    row("event without instant", lineWith("events", R"([{"kind":"status","to":"open"}])"),
        u"“events[0].at” is missing"_s);
    row("score", lineWith("events", R"([{"at":"2026-06-01T08:00:00Z","kind":"csat","to":6}])"),
        u"score of 1 to 5"_s);
    row("verdict",
        lineWith("events", R"([{"at":"2026-06-01T08:00:00Z","kind":"return","verdict":"meh"}])"),
        u"“events[0].verdict” is “meh”"_s);
    row("message without instant", lineWith("messages", R"([{"from":"agent","text":"x"}])"),
        u"“messages[0].at” is missing"_s);
    row("message from nobody known",
        lineWith("messages", R"([{"at":"2026-06-01T08:00:00Z","from":"alien","text":"x"}])"),
        u"“messages[0].from” is “alien”"_s);
    row("messages no list", lineWith("messages", R"({"at":1})"), u"“messages” must be a list"_s);
    row("message no object", lineWith("messages", R"([7])"), u"“messages[0]” must be an object"_s);
    row("subject no text", lineWith("subject", "7"), u"“subject” must be a text"_s);
    row("tags no texts", lineWith("tags", "[1]"), u"“tags” must be a list of texts"_s);
    row("tags without end", lineWith("tags", '[' + QByteArray("\"t\",").repeated(2000) + "\"t\"]"),
        u"more than 1000"_s);
    row("deep", "{\"id\":" + QByteArray("[").repeated(5000) + QByteArray("]").repeated(5000) + '}',
        u"nested more than"_s);
    row("control character", lineWith("id", R"("a\u0007b")"), u"control character"_s);
    row("undone by somebody",
        lineWith(
            "events", R"([{"at":"2026-06-01T08:00:00Z","kind":"field","log":{"kind":"undone"}}])"),
        u"no kind of event that can be imported"_s);
}

void TestTicketLines::badLinesSayWhy()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    TicketLineParser reader = parser();
    const auto history = reader.parse(bytes);
    QVERIFY(!history);
    QCOMPARE(history.error().fault, Fault::BadInput);
    QVERIFY2(history.error().detail.contains(says), qPrintable(history.error().detail));
}

void TestTicketLines::hostileTextIsMended()
{
    TicketLineParser reader = parser();
    VALUE(history,
        reader.parse(
            R"({"id":"1","created":"2026-06-01T08:00:00Z","subject":"a\ud800b\u0000c\uffffd \ud83d\ude00"})"));
    QCOMPARE(history.ticket.subject, u"a\uFFFDb\uFFFDc\uFFFDd 😀"_s);
    // Numbers beyond 2^53 stay exact: an id is never a double, on either way of reading.
    for (const QByteArray &more : { QByteArray(), QByteArray(R"(,"subject":"\ud800")") }) {
        VALUE(numbered,
            reader.parse(
                R"({"id":9007199254740993,"created":"2026-06-01T08:00:00Z")" + more + '}'));
        QCOMPARE(numbered.ticket.key, u"9007199254740993"_s);
    }
    // Bytes that are no UTF-8 are no JSON.
    QVERIFY(!reader.parse("{\"id\":\"\xFF\",\"created\":\"2026-06-01T08:00:00Z\"}"));
}

void TestTicketLines::hugeTextsAreShortened()
{
    TicketLineParser reader = parser();
    VALUE(history, reader.parse(lineWith("subject", '"' + QByteArray(100'000, 's') + '"')));
    QCOMPARE(history.ticket.subject.size(), MaxSubject);
    QVERIFY(history.ticket.subject.endsWith(u"s…"_s));
    VALUE(long_,
        reader.parse(lineWith("messages",
            R"([{"at":"2026-06-01T08:00:00Z","from":"customer","text":")"
                + QByteArray(3'000'000, 'm') + R"("}])")));
    QCOMPARE(long_.messages[0].text.size(), MaxText);
}

void TestTicketLines::unknownKeysAreCounted()
{
    test::ImportFixture desk;
    VALUE(report, desk.importLines(desk.file(u"t.jsonl"_s, lineWith("colour", "\"red\"") + '\n')));
    QCOMPARE(report.added, 7);
    QCOMPARE(toJson(report)[u"ignored"_s].toObject(), (QJsonObject { { u"colour"_s, 1 } }));
}

void TestTicketLines::imports()
{
    test::ImportFixture desk;
    VALUE(report,
        desk.importLines(desk.file(u"t.jsonl.gz"_s,
            test::gzipped(line + "\n\n" + R"({"id":"T-2","created":"2026-05-01T08:00:00Z"})"))));
    QCOMPARE(report.rows, 2);
    QCOMPARE(report.tickets, 2);
    QCOMPARE(report.events, 8);
    QCOMPARE(report.added, 8);
    const Ticket ticket = desk.ticket(u"T-1"_s);
    QCOMPARE(ticket.tier, u"L1"_s);
    QCOMPARE(ticket.status, Status::Solved);
    QCOMPARE(ticket.category, u"billing"_s);
    QCOMPARE(desk.ticket(u"T-2"_s).tier, u"L1"_s);
    VALUE(state, storage::loadTicket(desk.store->connection(), ticket.id));
    QCOMPARE(state.escalations.size(), size_t(1));
    QCOMPARE(state.escalations[0].outcome, Outcome::Reversed);
    VALUE(messages, storage::loadMessages(desk.store->connection(), ticket.id));
    QCOMPARE(messages.size(), size_t(2));
    QCOMPARE(messages[0].text, u"It is twice what it was."_s);
    // History fires nothing and tells nobody.
    QCOMPARE(desk.number(u"SELECT count(*) FROM outbox"_s), 0);
}

void TestTicketLines::secondImportIsEmpty()
{
    test::ImportFixture desk;
    const QString file = desk.file(u"t.jsonl"_s, line);
    VALUE(first, desk.importLines(file));
    QCOMPARE(first.added, 7);
    VALUE(second, desk.importLines(file));
    QCOMPARE(second.added, 0);
    QCOMPARE(second.events, 7);
    QCOMPARE(desk.events(u"T-1"_s).size(), size_t(7));
    QCOMPARE(desk.number(u"SELECT count(*) FROM message"_s), 2);
}

void TestTicketLines::longerLineAddsItsEvents()
{
    test::ImportFixture desk;
    QJsonObject shorter = *readJsonObject(line);
    shorter[u"events"_s] = QJsonArray { shorter[u"events"_s].toArray().at(0) };
    VALUE(first,
        desk.importLines(
            desk.file(u"a.jsonl"_s, QJsonDocument(shorter).toJson(QJsonDocument::Compact))));
    QCOMPARE(first.added, 4);
    VALUE(second, desk.importLines(desk.file(u"b.jsonl"_s, line)));
    QCOMPARE(second.added, 3);
    QCOMPARE(desk.ticket(u"T-1"_s).status, Status::Solved);
}

void TestTicketLines::oneIdTwiceInAFile()
{
    test::ImportFixture desk;
    QJsonObject shorter = *readJsonObject(line);
    shorter[u"events"_s] = QJsonArray();
    VALUE(report,
        desk.importLines(desk.file(u"a.jsonl"_s,
            QJsonDocument(shorter).toJson(QJsonDocument::Compact) + '\n' + line + '\n')));
    QCOMPARE(report.rows, 2);
    QCOMPARE(report.tickets, 1);
    QCOMPARE(report.added, 7);
    QCOMPARE(desk.ticket(u"T-1"_s).status, Status::Solved);
}

void TestTicketLines::badInputChangesNothing_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("says");
    const QByteArray good = QByteArray(line).replace("T-1", "T-9") + '\n';
    QTest::newRow("year 9999") << good + lineWith("created", R"("9999-06-01T08:00:00Z")")
                               << u"Line 2 of “t.jsonl” cannot be read"_s;
    QTest::newRow("negative revenue")
        << good + good + lineWith("organization", R"({"name":"A","arr":-5})") << u"Line 3 of"_s;
    QTest::newRow("unknown tier") << good + lineWith("tier", R"("L9")")
                                  << u"a tier that this workspace does not have"_s;
    QTest::newRow("no ticket lines") << QByteArray("id;subject\n1;x\n") << u"Line 1 of"_s;
    QTest::newRow("binary") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10) << u"Line 1 of"_s;
    QTest::newRow("100 MB on one line") << test::gzipped(good + QByteArray(100'000'000, 'x'))
                                        << u"Line 2 of “t.jsonl” is longer than 16 MiB"_s;
    QTest::newRow("cut-off gzip") << test::gzipped(good).chopped(10) << u"cut off"_s;
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE{\0}\0", 6) << u"UTF-16"_s;
    QTest::newRow("broken in the middle") << good + "{\"id\":\"T-8\",\n" + good << u"Line 2 of"_s;
}

void TestTicketLines::badInputChangesNothing()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, says);
    test::ImportFixture desk;
    VALUE(there, desk.importLines(desk.file(u"there.jsonl"_s, line)));
    Q_UNUSED(there);
    const QString before = desk.picture();
    const auto report = desk.importLines(desk.file(u"t.jsonl"_s, content));
    QVERIFY(!report);
    QCOMPARE(report.error().fault, Fault::BadInput);
    QVERIFY2(report.error().detail.contains(says), qPrintable(report.error().detail));
    QCOMPARE(desk.picture(), before);
}

void TestTicketLines::htmlBecomesText()
{
    test::ImportFixture desk;
    VALUE(report,
        desk.importLines(desk.file(u"t.jsonl"_s,
            lineWith("messages",
                R"([{"at":"2026-06-01T08:00:00Z","from":"customer","html":"<p>Hello <b>there</b></p><script>alert(1)</script>"}])"))));
    Q_UNUSED(report);
    VALUE(messages, storage::loadMessages(desk.store->connection(), desk.ticket(u"T-1"_s).id));
    QCOMPARE(messages[0].text.trimmed(), u"Hello there"_s);
    QVERIFY(messages[0].html.contains(u"<b>"_s)); // as it came, never shown without the sanitiser
}

void TestTicketLines::searchFindsWhatWasImported()
{
    const auto hits = [](test::ImportFixture &desk, const QString &word) {
        return desk.number(u"SELECT count(*) FROM search WHERE search MATCH '%1'"_s.arg(word));
    };
    test::ImportFixture desk;
    VALUE(first, desk.importLines(desk.file(u"a.jsonl"_s, line))); // built at the end
    QCOMPARE(hits(desk, u"twice"_s), 1);
    VALUE(second,
        desk.importLines(desk.file(
            u"b.jsonl"_s, QByteArray(line).replace("T-1", "T-2").replace("twice", "thrice"))));
    QCOMPARE(hits(desk, u"thrice"_s), 1); // beside what is there
    QCOMPARE(hits(desk, u"invoice"_s), 2);
    Q_UNUSED(first);
    Q_UNUSED(second);
}

void TestTicketLines::neverCrashesOnBentLines()
{
    const quint64 seed = SystemRandom().next64();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    TicketLineParser reader = parser();
    int taken = 0;
    for (int round = 0; round < 5000; ++round) {
        QByteArray bent = line;
        for (qint64 n = 1 + random.below(4); n > 0 && !bent.isEmpty(); --n) {
            const auto at = random.below(bent.size());
            switch (random.below(4)) {
            case 0: bent[at] = static_cast<char>(random.below(256)); break;
            case 1: bent.remove(at, random.below(20)); break;
            case 2: bent.insert(at, line.mid(random.below(line.size()), random.below(30))); break;
            case 3: bent.truncate(at); break;
            }
        }
        const auto history = reader.parse(bent);
        taken += history.has_value();
        if (history) {
            QCOMPARE(history->events.size(), history->messageOf.size());
            QVERIFY(!history->ticket.key.isEmpty());
        } else {
            QVERIFY(!history.error().detail.isEmpty());
        }
    }
    QVERIFY(taken > 0 && taken < 5000);
}

QTEST_GUILESS_MAIN(TestTicketLines)
#include "tst_ticketlines.moc"

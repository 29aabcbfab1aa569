#include "core/import/eventmap.h"
#include "core/import/rowmapper.h"
#include "importtest.h"

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestEventMap : public QObject
{
    Q_OBJECT
private slots:
    void readsTheDocumentedMap();
    void shippedMapsRead();
    void refuses_data();
    void refuses();
    void loadsByFileOrName();
    void times_data();
    void times();
    void badTimes_data();
    void badTimes();
    void everyHourOfAYearHasItsInstant();
    void priorities_data();
    void priorities();
    void rowsAreMapped();
    void knownColumns();
    void awaitingInItsForms_data();
    void awaitingInItsForms();
    void badRowsSayWhy_data();
    void badRowsSayWhy();
    void fingerprintsTellRowsApart();
};

namespace {

const QByteArray documented = R"({"format":"csv","delimiter":";","encoding":"iso-8859-1",
 "case":"Problem Number","time":"Problem Change Date+Time","time_format":"iso","zone":"Europe/Brussels",
 "order":null,
 "team":"Problem Involved Owner ST",
 "tier":{"from":"team","rules":[{"suffix":" 3rd","tier":"L3"},{"suffix":" 2nd","tier":"L2"},{"else":"L1"}]},
 "status":{"column":"Problem Status","map":{"Accepted":"open","Queued":"open","Completed":"solved"},"else":"open"},
 "agent":["Problem Involved Action Owner First Name","Problem Involved Action Owner Country"],
 "fields":{"product":"Product","impact":"Problem Latest Impact","country":"Country"},
 "null":["?",""]})";

/// A map over columns a, b, c … with these keys added to the smallest one.
Result<EventMap> mapWith(const QByteArray &more)
{
    return EventMap::parse(
        "{\"case\":\"id\",\"time\":\"at\"" + (more.isEmpty() ? QByteArray() : ',' + more) + '}',
        u"m.json"_s);
}

LogRecord record(const EventMap &map, const QHash<QString, QString> &cells)
{
    LogRecord row { .line = 7 };
    for (const QString &column : map.columns)
        row.values.append(cells.value(column, u""_s));
    return row;
}

} // namespace

void TestEventMap::readsTheDocumentedMap()
{
    VALUE(map, EventMap::parse(documented, u"doc.json"_s));
    QVERIFY(!map.format.isXes);
    QCOMPARE(map.format.delimiter, QChar(u';'));
    QCOMPARE(map.format.encoding, TextEncoding::Latin1);
    QCOMPARE(map.columns[map.caseColumn], u"Problem Number"_s);
    QCOMPARE(map.columns[map.team], u"Problem Involved Owner ST"_s);
    QCOMPARE(map.tierFrom, map.team);
    QCOMPARE(map.order, -1);
    QCOMPARE(map.agent.size(), size_t(2));
    QCOMPARE(map.tiers(), (QStringList { u"L3"_s, u"L2"_s, u"L1"_s }));
    QCOMPARE(map.tierOf(u"N52 2nd"_s), u"L2"_s);
    QCOMPARE(map.tierOf(u"N52 3rd"_s), u"L3"_s);
    QCOMPARE(map.tierOf(u"!DO NOT USE!"_s), u"L1"_s);
    QCOMPARE(map.tierOf(u"N522nd"_s), u"L1"_s);
    QCOMPARE(map.statusOf.value(u"Completed"_s), Status::Solved);
    QCOMPARE(map.statusElse, Status::Open);
    QVERIFY(
        map.isNull(u"?"_s) && map.isNull(u""_s) && map.isNull(QString()) && !map.isNull(u"x"_s));
}

void TestEventMap::shippedMapsRead()
{
    const QStringList names = EventMap::shippedNames();
    QCOMPARE(names, (QStringList { u"servicenow-incident"_s, u"vinst"_s, u"vinst-xes"_s }));
    for (const QString &name : names) {
        VALUE(map, EventMap::load(name));
        QCOMPARE(map.name, name + u".json"_s);
    }
    VALUE(xes, EventMap::load(u"vinst-xes"_s));
    // The trace's concept:name is the case, the event's the status: two columns of one name.
    QCOMPARE(xes.columns.count(u"concept:name"_s), 2);
    QVERIFY(xes.status != xes.caseColumn);
}

void TestEventMap::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const char *json, const QString &says) {
        QTest::newRow(name) << QByteArray(json) << says;
    };
    row("no JSON", "{", u"cannot be read"_s);
    row("no object", "[]", u"no object"_s);
    row("unknown key", R"({"case":"a","time":"b","tema":"c"})",
        u"no key “tema”; the nearest one is “team”"_s);
    row("unknown key of status", R"({"case":"a","time":"b","status":{"colum":"c"}})",
        u"no key “colum” in “status”; the nearest one is “column”"_s);
    row("unknown key of known", R"({"case":"a","time":"b","known":{"sla":"c"}})",
        u"no key “sla” in “known”"_s);
    row("unknown key of a rule",
        R"({"case":"a","time":"b","tier":{"from":"x","rules":[{"sufix":"y","tier":"L1"}]}})",
        u"“sufix”"_s);
    row("no case", R"({"time":"b"})", u"no “case”"_s);
    row("no time", R"({"case":"b"})", u"no “time”"_s);
    row("format", R"({"case":"a","time":"b","format":"xlsx"})", u"must be csv or xes"_s);
    row("delimiter", R"({"case":"a","time":"b","delimiter":";;"})", u"one character"_s);
    row("encoding", R"({"case":"a","time":"b","encoding":"ebcdic"})", u"“encoding” is “ebcdic”"_s);
    row("zone", R"({"case":"a","time":"b","zone":"Mars/Base"})",
        u"zone “Mars/Base” is not known"_s);
    row("time format", R"({"case":"a","time":"b","time_format":"HH:mm"})",
        u"must name day, month and year"_s);
    row("time format letter", R"({"case":"a","time":"b","time_format":"d/M/yyyy Q"})",
        u"stands for nothing"_s);
    row("status code", R"({"case":"a","time":"b","status":{"column":"s","map":{"X":"done"}}})",
        u"“done” is no status"_s);
    row("else in the middle",
        R"({"case":"a","time":"b","tier":{"from":"x","rules":[{"else":"L1"},{"equals":"y","tier":"L2"}]}})",
        u"must be the last"_s);
    row("rule without tier",
        R"({"case":"a","time":"b","tier":{"from":"x","rules":[{"equals":"y"}]}})", u"and a tier"_s);
    row("field is no column", R"({"case":"a","time":"b","fields":{"x":7}})",
        u"must name a column"_s);
    row("field called known", R"({"case":"a","time":"b","fields":{"known":"x"}})",
        u"cannot be called"_s);
    row("agent", R"({"case":"a","time":"b","agent":7})", u"“agent” must be"_s);
    row("kind", R"({"case":7,"time":"b"})", u"“case” must be a text"_s);
}

void TestEventMap::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, says);
    const auto map = EventMap::parse(json, u"m.json"_s);
    QVERIFY(!map);
    QCOMPARE(map.error().fault, Fault::BadInput);
    QVERIFY2(map.error().detail.contains(says), qPrintable(map.error().detail));
}

void TestEventMap::loadsByFileOrName()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"mine.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(documented);
    file.close();
    VALUE(map, EventMap::load(file.fileName()));
    QCOMPARE(map.name, u"mine.json"_s);
    const auto none = EventMap::load(u"no-such-map"_s);
    QVERIFY(!none);
    QCOMPARE(none.error().fault, Fault::NotFound);
    QVERIFY(none.error().detail.contains(u"vinst"_s));
}

void TestEventMap::times_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("zone");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc");
    const auto row = [](const char *name, const char *format, const char *zone, const char *text,
                         const char *utc) {
        QTest::newRow(name) << QString::fromLatin1(format) << QString::fromLatin1(zone)
                            << QString::fromLatin1(text) << QString::fromLatin1(utc);
    };
    row("iso with offset", "iso", "Europe/Brussels", "2006-01-11T15:49:42+01:00",
        "2006-01-11T14:49:42Z");
    row("iso wall winter", "iso", "Europe/Brussels", "2006-01-11 15:49:42", "2006-01-11T14:49:42Z");
    row("iso wall summer", "iso", "Europe/Brussels", "2006-07-11T15:49:42", "2006-07-11T13:49:42Z");
    row("iso wall utc", "iso", "UTC", "2006-07-11T15:49", "2006-07-11T15:49:00Z");
    row("iso negative offset", "iso", "UTC", "2006-07-11T15:49:42-05:00", "2006-07-11T20:49:42Z");
    row("one digit", "d/M/yyyy HH:mm", "UTC", "29/2/2016 01:16", "2016-02-29T01:16:00Z");
    row("two digits fit one", "d/M/yyyy HH:mm", "UTC", "01/12/2016 23:59", "2016-12-01T23:59:00Z");
    row("american", "MM/dd/yyyy hh:mm:ss AP", "America/New_York", "07/04/2024 12:05:09 AM",
        "2024-07-04T04:05:09Z");
    row("afternoon", "M/d/yy h:mm AP", "UTC", "7/4/24 1:05 pm", "2024-07-04T13:05:00Z");
    row("noon", "M/d/yy h:mm AP", "UTC", "7/4/24 12:05 PM", "2024-07-04T12:05:00Z");
    row("month name", "dd-MMM-yyyy HH:mm:ss.zzz", "UTC", "04-Jul-2024 10:00:00.250",
        "2024-07-04T10:00:00.250Z");
    row("literal T", "yyyy-MM-dd'T'HH:mm:ss", "UTC", "2024-07-04T10:00:00", "2024-07-04T10:00:00Z");
    row("day only", "dd.MM.yyyy", "Europe/Berlin", "04.07.2024", "2024-07-03T22:00:00Z");
    // 27 October 2024, 03:00 summer time becomes 02:00: 02:30 happens twice, the first one counts.
    row("fold", "d/M/yyyy HH:mm", "Europe/Brussels", "27/10/2024 02:30", "2024-10-27T00:30:00Z");
    row("behind the fold", "d/M/yyyy HH:mm", "Europe/Brussels", "27/10/2024 03:00",
        "2024-10-27T02:00:00Z");
    // 31 March 2024, 02:00 becomes 03:00: 02:30 never happens and lands at 03:30.
    row("gap", "d/M/yyyy HH:mm", "Europe/Brussels", "31/3/2024 02:30", "2024-03-31T01:30:00Z");
    row("before the gap", "d/M/yyyy HH:mm", "Europe/Brussels", "31/3/2024 01:59",
        "2024-03-31T00:59:00Z");
    row("half an hour of summer time", "iso", "Australia/Lord_Howe", "2024-01-15T12:00:00",
        "2024-01-15T01:00:00Z");
}

void TestEventMap::times()
{
    QFETCH(QString, format);
    QFETCH(QString, zone);
    QFETCH(QString, text);
    QFETCH(QString, utc);
    VALUE(reader, TimeReader::make(format, zone));
    VALUE(instant, reader.read(text));
    QCOMPARE(instant.iso(), utc);
}

void TestEventMap::badTimes_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("text");
    QTest::newRow("words") << u"iso"_s << u"yesterday"_s;
    QTest::newRow("year 9999") << u"iso"_s << u"9999-01-01T00:00:00Z"_s;
    QTest::newRow("year 9999 by pattern") << u"d/M/yyyy"_s << u"1/1/9999"_s;
    QTest::newRow("no such day") << u"d/M/yyyy"_s << u"30/2/2024"_s;
    QTest::newRow("no such hour") << u"d/M/yyyy HH:mm"_s << u"3/2/2024 24:00"_s;
    QTest::newRow("something behind") << u"d/M/yyyy"_s << u"3/2/2024 10:00"_s;
    QTest::newRow("something missing") << u"d/M/yyyy HH:mm"_s << u"3/2/2024"_s;
    QTest::newRow("thirteenth hour") << u"d/M/yyyy h AP"_s << u"3/2/2024 13 PM"_s;
    QTest::newRow("empty") << u"iso"_s << u""_s;
}

void TestEventMap::badTimes()
{
    QFETCH(QString, format);
    QFETCH(QString, text);
    VALUE(reader, TimeReader::make(format, u"UTC"_s));
    QVERIFY(!reader.read(text));
}

void TestEventMap::everyHourOfAYearHasItsInstant()
{
    // Every instant's wall time reads back as that instant, but for the second half of a fold.
    for (const QString &name : { u"Europe/Brussels"_s, u"America/Sao_Paulo"_s,
             u"Australia/Lord_Howe"_s, u"Asia/Kolkata"_s }) {
        const QTimeZone zone(name.toLatin1());
        int folded = 0;
        for (qint64 ms = 1'704'067'200'000; ms < 1'735'689'600'000; ms += 1'800'000) {
            const qint64 offset
                = zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC)) * 1000LL;
            const qint64 back = wallToUtc(ms + offset, zone);
            if (back != ms) {
                ++folded;
                QVERIFY2(back == ms - 3'600'000 || back == ms - 1'800'000, qPrintable(name));
            }
        }
        QVERIFY(folded <= 2);
    }
}

void TestEventMap::priorities_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("expected");
    QTest::newRow("code") << u"High"_s << 2;
    QTest::newRow("1") << u"1 - Critical"_s << 3;
    QTest::newRow("2") << u"2 - High"_s << 2;
    QTest::newRow("3") << u"3 - Moderate"_s << 1;
    QTest::newRow("4") << u"4 - Low"_s << 0;
    QTest::newRow("5") << u"5 - Planning"_s << 0;
    QTest::newRow("P1") << u"P1"_s << 3;
    QTest::newRow("medium") << u"Medium"_s << 1;
    QTest::newRow("ten") << u"10"_s << -1;
    QTest::newRow("word") << u"purple"_s << -1;
    QTest::newRow("empty") << u""_s << -1;
}

void TestEventMap::priorities()
{
    QFETCH(QString, text);
    QFETCH(int, expected);
    const auto priority = priorityFromText(text);
    QCOMPARE(priority ? static_cast<int>(*priority) : -1, expected);
}

void TestEventMap::rowsAreMapped()
{
    VALUE(map, mapWith(R"("team":"group","agent":["first","last"],"order":"n","null":["?",""],
        "tier":{"from":"level","rules":[{"prefix":"1","tier":"L1"},{"contains":"eng","tier":"L3"},{"equals":"2","tier":"L2"}]},
        "status":{"column":"state","map":{"Done":"solved"},"else":"open"},"fields":{"product":"thing","x":"x"})"));
    VALUE(mapper, RowMapper::make(map, { u"L1"_s, u"L2"_s, u"L3"_s }));
    VALUE(row,
        mapper.map(record(map,
            { { u"id"_s, u" T-1 "_s }, { u"at"_s, u"2026-06-08T08:00:00Z"_s }, { u"n"_s, u"12"_s },
                { u"group"_s, u"?"_s }, { u"first"_s, u"Ann"_s }, { u"last"_s, u"?"_s },
                { u"level"_s, u"eng-2"_s }, { u"state"_s, u"Done"_s }, { u"thing"_s, u"P9"_s } })));
    QCOMPARE(row.ticket, u"T-1"_s);
    QCOMPARE(row.order, 12);
    QVERIFY(!row.team);
    QCOMPARE(row.agent, u"Ann"_s);
    QCOMPARE(row.tier, u"L3"_s);
    QCOMPARE(row.status, Status::Solved);
    QCOMPARE(row.fields, (QStringList { u"P9"_s, QString() }));
    QVERIFY(row.fields[1].isNull());

    const auto refused = RowMapper::make(map, { u"L1"_s, u"L2"_s });
    QVERIFY(!refused);
    QVERIFY2(
        refused.error().detail.contains(u"the tier “L3”, which this workspace does not have"_s),
        qPrintable(refused.error().detail));
}

void TestEventMap::knownColumns()
{
    for (const QByteArray &known :
        { QByteArray(
              R"("known":{"created_at":"opened","resolved_at":"resolved","sla_met":"sla","reopen_count":"re","priority":"prio"})"),
            QByteArray(
                R"("known":{"opened":"created_at","resolved":"resolved_at","sla":"sla_met","re":"reopen_count","prio":"priority"})") }) {
        VALUE(map, mapWith(known));
        VALUE(mapper, RowMapper::make(map, {}));
        VALUE(row,
            mapper.map(record(map,
                { { u"id"_s, u"1"_s }, { u"at"_s, u"2026-06-08T08:00:00Z"_s },
                    { u"opened"_s, u"2026-06-08T07:00:00Z"_s },
                    { u"resolved"_s, u"2026-06-09T07:00:00Z"_s }, { u"sla"_s, u"TRUE"_s },
                    { u"re"_s, u"2"_s }, { u"prio"_s, u"1 - Critical"_s } })));
        QCOMPARE(row.created->iso(), u"2026-06-08T07:00:00Z"_s);
        QCOMPARE(row.resolved->iso(), u"2026-06-09T07:00:00Z"_s);
        QCOMPARE(row.slaMet, true);
        QCOMPARE(row.reopened, 2);
        QCOMPARE(row.priority, Priority::Urgent);
    }
    VALUE(map, mapWith(R"("known":{"priority":{"column":"prio","map":{"VIP":"urgent"}}})"));
    VALUE(mapper, RowMapper::make(map, {}));
    VALUE(row,
        mapper.map(record(map,
            { { u"id"_s, u"1"_s }, { u"at"_s, u"2026-06-08T08:00:00Z"_s },
                { u"prio"_s, u"VIP"_s } })));
    QCOMPARE(row.priority, Priority::Urgent);
}

void TestEventMap::awaitingInItsForms_data()
{
    QTest::addColumn<QByteArray>("awaiting");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("flag");
    QTest::addColumn<bool>("waits");
    QTest::newRow("a state") << QByteArray(R"("Wait")") << u"Wait"_s << u""_s << true;
    QTest::newRow("another state") << QByteArray(R"("Wait")") << u"Work"_s << u""_s << false;
    QTest::newRow("states") << QByteArray(R"(["Wait","Pause"])") << u"Wait"_s << u""_s << true;
    QTest::newRow("object") << QByteArray(R"({"column":"state","values":["Wait"]})") << u"Wait"_s
                            << u""_s << true;
    QTest::newRow("a column") << QByteArray(R"("flag")") << u"Work"_s << u"yes"_s << true;
    QTest::newRow("a column, false") << QByteArray(R"("flag")") << u"Wait"_s << u"no"_s << false;
}

void TestEventMap::awaitingInItsForms()
{
    QFETCH(QByteArray, awaiting);
    QFETCH(QString, state);
    QFETCH(QString, flag);
    QFETCH(bool, waits);
    VALUE(map,
        mapWith(
            R"("status":{"column":"state","map":{"Wait":"pending","Work":"open"},"else":"open"},"known":{"awaiting":)"
            + awaiting + '}'));
    VALUE(mapper, RowMapper::make(map, {}));
    VALUE(row,
        mapper.map(record(map,
            { { u"id"_s, u"1"_s }, { u"at"_s, u"2026-06-08T08:00:00Z"_s }, { u"state"_s, state },
                { u"flag"_s, flag } })));
    QCOMPARE(row.isAwaiting, waits);
}

void TestEventMap::badRowsSayWhy_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("says");
    QTest::newRow("no case") << u"id"_s << u""_s << u"belongs to no ticket"_s;
    QTest::newRow("long case") << u"id"_s << QString(300, u'x') << u"longer than 200"_s;
    QTest::newRow("no time") << u"at"_s << u""_s << u"has no time"_s;
    QTest::newRow("bad time") << u"at"_s << u"soon"_s << u"“soon” is no instant"_s;
    QTest::newRow("order") << u"n"_s << u"first"_s << u"no whole number"_s;
    QTest::newRow("state") << u"state"_s << u"Odd"_s << u"does not know “Odd”"_s;
    QTest::newRow("sla") << u"sla"_s << u"maybe"_s << u"neither true nor false"_s;
    QTest::newRow("count") << u"re"_s << u"-1"_s << u"is no count"_s;
    QTest::newRow("priority") << u"prio"_s << u"purple"_s << u"known.priority.map"_s;
    QTest::newRow("creation") << u"opened"_s << u"9999-01-01T00:00:00Z"_s << u"1900 to 2199"_s;
}

void TestEventMap::badRowsSayWhy()
{
    QFETCH(QString, column);
    QFETCH(QString, cell);
    QFETCH(QString, says);
    VALUE(map, mapWith(R"("order":"n","status":{"column":"state","map":{"Done":"solved"}},
        "known":{"created_at":"opened","sla_met":"sla","reopen_count":"re","priority":"prio"})"));
    VALUE(mapper, RowMapper::make(map, {}));
    QHash<QString, QString> cells { { u"id"_s, u"1"_s }, { u"at"_s, u"2026-06-08T08:00:00Z"_s },
        { u"n"_s, u"1"_s } };
    QVERIFY(mapper.map(record(map, cells)).has_value());
    cells[column] = cell;
    const auto row = mapper.map(record(map, cells));
    QVERIFY(!row);
    QVERIFY2(row.error().detail.contains(says), qPrintable(row.error().detail));
}

void TestEventMap::fingerprintsTellRowsApart()
{
    VALUE(map,
        mapWith(
            R"("team":"group","agent":"who","fields":{"a":"a","b":"b"},"known":{"resolved_at":"resolved"})"));
    VALUE(mapper, RowMapper::make(map, {}));
    const auto print = [&](QHash<QString, QString> cells) {
        cells[u"id"_s] = u"1"_s;
        if (!cells.contains(u"at"_s))
            cells[u"at"_s] = u"2026-06-08T08:00:00Z"_s;
        return mapper.map(record(map, cells))->fingerprint;
    };
    const quint64 plain = print({});
    QVERIFY(plain != 0);
    QCOMPARE(print({}), plain);
    QSet<quint64> others { plain, print({ { u"group"_s, u"x"_s } }),
        print({ { u"who"_s, u"x"_s } }), print({ { u"a"_s, u"x"_s } }),
        print({ { u"b"_s, u"x"_s } }), print({ { u"at"_s, u"2026-06-08T08:00:01Z"_s } }),
        print({ { u"a"_s, u"xy"_s } }), print({ { u"a"_s, u"x"_s }, { u"b"_s, u"y"_s } }) };
    QCOMPARE(others.size(), 8);
    // What a later export writes back onto old rows makes no new row of them.
    QCOMPARE(print({ { u"resolved"_s, u"2026-06-09T08:00:00Z"_s } }), plain);
    // The same instant written with another offset is the same row.
    QCOMPARE(print({ { u"at"_s, u"2026-06-08T10:00:00+02:00"_s } }), plain);
}

QTEST_GUILESS_MAIN(TestEventMap)
#include "tst_eventmap.moc"

#include "core/import/bytesource.h"
#include "core/import/linereader.h"
#include "core/import/xesreader.h"
#include "importtest.h"

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestReaders : public QObject
{
    Q_OBJECT
private slots:
    void gzipIsUnpacked();
    void severalMembersAreOneStream();
    void brokenGzip_data();
    void brokenGzip();
    void noOrdinaryFile();
    void linesOverManyChunks();
    void xesGivesRows();
    void xesTraceAttributesFillIn();
    void xesIsRefused_data();
    void xesIsRefused();
    void xesBombsAreBounded();
};

namespace {

Result<QByteArray> readAll(ByteSource &source)
{
    QByteArray all, chunk(1000, Qt::Uninitialized);
    for (;;) {
        TIERLINE_TRY(got, source.read(chunk.data(), chunk.size()));
        if (got == 0)
            return all;
        all.append(chunk.constData(), got);
    }
}

Result<std::vector<LogRecord>> readXes(const QByteArray &xml, const QStringList &columns)
{
    XesReader reader(sourceOf(xml), columns, 0);
    std::vector<LogRecord> records;
    for (;;) {
        LogRecord record;
        TIERLINE_TRY(more, reader.next(record));
        if (!more)
            return records;
        records.push_back(record);
    }
}

QByteArray aMegabyte()
{
    QByteArray bytes;
    for (int i = 0; bytes.size() < 1'000'000; ++i)
        bytes += QByteArray::number(i * 7919LL) + '\n';
    return bytes;
}

} // namespace

void TestReaders::gzipIsUnpacked()
{
    const QByteArray bytes = aMegabyte();
    const auto source = sourceOf(test::gzipped(bytes));
    VALUE(unpacked, readAll(*source));
    QCOMPARE(unpacked, bytes);
    QCOMPARE(source->taken(), source->total());
    const auto plain = sourceOf(bytes);
    VALUE(same, readAll(*plain));
    QCOMPARE(same, bytes);
    const auto tiny = sourceOf("\x1f");
    VALUE(one, readAll(*tiny));
    QCOMPARE(one, QByteArray("\x1f"));
}

void TestReaders::severalMembersAreOneStream()
{
    const auto source = sourceOf(test::gzipped("first ") + test::gzipped("")
        + test::gzipped("second") + QByteArray(600, '\0'));
    VALUE(unpacked, readAll(*source));
    QCOMPARE(unpacked, QByteArray("first second"));
}

void TestReaders::brokenGzip_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const QByteArray whole = test::gzipped(aMegabyte());
    QTest::newRow("cut off") << whole.left(whole.size() / 2) << u"cut off"_s;
    QTest::newRow("cut off in the checksum") << whole.chopped(3) << u"cut off"_s;
    QTest::newRow("head only") << whole.left(5) << u"cut off"_s;
    QByteArray bent = whole;
    bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 0x55);
    QTest::newRow("bent") << bent << u"damaged"_s;
    QTest::newRow("junk behind it") << whole + "junk" << u"damaged"_s;
}

void TestReaders::brokenGzip()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const auto source = sourceOf(bytes);
    const auto unpacked = readAll(*source);
    QVERIFY(!unpacked);
    QCOMPARE(unpacked.error().fault, Fault::BadInput);
    QVERIFY2(unpacked.error().detail.contains(says), qPrintable(unpacked.error().detail));
}

void TestReaders::noOrdinaryFile()
{
    QCOMPARE(ByteSource::open(u"/no/such/file.csv"_s).error().fault, Fault::NotFound);
    QCOMPARE(ByteSource::open(u"/tmp"_s).error().fault, Fault::BadInput);
    QCOMPARE(ByteSource::open(u"/dev/zero"_s).error().fault, Fault::BadInput);
}

void TestReaders::linesOverManyChunks()
{
    QByteArray bytes;
    QByteArrayList expected;
    for (int i = 0; i < 2000; ++i) {
        expected.append(QByteArray((i * 977) % 3000, static_cast<char>('a' + i % 26)));
        bytes += expected.last() + (i % 3 ? "\n" : "\r\n");
    }
    LineReader reader(sourceOf(test::gzipped(bytes)));
    Line line;
    for (int i = 0; i < expected.size(); ++i) {
        VALUE(more, reader.next(line));
        QVERIFY(more);
        QCOMPARE(line.number, i + 1);
        QCOMPARE(line.hadCarriageReturn, i % 3 == 0);
        QVERIFY(line.bytes == expected[i]);
    }
    VALUE(more, reader.next(line));
    QVERIFY(!more);
}

void TestReaders::xesGivesRows()
{
    const QByteArray xml = R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment --><log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://x/"/>
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<string key="org:group" value="of the log"/>
<trace><string key="concept:name" value="P-1"/>
  <event><string key="concept:name" value="Accepted"><string key="org:group" value="inner"/></string>
    <date key="time:timestamp" value="2006-01-11T15:49:42.000+01:00"/><string key="org:group" value="A &amp; B"/></event>
  <event><string key="concept:name" value="Queued"/><list key="x"><values><string key="org:group" value="no"/></values></list></event>
</trace>
<trace><string key="concept:name" value="P-2"/></trace>
</log>)";
    VALUE(rows,
        readXes(
            xml, { u"concept:name"_s, u"concept:name"_s, u"time:timestamp"_s, u"org:group"_s }));
    QCOMPARE(rows.size(), size_t(2));
    QCOMPARE(rows[0].values,
        (QStringList { u"P-1"_s, u"Accepted"_s, u"2006-01-11T15:49:42.000+01:00"_s, u"A & B"_s }));
    QCOMPARE(rows[0].line, 7);
    QCOMPARE(rows[1].values[1], u"Queued"_s);
    QVERIFY(rows[1].values[2].isNull());
    QVERIFY(rows[1].values[3].isNull()); // a nested one, and one of a list, is not the event's own
}

void TestReaders::xesTraceAttributesFillIn()
{
    const QByteArray xml
        = R"(<log><trace><string key="concept:name" value="P-1"/><string key="product" value="P"/>
<string key="impact" value="of the trace"/><event><string key="impact" value="High"/></event><event/></trace></log>)";
    VALUE(rows, readXes(xml, { u"concept:name"_s, u"product"_s, u"impact"_s }));
    QCOMPARE(rows.size(), size_t(2));
    QCOMPARE(rows[0].values, (QStringList { u"P-1"_s, u"P"_s, u"High"_s }));
    QCOMPARE(rows[1].values[1], u"P"_s);
    QVERIFY(rows[1].values[2].isNull()); // an event has it, so the trace's stands for none
}

void TestReaders::xesIsRefused_data()
{
    QTest::addColumn<QByteArray>("xml");
    QTest::addColumn<QString>("says");
    QTest::newRow("entities") << QByteArray(
        R"(<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<log><trace><string key="concept:name" value="&b;"/><event/></trace></log>)")
                              << u"document type"_s;
    QTest::newRow("outside entity")
        << QByteArray(R"(<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>)")
        << u"document type"_s;
    QTest::newRow("unknown entity") << QByteArray("<log>&what;</log>") << u""_s;
    QTest::newRow("other root") << QByteArray("<html><body/></html>") << u"begins with <html>"_s;
    QTest::newRow("no XML") << QByteArray("number;state\n1;New\n") << u"no XES log"_s;
    QTest::newRow("empty") << QByteArray() << u"there is no <log>"_s;
    QTest::newRow("cut off") << QByteArray("<log><trace><event>") << u"ends in the middle"_s;
    QTest::newRow("not well-formed") << QByteArray("<log><trace></log>") << u"no XES log"_s;
    QTest::newRow("event without trace")
        << QByteArray("<log><event/></log>") << u"outside of a trace"_s;
}

void TestReaders::xesIsRefused()
{
    QFETCH(QByteArray, xml);
    QFETCH(QString, says);
    const auto rows = readXes(xml, { u"concept:name"_s });
    QVERIFY(!rows);
    QCOMPARE(rows.error().fault, Fault::BadInput);
    QVERIFY2(rows.error().detail.contains(says), qPrintable(rows.error().detail));
    QVERIFY(rows.error().where.startsWith(u"line "_s));
}

void TestReaders::xesBombsAreBounded()
{
    QByteArray deep = "<log><trace><event>";
    for (int i = 0; i < 100; ++i)
        deep += "<string key='a' value='b'>";
    const auto tooDeep = readXes(deep, { u"concept:name"_s });
    QVERIFY(!tooDeep);
    QVERIFY2(tooDeep.error().detail.contains(u"levels deep"_s), qPrintable(tooDeep.error().detail));

    const QByteArray packed
        = test::gzipped("<log><trace><string key='a' value='" + QByteArray(60'000'000, 'x'));
    const auto tooLong = readXes(packed, { u"concept:name"_s });
    QVERIFY(!tooLong);
    QVERIFY2(tooLong.error().detail.contains(u"16 MiB"_s), qPrintable(tooLong.error().detail));
}

QTEST_GUILESS_MAIN(TestReaders)
#include "tst_readers.moc"

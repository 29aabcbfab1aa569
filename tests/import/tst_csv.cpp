#include "core/base/ids.h"
#include "core/import/csvreader.h"
#include "core/import/csvwriter.h"
#include "importtest.h"

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

class TestCsv : public QObject
{
    Q_OBJECT
private slots:
    void records_data();
    void records();
    void problems_data();
    void problems();
    void encodings_data();
    void encodings();
    void wrongEncodingNamesTheLine();
    void longLineIsRefused();
    void openQuoteIsBounded();
    void goesOnBehindABadRecord();
    void guards_data();
    void guards();
    void writtenIsRead();
};

namespace {

Result<std::vector<CsvRecord>> readAll(const QByteArray &bytes, CsvOptions options = {})
{
    CsvReader reader(sourceOf(bytes), options);
    std::vector<CsvRecord> records;
    for (;;) {
        CsvRecord record;
        TIERLINE_TRY(more, reader.next(record));
        if (!more)
            return records;
        records.push_back(record);
    }
}

} // namespace

void TestCsv::records_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<QStringList>>("expected");
    QTest::addColumn<QList<int>>("lines");
    const auto row
        = [](const char *name, const char *bytes, QList<QStringList> expected, QList<int> lines) {
              QTest::newRow(name) << QByteArray(bytes) << expected << lines;
          };
    row("plain", "a,b\n1,2\n", { { u"a"_s, u"b"_s }, { u"1"_s, u"2"_s } }, { 1, 2 });
    row("no last line end", "a,b\n1,2", { { u"a"_s, u"b"_s }, { u"1"_s, u"2"_s } }, { 1, 2 });
    row("CR LF", "a,b\r\n1,2\r\n", { { u"a"_s, u"b"_s }, { u"1"_s, u"2"_s } }, { 1, 2 });
    row("mark",
        "\xEF\xBB\xBF"
        "a\n",
        { { u"a"_s } }, { 1 });
    row("empty cells", ",\n\"\",\n", { { u""_s, u""_s }, { u""_s, u""_s } }, { 1, 2 });
    row("empty lines passed over", "a\n\n\nb\n", { { u"a"_s }, { u"b"_s } }, { 1, 4 });
    row("quoted", "\"a,b\",\"say \"\"hi\"\"\"\n", { { u"a,b"_s, u"say \"hi\""_s } }, { 1 });
    row("line ends inside quotes", "\"a\nb\",\"c\r\nd\"\nx,y\n",
        { { u"a\nb"_s, u"c\r\nd"_s }, { u"x"_s, u"y"_s } }, { 1, 4 });
    row("empty lines inside quotes", "\"a\n\n\nb\"\n", { { u"a\n\n\nb"_s } }, { 1 });
    row("quote in a plain cell", "5\" disk,x\n", { { u"5\" disk"_s, u"x"_s } }, { 1 });
    row("nothing", "", {}, {});
}

void TestCsv::records()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QList<QStringList>, expected);
    QFETCH(QList<int>, lines);
    VALUE(records, readAll(bytes));
    QCOMPARE(static_cast<qsizetype>(records.size()), expected.size());
    for (size_t i = 0; i < records.size(); ++i) {
        QCOMPARE(records[i].problem, QString());
        QCOMPARE(records[i].fields, expected[static_cast<qsizetype>(i)]);
        QCOMPARE(records[i].line, lines[static_cast<qsizetype>(i)]);
    }
}

void TestCsv::problems_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("behind the quote") << QByteArray("\"a\"b,c\n") << u"behind its closing quote"_s;
    QTest::newRow("never closed") << QByteArray("\"a,b\nc\n") << u"is never closed"_s;
    QTest::newRow("too many columns") << QByteArray(5000, ',') << u"more than 4096 columns"_s;
}

void TestCsv::problems()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    VALUE(records, readAll(bytes));
    QCOMPARE(records.size(), size_t(1));
    QVERIFY2(records[0].problem.contains(says), qPrintable(records[0].problem));
}

void TestCsv::encodings_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QString>("expected");
    QTest::newRow("utf-8") << QByteArray("G\xC3\xB6ran \xF0\x9F\x98\x80\n") << u"utf-8"_s
                           << u"Göran 😀"_s;
    QTest::newRow("iso-8859-1") << QByteArray("G\xF6ran\n") << u"iso-8859-1"_s << u"Göran"_s;
    QTest::newRow("windows-1252") << QByteArray("5 \x80 \x93x\x94\n") << u"windows-1252"_s
                                  << u"5 € “x”"_s;
    QTest::newRow("utf-16 little")
        << QByteArray("\xFF\xFEG\0\xF6\0\r\0\n\0", 10) << u"utf-16"_s << u"Gö"_s;
    QTest::newRow("utf-16 big") << QByteArray("\xFE\xFF\0G\0\xF6\0\n", 8) << u"utf-16"_s << u"Gö"_s;
    // U+0A0D holds the bytes of CR and LF; it must not end a line.
    QTest::newRow("utf-16 with line bytes") << QByteArray("\xFF\xFE\x0D\x0A"
                                                          "x\0\n\0",
        8) << u"utf-16"_s << u"\u0A0Dx"_s;
}

void TestCsv::encodings()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, encoding);
    QFETCH(QString, expected);
    VALUE(records, readAll(bytes, { .encoding = *encodingFromName(encoding) }));
    QCOMPARE(records.size(), size_t(1));
    QCOMPARE(records[0].fields, QStringList { expected });
}

void TestCsv::wrongEncodingNamesTheLine()
{
    VALUE(records, readAll("name\nfine\nG\xF6ran\n"));
    QCOMPARE(records.size(), size_t(3));
    QVERIFY(records[1].problem.isEmpty());
    QCOMPARE(records[2].line, 3);
    QVERIFY2(records[2].problem.contains(u"0xf6"_s) && records[2].problem.contains(u"utf-8"_s),
        qPrintable(records[2].problem));
    // A mark that contradicts the map is caught at once.
    const auto marked = readAll(QByteArray("\xFF\xFE"
                                           "a\0",
        4));
    QVERIFY(!marked);
    QVERIFY(marked.error().detail.contains(u"\"utf-16\""_s));
}

void TestCsv::longLineIsRefused()
{
    // A packed line of 100 MB costs a reader no more than the limit.
    const QByteArray packed = test::gzipped("head\n" + QByteArray(100'000'000, 'x'));
    QVERIFY(packed.size() < 2'000'000);
    const auto records = readAll(packed);
    QVERIFY(!records);
    QCOMPARE(records.error().fault, Fault::BadInput);
    QVERIFY2(records.error().detail.startsWith(u"Line 2 of “the text” is longer than 16 MiB"_s),
        qPrintable(records.error().detail));
}

void TestCsv::openQuoteIsBounded()
{
    QByteArray bytes = "\"";
    for (int i = 0; i < 300'000; ++i)
        bytes += "a line of a cell that is never closed, again and again and again\n";
    const auto records = readAll(bytes);
    QVERIFY(!records);
    QVERIFY2(records.error().detail.contains(u"begins in line 1 "_s),
        qPrintable(records.error().detail));
}

void TestCsv::goesOnBehindABadRecord()
{
    VALUE(records, readAll("a,b\n\"x\"y,1\n2,3\n"));
    QCOMPARE(records.size(), size_t(3));
    QVERIFY(!records[1].problem.isEmpty());
    QVERIFY(records[2].problem.isEmpty());
    QCOMPARE(records[2].fields, (QStringList { u"2"_s, u"3"_s }));
}

void TestCsv::guards_data()
{
    QTest::addColumn<QString>("cell");
    static const QStringList payloads { u"=1+1"_s, u"+1"_s, u"-1"_s, u"@SUM(A1)"_s, u"\t=1"_s,
        u"\r=1"_s, u"\n=1"_s, u"=cmd|' /C calc'!A0"_s, u"=HYPERLINK(\"http://x\",\"y\")"_s,
        u"'=1"_s, u"''=1"_s, u"'''"_s, u"'"_s, u"''"_s, u"-"_s, u"="_s, u"it's"_s, u"'quoted'"_s,
        u""_s, u"\"=1\""_s, u"\"\"\""_s, u"+\u0662"_s, u"'-5"_s, u"'plain"_s };
    for (qsizetype i = 0; i < payloads.size(); ++i)
        QTest::addRow("%d", int(i)) << payloads[i];
}

void TestCsv::guards()
{
    QFETCH(QString, cell);
    const QString guarded = withGuard(cell);
    QVERIFY(guarded.isEmpty() || !QStringLiteral("=+-@\t\r\n").contains(guarded[0]));
    QCOMPARE(withoutGuard(guarded), cell);
    VALUE(records, readAll(csvLine({ cell, u"x"_s })));
    QCOMPARE(withoutGuard(records.at(0).fields.at(0)), cell);
}

void TestCsv::writtenIsRead()
{
    const quint64 seed = SystemRandom().next64();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    const QString letters = u"ab ,;\"'\n\r\t=+-@é€😀"_s;
    for (int round = 0; round < 2000; ++round) {
        const QChar delimiter = random.below(2) ? u',' : u';';
        QList<QStringList> rows;
        QByteArray bytes;
        const qint64 width = 1 + random.below(5);
        for (qint64 r = random.below(4); r >= 0; --r) {
            QStringList row;
            for (qint64 c = 0; c < width; ++c) {
                QString cell;
                for (qint64 n = random.below(8); n > 0; --n) {
                    qint64 at = random.below(letters.size());
                    if (letters[at].isLowSurrogate())
                        --at;
                    cell += letters.mid(at, letters[at].isHighSurrogate() ? 2 : 1);
                }
                row.append(cell);
            }
            rows.append(row);
            bytes += csvLine(row, delimiter);
        }
        VALUE(records, readAll(bytes, { .delimiter = delimiter }));
        QCOMPARE(static_cast<qsizetype>(records.size()), rows.size());
        for (size_t i = 0; i < records.size(); ++i) {
            QVERIFY2(records[i].problem.isEmpty(), qPrintable(records[i].problem));
            for (QString &field : records[i].fields) {
                QVERIFY(field.isEmpty() || !QStringLiteral("=+-@\t\r\n").contains(field[0]));
                field = withoutGuard(field);
            }
            QCOMPARE(records[i].fields, rows[static_cast<qsizetype>(i)]);
        }
    }
}

QTEST_GUILESS_MAIN(TestCsv)
#include "tst_csv.moc"

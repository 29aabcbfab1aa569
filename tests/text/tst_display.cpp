#include "core/text/display.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

namespace {
constexpr QChar Start(0x2068);
constexpr QChar End(0x2069);

bool isBidiControl(QChar c)
{
    return (c.unicode() >= 0x202A && c.unicode() <= 0x202E)
        || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069);
}
} // namespace

class TestDisplay : public QObject
{
    Q_OBJECT
private slots:
    void plainTextStays();
    void line_data();
    void line();
    void foreignTextIsIsolated();
    void severalLines();
    void longTextIsCutBetweenCharacters();
    void marksAreCapped();
    void fileNameKeepsItsExtension();
    void hiddenCharacters();
    void neverLeavesAControlInside();
    void isLinear();
};

void TestDisplay::plainTextStays()
{
    for (const QStringView text :
        { u"Invoice 17 is wrong", u"a < b and c > d", u"<b>bold</b> &amp;", u"" })
        QCOMPARE(displayLine(text), text.toString());
}

void TestDisplay::line_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("shown"); // without the isolate around
    QTest::newRow("line breaks") << u"one\r\ntwo\n\nthree"_s << u"one two three"_s;
    QTest::newRow("spaces") << u"  a   b\t c "_s << u"a b c"_s;
    QTest::newRow("override") << u"a\u202Efdp.exe"_s << u"a[U+202E]fdp.exe"_s;
    QTest::newRow("embedding") << u"\u202Ba\u202C"_s << u"[U+202B]a[U+202C]"_s;
    QTest::newRow("isolate") << u"\u2066a\u2069"_s << u"[U+2066]a[U+2069]"_s;
    QTest::newRow("zero width") << u"pay\u200Bpal"_s << u"pay[U+200B]pal"_s;
    QTest::newRow("byte order mark") << u"\uFEFFa"_s << u"[U+FEFF]a"_s;
    QTest::newRow("soft hyphen") << u"pay\u00ADpal"_s << u"pay[U+00AD]pal"_s;
    QTest::newRow("bell and escape") << u"a\a\u001B[31m"_s << u"a␇␛[31m"_s;
    QTest::newRow("delete") << u"a\u007Fb"_s << u"a␡b"_s;
    QTest::newRow("C1") << u"a\u009Bb"_s << u"a[U+009B]b"_s;
    QTest::newRow("tag characters") << u"a\U000E0041b"_s << u"a[U+E0041]b"_s;
    QTest::newRow("filler") << u"\u3164"_s << u"[U+3164]"_s;
    QTest::newRow("emoji joiner stays") << u"👩\u200D💻 ok"_s << u"👩\u200D💻 ok"_s;
    QTest::newRow("emoji selector stays") << u"❤\uFE0F"_s << u"❤\uFE0F"_s;
    QTest::newRow("joiner between Latin letters") << u"a\u200Db"_s << u"a[U+200D]b"_s;
    QTest::newRow("Persian non-joiner stays") << u"می\u200Cخواهم"_s << u"می\u200Cخواهم"_s;
    QTest::newRow("direction mark with Hebrew") << u"שלום\u200F!"_s << u"שלום\u200F!"_s;
    QTest::newRow("direction mark without") << u"abc\u200F!"_s << u"abc[U+200F]!"_s;
    QTest::newRow("lone surrogate") << QString(u"a"_s + QChar(0xD800) + u'b') << u"a\uFFFDb"_s;
    QTest::newRow("line separator") << u"a\u2028b"_s << u"a b"_s;
    QTest::newRow("accents") << u"Crème brûlée"_s << u"Crème brûlée"_s;
}

void TestDisplay::line()
{
    QFETCH(QString, raw);
    QFETCH(QString, shown);
    QString line = displayLine(raw);
    if (line.startsWith(Start)) {
        QVERIFY(line.endsWith(End));
        line = line.mid(1, line.size() - 2);
    }
    QCOMPARE(line, shown);
}

void TestDisplay::foreignTextIsIsolated()
{
    const QString hebrew = displayLine(u"שלום");
    QCOMPARE(hebrew.front(), Start);
    QCOMPARE(hebrew.back(), End);
    QCOMPARE(isolated(u"a"_s), QString(Start + u"a"_s + End));
    QVERIFY(!displayLine(u"plain").contains(Start));
}

void TestDisplay::severalLines()
{
    const QString shown = displayText(u"one\n  שלום\r\n\nthree\u202E");
    const QStringList lines = shown.split(u'\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], QString(Start + u"one"_s + End));
    QCOMPARE(lines[1], QString(Start + u"  שלום"_s + End));
    QCOMPARE(lines[2], QString());
    QCOMPARE(lines[3], QString(Start + u"three[U+202E]"_s + End));
}

void TestDisplay::longTextIsCutBetweenCharacters()
{
    QCOMPARE(displayLine(u"abcdef", 3), u"abc…"_s);
    QCOMPARE(displayLine(u"abc", 3), u"abc"_s);
    const QString emoji = displayLine(u"👍👍👍👍"_s, 3);
    QCOMPARE(emoji, QString(Start + u"👍👍…"_s + End));
    const QString accents = displayLine(u"abe\u0301f"_s, 3);
    QCOMPARE(accents, QString(Start + u"abe\u0301…"_s + End));
}

void TestDisplay::marksAreCapped()
{
    const QString shown = displayLine(u"a"_s + QString(100'000, QChar(0x301)) + u"b"_s);
    QVERIFY(shown.size() < 20);
    QVERIFY(shown.count(QChar(0x301)) <= 4);
}

void TestDisplay::fileNameKeepsItsExtension()
{
    QCOMPARE(displayFileName(u"report.pdf"), u"report.pdf"_s);
    const QString shown = displayFileName(QString(500, u'x') + u"\u202Efdp.exe"_s);
    QVERIFY(shown.contains(u".exe"_s));
    QVERIFY(shown.contains(u"[U+202E]"_s));
    QVERIFY(shown.size() < 200);
}

void TestDisplay::hiddenCharacters()
{
    QVERIFY(hasHiddenCharacters(u"a\u202Eb"));
    QVERIFY(hasHiddenCharacters(u"a\u200Bb"));
    QVERIFY(hasHiddenCharacters(u"a\ab"));
    QVERIFY(!hasHiddenCharacters(u"Crème 你好 👍 שלום\n\tok"));
}

void TestDisplay::neverLeavesAControlInside()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int i = 0; i < 20'000; ++i) {
        QString raw;
        for (int k = int(random.bounded(20)); k >= 0; --k)
            raw += random.bounded(3) ? QChar(ushort(0x2000 + random.bounded(0x80)))
                                     : QChar(ushort(random.bounded(0x3000)));
        QString shown = displayLine(raw, 30);
        QVERIFY(shown.size() < 60);
        if (shown.startsWith(Start))
            shown = shown.mid(1, shown.size() - 2);
        for (const QChar c : std::as_const(shown)) {
            QVERIFY2(!isBidiControl(c) && c.unicode() >= 0x20 && c.unicode() != 0x7F,
                qPrintable(QString::number(c.unicode(), 16)));
        }
    }
}

void TestDisplay::isLinear()
{
    QElapsedTimer timer;
    timer.start();
    displayLine(QString(5'000'000, QChar(0x202E)));
    displayText(QString(5'000'000, QChar(0x301)));
    QVERIFY(timer.elapsed() < 2'000);
}

QTEST_GUILESS_MAIN(TestDisplay)
#include "tst_display.moc"

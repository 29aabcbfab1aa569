#include "core/base/json.h"
#include "core/calendar/quickdue.h"
#include "core/calendar/slaclock.h"
#include "tests/calendar/calendartest.h"
#include "tests/support/caserange.h"
#include "tests/support/minuteclock/randomcases.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;

/// JSON with ' for ".
QByteArray bytes(QByteArray json)
{
    return json.replace('\'', '"');
}

/// What the reader through Qt's JSON prints for a line; empty where it refuses it.
QByteArray slowly(DueReader &reader, const QByteArray &line)
{
    const auto json = readJsonObject(line);
    const auto out = json ? reader.read(*json) : Result<QJsonObject>(json.error());
    return out ? QJsonDocument(*out).toJson(QJsonDocument::Compact) : QByteArray();
}

QJsonObject someLine(RandomSource &random, qint64 seed)
{
    const Instant start = someInstant(random);
    const auto after = [&](qint64 minutes) { return minuteAfter(random, start, minutes).iso(); };
    const auto target
        = [&] { return QString::number(1 + random.below(2'000)) + u"mhsd"_s[random.below(4)]; };
    QJsonArray pauses, changes;
    for (qint64 n = random.below(4); n > 0; --n) {
        const Instant from = minuteAfter(random, start, 2'880);
        pauses.append(QJsonArray { from.iso(),
            random.below(8) ? QJsonValue(minuteAfter(random, from, 600).iso()) : QJsonValue() });
    }
    for (qint64 n = random.below(3); n > 0; --n)
        changes.append(QJsonObject { { u"at"_s, after(2'880) }, { u"target"_s, target() } });
    QJsonObject line { { u"id"_s, u"V%1"_s.arg(seed) },
        { u"calendar"_s, toJson(someCalendar(random, start)) }, { u"start"_s, start.iso() },
        { u"target"_s, target() }, { u"now"_s, after(8'000) } };
    if (random.below(4))
        line[u"pauses"_s] = pauses;
    if (random.below(4))
        line[u"changes"_s] = changes;
    if (random.below(2))
        line[u"met"_s] = random.below(2) ? QJsonValue(after(4'000)) : QJsonValue();
    if (random.below(4) == 0)
        line[u"cancelled"_s] = after(4'000);
    return line;
}

/// A line as somebody else writes it, or as it comes over a bad wire.
QByteArray spoiled(QByteArray line, RandomSource &random)
{
    static const QByteArrayList pieces { "\"", "\\", "\\u00e4", "\\ud800", "\\n", "{", "}", "[",
        "]", ",", ":", "null", "true", "1e5", "-", "0", " ", "\t", "\xc3\xa4", "\xff",
        "\xef\xbb\xbf", QByteArray(1, '\0'), "\"now\":null,", "\"id\":\"W\",", "\"more\":1,", "Z",
        "24:00", "-1h", "[[[[[[[[", "]]]]]]]]" };
    for (qint64 n = 1 + random.below(3); n > 0; --n) {
        const qsizetype at = random.below(line.size() + 1);
        switch (random.below(4)) {
        case 0: line.remove(at, 1 + random.below(3)); break;
        case 1: line.insert(at, pieces[random.below(pieces.size())]); break;
        case 2: {
            // Where a value or a key begins, so that more lines stay readable.
            const qsizetype comma = line.indexOf(',', at);
            line.insert(comma < 0 ? 1 : comma + 1, pieces[random.below(pieces.size())]);
            break;
        }
        default:
            if (at < line.size())
                line[at] = char(random.below(256));
            break;
        }
    }
    return line;
}

} // namespace

/// The quick way through lines of `sla due` must say what the other one says, or nothing.
class TestQuickDue : public QObject
{
    Q_OBJECT
private slots:
    void saysTheSame();
    void leavesOddLinesAlone_data();
    void leavesOddLinesAlone();
    void keepsCalendarsApart();
};

void TestQuickDue::saysTheSame()
{
    const CaseRange range = casesToRun(3'000, 300'000);
    QuickDue quick;
    qint64 good = 0, stillGood = 0, refused = 0;
    for (qint64 seed = range.first; seed < range.end; ++seed) {
        SeededRandom random(static_cast<quint64>(seed) * 2 + 1);
        DueReader reader;
        const QByteArray line
            = QJsonDocument(someLine(random, seed))
                  .toJson(random.below(2) ? QJsonDocument::Compact : QJsonDocument::Indented);
        const QByteArray wanted = slowly(reader, line);
        const auto found = quick.answer(line);
        const QString where = u"seed %1: %2"_s.arg(seed).arg(QString::fromUtf8(line));
        // A duration that is too long, a pause that ends before it begins: somebody must say why.
        QVERIFY2(found.has_value() == !wanted.isEmpty(), qPrintable(where));
        if (found)
            QCOMPARE(*found, wanted);
        good += found.has_value();
        for (int i = 0; i < 4; ++i) {
            const QByteArray bad = spoiled(line, random);
            const auto answered = quick.answer(bad);
            if (!answered) {
                ++refused;
                continue;
            }
            ++stillGood;
            QVERIFY2(*answered == slowly(reader, bad),
                qPrintable(u"seed %1, spoiled %2: %3"_s.arg(seed).arg(i).arg(
                    QString::fromUtf8(bad.toPercentEncoding(" \"{}[]:,")))));
        }
    }
    const qint64 count = range.end - range.first;
    qInfo() << good << "of" << count << "lines are plain; spoiled:" << stillGood << "are still,"
            << refused << "are not; seeds" << range.first << "to" << range.end - 1;
    QVERIFY(good > count / 2 && stillGood > count / 20 && refused > count);
}

void TestQuickDue::leavesOddLinesAlone_data()
{
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char *name, const QByteArray &more) {
        QTest::newRow(name) << bytes("{'id':'V','calendar':" + T
            + ",'start':'2026-06-08T10:00:00Z','target':'4h','now':'2026-06-08T11:00:00Z'" + more
            + "}");
    };
    row("a key nobody knows", ",'more':1");
    row("a key twice", ",'now':'2026-06-08T12:00:00Z'");
    row("pauses that are no list", ",'pauses':{}");
    row("a pause with one end", ",'pauses':[['2026-06-08T10:00:00Z']]");
    row("a change with a key twice",
        ",'changes':[{'at':'2026-06-08T10:00:00Z','at':'2026-06-08T10:00:00Z'}]");
    row("a number for an instant", ",'met':5");
    row("behind the end", "} x {");
    QTest::newRow("an id with a quote") << bytes("{'id':'a\\'b','calendar':" + T
        + ",'start':'2026-06-08T10:00:00Z','target':'4h','now':'2026-06-08T11:00:00Z'}");
    QTest::newRow("no calendar") << bytes("{'id':'V','target':'4h','now':'2026-06-08T11:00:00Z'}");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a list") << QByteArray("[]");
}

void TestQuickDue::leavesOddLinesAlone()
{
    QFETCH(QByteArray, line);
    QuickDue quick;
    QVERIFY(!quick.answer(line));
}

/// More calendars than are kept, over and over.
void TestQuickDue::keepsCalendarsApart()
{
    QuickDue quick;
    DueReader reader;
    SeededRandom random(11);
    std::vector<QByteArray> lines;
    for (int i = 0; i < 20; ++i)
        lines.push_back(QJsonDocument(someLine(random, i)).toJson(QJsonDocument::Compact));
    int answered = 0;
    for (int i = 0; i < 400; ++i) {
        const QByteArray &line = lines[size_t(random.below(20))];
        if (const auto found = quick.answer(line)) {
            QCOMPARE(*found, slowly(reader, line));
            ++answered;
        }
    }
    QVERIFY(answered > 200);
}

QTEST_GUILESS_MAIN(TestQuickDue)
#include "tst_quickdue.moc"

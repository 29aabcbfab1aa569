#include "core/base/ids.h"
#include "core/connectors/rt/rtcursor.h"
#include "core/connectors/rt/rtjson.h"

#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors::rt;

class TestRtCursor : public QObject
{
    Q_OBJECT
private slots:
    void seenIdsAreASet()
    {
        constexpr quint64 seed = 35;
        SeededRandom random(seed);
        SeenIds seen;
        std::set<qint64> truth;
        for (int round = 0; round < 4'000; ++round) {
            const qint64 number = random.below(600);
            if (random.below(100) == 0) {
                seen.forgetUpTo(QString::number(number / 4));
                std::erase_if(truth, [&](qint64 n) { return n <= number / 4; });
            } else {
                seen.insert(QString::number(number));
                truth.insert(number);
            }
            const qint64 asked = random.below(600);
            QVERIFY2(seen.contains(QString::number(asked)) == truth.contains(asked),
                qPrintable(u"seed %1 round %2 number %3"_s.arg(seed).arg(round).arg(asked)));
        }
        SeenIds copy;
        QVERIFY(copy.setStretches(seen.stretches()));
        QCOMPARE(copy, seen);
        QVERIFY(!copy.setStretches({ { 5, 4 } }));
        QVERIFY(!copy.setStretches({ { 1, 3 }, { 4, 5 } }));
    }

    void aCursorIsReadAsItWasWritten()
    {
        Cursor cursor;
        cursor.phase = Cursor::Phase::Census;
        cursor.after = u"9007199254740993"_s;
        cursor.top = u"9223372036854775807"_s;
        cursor.settled = u"12"_s;
        cursor.position = u"99"_s;
        cursor.since = { 1'790'000'000'123 };
        cursor.polled = { 5 };
        cursor.census = { 6 };
        cursor.seen.insert(u"9007199254740993"_s);
        cursor.seen.insert(u"9007199254740995"_s);
        cursor.marks = { { { 7 }, u"98"_s } };
        cursor.later = { { u"3"_s, 2, { 8 } } };
        const auto parsed = Cursor::parse(cursor.text());
        QVERIFY(parsed);
        QCOMPARE(*parsed, cursor);
        QVERIFY(Cursor::parse({})->isFirst());
        QVERIFY(!parsed->isFirst());
    }

    void whatIsNoCursorIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
            { "x", "{}", "[]", R"({"v":2})",
                R"({"v":1,"phase":"feed","after":"x","top":"1","settled":"0","position":""})",
                R"({"v":1,"phase":"sleep","after":"1","top":"1","settled":"0","position":""})",
                R"({"v":1,"phase":"feed","after":"1","top":"1","settled":"0","position":"","seen":[["4","2"]]})" })
            QTest::addRow("%s", text) << QString::fromLatin1(text);
    }
    void whatIsNoCursorIsRefused()
    {
        QFETCH(QString, text);
        QCOMPARE(Cursor::parse(text).error().fault, Fault::BadInput);
    }

    void theOverlapIsSomeHundredRowsAndAtLeastAMinute()
    {
        Cursor cursor;
        cursor.top = u"10000"_s;
        cursor.settled = u"9900"_s;
        QCOMPARE(cursor.readFrom(), u"9700"_s); // never fewer than so many rows
        cursor.settled = u"9000"_s;
        QCOMPARE(cursor.readFrom(), u"9000"_s); // nor less than what may still show late
        cursor.settled = u"0"_s;
        QCOMPARE(cursor.readFrom(), u"7000"_s); // within bounds
    }

    void aRowIsSettledOnlyWhenARunBeganLongAfterIt()
    {
        Cursor cursor;
        cursor.phase = Cursor::Phase::Feed;
        const Instant start { 1'790'000'000'000 };
        const auto run = [&](Millis at, const QString &newest) {
            cursor.beginRun(start + at);
            cursor.deal(newest);
            cursor.endRun(start + at);
        };
        run(Millis(0), u"1000"_s);
        QCOMPARE(cursor.settled, u"0"_s);
        run(Millis(60'000), u"1001"_s);
        QCOMPARE(cursor.settled, u"0"_s);
        run(Cursor::LateFor, u"1002"_s);
        QCOMPARE(cursor.settled, u"1000"_s);
        run(Cursor::LateFor * 10, u"1002"_s);
        QCOMPARE(cursor.settled, u"1002"_s);
        QVERIFY(cursor.marks.size() <= 2);
    }

    void whatWasDealtWithIsKnownUntilItIsOutOfReach()
    {
        Cursor cursor;
        cursor.top = cursor.settled = u"5000"_s;
        cursor.beginRun({ 1 });
        QCOMPARE(cursor.position, u"4700"_s);
        cursor.deal(u"4800"_s);
        cursor.deal(u"5001"_s);
        cursor.know(u"5003"_s);
        cursor.know(u"100"_s); // far below: forgetting it costs nothing
        QCOMPARE(cursor.top, u"5001"_s);
        QCOMPARE(cursor.position, u"5001"_s);
        QVERIFY(cursor.seen.contains(u"4800"_s));
        QVERIFY(cursor.seen.contains(u"5003"_s));
        QVERIFY(!cursor.seen.contains(u"100"_s));
        QVERIFY(!cursor.seen.contains(u"5002"_s));
    }

    void ticketsThatCannotBeReadAreTriedLessAndLess()
    {
        Cursor cursor;
        const Instant now { 1'790'000'000'000 };
        cursor.putOff(u"7"_s, now);
        QVERIFY(cursor.due(now, 5).isEmpty());
        const Instant first = cursor.later[0].next;
        QCOMPARE(cursor.due(first, 5), QStringList { u"7"_s });
        cursor.putOff(u"7"_s, first);
        QVERIFY(cursor.later[0].next - first > first - now);
        for (int i = 0; i < 50; ++i)
            cursor.putOff(u"7"_s, now);
        QVERIFY(cursor.later[0].next - now <= Millis(24 * 3'600'000));
        cursor.forgetLater(u"7"_s);
        QVERIFY(cursor.later.empty());
        for (int i = 0; i < 2'000; ++i)
            cursor.putOff(QString::number(i), now);
        QVERIFY(cursor.later.size() <= 500u);
    }
};

QTEST_GUILESS_MAIN(TestRtCursor)
#include "tst_rtcursor.moc"

#include "core/text/words.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

class TestWords : public QObject
{
    Q_OBJECT
private slots:
    void counts_data();
    void counts();
    void firstWordsCut();
    void firstWordsCountsTheSame();
    void isLinear();
};

void TestWords::counts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("words");
    QTest::newRow("nothing") << u""_s << 0;
    QTest::newRow("space") << u" \n\t"_s << 0;
    QTest::newRow("signs") << u"- – — … | * //"_s << 0;
    QTest::newRow("sentence") << u"The customer waits for a refund."_s << 6;
    QTest::newRow("amount") << u"$1,200.50 due"_s << 2;
    QTest::newRow("amount with a space") << u"€ 1.200"_s << 1;
    QTest::newRow("date") << u"since 2026-06-08, 14:30"_s << 3;
    QTest::newRow("percent") << u"3.5% of ARR"_s << 3;
    QTest::newRow("apostrophe") << u"don't they're"_s << 2;
    QTest::newRow("hyphen") << u"follow-up and/or"_s << 2;
    QTest::newRow("long dash") << u"refund—late"_s << 2;
    QTest::newRow("range") << u"10–20 users"_s << 2;
    QTest::newRow("arrow") << u"L1→L2"_s << 2;
    QTest::newRow("ellipsis") << u"wait…what"_s << 2;
    QTest::newRow("address") << u"see https://a.example/b?c=d now"_s << 3;
    QTest::newRow("mail") << u"anna@acme.example"_s << 1;
    QTest::newRow("ticket") << u"T-17 #4711 (VIP)"_s << 3;
    QTest::newRow("umlauts") << u"Über größere Beträge"_s << 3;
    QTest::newRow("accents apart") << u"cre\u0300me bru\u0302le\u0301e"_s << 2;
    QTest::newRow("chinese") << u"退款问题"_s << 2;
    QTest::newRow("chinese odd") << u"退款问"_s << 2;
    QTest::newRow("mixed") << u"VIP退款 now"_s << 3;
    QTest::newRow("emoji") << u"👍 ok 👍👍"_s << 1;
    QTest::newRow("no-break space") << u"two\u00A0words"_s << 2;
    QTest::newRow("list") << u"- one\n- two\n1. three"_s << 4;
    QTest::newRow("table") << u"one | two|three"_s << 3;
}

void TestWords::counts()
{
    QFETCH(QString, text);
    QFETCH(int, words);
    QCOMPARE(wordCount(text), words);
}

void TestWords::firstWordsCut()
{
    const QString text = u"One, two – three. Four!"_s;
    QCOMPARE(firstWords(text, 0), QString());
    QCOMPARE(firstWords(text, 1), u"One,"_s);
    QCOMPARE(firstWords(text, 2), u"One, two"_s);
    QCOMPARE(firstWords(text, 3), u"One, two – three."_s);
    QCOMPARE(firstWords(text, 4), text);
    QCOMPARE(firstWords(text, 99), text);
    QCOMPARE(firstWords(u"退款问题", 1), u"退款"_s);
    QCOMPARE(firstWords(u"", 5), QString());
}

void TestWords::firstWordsCountsTheSame()
{
    const QString text
        = u"L1→L2 since 2026-06-08: €1,200 (退款问题 pending)—VIP… please, hurry 10–20 times! 👍 done"_s;
    const int all = wordCount(text);
    QVERIFY(all > 10);
    for (int n = 0; n <= all; ++n)
        QCOMPARE(wordCount(firstWords(text, n)), n);
}

void TestWords::isLinear()
{
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(wordCount(u"word "_s.repeated(400'000)), 400'000);
    QCOMPARE(wordCount(QString(2'000'000, u'x')), 1);
    QVERIFY2(timer.elapsed() < 2'000, "two megabytes take over two seconds");
}

QTEST_GUILESS_MAIN(TestWords)
#include "tst_words.moc"

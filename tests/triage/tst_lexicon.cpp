#include "core/triage/lexicon.h"

#include <QTest>

using namespace tierline;
using namespace tierline::triage;
using namespace Qt::StringLiterals;

class TestLexicon : public QObject
{
    Q_OBJECT
private slots:
    void ownOnesAreWhole_data();
    void ownOnesAreWhole();
    void brokenOnesSayWhere_data();
    void brokenOnesSayWhere();
};

void TestLexicon::ownOnesAreWhole_data()
{
    QTest::addColumn<QString>("text");
    for (const LexiconFile &file : embeddedLexicons())
        QTest::newRow(file.language) << QString::fromUtf8(file.text);
}

void TestLexicon::ownOnesAreWhole()
{
    QFETCH(QString, text);
    const auto parsed = parseLexicon(QString::fromLatin1(QTest::currentDataTag()), text);
    QVERIFY2(parsed.has_value(), parsed ? "" : qPrintable(parsed.error().detail));
    QVERIFY(parsed->known.size() > 20);
    QVERIFY(!parsed->waits.isEmpty() && !parsed->numbers.isEmpty() && !parsed->spans.isEmpty());
    // Every language has every kind of list.
    QList<int> found(static_cast<int>(Meaning::Category) + 1);
    for (const WordList &list : parsed->lists)
        ++found[static_cast<int>(list.meaning)];
    QVERIFY(!found.contains(0));
    QCOMPARE(embeddedLexicons().front().language, "en");
}

void TestLexicon::brokenOnesSayWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("no colon") << u"negative 3 bad"_s << u"line 1"_s;
    QTest::newRow("no such list") << u"\nsorrow: tears"_s << u"line 2"_s;
    QTest::newRow("too heavy") << u"negative 9: bad"_s << u"from 1 to 4"_s;
    QTest::newRow("no weight") << u"urgency: now"_s << u"from 1 to 99"_s;
    QTest::newRow("no category") << u"category: bill"_s << u"has no name"_s;
}

void TestLexicon::brokenOnesSayWhere()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto parsed = parseLexicon(u"xx"_s, text);
    QVERIFY(!parsed.has_value());
    QVERIFY2(parsed.error().detail.contains(says), qPrintable(parsed.error().detail));
}

QTEST_GUILESS_MAIN(TestLexicon)
#include "tst_lexicon.moc"

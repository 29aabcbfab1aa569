#include "core/desk/ruleexplain.h"

#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;

/// The instant that somebody asks about, as it is written.
class TestRuleExplain : public QObject
{
    Q_OBJECT
private slots:
    void instantsAreRead_data();
    void instantsAreRead();
};

void TestRuleExplain::instantsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("instant"); // empty: refused
    QTest::newRow("nothing") << QString() << u"2026-06-10T12:00:00Z"_s;
    QTest::newRow("now") << u" Now "_s << u"2026-06-10T12:00:00Z"_s;
    QTest::newRow("today") << u"9:30"_s << u"2026-06-10T07:30:00Z"_s;
    QTest::newRow("a day in summer") << u"2026-06-08  14:30"_s << u"2026-06-08T12:30:00Z"_s;
    QTest::newRow("a day in winter") << u"2026-01-08 14:30"_s << u"2026-01-08T13:30:00Z"_s;
    QTest::newRow("after the clocks went on") << u"2026-03-29 03:30"_s << u"2026-03-29T01:30:00Z"_s;
    QTest::newRow("before they did") << u"2026-03-29 01:30"_s << u"2026-03-29T00:30:00Z"_s;
    QTest::newRow("with an offset") << u"2026-06-08T14:30:00+01:00"_s << u"2026-06-08T13:30:00Z"_s;
    QTest::newRow("to come") << u"2026-06-10 23:00"_s << QString();
    QTest::newRow("no clock") << u"25:00"_s << QString();
    QTest::newRow("no day") << u"2026-13-01 10:00"_s << QString();
    QTest::newRow("words") << u"yesterday"_s << QString();
}

void TestRuleExplain::instantsAreRead()
{
    QFETCH(QString, text);
    QFETCH(QString, instant);
    const Instant now = Instant::parse(u"2026-06-10T12:00:00Z").value_or(Instant {});
    const auto read = desk::instantAsWritten(text, QTimeZone("Europe/Berlin"), now);
    QCOMPARE(read ? read->iso() : QString(), instant);
    QVERIFY(read || read.error().detail.endsWith(u'.'));
}

QTEST_GUILESS_MAIN(TestRuleExplain)
#include "tst_ruleexplain.moc"

#include "core/sync/fieldmap.h"
#include "tests/support/caserange.h"
#include "tests/support/fakeclock.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::sync;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestMerge : public QObject
{
    Q_OBJECT
private slots:
    void table_data();
    void table();
    void valuesCompareByMeaning();
    void nothingIsOverwrittenSilently();
};

void TestMerge::table_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("local");
    QTest::addColumn<QString>("remote");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *base, const char *local, const char *remote, Merge expected) {
        QTest::addRow("%s %s %s", base, local, remote)
            << QString::fromLatin1(base) << QString::fromLatin1(local)
            << QString::fromLatin1(remote) << int(expected);
    };
    row("a", "a", "a", Merge::Same);
    row("a", "b", "b", Merge::Same);
    row("a", "a", "b", Merge::TakeRemote);
    row("a", "b", "a", Merge::SendLocal);
    row("a", "b", "c", Merge::Conflict);
    row("a", "", "", Merge::Same);
    row("a", "", "b", Merge::Conflict);
    row("", "a", "", Merge::SendLocal);
    row("", "", "a", Merge::TakeRemote);
    // Opened there by our own answer, or by whoever was quick: no reason to ask anybody.
    row("new", "solved", "open", Merge::SendLocal);
    row("new", "open", "pending", Merge::Conflict);
    row("pending", "solved", "open", Merge::Conflict);
    // The customer's yes is ours alone.
    row("open", "closed", "solved", Merge::Same);
    row("solved", "closed", "solved", Merge::Same);
    row("solved", "solved", "closed", Merge::Same);
    row("solved", "closed", "open", Merge::TakeRemote);
}

void TestMerge::table()
{
    QFETCH(QString, base);
    QFETCH(QString, local);
    QFETCH(QString, remote);
    QFETCH(int, expected);
    QCOMPARE(int(merge(u"status"_s, base, local, remote)), expected);
}

void TestMerge::valuesCompareByMeaning()
{
    const QJsonArray one { u"b"_s, u"a"_s, u"b"_s }, two { u"a"_s, u"b"_s };
    QVERIFY(isSame(u"tags"_s, one, two));
    QVERIFY(!isSame(u"tags"_s, one, QJsonArray { u"a"_s }));
    QVERIFY(isSame(u"tags"_s, QJsonArray(), QJsonValue()));
    QVERIFY(isSame(u"field.X"_s, QJsonValue(), u""_s));
    QVERIFY(isSame(u"field.X"_s, QJsonValue(QJsonValue::Undefined), QJsonValue()));
    QVERIFY(!isSame(u"field.X"_s, u"a"_s, u"A"_s));
    QCOMPARE(merge(u"tags"_s, two, one, QJsonArray()), Merge::TakeRemote);
}

/// Any three values of any field, batch after batch: each field has one answer, and none of them puts
/// our value over another one that somebody set, or theirs over ours.
void TestMerge::nothingIsOverwrittenSilently()
{
    const CaseRange cases = casesToRun(100'000, 1'000'000);
    SeededRandom random(11 + quint64(cases.first));
    const QStringList fields { u"status"_s, u"subject"_s, u"tags"_s, u"field.Product"_s };
    const auto someValue = [&](const QString &name) {
        const QStringList words { u""_s, u"a"_s, u"b"_s, u"c"_s };
        if (name != u"tags")
            return QJsonValue(words[random.below(4)]);
        QJsonArray tags;
        for (qint64 i = random.below(4); i > 0; --i)
            tags.append(words[random.below(4)]);
        return QJsonValue(tags);
    };
    for (qint64 i = cases.first; i < cases.end; ++i) {
        const QString name = fields[random.below(4)];
        const QJsonValue base = someValue(name), local = someValue(name), remote = someValue(name);
        const bool isOurs = !isSame(name, base, local), isTheirs = !isSame(name, base, remote);
        const Merge expected = isSame(name, local, remote) ? Merge::Same
            : isOurs && isTheirs                           ? Merge::Conflict
            : isOurs                                       ? Merge::SendLocal
                                                           : Merge::TakeRemote;
        const Merge found = merge(name, base, local, remote);
        if (found != expected)
            QFAIL(qPrintable(u"case %1: %2"_s.arg(i).arg(int(found))));
        // What was decided is decided: with the outcome as the base nothing is left to do.
        const QJsonValue outcome = found == Merge::TakeRemote ? remote : local;
        if (found != Merge::Conflict)
            QVERIFY(merge(name, outcome, outcome, outcome) == Merge::Same);
    }
}

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"

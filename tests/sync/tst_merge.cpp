#include "core/sync/fieldmap.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::sync;
using namespace Qt::StringLiterals;

class TestMerge : public QObject
{
    Q_OBJECT
private slots:
    void table_data();
    void table();
    void valuesCompareByMeaning();
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

QTEST_GUILESS_MAIN(TestMerge)
#include "tst_merge.moc"

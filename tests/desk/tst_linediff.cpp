#include "core/desk/linediff.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace tierline::desk;
using namespace Qt::StringLiterals;

class TestLineDiff : public QObject
{
    Q_OBJECT
private slots:
    void equalTextsDifferInNothing();
    void aLineChanges();
    void farChangesAreStretches();
    void appliesBack();
};

void TestLineDiff::equalTextsDifferInNothing()
{
    QVERIFY(lineDiff(u"a\nb\n"_s, u"a\nb\n"_s).isEmpty());
}

void TestLineDiff::aLineChanges()
{
    QCOMPARE(lineDiff(u"a\nb\nc\nd\ne"_s, u"a\nb\nX\nd\ne"_s),
        (QStringList { u"@@ line 1"_s, u" a"_s, u" b"_s, u"-c"_s, u"+X"_s, u" d"_s, u" e"_s }));
    QCOMPARE(lineDiff(u""_s, u"a"_s), (QStringList { u"@@ line 1"_s, u"-"_s, u"+a"_s }));
}

void TestLineDiff::farChangesAreStretches()
{
    QStringList a;
    for (int i = 0; i < 30; ++i)
        a.append(QString::number(i));
    QStringList b = a;
    b[3] = u"x"_s;
    b.removeAt(25);
    const QStringList diff = lineDiff(a.join(u'\n'), b.join(u'\n'));
    QCOMPARE(diff.count(u"-3"_s), 1);
    QCOMPARE(diff.count(u"+x"_s), 1);
    QCOMPARE(diff.count(u"-25"_s), 1);
    QVERIFY(!diff.contains(u" 15"_s));
    QCOMPARE(diff.filter(u"@@"_s).size(), 2);
}

/// What goes and what comes make the one text of the other.
void TestLineDiff::appliesBack()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 300; ++round) {
        QStringList a, b;
        for (int i = random.bounded(12); i > 0; --i)
            a.append(QString(QChar(u'a' + random.bounded(4))));
        for (int i = random.bounded(12); i > 0; --i)
            b.append(QString(QChar(u'a' + random.bounded(4))));
        const QStringList diff = lineDiff(a.join(u'\n'), b.join(u'\n'));
        // Lines are so few that every stretch reaches the next: put together they are both texts' ends.
        QHash<QString, int> count;
        for (const QString &line : a)
            ++count[line];
        for (const QString &line : b)
            --count[line];
        if (a.isEmpty())
            ++count[QString()];
        if (b.isEmpty())
            --count[QString()];
        for (const QString &line : diff) {
            if (line.startsWith(u'-'))
                --count[line.mid(1)];
            else if (line.startsWith(u'+'))
                ++count[line.mid(1)];
        }
        for (const int left : std::as_const(count))
            QCOMPARE(left, 0);
    }
}

QTEST_GUILESS_MAIN(TestLineDiff)
#include "tst_linediff.moc"

#include "core/commands/recipes.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// What the first line solves itself: who may say so, what is sound, and what it does to an escalation.
class TestRecipes : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void anEscalationNeedsAReason();
    void onlyLeadsSayIt();
    void whatIsUnsoundIsRefused_data();
    void whatIsUnsoundIsRefused();
    void theSameAgainWritesNothing();

private:
    commands::Recipes recipes()
    {
        return commands::loadRecipes(f->connection()).value_or(commands::Recipes {});
    }
    qint64 lines()
    {
        auto row = f->connection().prepare("SELECT count(*) FROM event WHERE ticket = 0");
        return row && row->step() ? row->integer(0) : -1;
    }
    std::unique_ptr<CommandFixture> f;
};

void TestRecipes::init()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
}

void TestRecipes::anEscalationNeedsAReason()
{
    QVERIFY(f->newTicket(u"T-1"_s)); // "Cannot log in"
    const qint64 before = lines();
    QVERIFY(f->change("lea",
        commands::SaveRecipes { { { u" Log  IN "_s, u" Send the link.\n"_s } }, u"It works"_s }));
    QCOMPARE(recipes(), (commands::Recipes { { u"Log IN"_s, u"Send the link."_s } }));
    QCOMPARE(lines(), before + 1);
    commands::Escalate command = CommandFixture::escalation(u"T-1"_s);
    command.overrideGuard.clear();
    const auto refused = f->run("ann", command);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::NotAllowed);
    QVERIFY2(
        refused.error().detail.contains(u"Send the link."_s), qPrintable(refused.error().detail));
    command.overrideGuard = u"The link does not arrive."_s;
    QVERIFY(f->run("ann", command));
}

void TestRecipes::onlyLeadsSayIt()
{
    const commands::SaveRecipes save { { { u"log in"_s, u"Send the link."_s } }, u"It works"_s };
    const auto refused = f->change("ann", save);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::NotAllowed);
    QVERIFY(recipes().isEmpty());
}

void TestRecipes::whatIsUnsoundIsRefused_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("recipe");
    QTest::addColumn<QString>("why");
    QTest::newRow("no words") << u" "_s << u"Send it."_s << u"why"_s;
    QTest::newRow("no letter") << u"?!"_s << u"Send it."_s << u"why"_s;
    QTest::newRow("no recipe") << u"invoice"_s << QString() << u"why"_s;
    QTest::newRow("no reason") << u"invoice"_s << u"Send it."_s << u" "_s;
    QTest::newRow("long") << QString(201, u'w') << u"Send it."_s << u"why"_s;
    QTest::newRow("twice") << u"IN, log"_s << u"Send it."_s << u"why"_s;
}

void TestRecipes::whatIsUnsoundIsRefused()
{
    QFETCH(QString, words);
    QFETCH(QString, recipe);
    QFETCH(QString, why);
    const commands::Recipes good { { u"log in"_s, u"Send the link."_s } };
    QVERIFY(f->change("lea", commands::SaveRecipes { good, u"It works"_s }));
    const auto refused = f->change(
        "lea", commands::SaveRecipes { good + commands::Recipes { { words, recipe } }, why });
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QVERIFY(refused.error().detail.endsWith(u'.') || refused.error().detail.endsWith(u'?'));
    QCOMPARE(recipes(), good);
}

void TestRecipes::theSameAgainWritesNothing()
{
    const commands::SaveRecipes save { { { u"log in"_s, u"Send the link."_s } }, u"It works"_s };
    QVERIFY(f->change("lea", save));
    const qint64 before = lines();
    QVERIFY(f->change("lea", save));
    QCOMPARE(lines(), before);
}

QTEST_GUILESS_MAIN(TestRecipes)
#include "tst_recipes.moc"

#include "core/desk/desk.h"
#include "core/desk/reading.h"
#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Characters that nobody sees neither hide a ticket from search nor change what is kept.
class TestHiddenCharacters : public QObject
{
    Q_OBJECT
private slots:
    void searchStillFinds_data();
    void searchStillFinds();
};

void TestHiddenCharacters::searchStillFinds_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("typed");
    QTest::newRow("override") << u"Invoice \u202Efdp.exe attached"_s << u"invoice attached"_s;
    QTest::newRow("behind an override") << u"Invoice \u202Efdp.exe"_s << u"fdp"_s;
    QTest::newRow("typed with the override") << u"Invoice \u202Efdp.exe"_s << u"\u202Efdp"_s;
    QTest::newRow("zero-width space between words") << u"late\u200Bdelivery"_s << u"delivery"_s;
    QTest::newRow("byte order mark") << u"order \uFEFFshipping"_s << u"shipping"_s;
    QTest::newRow("control") << u"bell\u0007rings"_s << u"rings"_s;
}

void TestHiddenCharacters::searchStillFinds()
{
    QFETCH(QString, subject);
    QFETCH(QString, typed);
    CommandFixture f;
    DONE(f.begin());
    DONE(f.newTicket(u"OTHER"_s));
    commands::CreateTicket create;
    create.ticket.key = u"ODD"_s;
    create.ticket.subject = subject;
    DONE(f.run("ann", create));
    QCOMPARE(f.state(u"ODD"_s).ticket.subject, subject); // kept as it came
    VALUE(page, desk::search(f.connection(), typed, Visibility::all(), 10, f.clock.now()));
    QCOMPARE(page.hits.size(), size_t(1));
    QCOMPARE(page.hits.front().row.key, u"ODD"_s);
}

QTEST_GUILESS_MAIN(TestHiddenCharacters)
#include "tst_hiddencharacters.moc"

#include "tests/commands/commandtest.h"

#include <QJsonDocument>

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Confidential teams: what they hold reaches nobody else by a way around lists and search.
class TestConfidential : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void packageKeepsTheirTicketsOut_data();
    void packageKeepsTheirTicketsOut();
    void nobodyIsGivenWhatTheyMayNotSee();
    void nobodyMakesTicketsForATeamTheyDoNotSee();

private:
    std::unique_ptr<CommandFixture> f;
};

void TestConfidential::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
}

void TestConfidential::packageKeepsTheirTicketsOut_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("isNamed");
    QTest::newRow("to an open team") << u"missing-tools"_s << false;
    QTest::newRow("to the team itself") << u"legal"_s << true;
}

/// A package is frozen for all who will read the ticket, not only for who wrote it.
void TestConfidential::packageKeepsTheirTicketsOut()
{
    QFETCH(QString, reason);
    QFETCH(bool, isNamed);
    DONE(f->newTicket(u"OLD-1"_s));
    Escalate secret = CommandFixture::escalation(u"OLD-1"_s);
    secret.reason = u"legal"_s;
    DONE(f->run("adm", secret));
    QCOMPARE(f->state(u"OLD-1"_s).ticket.team, u"Legal"_s);

    DONE(f->newTicket(u"NEW-1"_s));
    Escalate open = CommandFixture::escalation(u"NEW-1"_s);
    open.reason = reason;
    VALUE(moved, f->run("adm", open)); // who sees both
    VALUE(package, storage::loadHandoff(f->connection(), moved.state.ticket.id));
    const QByteArray text = QJsonDocument(package.document).toJson();
    QVERIFY(text.contains("NEW-1"));
    QCOMPARE(text.contains("OLD-1"), isNamed);
}

void TestConfidential::nobodyIsGivenWhatTheyMayNotSee()
{
    CreateTicket create;
    create.ticket.subject = u"A claim"_s;
    create.ticket.tier = u"L2"_s;
    create.ticket.team = u"Legal"_s;
    create.ticket.assignee = u"bob"_s;
    const auto refused = f->run("adm", create);
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::BadInput);
    QCOMPARE(refused.error().where, u"assignee"_s);
    create.ticket.assignee = u"lex"_s;
    VALUE(made, f->run("adm", create));
    QCOMPARE(made.state.ticket.assignee, u"lex"_s);
}

void TestConfidential::nobodyMakesTicketsForATeamTheyDoNotSee()
{
    CreateTicket create;
    create.ticket.subject = u"A claim"_s;
    create.ticket.tier = u"L2"_s;
    create.ticket.team = u"Legal"_s;
    const auto refused = f->run("ann", create);
    QVERIFY(!refused);
    create.ticket.team = u"No such team"_s;
    const auto unknown = f->run("ann", create);
    QVERIFY(!unknown);
    // The two answers differ by the name that was typed alone.
    QString said = refused.error().detail;
    QCOMPARE(said.replace(u"Legal"_s, u"No such team"_s), unknown.error().detail);
    create.ticket.team = u"Legal"_s;
    DONE(f->run("lex", create));
}

QTEST_GUILESS_MAIN(TestConfidential)
#include "tst_confidential.moc"

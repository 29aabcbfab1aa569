#include "core/storage/accounts.h"
#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using test::CommandFixture;

/// Exactly one commit, or nothing: every write of a command fails once.
class TestAtomic : public QObject
{
    Q_OBJECT
private slots:
    void escalateLeavesNothingBehind_data();
    void escalateLeavesNothingBehind();
    void createLeavesNothingBehind();
    void oneCommitOnly();
};

void TestAtomic::escalateLeavesNothingBehind_data()
{
    QTest::addColumn<QString>("when");
    for (const char *when :
        { "INSERT ON event", "INSERT ON message", "UPDATE ON ticket", "INSERT ON escalation",
            "INSERT ON stage", "INSERT ON handoff", "INSERT ON outbox", "INSERT ON feed" })
        QTest::newRow(when) << QString::fromLatin1(when);
}

void TestAtomic::escalateLeavesNothingBehind()
{
    QFETCH(QString, when);
    CommandFixture f;
    DONE(f.begin());
    DONE(f.write([](storage::WriteScope &scope) {
        return storage::addAccount(scope, { .name = u"zd"_s, .type = u"rt"_s });
    }));
    DONE(f.newTicket(u"zd:1"_s));
    const TicketState before = f.state(u"zd:1"_s);
    VALUE(eventsBefore, storage::loadEvents(f.connection(), before.ticket.id));
    VALUE(messagesBefore, storage::loadMessages(f.connection(), before.ticket.id));
    VALUE(feedBefore, storage::feedRevision(f.connection()));
    const QByteArray trigger
        = u"CREATE TEMP TRIGGER broken BEFORE %1 BEGIN SELECT raise(ABORT, 'broken'); END"_s
              .arg(when)
              .toUtf8();
    DONE(f.connection().execute(trigger.constData()));
    QVERIFY(!f.run("ann", CommandFixture::escalation(u"zd:1"_s)).has_value());
    DONE(f.connection().execute("DROP TRIGGER broken"));
    QCOMPARE(f.state(u"zd:1"_s), before);
    VALUE(events, storage::loadEvents(f.connection(), before.ticket.id));
    QVERIFY(events == eventsBefore);
    VALUE(messages, storage::loadMessages(f.connection(), before.ticket.id));
    QVERIFY(messages == messagesBefore);
    VALUE(feed, storage::feedRevision(f.connection()));
    QCOMPARE(feed, feedBefore);
    FAULT(storage::loadHandoff(f.connection(), before.ticket.id), Fault::NotFound);
    QCOMPARE(f.wrong(u"zd:1"_s), QString());
    // The same command goes through afterwards.
    VALUE(done, f.run("ann", CommandFixture::escalation(u"zd:1"_s)));
    QCOMPARE(done.queued.size(), 1);
}

void TestAtomic::createLeavesNothingBehind()
{
    CommandFixture f;
    DONE(f.begin());
    DONE(f.connection().execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'broken'); END"));
    QVERIFY(!f.newTicket(u"T-1"_s).has_value());
    DONE(f.connection().execute("DROP TRIGGER broken"));
    FAULT(storage::findAnyTicket(f.connection(), u"T-1"_s), Fault::NotFound);
    VALUE(people, f.connection().prepare("SELECT count(*) FROM requester"));
    VALUE(hasRow, people.step());
    QVERIFY(hasRow);
    QCOMPARE(people.integer(0), qint64(0));
}

void TestAtomic::oneCommitOnly()
{
    CommandFixture f;
    DONE(f.begin());
    DONE(f.newTicket(u"T-1"_s));
    VALUE(before, storage::feedRevision(f.connection()));
    VALUE(done, f.run("ann", CommandFixture::escalation(u"T-1"_s)));
    VALUE(changes, storage::changesSince(f.connection(), before));
    QCOMPARE(changes.tickets, std::vector { done.state.ticket.id });
    QVERIFY(!changes.everything);
}

QTEST_GUILESS_MAIN(TestAtomic)
#include "tst_atomic.moc"

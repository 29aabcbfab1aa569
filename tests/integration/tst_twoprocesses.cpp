#include "core/desk/session.h"
#include "core/storage/tickets.h"
#include "tests/support/cli/clirunner.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <thread>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// A desktop's session and the command line on one workspace at the same time.

namespace {

constexpr int soonMs = 2500; ///< within which a change of another process must be seen

} // namespace

class TestTwoProcesses : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void sessionSeesWhatTheCommandLineDoes();
    void sessionSeesAnImportAndPeople();
    void commandLineSeesWhatTheSessionDoes();
    void bothWriteAtOnce();

private:
    QString newTicket(const QByteArray &text)
    {
        const Ran made
            = m_cli->json({ u"ticket"_s, u"new"_s, u"--subject"_s, u"From the terminal"_s,
                              u"--name"_s, u"A"_s, u"--email"_s, u"a@example.org"_s },
                text);
        return made.json()["ticket"_L1].toString();
    }
    TicketId idOf(const QString &key)
    {
        auto connection
            = storage::Connection::open(storage::Workspace(m_cli->folder()).databasePath(),
                storage::Connection::Mode::ReadOnly);
        const auto id = connection ? storage::findAnyTicket(**connection, key)
                                   : Result<TicketId>(connection.error());
        return id ? *id : TicketId();
    }
    /// Whether the session was told of the ticket (or to look at everything).
    static bool hasSeen(const QSignalSpy &spy, TicketId ticket)
    {
        for (const QList<QVariant> &told : spy) {
            if (told.at(1).toBool() || told.at(0).value<QList<TicketId>>().contains(ticket))
                return true;
        }
        return false;
    }

    const SystemClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<CliRunner> m_cli;
    std::unique_ptr<desk::Session> m_session;
};

void TestTwoProcesses::init()
{
    m_cli = std::make_unique<CliRunner>();
    RAN(made, 0, m_cli->run({ u"init"_s }));
    m_session
        = std::make_unique<desk::Session>(storage::Workspace(m_cli->folder()), m_clock, m_random);
    QSignalSpy opened(m_session.get(), &desk::Session::opened),
        writable(m_session.get(), &desk::Session::writable);
    m_session->open();
    QTRY_COMPARE(opened.count(), 1);
    QTRY_COMPARE(writable.count(), 1);
}

void TestTwoProcesses::cleanup()
{
    m_session.reset();
    m_cli.reset();
}

void TestTwoProcesses::sessionSeesWhatTheCommandLineDoes()
{
    QSignalSpy changes(m_session.get(), &desk::Session::ticketsChanged);
    const QString key = newTicket("It does not start.");
    const TicketId id = idOf(key);
    QVERIFY(id);
    QTRY_VERIFY_WITH_TIMEOUT(hasSeen(changes, id), soonMs);
    for (const QStringList &words : { QStringList { u"note"_s, key }, { u"claim"_s, key },
             { u"set"_s, key, u"priority=high"_s } }) {
        changes.clear();
        RAN(done, 0, m_cli->json(words, "A note."));
        QTRY_VERIFY_WITH_TIMEOUT(hasSeen(changes, id), soonMs);
    }
    const auto open = m_session->openTicket(id);
    QTRY_VERIFY(open.isFinished());
    QVERIFY(open.result().has_value());
    QCOMPARE((*open.result())->details.state.ticket.priority, Priority::High);
    QCOMPARE((*open.result())->thread.size(), size_t(2));
}

void TestTwoProcesses::sessionSeesAnImportAndPeople()
{
    QSignalSpy changes(m_session.get(), &desk::Session::ticketsChanged);
    RAN(imported, 0,
        m_cli->json({ u"import"_s, u"tickets"_s,
            m_cli->file(u"one.jsonl"_s,
                R"({"id":"I-1","created":"2026-06-08T08:00:00Z","subject":"imported"})"
                "\n") }));
    QTRY_VERIFY_WITH_TIMEOUT(hasSeen(changes, idOf(u"I-1"_s)), soonMs);
    RAN(added, 0, m_cli->json({ u"agent"_s, u"add"_s, u"nora"_s, u"--tier"_s, u"L2"_s }));
    QTRY_VERIFY_WITH_TIMEOUT(m_session->people().agent(u"nora"_s) != nullptr, soonMs);
}

void TestTwoProcesses::commandLineSeesWhatTheSessionDoes()
{
    const QString key = newTicket("It does not stop.");
    const auto reply = m_session->run(commands::Reply { key, u"Please press the red button."_s });
    QTRY_VERIFY(reply.isFinished());
    QVERIFY(reply.result().has_value());
    RAN(shown, 0, m_cli->json({ u"ticket"_s, u"show"_s, key }));
    QCOMPARE(shown.json()["messages"_L1].toArray().last().toObject()["text"_L1].toString(),
        u"Please press the red button."_s);
    RAN(found, 0, m_cli->json({ u"search"_s, u"\"red button\""_s }));
    QCOMPARE(found.rows().size(), 1);
}

void TestTwoProcesses::bothWriteAtOnce()
{
    constexpr int each = 30;
    const QString key = newTicket("Much is written here.");
    QList<QFuture<Result<commands::Outcome>>> ours;
    for (int i = 0; i < each; ++i) {
        for (int j = 0; j < 4; ++j)
            ours.append(m_session->run(commands::Note { key, u"desk"_s, {} }));
        RAN(theirs, 0, m_cli->run({ u"note"_s, key }, "terminal"));
    }
    for (const auto &future : ours) {
        QTRY_VERIFY_WITH_TIMEOUT(future.isFinished(), 30'000);
        QVERIFY2(future.result().has_value(),
            future.result() ? "" : qPrintable(future.result().error().detail));
    }
    RAN(shown, 0, m_cli->json({ u"ticket"_s, u"show"_s, key }));
    QCOMPARE(shown.json()["messages"_L1].toArray().size(), 1 + each * 5);
    RAN(healthy, 0, m_cli->run({ u"doctor"_s }));
}

QTEST_GUILESS_MAIN(TestTwoProcesses)
#include "tst_twoprocesses.moc"

#include "core/storage/connection.h"
#include "core/storage/workspace.h"
#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// What holds for every command: who may do and see what, what a terminal is given, and how a wrong
// word is answered.

class TestCliContract : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void rolesHold();
    void confidentialIsNowhere();
    void confidentialIsThereForItsOwn();
    void terminalIsNotPainted();
    void standardInputIsBounded();
    void usageFaults_data();
    void usageFaults();
    void helpAndVersion();
    void sentencesAreOne();
    void sampleLooksLikeADesk();
    void aStoppedInitCanBeRepeated();
    void interruptTakesAnImportBack();

private:
    QString make(const QString &subject, const QByteArray &text)
    {
        const Ran made = m_cli.json({ u"ticket"_s, u"new"_s, u"--subject"_s, subject, u"--name"_s,
                                        u"Carla"_s, u"--email"_s, u"carla@contoso.example"_s },
            text);
        return made.json()["ticket"_L1].toString();
    }
    QStringList up(const QString &ticket, const QString &tier, const QString &reason) const
    {
        return { u"escalate"_s, ticket, u"--to"_s, tier, u"--kind"_s, u"functional"_s,
            u"--reason"_s, reason, u"--summary"_s, u"A matter of its own"_s, u"--tried"_s,
            u"Asked around"_s, u"--expected"_s, u"An answer"_s };
    }
    Ran runAs(const QString &agent, const QStringList &words, const QByteArray &input = {})
    {
        m_cli.setAs(agent);
        const Ran ran = m_cli.json(words, input);
        m_cli.setAs({});
        return ran;
    }

    CliRunner m_cli;
    QString m_plain, m_secret;
};

void TestCliContract::initTestCase()
{
    RAN(made, 0, m_cli.run({ u"init"_s }));
    const QList<QStringList> people { { u"anna"_s, u"L1"_s, u"agent"_s, u"Frontline"_s },
        { u"ben"_s, u"L2"_s, u"specialist"_s, u"Technical"_s },
        { u"lea"_s, u"L1"_s, u"lead"_s, u"Frontline"_s },
        { u"gil"_s, u"L2"_s, u"specialist"_s, u"Legal"_s },
        { u"rob"_s, u"L1"_s, u"read-only"_s, u"Frontline"_s } };
    for (const QStringList &one : people) {
        RAN(added, 0,
            m_cli.run({ u"agent"_s, u"add"_s, one[0], u"--tier"_s, one[1], u"--role"_s, one[2],
                u"--team"_s, one[3] }));
    }
    m_plain = make(u"An ordinary question"_s, "How do I export?");
    m_secret = make(u"A subpoena arrived"_s, "The zebrafish court wants our files.");
    RAN(legal, 0, m_cli.json(up(m_secret, u"L2"_s, u"legal"_s)));
    QCOMPARE(
        at(m_cli.json({ u"ticket"_s, u"show"_s, m_secret }).json(), u"ticket/team"_s).toString(),
        u"Legal"_s);
}

void TestCliContract::rolesHold()
{
    const auto refused
        = [this](const QString &agent, const QStringList &words, const QByteArray &input = {}) {
              const Ran ran = runAs(agent, words, input);
              return ran.exitCode == 1 && ran.errorJson()["code"_L1].toString() == u"not_allowed";
          };
    QVERIFY(refused(u"rob"_s, { u"note"_s, m_plain }, "mine"));
    QVERIFY(refused(u"rob"_s, { u"claim"_s, m_plain }));
    QVERIFY(refused(u"rob"_s, { u"import"_s, u"tickets"_s, m_cli.file(u"x.jsonl"_s, "{}") }));
    QVERIFY(refused(u"rob"_s, up(m_plain, u"L2"_s, u"beyond-skill"_s)));
    QVERIFY(refused(u"anna"_s, { u"agent"_s, u"set"_s, u"anna"_s, u"--role"_s, u"admin"_s }));
    QVERIFY(refused(u"anna"_s, { u"team"_s, u"add"_s, u"Mine"_s, u"--tier"_s, u"L1"_s }));
    QVERIFY(refused(u"lea"_s, { u"tier"_s, u"add"_s, u"L4"_s, u"--rank"_s, u"4"_s }));
    QVERIFY(refused(u"ben"_s, { u"claim"_s, m_plain })); // at L1, where ben does not work
    RAN(lead, 0, runAs(u"lea"_s, { u"claim"_s, m_plain }));
    RAN(reader, 0, runAs(u"rob"_s, { u"ticket"_s, u"show"_s, m_plain }));
    RAN(nobody, 1, runAs(u"nemo"_s, { u"queue"_s }));
    QCOMPARE(nobody.errorJson()["code"_L1].toString(), u"not_found"_s);
    RAN(leaves, 0, m_cli.run({ u"agent"_s, u"set"_s, u"rob"_s, u"--inactive"_s }));
    QVERIFY(refused(u"rob"_s, { u"queue"_s }));
    // A fourth human tier is made, and warned about.
    RAN(fourth, 0, m_cli.json({ u"tier"_s, u"add"_s, u"L4"_s, u"--rank"_s, u"4"_s }));
    QCOMPARE(fourth.json()["warnings"_L1].toArray().size(), 1);
}

void TestCliContract::confidentialIsNowhere()
{
    RAN(queue, 0, runAs(u"ben"_s, { u"queue"_s }));
    QCOMPARE(queue.json()["total"_L1].toInt(), 1);
    QVERIFY(!queue.out.contains(m_secret.toUtf8() + '"'));
    for (const QString &typed : { u"zebrafish"_s, u"subpoena"_s, u"tier:L2"_s, u"team:Legal"_s }) {
        RAN(found, 0, runAs(u"ben"_s, { u"search"_s, typed }));
        QCOMPARE(found.rows().size(), 0);
        QCOMPARE(found.json()["total"_L1].toInt(), 0);
    }
    RAN(measured, 0, runAs(u"ben"_s, { u"metrics"_s }));
    QCOMPARE(measured.rows().at(0).toObject()["tickets"_L1].toInt(), 1);
    RAN(teams, 0, runAs(u"ben"_s, { u"team"_s, u"list"_s }));
    QVERIFY(!teams.out.contains("Legal"));
    for (const QString &what : { u"tickets"_s, u"events"_s, u"audit"_s, u"metrics"_s }) {
        for (const QString &form : { u".jsonl"_s, u".csv"_s, u".json"_s }) {
            const QString file = m_cli.path(what + form);
            RAN(exported, 0, runAs(u"ben"_s, { u"export"_s, what, file }));
            QFile written(file);
            QVERIFY(written.open(QIODevice::ReadOnly));
            const QByteArray all = written.readAll();
            QVERIFY2(!all.contains("zebrafish") && !all.contains("subpoena")
                    && !all.contains("A matter of its own"),
                qPrintable(what + form));
        }
    }
    // In the same words as for a ticket that is not there.
    const auto told = [this](const QString &key, const QStringList &words) {
        QStringList all = words;
        all.replace(all.indexOf(u"ID"_s), key);
        Ran ran = runAs(u"ben"_s, all, "text");
        return ran.exitCode == 1 ? ran.error.replace(key, u"ID"_s) : u"it was there"_s;
    };
    for (const QStringList &words : { QStringList { u"ticket"_s, u"show"_s, u"ID"_s },
             { u"handoff"_s, u"show"_s, u"ID"_s }, { u"note"_s, u"ID"_s }, { u"claim"_s, u"ID"_s },
             { u"accept"_s, u"ID"_s }, { u"undo"_s, u"ID"_s } })
        QCOMPARE(told(m_secret, words), told(u"T-999"_s, words));
    RAN(team, 1, runAs(u"ben"_s, { u"queue"_s, u"--team"_s, u"Legal"_s }));
}

void TestCliContract::confidentialIsThereForItsOwn()
{
    for (const QString &who : { u"gil"_s, QString() }) {
        RAN(found, 0, runAs(who, { u"search"_s, u"zebrafish"_s }));
        QCOMPARE(found.rows().size(), 1);
        RAN(queue, 0, runAs(who, { u"queue"_s, u"--team"_s, u"Legal"_s }));
        QCOMPARE(queue.json()["total"_L1].toInt(), 1);
    }
    RAN(accepted, 0, runAs(u"gil"_s, { u"accept"_s, m_secret }));
    RAN(handoff, 0, runAs(u"gil"_s, { u"handoff"_s, u"show"_s, m_secret }));
}

void TestCliContract::terminalIsNotPainted()
{
    const QString subject = u"Red \u001b[31m alert\u009b2J and \u202egnp.exe"_s;
    const QString key = make(subject,
        "Body \x1b]0;title\x07 with \xc2\x9b"
        "1A and \xe2\x80\xae turned");
    QVERIFY(!key.isEmpty());
    for (const QStringList &words :
        { QStringList { u"queue"_s }, { u"ticket"_s, u"show"_s, key }, { u"search"_s, u"alert"_s },
            { u"--json"_s, u"queue"_s }, { u"--json"_s, u"ticket"_s, u"show"_s, key },
            { u"--json"_s, u"search"_s, u"alert"_s } }) {
        RAN(shown, 0, m_cli.run(words));
        QVERIFY(shown.out.contains("alert"));
        QVERIFY2(
            !shown.out.contains('\x1b') && !shown.out.contains('\x07'), shown.told().constData());
        QVERIFY2(!shown.out.contains("\xc2\x9b") && !shown.out.contains("\xe2\x80\xae"),
            shown.told().constData());
    }
    RAN(error, 1, m_cli.run({ u"ticket"_s, u"show"_s, u"T-\u001b[31m9"_s }));
    QVERIFY(!error.error.contains(u'\x1b'));
}

void TestCliContract::standardInputIsBounded()
{
    RAN(empty, 1, m_cli.json({ u"reply"_s, m_plain }, " \n\t"));
    QCOMPARE(empty.errorJson()["code"_L1].toString(), u"bad_input"_s);
    RAN(endless, 1, m_cli.json({ u"reply"_s, m_plain }, QByteArray((1 << 20) + 1, 'a')));
    QVERIFY(endless.error.contains(u"1 MiB"_s));
    // A pipe gives long text in pieces, and all of it arrives.
    const QByteArray text = QByteArray("word ").repeated(40'000) + "end";
    RAN(whole, 0, m_cli.json({ u"note"_s, m_plain }, text));
    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, m_plain }));
    QCOMPARE(shown.json()["messages"_L1].toArray().last().toObject()["text"_L1].toString().size(),
        text.size());
    // Bytes that are no text become text, once, and stay so.
    RAN(odd, 0,
        m_cli.json({ u"note"_s, m_plain }, QByteArray("odd \xff\xfe\xed\xa0\x80\0 end", 14)));
    const QJsonObject all = m_cli.json({ u"ticket"_s, u"show"_s, m_plain }).json();
    const QString kept = all["messages"_L1].toArray().last().toObject()["text"_L1].toString();
    QVERIFY(kept.startsWith(u"odd "_s) && kept.endsWith(u" end"_s) && !kept.contains(u'\0'));
}

void TestCliContract::usageFaults_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("told");
    QTest::newRow("nothing") << QStringList {} << u"command is missing"_s;
    QTest::newRow("unknown") << QStringList { u"frobnicate"_s } << u"frobnicate"_s;
    QTest::newRow("near") << QStringList { u"esclate"_s, u"T-1"_s } << u"Did you mean “escalate”"_s;
    QTest::newRow("near of two words")
        << QStringList { u"ticket"_s, u"shwo"_s } << u"Did you mean “ticket show”"_s;
    QTest::newRow("option") << QStringList { u"queue"_s, u"--teir"_s, u"L2"_s }
                            << u"Did you mean --tier"_s;
    QTest::newRow("limit") << QStringList { u"queue"_s, u"--limit"_s, u"0"_s } << u"--limit"_s;
    QTest::newRow("one word too many")
        << QStringList { u"claim"_s, u"T-1"_s, u"T-2"_s } << u"T-2"_s;
    QTest::newRow("no map") << QStringList { u"import"_s, u"eventlog"_s, u"x.csv"_s } << u"vinst"_s;
    QTest::newRow("max-bad") << QStringList { u"import"_s, u"tickets"_s, u"x"_s, u"--max-bad"_s,
        u"-1"_s } << u"--max-bad"_s;
    QTest::newRow("rank") << QStringList { u"tier"_s, u"add"_s, u"L9"_s } << u"--rank"_s;
    QTest::newRow("role") << QStringList { u"agent"_s, u"add"_s, u"x"_s, u"--role"_s, u"king"_s }
                          << u"specialist"_s;
    QTest::newRow("workspace without a value")
        << QStringList { u"queue"_s, u"--workspace"_s } << u"--workspace"_s;
}

void TestCliContract::usageFaults()
{
    QFETCH(QStringList, words);
    QFETCH(QString, told);
    RAN(refused, 2, m_cli.json(words));
    QCOMPARE(refused.errorJson()["code"_L1].toString(), u"usage"_s);
    QCOMPARE(refused.errorJson().keys(), (QStringList { u"code"_s, u"message"_s, u"where"_s }));
    QVERIFY2(refused.error.contains(told), refused.told().constData());
    QVERIFY(!refused.error.contains(u'\n'));
    RAN(plain, 2, m_cli.run(words));
    QVERIFY(plain.out.isEmpty());
    QCOMPARE(plain.error, refused.error);
}

void TestCliContract::helpAndVersion()
{
    RAN(help, 0, m_cli.run({ u"--help"_s }));
    for (const char *name :
        { "init", "agent add", "team add", "tier add", "import eventlog", "import tickets",
            "export", "queue", "ticket show", "search", "reply", "note", "set", "flag", "claim",
            "reassign", "solve", "reopen", "escalate", "accept", "return", "handoff show",
            "metrics", "backup", "restore", "doctor", "way add", "route add", "notices" })
        QVERIFY2(help.out.contains("\n" + QByteArray(name)), name);
    RAN(one, 0, m_cli.run({ u"escalate"_s, u"--help"_s }));
    QVERIFY(one.out.contains("--no-customer-notice"));
    RAN(version, 0, m_cli.run({ u"--version"_s }));
    QVERIFY(version.out.contains("SQLite 3."));
}

void TestCliContract::sentencesAreOne()
{
    RAN(missing, 1, m_cli.run({ u"ticket"_s, u"show"_s, u"T-4711"_s }));
    QVERIFY(missing.error.contains(u"T-4711"_s) || missing.error.contains(u"no such ticket"_s));
    QVERIFY(missing.out.isEmpty());
    RAN(json, 1, m_cli.json({ u"ticket"_s, u"show"_s, u"T-4711"_s }));
    QVERIFY(json.errorJson()["message"_L1].toString().size() > 10);
}

void TestCliContract::sampleLooksLikeADesk()
{
    CliRunner cli;
    RAN(made, 0, cli.json({ u"init"_s, u"--sample"_s }));
    QVERIFY(made.json()["sample"_L1].toBool());
    RAN(agents, 0, cli.json({ u"agent"_s, u"list"_s }));
    QVERIFY(agents.rows().size() >= 12);
    for (const QString &tier : { u"L1"_s, u"L2"_s, u"L3"_s }) {
        RAN(queue, 0, cli.json({ u"queue"_s, u"--tier"_s, tier }));
        QVERIFY2(queue.json()["total"_L1].toInt() > 0, qPrintable(tier));
    }
    RAN(measured, 0, cli.json({ u"metrics"_s }));
    const int tickets = measured.rows().at(0).toObject()["tickets"_L1].toInt();
    QVERIFY2(tickets > 350 && tickets < 450, qPrintable(QString::number(tickets)));
    RAN(healthy, 0, cli.json({ u"doctor"_s }));
}

/// Killed or interrupted wherever it is: there is no workspace, or there is a whole one.
void TestCliContract::aStoppedInitCanBeRepeated()
{
    CliRunner cli;
    bool isMade = false;
    for (const int ms : { 60, 251, 700, 1501 }) {
        QProcess process;
        process.start(
            CliRunner::program(), cli.globals() + QStringList { u"init"_s, u"--sample"_s });
        QVERIFY(process.waitForStarted());
        if (!process.waitForFinished(ms)) {
            ms % 2 == 0 ? process.kill() : process.terminate();
            QVERIFY(process.waitForFinished());
        }
        isMade = cli.run({ u"queue"_s }).exitCode == 0;
        if (isMade)
            break;
        QVERIFY(!storage::Workspace(cli.folder()).exists());
    }
    RAN(made, isMade ? 1 : 0, cli.run({ u"init"_s, u"--sample"_s }));
    RAN(measured, 0, cli.json({ u"metrics"_s }));
    const int tickets = measured.rows().at(0).toObject()["tickets"_L1].toInt();
    QVERIFY2(tickets > 350 && tickets < 450, qPrintable(QString::number(tickets)));
    RAN(healthy, 0, cli.json({ u"doctor"_s }));
}

/// Ctrl-C in the middle of the writing: one sentence, exit 1, and nothing of the import stays.
void TestCliContract::interruptTakesAnImportBack()
{
    CliRunner cli;
    RAN(made, 0, cli.run({ u"init"_s }));
    QByteArray lines;
    for (int i = 0; i < 20'000; ++i)
        lines += R"({"id":"I-%1","created":"2026-06-08T08:00:00Z","subject":"one of many"})"_ba
                     .replace("%1", QByteArray::number(i))
            + '\n';
    QProcess process;
    process.start(CliRunner::program(),
        cli.globals()
            + QStringList { u"import"_s, u"tickets"_s, cli.file(u"many.jsonl"_s, lines) });
    QVERIFY(process.waitForStarted());
    auto reader = storage::Connection::open(
        storage::Workspace(cli.folder()).databasePath(), storage::Connection::Mode::ReadOnly);
    QVERIFY(reader.has_value());
    const auto count = [&reader](const QString &table) -> qint64 {
        auto rows = (*reader)->prepareText(u"SELECT count(*) FROM "_s + table);
        return rows && rows->step() ? rows->integer(0) : -1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(count(u"ticket"_s) > 0, 60'000);
    QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 60'000);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    QCOMPARE(process.readAllStandardError().trimmed(), "Stopped."_ba);
    QCOMPARE(count(u"ticket"_s), 0);
    QCOMPARE(count(u"event"_s), 0);
    RAN(healthy, 0, cli.json({ u"doctor"_s }));
}

QTEST_GUILESS_MAIN(TestCliContract)
#include "tst_clicontract.moc"

#include "core/storage/workspace.h"
#include "tests/support/cli/clirunner.h"
#include "tests/support/cli/storepicture.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTest>

#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Every input that nothing can be made of: a sentence that says what and what to do, an exit code
// that is not 0, and a workspace in which not one row differs.

namespace {

const QByteArray csvMap
    = R"({"format":"csv","delimiter":";","encoding":"utf-8","case":"Case","time":"When",
 "time_format":"iso","zone":"UTC","team":"Team","tier":{"from":"team","rules":[{"suffix":" 2nd","tier":"L2"},{"else":"L1"}]},
 "status":{"column":"State","map":{"Done":"solved"},"else":"open"},"null":[""]})";
const QByteArray xesMap
    = R"({"format":"xes","case":"concept:name","time":"time:timestamp","time_format":"iso",
 "zone":"UTC","team":"org:group","status":{"column":"concept:name","map":{"Done":"solved"},"else":"open"},"null":[""]})";
const QByteArray header = "Case;When;Team;State\n";
const QByteArray goodRow = "C-1;2026-05-01T08:00:00Z;G1;Open\n";

/// `count` times `byte`, between two texts, written a piece at a time.
QString longFile(
    const CliRunner &cli, const QString &name, const QByteArray &before, char byte, qint64 count)
{
    QFile out(cli.path(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(before) != before.size())
        qFatal("A test's file cannot be written.");
    const QByteArray piece(1 << 20, byte);
    for (qint64 left = count; left > 0; left -= piece.size()) {
        if (out.write(piece.constData(), std::min<qint64>(left, piece.size())) < 0)
            qFatal("A test's file cannot be written.");
    }
    return out.fileName();
}

/// Runs one of the system's own programs.
bool isDone(const QString &program, const QStringList &words)
{
    QProcess process;
    process.start(program, words);
    return process.waitForStarted() && process.waitForFinished()
        && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

/// A mount that is gone when the test is.
class Mount
{
public:
    Mount(QStringList words, QString folder)
        : m_folder(std::move(folder))
        , m_isThere(QDir().mkpath(m_folder) && isDone(u"mount"_s, words + QStringList { m_folder }))
    {
    }
    ~Mount()
    {
        if (m_isThere)
            isDone(u"umount"_s, { u"-l"_s, m_folder });
    }
    Q_DISABLE_COPY_MOVE(Mount)
    bool isThere() const { return m_isThere; }
    const QString &folder() const { return m_folder; }

private:
    QString m_folder;
    bool m_isThere;
};

} // namespace

class TestBadInput : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void eventLogs_data();
    void eventLogs();
    void ticketLines_data();
    void ticketLines();
    void hundredMegabytesOnOneLine_data();
    void hundredMegabytesOnOneLine();
    void maps_data();
    void maps();
    void escalationWithoutExpectation();
    void fullDisk();
    void readOnlyMount();
    void newerVersion();
    void noWorkspace();
    void damagedStore();

private:
    /// Runs, and holds that it failed with one fitting sentence and changed nothing.
    void refuses(const QStringList &words, const QString &sentence, int exitCode = 1)
    {
        const auto before = storePicture(m_cli.folder());
        QVERIFY2(before.has_value(), before ? "" : qPrintable(before.error().detail));
        const Ran ran = m_cli.json(words);
        qInfo("%s", qPrintable(ran.error));
        QVERIFY2(ran.exitCode == exitCode, ran.told().constData());
        QVERIFY2(isSentence(ran.error), ran.told().constData());
        QVERIFY2(ran.error.contains(
                     QRegularExpression(sentence, QRegularExpression::CaseInsensitiveOption)),
            ran.told().constData());
        QVERIFY(!ran.errorJson()["code"_L1].toString().isEmpty());
        const auto after = storePicture(m_cli.folder());
        QVERIFY2(after.has_value(), after ? "" : qPrintable(after.error().detail));
        QVERIFY2(*after == *before, "the workspace changed");
    }
    static bool isSentence(const QString &error)
    {
        return error.size() > 20 && error.size() < 600 && !error.contains(u'\n')
            && error.front().isPrint();
    }

    CliRunner m_cli;
    QString m_csvMap, m_xesMap;
};

void TestBadInput::initTestCase()
{
    RAN(made, 0, m_cli.run({ u"init"_s }));
    RAN(ticket, 0,
        m_cli.run({ u"ticket"_s, u"new"_s, u"--subject"_s, u"There before"_s, u"--name"_s, u"A"_s,
                      u"--email"_s, u"a@example.org"_s },
            "What must stay as it is."));
    m_csvMap = m_cli.file(u"csv-map.json"_s, csvMap);
    m_xesMap = m_cli.file(u"xes-map.json"_s, xesMap);
}

void TestBadInput::eventLogs_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isXes");
    QTest::addColumn<QString>("sentence");
    const auto csv = [](const char *tag, const QByteArray &content, const QString &sentence) {
        QTest::newRow(tag) << u"log.csv"_s << content << false << sentence;
    };
    const auto xes = [](const char *tag, const QByteArray &content, const QString &sentence) {
        QTest::newRow(tag) << u"log.xes"_s << content << true << sentence;
    };
    csv("no log: a picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"_ba.append(QByteArray(200, '\0')),
        u"log\\.csv"_s);
    csv("no log: prose", "Dear all,\nplease find the log attached.\n",
        u"log\\.csv.*(Case|column)"_s);
    csv("no log: nothing", {}, u"log\\.csv.*empty"_s);
    csv("no log: half a gzip", "\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b"_ba, u"log\\.csv"_s);
    csv("a missing column", "Case;When;Team\nC-1;2026-05-01T08:00:00Z;G1\n", u"State"_s);
    csv("a broken row in the middle",
        header + goodRow.repeated(3) + "C-1;not a time;G1;Open\n" + goodRow.repeated(3),
        u"line 5"_s);
    csv("a row with too few cells", header + goodRow + "C-2;2026-05-01T08:00:00Z\n" + goodRow,
        u"line 3"_s);
    csv("a wrong encoding", header + "C-1;2026-05-01T08:00:00Z;Z\xfcrich;Open\n",
        u"(line 2.*utf-8|utf-8.*line 2)"_s);
    csv("UTF-16 said to be UTF-8",
        QByteArray("\xff\xfe"
                   "C\0a\0s\0e\0;\0\n\0",
            14),
        u"UTF-16"_s);
    csv("a quote that never ends", header + "C-1;\"2026-05-01T08:00:00Z;G1;Open\n" + goodRow,
        u"line"_s);
    const QByteArray trace
        = "<trace><string key=\"concept:name\" value=\"C-1\"/>"
          "<event><string key=\"concept:name\" value=\"%1\"/><string key=\"org:group\" value=\"G\"/>"
          "<date key=\"time:timestamp\" value=\"2026-05-01T08:00:00Z\"/></event></trace>";
    xes("entities that expand",
        "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]><log>"
            + QByteArray(trace).replace("%1", "&d;") + "</log>",
        u"log\\.xes.*document type"_s);
    xes("an entity from a file",
        "<?xml version=\"1.0\"?><!DOCTYPE log [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><log>"
            + QByteArray(trace).replace("%1", "&f;") + "</log>",
        u"log\\.xes.*document type"_s);
    xes("XML that ends early", "<?xml version=\"1.0\"?><log>" + trace, u"log\\.xes"_s);
    xes("XML that is no log", "<?xml version=\"1.0\"?><html><body>log</body></html>",
        u"log\\.xes"_s);
}

void TestBadInput::eventLogs()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(bool, isXes);
    QFETCH(QString, sentence);
    refuses({ u"import"_s, u"eventlog"_s, m_cli.file(name, content), u"--map"_s,
                isXes ? m_xesMap : m_csvMap },
        sentence);
}

void TestBadInput::ticketLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *tag, const QByteArray &line, const QString &sentence) {
        QTest::newRow(tag) << line << sentence;
    };
    row("year 9999", R"({"id":"B-1","created":"9999-06-08T08:00:00Z","subject":"x"})",
        u"line 2.*9999"_s);
    row("year 9999 of a message",
        R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","messages":[{"at":"9999-12-31T23:59:59Z","from":"customer","text":"t"}]})",
        u"line 2.*9999"_s);
    row("negative revenue",
        R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","organization":{"name":"O","arr":-5}})",
        u"line 2.*(arr|revenue)"_s);
    row("an unknown tier",
        R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","tier":"L9"})",
        u"line 2.*L9"_s);
    row("an unknown tier later",
        R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","events":[{"at":"2026-06-08T09:00:00Z","kind":"tier","from":"L1","to":"L9"}]})",
        u"line 2.*L9"_s);
    row("no id", R"({"created":"2026-06-08T08:00:00Z","subject":"x"})", u"line 2.*id"_s);
    row("no JSON", "id=B-1, subject=x", u"line 2"_s);
    row("JSON that stops", R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":")",
        u"line 2"_s);
    row("an unknown status",
        R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","status":"asleep"})",
        u"line 2.*(asleep|status)"_s);
    row("too deep",
        QByteArray(R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":"x","tags":)")
            + QByteArray(5000, '[') + QByteArray(5000, ']') + "}",
        u"line 2"_s);
    row("a wrong encoding",
        "{\"id\":\"B-1\",\"created\":\"2026-06-08T08:00:00Z\",\"subject\":\"Z\xfcrich\"}",
        u"line 2"_s);
}

void TestBadInput::ticketLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, sentence);
    const QByteArray good = R"({"id":"A-%1","created":"2026-06-08T08:00:00Z","subject":"fine"})";
    refuses({ u"import"_s, u"tickets"_s,
                m_cli.file(u"lines.jsonl"_s,
                    QByteArray(good).replace("%1", "1") + '\n' + line + '\n'
                        + QByteArray(good).replace("%1", "2") + '\n') },
        sentence);
}

void TestBadInput::hundredMegabytesOnOneLine_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<char>("byte");
    QTest::addColumn<QString>("form");
    QTest::newRow("a log of one line") << QByteArray() << 'a' << u"csv"_s;
    QTest::newRow("a cell of a log")
        << header + goodRow + "C-2;2026-05-01T08:00:00Z;" << 'a' << u"csv"_s;
    QTest::newRow("a quoted cell") << header + goodRow + "C-2;\"" << 'a' << u"csv"_s;
    QTest::newRow("zeros") << header << '\0' << u"csv"_s;
    QTest::newRow("an attribute of XML")
        << QByteArray("<?xml version=\"1.0\"?><log><trace><string key=\"concept:name\" value=\"")
        << 'a' << u"xes"_s;
    QTest::newRow("a ticket line")
        << QByteArray(R"({"id":"B-1","created":"2026-06-08T08:00:00Z","subject":")") << 'a'
        << u"jsonl"_s;
}

void TestBadInput::hundredMegabytesOnOneLine()
{
    QFETCH(QByteArray, before);
    QFETCH(char, byte);
    QFETCH(QString, form);
    const QString file = longFile(m_cli, u"long."_s + form, before, byte, 100'000'000);
    const auto removed = qScopeGuard([&] { QFile::remove(file); });
    if (form == u"jsonl")
        refuses({ u"import"_s, u"tickets"_s, file }, u"long\\.jsonl|line 1"_s);
    else
        refuses(
            { u"import"_s, u"eventlog"_s, file, u"--map"_s, form == u"xes" ? m_xesMap : m_csvMap },
            u"long\\.|line \\d"_s);
#ifndef __SANITIZE_ADDRESS__
    rusage used {};
    QCOMPARE(getrusage(RUSAGE_CHILDREN, &used), 0);
    QVERIFY2(used.ru_maxrss < 256 * 1024, "a run took over 256 MiB of memory"); // counted in KiB
#endif
}

void TestBadInput::maps_data()
{
    QTest::addColumn<QByteArray>("map");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("no JSON") << QByteArray("case=Case") << u"map\\.json"_s;
    QTest::newRow("an unknown key")
        << QByteArray(csvMap).replace("\"zone\"", "\"zones\"") << u"zones.*zone"_s;
    QTest::newRow("no case") << QByteArray(csvMap).replace("\"case\":\"Case\",", "") << u"case"_s;
    QTest::newRow("a tier that is not there")
        << QByteArray(csvMap).replace("\"L2\"", "\"L8\"") << u"L8"_s;
    QTest::newRow("a zone that is not there")
        << QByteArray(csvMap).replace("\"UTC\"", "\"Mars/Base\"") << u"Mars/Base"_s;
}

void TestBadInput::maps()
{
    QFETCH(QByteArray, map);
    QFETCH(QString, sentence);
    refuses({ u"import"_s, u"eventlog"_s, m_cli.file(u"fine.csv"_s, header + goodRow), u"--map"_s,
                m_cli.file(u"map.json"_s, map) },
        sentence);
    refuses({ u"import"_s, u"eventlog"_s, m_cli.path(u"fine.csv"_s), u"--map"_s, u"vinzt"_s },
        u"vinzt"_s);
    refuses({ u"import"_s, u"eventlog"_s, m_cli.path(u"absent.csv"_s), u"--map"_s, m_csvMap },
        u"absent\\.csv"_s);
}

void TestBadInput::escalationWithoutExpectation()
{
    refuses({ u"escalate"_s, u"T-1"_s, u"--to"_s, u"L2"_s, u"--kind"_s, u"functional"_s,
                u"--reason"_s, u"beyond-skill"_s, u"--summary"_s, u"Cannot be solved here"_s,
                u"--tried"_s, u"all"_s, u"--expected"_s, u""_s },
        u"expect"_s);
}

void TestBadInput::fullDisk()
{
    if (geteuid() != 0)
        QSKIP("Only root can mount a small disk.");
    const Mount disk(
        { u"-t"_s, u"tmpfs"_s, u"-o"_s, u"size=2m"_s, u"tierline-test"_s }, m_cli.path(u"disk"_s));
    if (!disk.isThere())
        QSKIP("A tmpfs cannot be mounted here.");
    CliRunner cli;
    cli.setFolder(disk.folder() + u"/desk"_s);
    RAN(made, 0, cli.run({ u"init"_s }));
    RAN(ticket, 0,
        cli.run({ u"ticket"_s, u"new"_s, u"--subject"_s, u"There before"_s, u"--name"_s, u"A"_s,
                    u"--email"_s, u"a@example.org"_s },
            "What must stay as it is."));
    QByteArray lines;
    for (int i = 0; i < 2000; ++i)
        lines
            += R"({"id":"D-%1","created":"2026-06-08T08:00:00Z","subject":"one of many","messages":[{"at":"2026-06-08T08:00:00Z","from":"customer","text":"%2"}]})"_ba
                   .replace("%1", QByteArray::number(i))
                   .replace("%2", QByteArray(900, 'x'))
            + '\n';
    RAN(refused, 1, cli.json({ u"import"_s, u"tickets"_s, m_cli.file(u"many.jsonl"_s, lines) }));
    qInfo("%s", qPrintable(refused.error));
    QVERIFY2(
        isSentence(refused.error) && refused.error.contains(u"full"_s), refused.told().constData());
    // With room again what stood there is there, and what the import wrote is gone.
    QVERIFY(isDone(u"mount"_s, { u"-o"_s, u"remount,size=8m"_s, disk.folder() }));
    RAN(healthy, 0, cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    RAN(shown, 0, cli.json({ u"queue"_s }));
    QCOMPARE(shown.json()["total"_L1].toInt(), 1);

    // A person's own command on a disk without a byte left.
    QFile filler(disk.folder() + u"/filler"_s);
    QVERIFY(filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    const QByteArray block(4096, 'f');
    while (filler.write(block) == block.size()) { }
    RAN(note, 1, cli.json({ u"note"_s, u"T-1"_s }, QByteArray(100'000, 'n')));
    qInfo("%s", qPrintable(note.error));
    QVERIFY2(isSentence(note.error) && note.error.contains(u"full"_s), note.told().constData());
    QVERIFY(filler.remove());
    RAN(after, 0, cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    QCOMPARE(after.json()["messages"_L1], healthy.json()["messages"_L1]);
    RAN(works, 0, cli.run({ u"note"_s, u"T-1"_s }, "There is room again."));
    RAN(rest, 0, cli.json({ u"queue"_s }));
    QCOMPARE(rest.json()["total"_L1].toInt(), 1);
}

void TestBadInput::readOnlyMount()
{
    if (geteuid() != 0)
        QSKIP("Only root can mount a folder for reading only.");
    const QString folder = m_cli.path(u"readonly"_s);
    const Mount bound({ u"--bind"_s, m_cli.folder() }, folder);
    if (!bound.isThere() || !isDone(u"mount"_s, { u"-o"_s, u"remount,ro,bind"_s, folder }))
        QSKIP("A folder cannot be mounted for reading only here.");
    const auto before = storePicture(m_cli.folder());
    CliRunner cli;
    cli.setFolder(folder);
    for (const QStringList &words : { QStringList { u"note"_s, u"T-1"_s }, { u"claim"_s, u"T-1"_s },
             { u"import"_s, u"eventlog"_s, m_cli.file(u"fine.csv"_s, header + goodRow), u"--map"_s,
                 m_csvMap } }) {
        RAN(refused, 1, cli.json(words, "A note that cannot be kept."));
        qInfo("%s", qPrintable(refused.error));
        QVERIFY2(isSentence(refused.error)
                && refused.error.contains(u"read-only"_s, Qt::CaseInsensitive),
            refused.told().constData());
    }
    const auto after = storePicture(m_cli.folder());
    QVERIFY(before && after && *before == *after);
}

void TestBadInput::newerVersion()
{
    CliRunner cli;
    RAN(made, 0, cli.run({ u"init"_s }));
    const QString path = storage::Workspace(cli.folder()).databasePath();
    sqlite3 *db = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(path).constData(), &db), SQLITE_OK);
    QCOMPARE(sqlite3_exec(db, "PRAGMA user_version = 9999", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    const auto bytes = [&] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray before = bytes();
    QVERIFY(!before.isEmpty());
    for (const QStringList &words : { QStringList { u"queue"_s }, { u"note"_s, u"T-1"_s },
             { u"doctor"_s }, { u"backup"_s, cli.path(u"copy.db"_s) } }) {
        RAN(refused, 1, cli.json(words, "text"));
        qInfo("%s", qPrintable(refused.error));
        QVERIFY2(isSentence(refused.error) && refused.error.contains(u"newer"_s),
            refused.told().constData());
        QCOMPARE(refused.errorJson()["code"_L1].toString(), u"not_allowed"_s);
        QVERIFY(bytes() == before);
    }
}

void TestBadInput::noWorkspace()
{
    CliRunner cli;
    cli.setFolder(cli.path(u"nowhere"_s));
    RAN(refused, 1, cli.json({ u"queue"_s }));
    QVERIFY(refused.error.contains(u"init"_s));
    QVERIFY(!QFile::exists(cli.folder()));
}

void TestBadInput::damagedStore()
{
    CliRunner cli;
    RAN(made, 0, cli.run({ u"init"_s }));
    QFile file(storage::Workspace(cli.folder()).databasePath());
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(0)
        && file.write(QByteArray(4096, '?')) == 4096);
    file.close();
    RAN(refused, 1, cli.json({ u"queue"_s }));
    qInfo("%s", qPrintable(refused.error));
    QVERIFY2(isSentence(refused.error) && refused.error.contains(u"backup"_s),
        refused.told().constData());
}

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_badinput.moc"

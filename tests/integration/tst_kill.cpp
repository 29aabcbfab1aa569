#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/storage/imports.h"
#include "core/storage/store.h"
#include "tests/support/caserange.h"
#include "tests/support/cli/clirunner.h"

#include <QProcess>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// A desktop, a command line and an import work on one workspace at once, and at a random instant one
// of them, or all of them, are killed. Then the store opens and is sound, every command that was
// acknowledged is there, and an import is there whole or not at all.

namespace {

constexpr int importSize = 400;
constexpr int longestMs = 900; ///< from the start of a round to its kill

/// One program under way, with what it has acknowledged.
class Worker : public QObject
{
    Q_OBJECT
public:
    explicit Worker(QString folder)
        : m_folder(std::move(folder))
    {
        connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { m_out += m_process.readAllStandardOutput(); });
        connect(
            &m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
                m_out += m_process.readAllStandardOutput();
                if (status == QProcess::NormalExit && code != 0)
                    m_complaint = QString::fromUtf8(m_process.readAllStandardError()).trimmed()
                        + u" (exit %1)"_s.arg(code);
                hasEnded(status == QProcess::NormalExit && code == 0);
            });
    }

    virtual void start() = 0;
    /// Asks it to end by itself, soon.
    virtual void wind() { m_isWinding = true; }
    /// What it has acknowledged so far; ids of operations.
    virtual QStringList acknowledged() { return m_acknowledged; }
    void kill()
    {
        m_isWinding = true;
        m_process.kill();
    }
    bool isOver() const { return m_process.state() == QProcess::NotRunning; }
    const QString &complaint() const { return m_complaint; }

protected:
    virtual void hasEnded(bool isWell) = 0;
    void run(const QString &program, const QStringList &words)
    {
        m_out.clear();
        m_process.start(program, words);
    }
    void runCli(const QStringList &words)
    {
        run(CliRunner::program(), QStringList { u"--workspace"_s, m_folder, u"--json"_s } + words);
    }

    QString m_folder;
    QProcess m_process;
    QByteArray m_out;
    QStringList m_acknowledged;
    QString m_complaint;
    bool m_isWinding = false;
};

/// The long-lived one that stands for a desktop.
class Desktop final : public Worker
{
public:
    Desktop(const QString &folder, quint64 seed)
        : Worker(folder)
        , m_seed(seed)
    {
    }
    void start() override
    {
        run(QString::fromUtf8(TIERLINE_DESKTOP_WRITER), { m_folder, QString::number(m_seed) });
    }
    void wind() override { m_process.closeWriteChannel(); }
    QStringList acknowledged() override
    {
        QStringList operations;
        const QList<QByteArray> lines = m_out.split('\n');
        // The last piece is a line only once its end is there.
        for (qsizetype i = 0; i + 1 < lines.size(); ++i)
            operations.append(QString::fromLatin1(lines[i].split(' ').value(1)));
        return operations;
    }

private:
    void hasEnded(bool) override { }
    quint64 m_seed;
};

/// One command after another, each a process of its own.
class CommandLine final : public Worker
{
public:
    CommandLine(const QString &folder, quint64 seed)
        : Worker(folder)
        , m_random(seed)
    {
    }
    void start() override
    {
        const QString key = m_keys.isEmpty() ? QString() : m_keys[m_random.below(m_keys.size())];
        m_isNew = key.isEmpty() || m_random.below(3) == 0;
        QByteArray input;
        if (m_isNew) {
            input = "The printer on the second floor is silent.";
            runCli({ u"ticket"_s, u"new"_s, u"--subject"_s, u"Typed at a terminal"_s, u"--name"_s,
                u"Emil"_s, u"--email"_s, u"emil@example.org"_s });
        } else if (m_random.below(2)) {
            input = "A note from the terminal.";
            runCli({ u"note"_s, key });
        } else {
            runCli({ u"set"_s, key, u"field.n=%1"_s.arg(++m_round) });
        }
        m_process.write(input);
        m_process.closeWriteChannel();
    }

private:
    void hasEnded(bool isWell) override
    {
        const QJsonObject document = Ran { .out = m_out }.json();
        if (isWell) {
            m_acknowledged.append(document["operation"_L1].toString());
            if (m_isNew)
                m_keys.append(document["ticket"_L1].toString());
        }
        if (isWell && !m_isWinding)
            QMetaObject::invokeMethod(
                this, [this] { start(); }, Qt::QueuedConnection);
    }
    SeededRandom m_random;
    QStringList m_keys;
    int m_round = 0; ///< a value that is never there already: what changes nothing is no event
    bool m_isNew = false;
};

/// One import of ticket lines whose keys begin with `prefix`.
class Import final : public Worker
{
public:
    Import(const QString &folder, QString file)
        : Worker(folder)
        , m_file(std::move(file))
    {
    }
    void start() override { runCli({ u"import"_s, u"tickets"_s, m_file }); }
    bool isAcknowledged() const { return m_isAcknowledged; }

private:
    void hasEnded(bool isWell) override
    {
        m_isAcknowledged = isWell && Ran { .out = m_out }.json().contains(u"new"_s);
    }
    QString m_file;
    bool m_isAcknowledged = false;
};

Result<qint64> count(storage::Connection &connection, const QString &sql)
{
    TIERLINE_TRY(rows, connection.prepareText(sql));
    TIERLINE_CHECK(rows.step());
    return rows.integer(0);
}

} // namespace

class TestKill : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void killed_data();
    void killed();
    void everythingIsThereAtTheEnd();

private:
    QString linesFor(const QString &prefix)
    {
        QByteArray lines;
        for (int i = 0; i < importSize; ++i)
            lines
                += R"({"id":"%1-%2","created":"2026-06-08T08:00:00Z","subject":"One of many","tier":"L1","messages":[{"at":"2026-06-08T08:00:00Z","from":"customer","text":"Something of %1 is broken"}],"events":[{"at":"2026-06-08T09:00:00Z","kind":"tier","from":"L1","to":"L2"}]})"_ba
                       .replace("%1", prefix.toLatin1())
                       .replace("%2", QByteArray::number(i))
                + '\n';
        return m_cli.file(prefix + u".jsonl"_s, lines);
    }
    void holds(const QStringList &operations, const QString &prefix, bool mustBeWhole);

    CliRunner m_cli;
    QStringList m_all; ///< operations acknowledged in all rounds
    int m_whole = 0, m_gone = 0;
};

void TestKill::initTestCase()
{
    RAN(made, 0, m_cli.run({ u"init"_s }));
}

void TestKill::killed_data()
{
    QTest::addColumn<qint64>("seed");
    const CaseRange range = casesToRun(30, 200);
    for (qint64 seed = range.first; seed < range.end; ++seed)
        QTest::addRow("seed %lld", static_cast<long long>(seed)) << seed;
}

void TestKill::killed()
{
    QFETCH(qint64, seed);
    SeededRandom random(static_cast<quint64>(seed) + 20260608);
    const QString prefix = u"K%1"_s.arg(seed);
    Desktop desktop(m_cli.folder(), random.next64() % 1'000'000);
    CommandLine commandLine(m_cli.folder(), random.next64());
    Import import(m_cli.folder(), linesFor(prefix));
    const std::array<Worker *, 3> workers { &desktop, &commandLine, &import };
    for (Worker *worker : workers)
        worker->start();

    QTest::qWait(static_cast<int>(random.below(longestMs)));
    const auto victim = static_cast<size_t>(random.below(4));
    for (size_t i = 0; i < workers.size(); ++i) {
        if (victim == i || victim == workers.size())
            workers[i]->kill();
    }
    // Whoever is left is not disturbed, and ends well by itself.
    for (Worker *worker : workers)
        worker->wind();
    for (Worker *worker : workers) {
        QTRY_VERIFY_WITH_TIMEOUT(worker->isOver(), 60'000);
        QVERIFY2(worker->complaint().isEmpty(), qPrintable(worker->complaint()));
    }
    if (victim != 2 && victim != 3)
        QVERIFY(import.isAcknowledged());
    const QStringList operations = desktop.acknowledged() + commandLine.acknowledged();
    m_all += operations;
    holds(operations, prefix, import.isAcknowledged());
}

/// What must be true after every kill.
void TestKill::holds(const QStringList &operations, const QString &prefix, bool mustBeWhole)
{
    const SystemClock clock;
    auto store = storage::Store::open(storage::Workspace(m_cli.folder()), clock);
    QVERIFY2(store.has_value(), store ? "" : qPrintable(store.error().detail));
    storage::Connection &connection = (*store)->connection();
    for (const QString &operation : operations) {
        const auto events = count(
            connection, u"SELECT count(*) FROM event WHERE operation = '%1'"_s.arg(operation));
        QVERIFY2(events && *events > 0,
            qPrintable(u"operation %1 was acknowledged and is gone"_s.arg(operation)));
    }
    const auto unfinished = storage::unfinishedImports(connection);
    QVERIFY(unfinished && unfinished->empty());
    const auto tickets
        = count(connection, u"SELECT count(*) FROM ticket WHERE key GLOB '%1-*'"_s.arg(prefix));
    QVERIFY(tickets.has_value());
    QVERIFY2(*tickets == importSize || (*tickets == 0 && !mustBeWhole),
        qPrintable(u"%1 tickets of an import are there"_s.arg(*tickets)));
    (*tickets ? m_whole : m_gone) += 1;
    store->reset();
    RAN(healthy, 0, m_cli.json({ u"doctor"_s }));
}

void TestKill::everythingIsThereAtTheEnd()
{
    qInfo("%lld commands acknowledged, %d imports whole, %d gone",
        static_cast<long long>(m_all.size()), m_whole, m_gone);
    const SystemClock clock;
    auto store = storage::Store::open(storage::Workspace(m_cli.folder()), clock);
    QVERIFY(store.has_value());
    auto rows = (*store)->connection().prepareText(u"SELECT DISTINCT operation FROM event"_s);
    QVERIFY(rows.has_value());
    QSet<QString> there;
    while (true) {
        const auto hasRow = rows->step();
        QVERIFY(hasRow.has_value());
        if (!*hasRow)
            break;
        there.insert(rows->text(0));
    }
    for (const QString &operation : std::as_const(m_all))
        QVERIFY2(there.contains(operation), qPrintable(operation));
    QVERIFY(m_all.size() > m_whole + m_gone);
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"

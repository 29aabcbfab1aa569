#include "core/base/ids.h"
#include "core/storage/doctor.h"
#include "core/storage/search.h"
#include "tests/storage/storetest.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <unistd.h>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Two processes write one workspace at once, are killed and begin again, while a third reads it and
// checks it. 20 seconds; half an hour where TIERLINE_LONG is set.

namespace {

/// One command: a new ticket, or one more message for a ticket of this writer's.
Result<Done> oneCommand(
    Store &store, SeededRandom &random, const QString &key, QList<TicketId> &own)
{
    TicketId added;
    const Durability durability = random.below(4) ? Durability::Person : Durability::Background;
    const auto outcome = store.write(durability, [&](WriteScope &scope) -> Result<Done> {
        TicketState state
            = plainTicket(key, scope.now() - Millis(random.below(10) * 86'400'000), u"L1"_s);
        TIERLINE_CHECK(insertTicket(scope, state));
        Event event { .ticket = state.ticket.id, .at = scope.now(), .order = scope.now() };
        TIERLINE_CHECK(appendEvent(scope, event));
        added = state.ticket.id;
        for (int i = random.below(4); i > 0; --i) {
            const TicketId target = own.isEmpty() ? added : own[random.below(own.size())];
            Message message { .ticket = target,
                .text = u"word%1 "_s.arg(random.below(5000)).repeated(30) };
            TIERLINE_CHECK(appendMessage(scope, message));
        }
        return Done {};
    });
    if (outcome)
        own.append(added);
    return outcome;
}

/// Writes until it is killed or told to end by a file; names what was acknowledged, durably enough
/// for this test, after each commit.
int runWriter(const QString &folder, const QString &name, quint64 seed)
{
    SeededRandom random(seed);
    const SystemClock clock;
    const Workspace workspace(folder);
    const QByteArray log = QFile::encodeName(folder + u"/../acknowledged-"_s + name);
    QFile acknowledged(QFile::decodeName(log));
    if (!acknowledged.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        return 3;
    for (int life = 0;; ++life) {
        auto store = Store::open(workspace, clock);
        if (!store) {
            qWarning("%s: %s", qPrintable(name), qPrintable(store.error().detail));
            return 4;
        }
        QList<TicketId> own;
        for (int i = 0, end = int(random.below(80)); i < end; ++i) {
            const QString key = u"%1-%2-%3-%4"_s.arg(name).arg(seed).arg(life).arg(i);
            const auto outcome = oneCommand(**store, random, key, own);
            if (!outcome) {
                qWarning("%s: %s", qPrintable(name), qPrintable(outcome.error().detail));
                return 5;
            }
            acknowledged.write(key.toUtf8() + '\n');
            if (QFile::exists(folder + u"/../end"_s))
                return 0;
        }
    }
}

} // namespace

class TestStoreSoak : public QObject
{
    Q_OBJECT
private slots:
    void twoWritersAndAReader();
};

void TestStoreSoak::twoWritersAndAReader()
{
    const quint64 seed = qEnvironmentVariableIsSet("TIERLINE_SEED")
        ? qEnvironmentVariable("TIERLINE_SEED").toULongLong()
        : 20260608;
    qInfo("seed %llu, SQLite %s", seed, qPrintable(sqliteVersion()));
    SeededRandom random(seed);
    const qint64 ms = qEnvironmentVariableIntValue("TIERLINE_LONG") ? 30 * 60'000 : 20'000;
    StoreFixture desk;
    DONE(desk.create());
    desk.store.reset();

    const QStringList names { u"a"_s, u"b"_s };
    std::array<QProcess, 2> writers;
    const auto start = [&](int which) {
        QProcess &writer = writers[static_cast<size_t>(which)];
        writer.setProcessChannelMode(QProcess::ForwardedChannels);
        writer.start(QCoreApplication::applicationFilePath(),
            { u"--writer"_s, desk.workspace.folder(), names[which],
                QString::number(random.next64() % 1'000'000'000) });
    };
    start(0);
    start(1);
    VALUE(reader, Connection::open(desk.workspace.databasePath(), Connection::Mode::ReadOnly));
    QElapsedTimer clock;
    clock.start();
    int kills = 0, checks = 0;
    qint64 lastCount = 0;
    while (clock.elapsed() < ms) {
        QTest::qWait(int(50 + random.below(300)));
        const int which = int(random.below(2));
        QProcess &writer = writers[static_cast<size_t>(which)];
        if (writer.state() == QProcess::Running && random.below(2)) {
            writer.kill();
            QTRY_COMPARE(writer.state(), QProcess::NotRunning);
            QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
            ++kills;
            start(which);
        }
        for (const QProcess &each : writers)
            QVERIFY2(each.state() != QProcess::NotRunning, "a writer gave up");
        VALUE(count, countQueue(*reader, {}, Visibility::all()));
        QVERIFY(count >= lastCount);
        lastCount = count;
        if (++checks % 10 == 0) {
            DONE(checkIntegrity(*reader));
            DONE(checkSearch(*reader));
        }
    }
    QFile end(desk.path(u"end"_s));
    QVERIFY(end.open(QIODevice::WriteOnly));
    for (QProcess &writer : writers) {
        QTRY_COMPARE_WITH_TIMEOUT(writer.state(), QProcess::NotRunning, 30'000);
        QCOMPARE(writer.exitCode(), 0);
    }
    DONE(desk.reopen());
    int acknowledged = 0;
    for (const QString &name : names) {
        QFile log(desk.path(u"acknowledged-"_s + name));
        QVERIFY(log.open(QIODevice::ReadOnly));
        for (const QByteArray &key : log.readAll().split('\n')) {
            if (key.isEmpty())
                continue;
            ++acknowledged;
            VALUE(id, findAnyTicket(desk.connection(), QString::fromUtf8(key)));
            VALUE(events, loadEvents(desk.connection(), id));
            QCOMPARE(events.size(), size_t(1));
        }
    }
    DONE(checkIntegrity(desk.connection()));
    DONE(checkForeignKeys(desk.connection()));
    DONE(checkSearch(desk.connection()));
    qInfo("%d commands acknowledged, %d kills, %d looks", acknowledged, kills, checks);
    QVERIFY(acknowledged > 20);
    QVERIFY(kills > 3);
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--writer"_s)
        return runWriter(arguments.value(2), arguments.value(3), arguments.value(4).toULongLong());
    TestStoreSoak test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_storesoak.moc"

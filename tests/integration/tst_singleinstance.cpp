#include "app/desktop/singleinstance.h"
#include "tests/support/caserange.h"

#include <QDir>
#include <QLocalServer>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using ui::SingleInstance;

/// One desktop for each workspace, however many are started in the same instant.
class TestSingleInstance : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void secondHandsOver();
    void anotherWorkspaceIsAnotherDesktop();
    void oneFolderHasOneName();
    void deadSocketIsTakenOver();
    void silentFirstIsNamed();
    void endingFirstIsWaitedFor();
    void noLockIsSaid();
    void eightStartsOneFirst();

private:
    static constexpr int Starts = 8;
    static constexpr int Rounds = 20;
    using Starters = std::vector<std::unique_ptr<QProcess>>;

    Starters start(int round);
    QString lockPath() const { return m_folder->filePath(u"desktops/one.lock"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_socket;
};

void TestSingleInstance::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    // Sockets lie in one folder for all: the name must be nobody else's.
    m_socket = storage::Workspace(m_folder->path()).desktopSocketName();
}

void TestSingleInstance::cleanup()
{
    QLocalServer::removeServer(m_socket);
}

void TestSingleInstance::secondHandsOver()
{
    SingleInstance first(m_socket, lockPath());
    auto begun = first.start({});
    QVERIFY2(begun, qPrintable(begun ? QString() : begun.error().detail));
    QCOMPARE(*begun, SingleInstance::Start::First);
    QSignalSpy asked(&first, &SingleInstance::asked);
    for (const QString &ticket : { u"T-1"_s, QString(), u"zd:4812"_s }) {
        asked.clear();
        std::atomic<bool> isHandedOver = false, isDone = false;
        std::thread second([&] {
            const auto start = SingleInstance(m_socket, lockPath()).start(ticket);
            isHandedOver = start && *start == SingleInstance::Start::HandedOver;
            isDone = true;
        });
        const bool isAsked = QTest::qWaitFor([&] { return asked.count() == 1 && isDone; }, 12'000);
        second.join();
        QVERIFY(isAsked);
        QVERIFY(isHandedOver);
        QCOMPARE(asked.at(0).at(0).toString(), ticket);
    }
}

void TestSingleInstance::anotherWorkspaceIsAnotherDesktop()
{
    SingleInstance first(m_socket, lockPath());
    QVERIFY(first.start({}));
    const QString other = storage::Workspace(m_folder->filePath(u"other"_s)).desktopSocketName();
    QVERIFY(other != m_socket);
    QVERIFY(SingleInstance::lockPathFor(other) != SingleInstance::lockPathFor(m_socket));
    SingleInstance second(other, m_folder->filePath(u"other.lock"_s));
    const auto start = second.start({});
    QVERIFY(start);
    QCOMPARE(*start, SingleInstance::Start::First);
}

void TestSingleInstance::oneFolderHasOneName()
{
    // A link on the way, a folder that is not there yet, and one that is: all the same desktop.
    QVERIFY(QDir(m_folder->path()).mkdir(u"real"_s));
    QVERIFY(QFile::link(m_folder->filePath(u"real"_s), m_folder->filePath(u"link"_s)));
    const auto name = [this](const QString &path) {
        return storage::Workspace(m_folder->filePath(path)).desktopSocketName();
    };
    const QString before = name(u"link/new/desk"_s);
    QCOMPARE(before, name(u"real/new/desk"_s));
    QVERIFY(QDir(m_folder->path()).mkpath(u"real/new/desk"_s));
    QCOMPARE(name(u"link/new/desk"_s), before);
    QCOMPARE(name(u"real/new/./desk/"_s), before);
    QVERIFY(name(u"real/new"_s) != before);
}

void TestSingleInstance::deadSocketIsTakenOver()
{
    // A socket that nobody's lock stands for: what a killed one leaves.
    QLocalServer dead;
    dead.setSocketOptions(QLocalServer::UserAccessOption);
    QVERIFY(dead.listen(m_socket));
    SingleInstance next(m_socket, lockPath());
    const auto start = next.start({});
    QVERIFY(start);
    QCOMPARE(*start, SingleInstance::Start::First);
}

void TestSingleInstance::silentFirstIsNamed()
{
    SingleInstance first(m_socket, lockPath());
    QVERIFY(first.start({}));
    // No event loop turns for the first meanwhile: it hangs.
    const auto start = SingleInstance(m_socket, lockPath()).start(u"T-1"_s, Millis(200));
    QVERIFY(!start);
    QCOMPARE(start.error().fault, Fault::Conflict);
    QVERIFY2(start.error().detail.contains(u"does not answer"_s), qPrintable(start.error().detail));
}

void TestSingleInstance::endingFirstIsWaitedFor()
{
    // It holds the lock and listens no more; then it is gone, and the one that waits takes its place.
    auto lock = storage::FileLock::tryAcquire(m_folder->filePath(u"ending.lock"_s));
    QVERIFY(lock);
    std::optional<storage::FileLock> ending(std::move(*lock));
    std::atomic<bool> isFirst = false, isDone = false;
    std::thread next([&] {
        SingleInstance instance(m_socket, m_folder->filePath(u"ending.lock"_s));
        const auto start = instance.start(u"T-1"_s);
        isFirst = start && *start == SingleInstance::Start::First;
        isDone = true;
    });
    const bool isEarly = QTest::qWaitFor([&] { return isDone.load(); }, 150);
    ending.reset();
    next.join();
    QVERIFY2(!isEarly, "it did not wait for the lock");
    QVERIFY(isFirst);
}

void TestSingleInstance::noLockIsSaid()
{
    QFile file(m_folder->filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto start = SingleInstance(m_socket, file.fileName() + u"/one.lock"_s).start({});
    QVERIFY(!start);
    QCOMPARE(start.error().fault, Fault::Storage);
}

TestSingleInstance::Starters TestSingleInstance::start(int round)
{
    Starters all;
    for (int i = 0; i < Starts; ++i) {
        auto starter = std::make_unique<QProcess>();
        starter->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        starter->start(QStringLiteral(TIERLINE_INSTANCE_STARTER),
            { m_socket, lockPath(), u"T-%1-%2"_s.arg(round).arg(i) });
        all.push_back(std::move(starter));
    }
    return all;
}

void TestSingleInstance::eightStartsOneFirst()
{
    const CaseRange rounds = casesToRun(Rounds, 1'000);
    for (int round = int(rounds.first); round < rounds.end; ++round) {
        Starters all = start(round);
        std::vector<QByteArray> said(Starts);
        const auto read = [&] {
            for (int i = 0; i < Starts; ++i)
                said[i] += all[i]->readAllStandardOutput();
        };
        const auto saying = [&](const char *line) {
            read();
            return int(std::ranges::count_if(
                said, [line](const QByteArray &text) { return text.contains(line); }));
        };
        QTRY_COMPARE_WITH_TIMEOUT(saying("ready\n"), Starts, 30'000);
        for (const auto &starter : all)
            starter->write("go\n");
        QTRY_COMPARE_WITH_TIMEOUT(saying("handed\n"), Starts - 1, 30'000);
        const QByteArray told = u"round %1: "_s.arg(round).toUtf8() + said[0] + said[1];
        QVERIFY2(saying("first\n") == 1, told.constData());
        QCOMPARE(saying("failed"), 0);
        const auto first = std::ranges::find_if(
            said, [](const QByteArray &text) { return text.contains("first\n"); });
        const int index = int(first - said.begin());
        QTRY_COMPARE_WITH_TIMEOUT((read(), first->count("asked ")), Starts - 1, 10'000);
        for (int i = 0; i < Starts; ++i) {
            const QByteArray line = u"asked T-%1-%2\n"_s.arg(round).arg(i).toUtf8();
            QCOMPARE(first->count(line), i == index ? 0 : 1);
        }
        // Every second one is killed, and leaves its socket behind for the next round.
        if (round % 2)
            all[index]->kill();
        else
            all[index]->closeWriteChannel();
        for (const auto &starter : all)
            QTRY_COMPARE_WITH_TIMEOUT(starter->state(), QProcess::NotRunning, 30'000);
    }
}

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "tst_singleinstance.moc"

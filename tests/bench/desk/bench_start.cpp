#include "core/base/freedmemory.h"
#include "tests/bench/common/window.h"

#include <QProcess>

// A start, from launching the program to its first painted queue, against the smallest window; and the
// private memory of a desk with three queues, without and with the column cache.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

/// Milliseconds until the program says "painted"; its private memory a moment later.
std::pair<double, double> launch(const QString &program, const QStringList &arguments)
{
    QProcess process;
    double memory = 0;
    const double time = milliseconds([&] {
        process.start(program, arguments);
        QByteArray said;
        while (!said.contains("painted")) {
            if (!process.waitForReadyRead(60'000))
                fail(program + u" never painted."_s);
            said += process.readAllStandardOutput();
        }
    });
    memory = privateMemory(process.processId());
    process.terminate();
    process.waitForFinished();
    return { time, memory };
}

/// One queue with every ticket, or one for each of the three tiers, once the whole order is there and all of
/// it was scrolled through.
int memoryOf(qint64 n, bool isOneQueue)
{
    ui::Appearance appearance(
        *qobject_cast<QApplication *>(QCoreApplication::instance()), ui::SchemeChoice::Light);
    Desktop desktop(
        storeOf(n), isOneQueue ? QStringList { u""_s } : QStringList { u"L1"_s, u"L2"_s, u"L3"_s });
    qint64 rows = 0;
    waitUntil([&] {
        rows = 0;
        for (const auto &dock : desktop.docks)
            rows += dock->model().rowCount();
        return rows >= n * 9 / 10;
    });
    for (const auto &dock : desktop.docks) {
        for (int i = 0; i < 50; ++i) {
            dock->view().verticalScrollBar()->setValue(
                dock->view().verticalScrollBar()->maximum() / 50 * i);
            paint(dock->view());
            waitUntil([] { return false; }, 5);
        }
    }
    const double without = privateMemory();
    desktop.docks.front()->model().setOrder(model::QueueOrder::Customer, false);
    waitUntil([&] { return desktop.docks.front()->model().isArranged(); });
    waitUntil([] { return false; }, 500);
    std::printf("%.1f %.1f\n", without, privateMemory());
    return 0;
}

/// What a process of its own says of its memory: without and with the column cache.
QByteArrayList memoryIn(qint64 n, const QString &queues)
{
    QProcess child;
    child.start(
        QCoreApplication::applicationFilePath(), { u"--memory"_s, QString::number(n), queues });
    child.waitForFinished(300'000);
    return child.readAllStandardOutput().simplified().split(' ');
}

} // namespace

int main(int argc, char **argv)
{
    returnLargeBuffers(); // as the desktop does
    QApplication app(argc, argv);
    if (argc == 4 && QByteArray(argv[1]) == "--memory")
        return memoryOf(QByteArray(argv[2]).toLongLong(), QByteArray(argv[3]) == "one");
    const QString folder = QCoreApplication::applicationDirPath();
    for (const qint64 n : test::benchSizes()) {
        const storage::Workspace workspace = storeOf(n);
        Pairs times;
        double smallest = 0, ours = 0;
        for (int i = 0; i < 11; ++i) {
            const auto [bareTime, bareMemory] = launch(folder + u"/bare_window"_s, {});
            const auto [time, memory] = launch(folder + u"/../../app/desktop/tierline"_s,
                { u"--workspace"_s, workspace.folder(), u"--first-paint"_s });
            times.peer.push_back(bareTime);
            times.ours.push_back(time);
            smallest = bareMemory;
            ours = memory;
        }
        report(u"F1 first painted queue / smallest window"_s, n, times, 3.0);
        figure(
            u"F3 private memory above it at the first paint"_s, n, ours - smallest, u"MiB"_s, 64);
        if (const QByteArrayList said = memoryIn(n, u"one"_s); said.size() == 2)
            figure(u"F3 a queue of all tickets, above the smallest window"_s, n,
                said[0].toDouble() - smallest, u"MiB"_s, 64);
        if (const QByteArrayList said = memoryIn(n, u"three"_s); said.size() == 2) {
            figure(u"   three queues, private memory"_s, n, said[0].toDouble(), u"MiB"_s, 160);
            figure(u"   the same with the column cache"_s, n, said[1].toDouble(), u"MiB"_s, 160);
        }
    }
    growth(u"F1 first painted queue / smallest window"_s, 0.05);
    return 0;
}

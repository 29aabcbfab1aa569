#pragma once

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>

namespace tierline::test {

/// What one seed gave: the input, and what is wrong with what came of it; empty: nothing.
struct FuzzRound {
    QString input;
    QString problem;
};

/// The whole of a fuzz program: runs `round(seed)` for ascending seeds as long as `--seconds` and
/// `--rounds` say. Gives 1 and prints the input at the first problem, or where one round took longer than
/// `longest` milliseconds.
template<typename Round>
int fuzz(int argc, char **argv, qint64 longest, const Round &round)
{
    QCoreApplication application(argc, argv);
    const auto name = [](const char *text) { return QString::fromLatin1(text); };
    QCommandLineParser parser;
    parser.addOptions({ { name("seed"), name("First seed."), name("N"), name("1") },
        { name("seconds"), name("How long to run."), name("S"), name("10") },
        { name("rounds"), name("Ends after so many inputs; 0: no bound."), name("R"),
            name("0") } });
    parser.addHelpOption();
    parser.process(application);
    const quint64 seed = parser.value(name("seed")).toULongLong();
    const qint64 milliseconds = parser.value(name("seconds")).toLongLong() * 1'000;
    const qint64 rounds = parser.value(name("rounds")).toLongLong();

    QElapsedTimer timer;
    timer.start();
    qint64 done = 0, slowest = 0;
    while (timer.elapsed() < milliseconds && (rounds == 0 || done < rounds)) {
        const quint64 current = seed + quint64(done);
        const qint64 before = timer.elapsed();
        FuzzRound result = round(current);
        const qint64 took = timer.elapsed() - before;
        slowest = std::max(slowest, took);
        if (result.problem.isEmpty() && took > longest)
            result.problem = QStringLiteral("took %1 ms").arg(took);
        if (!result.problem.isEmpty()) {
            std::printf("FAILED at seed %llu: %s\n  input:\n%s\n",
                static_cast<unsigned long long>(current), qPrintable(result.problem),
                qPrintable(result.input));
            return 1;
        }
        ++done;
    }
    std::printf("%lld inputs from seed %llu, no violation, the slowest %lld ms\n",
        static_cast<long long>(done), static_cast<unsigned long long>(seed),
        static_cast<long long>(slowest));
    return 0;
}

} // namespace tierline::test

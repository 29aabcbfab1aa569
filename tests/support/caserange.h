#pragma once

#include <QString>

#include <algorithm>

namespace tierline::test {

/// Which of a random test's numbered cases this run does; the number is the case's seed.
struct CaseRange {
    qint64 first = 0;
    qint64 end = 0; ///< one past the last

    bool operator==(const CaseRange &) const = default;
};

/// Numbered cases for a test that does `shortCount` of them every day and `fullCount` in a long run.
/// Without TIERLINE_LONG=1: the first `shortCount`. With it, the slices A to B that TIERLINE_SEEDS=A-B
/// names (all hundred where it names none): slice s is the cases from (s - 1) * fullCount / 100 up to
/// s * fullCount / 100, so that slices above 100 go on with cases nobody has seen.
inline CaseRange casesToRun(
    qint64 shortCount, qint64 fullCount, const QString &longRun, const QString &seeds)
{
    if (longRun != QLatin1StringView("1"))
        return { 0, std::min(shortCount, fullCount) };
    const qint64 from = std::max<qint64>(1, seeds.section(QLatin1Char('-'), 0, 0).toLongLong());
    const qint64 to = seeds.isEmpty() ? 100 : seeds.section(QLatin1Char('-'), -1).toLongLong();
    return { (from - 1) * fullCount / 100, std::max(from, to) * fullCount / 100 };
}

inline CaseRange casesToRun(qint64 shortCount, qint64 fullCount)
{
    return casesToRun(shortCount, fullCount, qEnvironmentVariable("TIERLINE_LONG"),
        qEnvironmentVariable("TIERLINE_SEEDS"));
}

} // namespace tierline::test

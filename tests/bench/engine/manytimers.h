#pragma once

#include "core/storage/timers.h"

#include <QFile>
#include <QString>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

// Stores with very many timers, and the bare wheel that they are compared with.

namespace tierline::bench {

inline constexpr int many = 1'000'000;
inline constexpr int few = 1'000;

template<typename T>
T take(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().detail));
        std::exit(1);
    }
    return std::move(*result);
}

inline double quantile(std::vector<double> values, double q)
{
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    return values[size_t(q * double(values.size() - 1))];
}

inline const char *verdict(bool holds)
{
    return holds ? "holds" : "missed";
}

/// What a process wrote itself, in memory or swapped out, in KiB.
inline double privateKiB(const QString &process = QStringLiteral("self"))
{
    QFile file(QStringLiteral("/proc/%1/smaps_rollup").arg(process));
    double sum = 0;
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Private_Dirty:") || line.startsWith("Swap:"))
            sum += line.mid(line.indexOf(':') + 1).trimmed().split(' ').first().toDouble();
    }
    return sum;
}

/// Timers without tickets, which are not what is measured: the first due in a day, the others over a hundred days.
inline void addTimers(storage::Store &store, int timers)
{
    take(store.connection().execute("PRAGMA foreign_keys = OFF"));
    const Instant first = store.clock().now() + Millis(24 * 3'600'000);
    for (int from = 0; from < timers; from += 50'000) {
        take(store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                for (int i = from; i < std::min(timers, from + 50'000); ++i)
                    TIERLINE_CHECK(storage::armTimer(scope,
                        { { 1'000'000'000 + i },
                            first + Millis((qint64(i) * 7'919) % 8'640'000'000),
                            QStringLiteral("rule “Enterprise billing left waiting”") }));
                return Done {};
            }));
    }
}

/// The peer: four levels of 256 slots, a tick of a second, timers in lists that run through themselves. It knows
/// nothing of causes, forgets all when the program ends, and no other program sees it.
class BareWheel
{
public:
    struct Timer {
        Timer *next = nullptr;
        Timer **link = nullptr; ///< what points here; null: not armed
        quint64 due = 0; ///< in ticks
    };
    static_assert(sizeof(Timer) == 24);

    void arm(Timer &timer, quint64 due)
    {
        timer.due = due;
        const quint64 away = due > m_now ? due - m_now : 1;
        int level = 0;
        while (level < 3 && away >= (quint64(1) << (8 * (level + 1))))
            ++level;
        Timer *&slot = m_slots[size_t(level)][(due >> (8 * level)) & 255];
        timer.next = slot;
        timer.link = &slot;
        if (slot)
            slot->link = &timer.next;
        slot = &timer;
    }
    static void cancel(Timer &timer)
    {
        *timer.link = timer.next;
        if (timer.next)
            timer.next->link = timer.link;
        timer.link = nullptr;
    }

private:
    std::array<std::array<Timer *, 256>, 4> m_slots {};
    quint64 m_now = 0;
};

} // namespace tierline::bench

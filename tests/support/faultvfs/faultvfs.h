#pragma once

#include <atomic>

namespace tierline::test {

/// A disk that fails on demand: stands between SQLite and the real file system of this process, for
/// every connection opened while it lives. Thread: calls are counted over all threads; set it up
/// while nobody works.
class FaultVfs
{
public:
    enum class Call { Write, Sync, Truncate, Read };

    FaultVfs();
    ~FaultVfs();
    FaultVfs(const FaultVfs &) = delete;
    FaultVfs &operator=(const FaultVfs &) = delete;

    /// The `kth` call (from 1) of the kinds in `calls` (bits of 1 << Call) from now on gives
    /// `sqliteCode`; and so do all after it, where `lasts`, until heal().
    void failAt(int kth, unsigned calls, int sqliteCode, bool lasts);
    void heal();
    /// Calls of the chosen kinds since failAt().
    int seen() const;
    bool hasFailed() const;
};

inline constexpr unsigned writingCalls = 1U << unsigned(FaultVfs::Call::Write)
    | 1U << unsigned(FaultVfs::Call::Sync) | 1U << unsigned(FaultVfs::Call::Truncate);
inline constexpr unsigned readingCalls = 1U << unsigned(FaultVfs::Call::Read);

} // namespace tierline::test

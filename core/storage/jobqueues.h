#pragma once

#include "core/storage/threads.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>

// What the threads of threads.h take their work from; for threads.cpp alone. Thread: any.

namespace tierline::storage {

/// Jobs in order, taken by one or several threads. After close() what is queued is still handed
/// out, then nullopt.
template<typename Job>
class JobQueue
{
public:
    void put(Job job)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_hasNews.notify_one();
    }
    std::optional<Job> take()
    {
        std::unique_lock lock(m_mutex);
        m_hasNews.wait(lock, [this] { return m_isClosed || !m_jobs.empty(); });
        if (m_jobs.empty())
            return std::nullopt;
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        return job;
    }
    void close()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_isClosed = true;
        }
        m_hasNews.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_hasNews;
    std::deque<Job> m_jobs;
    bool m_isClosed = false;
};

using StoreJob = std::function<void(Store *, const Error *)>;

struct ReaderJob {
    Lane lane;
    std::function<bool()> isCancelled;
    std::function<void(Connection *, const Error *)> work;
};

/// Reads by lane, taken by several threads; the thread that waits shortest is woken first. After
/// close() what is queued is still handed out, then nullopt.
class ReaderQueue
{
public:
    explicit ReaderQueue(int threads)
        : m_mostAtOnce(std::max(threads - 1, 1))
    {
    }
    void put(ReaderJob job)
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs[static_cast<size_t>(job.lane)].push_back(std::move(job));
        wakeOne();
    }
    std::optional<ReaderJob> take()
    {
        std::unique_lock lock(m_mutex);
        while (true) {
            if (auto job = next())
                return job;
            if (m_isClosed && isEmpty())
                return std::nullopt;
            Waiting me;
            m_waiting.push_back(&me);
            me.news.wait(lock, [&me] { return me.isCalled; });
        }
    }
    void done(Lane lane)
    {
        if (lane == Lane::Screen)
            return;
        const std::scoped_lock lock(m_mutex);
        m_isRunning[static_cast<size_t>(lane)] = false;
        --m_running;
        wakeOne();
    }
    void close()
    {
        const std::scoped_lock lock(m_mutex);
        m_isClosed = true;
        while (wakeOne()) { }
    }

private:
    static constexpr size_t Lanes = 3;
    struct Waiting {
        std::condition_variable news;
        bool isCalled = false;
    };
    bool wakeOne()
    {
        if (m_waiting.empty())
            return false;
        Waiting *last = m_waiting.back();
        m_waiting.pop_back();
        last->isCalled = true;
        last->news.notify_one();
        return true;
    }
    bool isEmpty() const
    {
        return std::ranges::all_of(m_jobs, [](const auto &jobs) { return jobs.empty(); });
    }
    std::optional<ReaderJob> next()
    {
        for (size_t lane = 0; lane < Lanes; ++lane) {
            const bool isLong = lane != static_cast<size_t>(Lane::Screen);
            if (m_jobs[lane].empty()
                || (isLong && (m_isRunning[lane] || m_running == m_mostAtOnce)))
                continue;
            if (isLong) {
                m_isRunning[lane] = true;
                ++m_running;
            }
            ReaderJob job = std::move(m_jobs[lane].front());
            m_jobs[lane].pop_front();
            return job;
        }
        return std::nullopt;
    }

    const int m_mostAtOnce;
    std::mutex m_mutex;
    std::array<std::deque<ReaderJob>, Lanes> m_jobs;
    std::array<bool, Lanes> m_isRunning {};
    std::vector<Waiting *> m_waiting; ///< the last one has waited shortest
    int m_running = 0; ///< long ones
    bool m_isClosed = false;
};

} // namespace tierline::storage

#include "tests/support/fakedesk/simloop.h"

namespace tierline::test {

void SimLoop::shuffleTies(quint64 seed)
{
    m_random = SeededRandom(seed);
    m_shuffles = true;
}

quint64 SimLoop::after(Millis delay, Work work)
{
    const Key key { now().count() + std::max<qint64>(0, delay.count()),
        m_shuffles ? m_random.next64() : 0, m_next++ };
    m_queue.emplace(key, std::move(work));
    m_keys.emplace(key.number, key);
    return key.number;
}

void SimLoop::cancel(quint64 number)
{
    const auto found = m_keys.find(number);
    if (found == m_keys.end())
        return;
    m_queue.erase(found->second);
    m_keys.erase(found);
}

// Everything outside of the simulation comes to rest first: else time would overtake it.
bool SimLoop::settle()
{
    while (m_idle && m_idle()) { }
    return !m_queue.empty();
}

bool SimLoop::runOne()
{
    if (!settle())
        return false;
    const auto first = m_queue.begin();
    const Key key = first->first;
    const Work work = std::move(first->second);
    m_queue.erase(first);
    m_keys.erase(key.number);
    if (key.at > now().count())
        m_clock.advance(Millis(key.at) - now());
    work();
    return true;
}

qint64 SimLoop::run(qint64 most)
{
    qint64 done = 0;
    while (done < most && runOne())
        ++done;
    return done;
}

void SimLoop::runFor(Millis d)
{
    const qint64 end = (now() + d).count();
    while (settle() && m_queue.begin()->first.at <= end)
        runOne();
    if (end > now().count())
        m_clock.advance(Millis(end) - now());
}

bool SimLoop::runUntil(const std::function<bool()> &isTrue, Millis limit)
{
    const qint64 end = (now() + limit).count();
    while (!isTrue()) {
        const bool hasWork = settle();
        if (isTrue())
            return true;
        if (!hasWork || m_queue.begin()->first.at > end)
            return false;
        runOne();
    }
    return true;
}

} // namespace tierline::test

#include "core/engine/timekeeper.h"

namespace tierline::engine {

namespace {

Millis distance(Millis a, Millis b)
{
    return a < b ? b - a : a - b;
}

} // namespace

Timekeeper::Timekeeper(const Clock &clock)
    : m_clock(clock)
    , m_offset(Millis(clock.now().ms) - clock.sinceBoot())
{
}

Timekeeper::Timekeeper(const Clock &clock, Instant at)
    : m_clock(clock)
    , m_fixed(at)
{
}

Instant Timekeeper::now()
{
    if (m_fixed)
        return *m_fixed;
    const Millis boot = m_clock.sinceBoot();
    const Millis offset = Millis(m_clock.now().ms) - boot;
    m_doubt = offset - m_offset;
    if (distance(offset, m_offset) <= smallStep) {
        m_offset = offset;
        m_doubt = m_doubtedOffset = Millis(0);
    } else if (m_doubtedOffset == Millis(0) || distance(offset, m_doubtedOffset) > smallStep) {
        m_doubtedOffset = offset;
        m_doubtedSince = boot;
    } else if (boot - m_doubtedSince >= patience) {
        m_offset = offset;
        m_doubt = m_doubtedOffset = Millis(0);
    }
    return { (boot + m_offset).count() };
}

} // namespace tierline::engine

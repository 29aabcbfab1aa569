#include "tests/support/fakeclock.h"

namespace tierline::test {

void FakeClock::advance(Millis d)
{
    m_now += d.count();
    m_monotonic += d.count();
}

void FakeClock::passAsleep(Millis d)
{
    m_now += d.count();
    m_slept += d.count();
}

} // namespace tierline::test

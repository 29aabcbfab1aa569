#include "core/base/clock.h"

#ifdef Q_OS_LINUX
#include <time.h>
#endif

namespace tierline {

Instant SystemClock::now() const
{
    using namespace std::chrono;
    return { duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count() };
}

Millis SystemClock::monotonic() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch());
}

Millis SystemClock::sinceBoot() const
{
#ifdef Q_OS_LINUX
    timespec time {};
    if (::clock_gettime(CLOCK_BOOTTIME, &time) == 0)
        return Millis(qint64(time.tv_sec) * 1'000 + time.tv_nsec / 1'000'000);
#endif
    // Elsewhere the steady clock goes on while the machine sleeps.
    return monotonic();
}

} // namespace tierline

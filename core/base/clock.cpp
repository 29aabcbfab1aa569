#include "core/base/clock.h"

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

} // namespace tierline

#include "core/notify/api/way.h"

namespace tierline::notify {

std::unique_ptr<Errand> Way::hear(const std::vector<Open> &, HeardHandler)
{
    return std::make_unique<Errand>(); // nothing is read back, and nobody asks
}

} // namespace tierline::notify

#include "core/base/freedmemory.h"

#include <cstdlib>

#ifdef __GLIBC__
extern "C" int mallopt(int parameter, int value) noexcept; // of glibc alone, hence not its header
#endif

namespace tierline {

void returnLargeBuffers()
{
#ifdef __GLIBC__
    // Set by hand, the threshold stays where it is; by itself it grows to 32 MiB.
    constexpr int mmapThreshold = -3, bytes = 256 * 1024;
    mallopt(mmapThreshold, bytes);
#endif
}

void takeMemoryInLargeSteps()
{
#ifdef __GLIBC__
    constexpr int topPad = -2, bytes = 4 << 20;
    static const int done = mallopt(topPad, bytes);
    static_cast<void>(done);
#endif
}

} // namespace tierline

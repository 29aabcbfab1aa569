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

} // namespace tierline

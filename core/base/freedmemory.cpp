#include "core/base/freedmemory.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tierline {

void returnLargeBuffers()
{
#ifdef __GLIBC__
    // Set by hand, the threshold stays where it is; by itself it grows to 32 MiB.
    constexpr int threshold = 256 * 1024;
    mallopt(M_MMAP_THRESHOLD, threshold);
#endif
}

} // namespace tierline

#include "core/base/freedmemory.h"

#include <cstdlib>

#ifdef __GLIBC__
extern "C" int malloc_trim(std::size_t pad); // of glibc alone, hence not its header
#endif

namespace tierline {

void giveBackFreedMemory()
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

} // namespace tierline

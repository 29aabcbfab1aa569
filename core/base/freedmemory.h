#pragma once

namespace tierline {

/// Has every large buffer go back to the system the moment it is freed, where the allocator would learn
/// from the first one to keep the next (glibc): the order of a million tickets needs a hundred megabytes
/// for a moment. Once, at the start of a program, before there are threads.
void returnLargeBuffers();

} // namespace tierline

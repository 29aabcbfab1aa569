#pragma once

namespace tierline {

/// Gives memory that was freed back to the system where the allocator would keep it for later (glibc).
/// For the end of work that needed many megabytes for a moment. Any thread; some milliseconds.
void giveBackFreedMemory();

} // namespace tierline

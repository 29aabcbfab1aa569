#pragma once

namespace tierline {

/// Has every large buffer go back to the system the moment it is freed, where the allocator would learn
/// from the first one to keep the next (glibc): the order of a million tickets needs a hundred megabytes
/// for a moment. Once, at the start of a program, before there are threads.
void returnLargeBuffers();

/// Has the heaps of threads grow by megabytes instead of by pages (glibc): each growth stops every thread of the
/// process, twenty thousand times in a large backtest. What is taken ahead costs no memory before it is used.
/// Thread: any; again and again at will.
void takeMemoryInLargeSteps();

} // namespace tierline

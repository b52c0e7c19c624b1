// What a worker still does when it dies of a signal: it writes down where and why (CrashRecord),
// then dies of that signal. A fault inside a driver is a Windows exception first, which the driver
// may handle.
#pragma once

#include "channel/region.hpp"

namespace instdrv::worker {

// Takes over SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT and SIGSYS. `region` outlives the
// process. [main thread]
void report_crashes(const channel::Region& region);

// Gives the calling thread a signal stack, so that overflowing its own is reported too. Threads
// without one are reported as long as they have stack.
void prepare_thread_for_crashes();

}  // namespace instdrv::worker

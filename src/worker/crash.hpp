// Records the death of a worker by a signal: the signal handler writes down where and why
// (CrashRecord), then lets the process die of that signal. A fault inside a driver is offered to
// the driver first, as a Windows exception.
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

// The call stack of a thread that a signal stopped: through frames of PE code by their unwind data
// on x86-64, by frame pointers elsewhere and on i386.
//
// For signal handlers: takes no memory, reads nothing outside of the thread's stack, and ends at
// what it cannot read.
#pragma once

#include <span>

#include <ucontext.h>

#include "base/thread.hpp"
#include "channel/crash_record.hpp"

namespace instdrv::worker {

// Innermost frame first; returns how many. Frames of no image end the walk.
std::size_t walk_stack(const ucontext_t& stopped, std::span<channel::CrashFrame> out) noexcept;

// The image that an address lies in, and where in it; an empty name where there is none.
channel::CrashFrame frame_at(std::uint64_t address) noexcept;

// The calling thread's stack, found out once per thread, before any signal.
void remember_stack_bounds() noexcept;
StackBounds stack_bounds() noexcept;

}  // namespace instdrv::worker

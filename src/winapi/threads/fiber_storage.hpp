// The slots of FlsAlloc. There are no fibers, so each thread has one value per slot; when the
// thread ends, the slot's callback gets a value that is left.
// https://learn.microsoft.com/windows/win32/api/fibersapi/nf-fibersapi-flsalloc
#pragma once

#include <optional>

#include "winapi/abi.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {

using FiberCallback = void(WINCALL*)(void* value);

// Nothing when all slots are taken. `callback` may be null.
std::optional<DWORD> allocate_fiber_slot(FiberCallback callback);
// Calls the callback for the calling thread's value. False: not allocated.
bool free_fiber_slot(DWORD index);
// Where a thread keeps its value; null: no such slot. [the thread itself]
void** fiber_slot(Thread& thread, DWORD index);
// Calls the callbacks for what a thread leaves behind. [the thread itself, at its end]
void run_fiber_callbacks(Thread& thread);

}  // namespace instdrv::winapi

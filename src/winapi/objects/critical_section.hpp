// CRITICAL_SECTION, which drivers also initialise by hand: all zero but LockCount, which is -1
// while nobody is inside. https://learn.microsoft.com/windows/win32/sync/critical-section-objects
#pragma once

#include "winapi/abi.hpp"

namespace instdrv::winapi {

struct CriticalSection {
    void* DebugInfo;
    LONG LockCount;
    LONG RecursionCount;
    DWORD_PTR OwningThread;
    // Windows keeps an event here. We keep the lock's state in its first four bytes: 0 free, 1
    // taken, 2 taken and awaited.
    union {
        HANDLE LockSemaphore;
        std::uint32_t state;
    };
    DWORD_PTR SpinCount;
};
static_assert(sizeof(CriticalSection) == (sizeof(void*) == 8 ? 40 : 24));

void initialize(CriticalSection& section) noexcept;
void enter(CriticalSection& section) noexcept;
bool try_enter(CriticalSection& section) noexcept;
void leave(CriticalSection& section) noexcept;

}  // namespace instdrv::winapi

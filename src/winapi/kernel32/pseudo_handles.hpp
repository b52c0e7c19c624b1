// The pseudo handles: constants that stand for the current process, thread and so on.
#pragma once

#include <thread>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

inline const HANDLE current_process_handle = reinterpret_cast<HANDLE>(std::intptr_t{-1});
inline const HANDLE current_thread_handle = reinterpret_cast<HANDLE>(std::intptr_t{-2});
inline const HANDLE invalid_handle = reinterpret_cast<HANDLE>(std::intptr_t{-1});

// One bit for each processor, as far as the mask has bits.
inline DWORD_PTR processor_mask() {
    const unsigned bits = sizeof(DWORD_PTR) * 8;
    const unsigned count = std::thread::hardware_concurrency();
    if (count == 0) return 1;
    return count >= bits ? ~DWORD_PTR{0} : (DWORD_PTR{1} << count) - 1;
}

}  // namespace instdrv::winapi

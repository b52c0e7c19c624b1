// Starts threads for drivers: the common part of CreateThread and the C runtimes' _beginthreadex.
#pragma once

#include <memory>

#include "winapi/objects/objects.hpp"

namespace instdrv::winapi {

struct ThreadStart {
    const void* function = nullptr;  // DWORD WINAPI function(void* argument)
    void* argument = nullptr;
    std::size_t stack_size = 0;  // bytes; 0: 1 MiB. At least 256 KiB is given
    bool suspended = false;      // runs driver code only once `resumed` is set
};

// Starts a thread that acts for the driver that the calling thread acts for. Its `id` is known on
// return. Null: the system has no thread to give. What a driver breaks in it (an exception that
// nobody handles, a missing import) ends that thread alone and is told on standard error.
std::shared_ptr<ThreadObject> start_driver_thread(const ThreadStart& start);

// Ends the calling thread if a driver started it. On a thread of the host it breaks the driver's
// call off instead.
[[noreturn]] void exit_driver_thread(DWORD code);

// The object of the calling thread, for GetExitCodeThread and the like of GetCurrentThread(); null
// on a thread of the host.
std::shared_ptr<ThreadObject> this_driver_thread();

}  // namespace instdrv::winapi

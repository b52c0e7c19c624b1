// The message queues that DriverCallback's DCB_TASK and PostThreadMessage fill, one per thread.
//
// A queue comes into being with the first wait or poll of its thread and goes with the thread; what
// is posted to a thread that has none is refused, as Windows refuses it. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <optional>

namespace instdrv::core {

struct ThreadMessage {
    UINT message = 0;
    WPARAM wparam = 0;
    LPARAM lparam = 0;
};

// Linux' thread id (gettid), which is what Windows code here sees as thread id as well.
DWORD this_thread_id() noexcept;

// False: the thread has no queue, or 10,000 messages wait in it already (Windows' own limit).
bool post_thread_message(DWORD thread_id, const ThreadMessage& message);

// The oldest message of the calling thread; waits for one up to timeout_ms (negative: no limit).
std::optional<ThreadMessage> next_thread_message(int timeout_ms);

}  // namespace instdrv::core

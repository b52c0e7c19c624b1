// The processes that were killed and are not reaped yet. This process waits for them before it
// ends, because otherwise another process would have to reap them, which may not do so. [any
// thread]
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>

#include <sys/types.h>
#include <unistd.h>

#include "supervisor/child_process.hpp"

namespace instdrv::supervisor {

class KilledProcesses {
public:
    void kill(const ChildProcess& child) noexcept;
    // Reaps a process that is dead, and returns how it ended, as waitid(2) does.
    siginfo_t reap(const ChildProcess& child);

    // This process ends. Waits for those that were killed, but no longer than `patience`: one that
    // the kernel holds back is left. Does nothing in a fork of the process.
    void process_ends(std::chrono::milliseconds patience);
    // Does the same for what was killed since, as by destructors of static objects. While the
    // process lives it does nothing. [not the thread that reaps]
    void wait_if_process_ends();

private:
    void wait(std::unique_lock<std::mutex>& lock);

    const pid_t process_ = ::getpid();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<pid_t> killed_;
    std::optional<std::chrono::steady_clock::time_point> last_moment_;  // once the process ends
};

}  // namespace instdrv::supervisor

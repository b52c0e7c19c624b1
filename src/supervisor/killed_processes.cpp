#include "supervisor/killed_processes.hpp"

#include <new>

namespace instdrv::supervisor {

void KilledProcesses::kill(const ChildProcess& child) noexcept {
    const std::lock_guard lock(mutex_);
    const bool is_there = child.kill();
    if (!is_there || child.is_shared()) return;
    try {
        killed_.insert(child.id());
    } catch (const std::bad_alloc&) {
        // It is killed all the same; only a process that ends now does not wait for it.
    }
}

// With the lock, so that none is killed and counted that was reaped meanwhile.
siginfo_t KilledProcesses::reap(const ChildProcess& child) {
    const std::lock_guard lock(mutex_);
    const siginfo_t how = child.reap();
    killed_.erase(child.id());
    changed_.notify_all();
    return how;
}

void KilledProcesses::process_ends(std::chrono::milliseconds patience) {
    if (::getpid() != process_) return;
    std::unique_lock lock(mutex_);
    last_moment_ = std::chrono::steady_clock::now() + patience;
    wait(lock);
}

void KilledProcesses::wait_if_process_ends() {
    std::unique_lock lock(mutex_);
    if (last_moment_) wait(lock);
}

void KilledProcesses::wait(std::unique_lock<std::mutex>& lock) {
    changed_.wait_until(lock, *last_moment_, [this] { return killed_.empty(); });
}

}  // namespace instdrv::supervisor

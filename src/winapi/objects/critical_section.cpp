#include "winapi/objects/critical_section.hpp"

#include <atomic>

#include <unistd.h>

#include "winapi/objects/futex.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::uint32_t free_state = 0;
constexpr std::uint32_t taken = 1;
constexpr std::uint32_t awaited = 2;

bool is_mine(CriticalSection& section) {
    const std::atomic_ref owner(section.OwningThread);
    return owner.load(std::memory_order_relaxed) == current_thread().id();
}

bool take_if_free(CriticalSection& section) {
    std::uint32_t expected = free_state;
    return std::atomic_ref(section.state)
        .compare_exchange_strong(expected, taken, std::memory_order_acquire);
}

void become_owner(CriticalSection& section) {
    std::atomic_ref(section.OwningThread).store(current_thread().id(), std::memory_order_relaxed);
    section.RecursionCount = 1;
    section.LockCount = 0;
}

}  // namespace

void initialize(CriticalSection& section) noexcept {
    section = CriticalSection{};
    section.LockCount = -1;
}

void enter(CriticalSection& section) noexcept {
    if (is_mine(section)) {
        ++section.RecursionCount;
        ++section.LockCount;
        return;
    }
    if (!take_if_free(section)) {
        const std::atomic_ref state(section.state);
        while (state.exchange(awaited, std::memory_order_acquire) != free_state) {
            futex_wait(&section.state, awaited);
        }
    }
    become_owner(section);
}

bool try_enter(CriticalSection& section) noexcept {
    if (is_mine(section)) {
        ++section.RecursionCount;
        ++section.LockCount;
        return true;
    }
    if (!take_if_free(section)) return false;
    become_owner(section);
    return true;
}

void leave(CriticalSection& section) noexcept {
    --section.LockCount;
    if (--section.RecursionCount > 0) return;
    std::atomic_ref(section.OwningThread).store(0, std::memory_order_relaxed);
    const std::atomic_ref state(section.state);
    if (state.exchange(free_state, std::memory_order_release) == awaited) {
        futex_wake_one(&section.state);
    }
}

}  // namespace instdrv::winapi

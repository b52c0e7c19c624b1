#include "channel/bell.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <ctime>
#include <optional>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace instdrv::channel {
namespace {

// A glance that found nothing costs a later one little; a sleep that was not needed costs much.
constexpr std::uint32_t shortest_spin = 64;

// The word lies at different addresses in the two processes, so these are not the private kinds.
bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                const std::optional<Clock::duration>& limit) noexcept {
    timespec time{};
    if (limit) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*limit);
        time.tv_sec = static_cast<std::time_t>(seconds.count());
        time.tv_nsec = static_cast<long>((*limit - seconds) / std::chrono::nanoseconds(1));
    }
    const long result =
        ::syscall(SYS_futex, &word, FUTEX_WAIT, expected, limit ? &time : nullptr, nullptr, 0);
    return result == 0 || errno != ETIMEDOUT;
}

void wake(const Bell& bell) noexcept {
    ::syscall(SYS_futex, &bell.rung, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace

std::uint32_t spin_limit_of_machine() noexcept {
    static const std::uint32_t limit = ::sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 4096 : 0;
    return limit;
}

void ring(Bell& bell) noexcept {
    bell.rung.fetch_add(1, std::memory_order_seq_cst);
    // The look at `sleeping` comes after the ring, as the listener's look at the ring comes after
    // it says that it sleeps: one of the two sees the other.
    if (bell.sleeping.load(std::memory_order_seq_cst) != 0) wake(bell);
}

void ring_for_dead(Bell& bell, Listener& listener) noexcept {
    listener.over_.store(true, std::memory_order_seq_cst);
    // A listener that has not seen that is about to sleep, or does, and has said long before what
    // it last heard.
    bell.rung.store(listener.heard_.load(std::memory_order_seq_cst) + 1, std::memory_order_seq_cst);
    wake(bell);
}

void Listener::note_last_ring(const Bell& bell) noexcept {
    last_.store(bell.rung.load(std::memory_order_seq_cst), std::memory_order_relaxed);
    noted_.store(true, std::memory_order_release);
}

bool Listener::rang_before_its_end(std::uint32_t heard) const noexcept {
    if (!noted_.load(std::memory_order_acquire)) return false;
    // Around zero, and what ring_for_dead adds does not count.
    return static_cast<std::int32_t>(last_.load(std::memory_order_relaxed) - heard) > 0;
}

bool Listener::spin(const Bell& bell) noexcept {
    for (std::uint32_t i = 0; i < spin_; ++i) {
        if (bell.rung.load(std::memory_order_acquire) != heard_.load(std::memory_order_relaxed))
            return true;
        __builtin_ia32_pause();
    }
    return false;
}

bool Listener::sleep(Bell& bell, Deadline& deadline) noexcept {
    bell.sleeping.store(1, std::memory_order_seq_cst);
    bool in_time = true;
    while (in_time && !over_.load(std::memory_order_seq_cst) &&
           bell.rung.load(std::memory_order_seq_cst) == heard_) {
        const auto left = deadline.left();
        if (left && left->count() <= 0) break;
        in_time = futex_wait(bell.rung, heard_, left);
    }
    bell.sleeping.store(0, std::memory_order_relaxed);
    return over_ || bell.rung.load(std::memory_order_acquire) != heard_;
}

bool Listener::wait(Bell& bell, Deadline& deadline) noexcept {
    if (spin(bell)) {
        spin_ = std::min(spin_ * 2, limit_);
    } else {
        spin_ = std::min(std::max(spin_ / 2, shortest_spin), limit_);
        if (!sleep(bell, deadline)) return false;
    }
    heard_.store(bell.rung.load(std::memory_order_acquire), std::memory_order_relaxed);
    return true;
}

void Listener::wait(Bell& bell) noexcept {
    Deadline endless;
    while (!wait(bell, endless)) {
    }
}

}  // namespace instdrv::channel

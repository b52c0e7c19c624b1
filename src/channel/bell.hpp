// How one side of a channel wakes the other: a counter in shared memory, rung by one side and heard
// by the other. Whoever waits first spins for a while, because an answer often comes within
// microseconds, then sleeps in futex(2). How long it spins adapts to whether spinning paid.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace instdrv::channel {

// Monotonic, and it stands still while the machine sleeps, so that no deadline passes then.
using Clock = std::chrono::steady_clock;

// How long somebody waits. The clock is first looked at when the wait is found to be a long one:
// most are over by then, and a look at it costs a good part of them.
class Patience {
public:
    Patience() = default;  // without end
    explicit Patience(Clock::duration limit) noexcept : limit_(limit) {}

    // When it ends, as of the first call. Nothing: never.
    std::optional<Clock::time_point> end() noexcept {
        if (limit_ && !end_) end_ = Clock::now() + *limit_;
        return end_;
    }
    // It ends so much later.
    void extend(Clock::duration time) noexcept {
        if (limit_) end_ = *end() + time;
    }

private:
    std::optional<Clock::duration> limit_;
    std::optional<Clock::time_point> end_;
};

// Shared memory.
struct Bell {
    std::atomic<std::uint32_t> rung{0};      // counts; written by the ringing side
    std::atomic<std::uint32_t> sleeping{0};  // not 0 while the hearing side may sleep; its own
};
static_assert(sizeof(Bell) == 8 && std::atomic<std::uint32_t>::is_always_lock_free);

// [one thread at a time]
void ring(Bell& bell) noexcept;

class Listener;
// Ends the wait of a listener and every later one, whatever who rang the bell so far left in it;
// that side is dead. [any thread]
void ring_for_dead(Bell& bell, Listener& listener) noexcept;

// The hearing side of a bell: what it has heard and how long it spins. [one thread]
class Listener {
public:
    // spin_limit: rounds of spinning at most; 0 on a machine with one processor.
    explicit Listener(std::uint32_t spin_limit) noexcept
        : limit_(spin_limit), spin_(spin_limit / 8) {}

    // Waits for the next ring. False: patience has ended. A bell that is rung twice before it is
    // heard counts once. Who rings may mean harm: a ring says nothing of what it came with.
    bool wait(Bell& bell, Patience& patience) noexcept;
    void wait(Bell& bell) noexcept;
    // The other side is dead (ring_for_dead).
    [[nodiscard]] bool is_over() const noexcept { return over_.load(std::memory_order_relaxed); }

private:
    friend void ring_for_dead(Bell& bell, Listener& listener) noexcept;
    bool spin(const Bell& bell) noexcept;
    bool sleep(Bell& bell, Patience& patience) noexcept;

    std::atomic<std::uint32_t> heard_{0};
    std::atomic<bool> over_{false};
    std::uint32_t limit_;
    std::uint32_t spin_;
};

}  // namespace instdrv::channel

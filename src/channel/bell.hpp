// A counter in shared memory with which one side of a channel wakes the other: one side rings it,
// the other waits for it. A waiting side first spins for a while, because an answer often comes
// within microseconds, then sleeps in futex(2). How long it spins adapts to whether spinning paid.
#pragma once

#include <atomic>
#include <cstdint>

#include "channel/deadline.hpp"

namespace instdrv::channel {

// Shared memory.
struct Bell {
    std::atomic<std::uint32_t> rung{0};      // counts; written by the ringing side
    std::atomic<std::uint32_t> sleeping{0};  // not 0 while the hearing side may sleep; its own
};
static_assert(sizeof(Bell) == 8 && std::atomic<std::uint32_t>::is_always_lock_free);

// [one thread at a time]
void ring(Bell& bell) noexcept;

// Rounds that a side spins before it sleeps: some tens of microseconds, which is what a short
// message takes. 0 on a machine with one processor, where the other side cannot run meanwhile.
std::uint32_t spin_limit_of_machine() noexcept;

class Listener;
// Ends the wait of a listener and every later one, because the ringing side is dead, whatever that
// side left in the bell. [any thread]
void ring_for_dead(Bell& bell, Listener& listener) noexcept;

// The hearing side of a bell: what it has heard and how long it spins. [one thread]
class Listener {
public:
    // spin_limit: rounds of spinning at most (spin_limit_of_machine).
    explicit Listener(std::uint32_t spin_limit) noexcept
        : limit_(spin_limit), spin_(spin_limit / 8) {}

    // Waits for the next ring. False: the deadline has passed. A bell that is rung twice before it
    // is heard counts once. The ringing side may be hostile: a ring does not prove that there is a
    // message. A ring that has come already is heard even after the deadline.
    bool wait(Bell& bell, Deadline& deadline) noexcept;
    void wait(Bell& bell) noexcept;
    // How often the bell had rung when it was heard last.
    [[nodiscard]] std::uint32_t heard() const noexcept {
        return heard_.load(std::memory_order_relaxed);
    }
    // The other side is dead, and this is how often it rang. Before ring_for_dead. [any thread]
    void note_last_ring(const Bell& bell) noexcept;
    // Did the other side ring again after that, and died later? What it rang for is whole.
    [[nodiscard]] bool rang_before_its_end(std::uint32_t heard) const noexcept;
    // The other side is dead (ring_for_dead).
    [[nodiscard]] bool is_over() const noexcept { return over_.load(std::memory_order_relaxed); }

private:
    friend void ring_for_dead(Bell& bell, Listener& listener) noexcept;
    bool spin(const Bell& bell) noexcept;
    bool sleep(Bell& bell, Deadline& deadline) noexcept;

    std::atomic<std::uint32_t> heard_{0};
    std::atomic<std::uint32_t> last_{0};  // where noted_
    std::atomic<bool> noted_{false};
    std::atomic<bool> over_{false};
    std::uint32_t limit_;
    std::uint32_t spin_;
};

}  // namespace instdrv::channel

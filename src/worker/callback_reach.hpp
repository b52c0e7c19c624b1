// Whose callbacks a driver may make from inside the call that a thread of its is in. Where what
// stands for a callback can be guessed (channel::CallbackToken), what a client sends may be
// another's; then no call reaches others than who it comes from. What the system tells by itself,
// such as DRV_POWER, carries nothing of a client's, and a driver may tell everybody of it. So may
// the threads that drivers start, which serve all clients.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>

namespace instdrv::worker {

class CallbackReach {
public:
    static constexpr bool is_bounded = sizeof(void*) == 4;
    static constexpr std::uint32_t everybody = std::numeric_limits<std::uint32_t>::max();

    // channel: of the client that the call on this thread comes from; 0: the supervisor's.
    explicit CallbackReach(std::uint32_t channel) noexcept
        : previous_(std::exchange(current_, channel)) {}
    ~CallbackReach() { current_ = previous_; }
    CallbackReach(const CallbackReach&) = delete;
    CallbackReach& operator=(const CallbackReach&) = delete;

    static bool includes(std::uint32_t channel) noexcept {
        return !is_bounded || current_ == everybody || current_ == channel;
    }

private:
    static inline constinit thread_local std::uint32_t current_ = everybody;
    std::uint32_t previous_;
};

}  // namespace instdrv::worker

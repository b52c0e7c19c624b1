// Decides whose callbacks a driver may make from inside a call. Where tokens of callbacks are short
// enough to be guessed (channel::CallbackToken), a client may send another client's token. So there
// a call reaches only callbacks of the client that it comes from. Messages that the system sends by
// itself, such as DRV_POWER, contain nothing from a client, so from inside those a driver may
// notify every client. So may the threads that drivers start, which serve all clients.
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

// Limits how often the drivers of a worker may ask the system for something. A driver that asks
// more often is delayed and not refused, so that honest drivers lose nothing and hostile ones
// cannot use up the processors.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace instdrv::core {

class RequestRate {
public:
    using Clock = std::chrono::steady_clock;

    // Up to `per_second` come at once, where nothing came for a second; 0 counts as 1.
    explicit RequestRate(std::uint32_t per_second) noexcept;
    // Counts something that costs as much as `cost` requests, and returns how long it has to wait.
    Clock::duration count(std::uint32_t cost, Clock::time_point now) noexcept;
    // Counts it and waits on the calling thread, `longest` at most.
    void wait(std::uint32_t cost, Clock::duration longest) noexcept;

private:
    const Clock::duration interval_;  // between two requests that go on for ever
    std::atomic<Clock::rep> due_{0};  // since Clock's epoch: all that was counted has had its time
};

}  // namespace instdrv::core

// Notices that the machine has slept, announced or not: the clock that counts sleep
// (CLOCK_BOOTTIME) has moved away from the one that does not (CLOCK_MONOTONIC).
#pragma once

#include <chrono>
#include <functional>

#include "base/fd.hpp"
#include "session/source.hpp"

namespace instdrv::session {

class SleepDetector final : public Source {
public:
    // How long the machine has slept since it was started, in all.
    using SleptSoFar = std::function<std::chrono::nanoseconds()>;

    // The kernel wakes the loop when the machine resumes (a timer that is cancelled when the clock
    // is set, timerfd_create(2)); tests ask instead.
    explicit SleepDetector(SleptSoFar slept = slept_since_boot);
    Status start(EventLoop& loop, Listener& listener) override;

    // Tells the listener if the machine has slept since the last look.
    void look();

    static std::chrono::nanoseconds slept_since_boot();

private:
    Status arm();

    SleptSoFar slept_;
    std::chrono::nanoseconds known_;
    Listener* listener_ = nullptr;
    Fd timer_;
    Watch watch_;
};

}  // namespace instdrv::session

// How long a driver may take over a message when nobody says otherwise.
#pragma once

#include <instdrv/driver.h>

#include <chrono>

namespace instdrv::supervisor {

constexpr std::chrono::milliseconds default_deadline(UINT message) noexcept {
    using std::chrono::seconds;
    switch (message) {
        // Where drivers look for hardware, read settings, or ask somebody.
        case DRV_LOAD:
        case DRV_ENABLE:
        case DRV_OPEN: return seconds(20);
        case DRV_CONFIGURE:
        case DRV_INSTALL:
        case DRV_REMOVE: return seconds(60);
        default: return seconds(10);
    }
}

// The deadline of the calls that this thread makes while one lives, instead of all others.
class DeadlineScope {
public:
    explicit DeadlineScope(std::chrono::milliseconds deadline) noexcept;
    ~DeadlineScope();
    DeadlineScope(const DeadlineScope&) = delete;
    DeadlineScope& operator=(const DeadlineScope&) = delete;

    // 0: there is none.
    static std::chrono::milliseconds of_this_thread() noexcept;

private:
    std::chrono::milliseconds previous_;
};

}  // namespace instdrv::supervisor

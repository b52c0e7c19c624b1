// Work that may have to wait for a disk, a reader or a driver, on a thread of its own: one piece
// after another, in the order in which they were put. The thread is there from the start, so that
// an end of the session does not depend on there being one more.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "base/thread.hpp"

namespace instdrv::service {

class Background {
public:
    using Clock = std::chrono::steady_clock;
    // Owns what it uses: it may outlive the Background.
    using Work = std::function<void()>;

    // `name`: of the thread.
    static Result<std::unique_ptr<Background>> start(std::string_view name);
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    // Never waits for work under way: that goes on by itself. What was not begun is dropped.
    ~Background();

    // [any thread] Never waits.
    void put(Work work);
    // Waits until everything that was put is done. False: it was not by then. [any thread]
    bool wait(Clock::time_point until);
    // Nothing is under way or waiting. [any thread]
    [[nodiscard]] bool idle() { return wait(Clock::time_point::min()); }

private:
    struct Shared;
    Background(std::shared_ptr<Shared> shared, Thread thread)
        : shared_(std::move(shared)), thread_(std::move(thread)) {}

    std::shared_ptr<Shared> shared_;
    Thread thread_;
};

}  // namespace instdrv::service

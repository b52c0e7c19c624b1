// An owner of an sd-event loop, which waits for descriptors and times on one thread.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <functional>
#include <memory>

#include <systemd/sd-event.h>

namespace instdrv::session {

// CLOCK_MONOTONIC, which stands still while the machine sleeps.
using Clock = std::chrono::steady_clock;

// Something the loop waits for. Destroying it ends the wait, also from inside its own action. It
// must not outlive the loop.
class Watch {
public:
    using Action = std::function<void()>;

    Watch() noexcept = default;

private:
    friend class EventLoop;
    struct State;
    struct Delete {
        void operator()(State* state) const noexcept;
    };
    explicit Watch(std::unique_ptr<State, Delete> state) noexcept : state_(std::move(state)) {}
    std::unique_ptr<State, Delete> state_;
};

// [loop thread] for all members.
class EventLoop {
public:
    static Result<EventLoop> open();

    // Calls `action` whenever the descriptor is readable, hung up or in error. The descriptor
    // outlives the watch.
    Result<Watch> when_readable(int fd, Watch::Action action);
    // Calls `action` once, at `time` or soon after.
    Result<Watch> at(Clock::time_point time, Watch::Action action);

    // When the loop last woke up: before whatever its actions see was read. Outside of an action:
    // now.
    [[nodiscard]] Clock::time_point woke() const noexcept;

    // Runs until quit().
    Status run();
    void quit() noexcept { sd_event_exit(event_.get(), 0); }

    // For libraries that attach themselves, such as sd-bus.
    [[nodiscard]] sd_event* get() const noexcept { return event_.get(); }

private:
    struct Unref {
        void operator()(sd_event* event) const noexcept { sd_event_unref(event); }
    };
    explicit EventLoop(sd_event* event) noexcept : event_(event) {}
    std::unique_ptr<sd_event, Unref> event_;
};

}  // namespace instdrv::session

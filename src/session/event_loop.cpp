#include "session/event_loop.hpp"

#include <utility>

#include <sys/epoll.h>

#include "base/fd.hpp"

namespace instdrv::session {

struct Watch::State {
    Action action;
    sd_event_source* source = nullptr;

    static int ready(sd_event_source*, int, std::uint32_t, void* state) noexcept {
        return act(state);
    }
    static int due(sd_event_source*, std::uint64_t, void* state) noexcept { return act(state); }

private:
    static int act(void* state) {
        const Action action = static_cast<State*>(state)->action;  // it may destroy its own watch
        action();
        return 0;
    }
};

void Watch::Delete::operator()(State* state) const noexcept {
    sd_event_source_disable_unref(state->source);
    delete state;
}

Result<EventLoop> EventLoop::open() {
    sd_event* event = nullptr;
    if (const int error = sd_event_new(&event); error < 0) {
        return failure(io_error("make an event loop", {}, -error));
    }
    return EventLoop(event);
}

Result<Watch> EventLoop::when_readable(int fd, Watch::Action action) {
    std::unique_ptr<Watch::State, Watch::Delete> state(
        new Watch::State{.action = std::move(action)});
    const int error = sd_event_add_io(event_.get(), &state->source, fd, EPOLLIN,
                                      &Watch::State::ready, state.get());
    if (error < 0) return failure(io_error("watch a descriptor", {}, -error));
    return Watch(std::move(state));
}

Result<Watch> EventLoop::at(Clock::time_point time, Watch::Action action) {
    using std::chrono::microseconds;
    std::unique_ptr<Watch::State, Watch::Delete> state(
        new Watch::State{.action = std::move(action)});
    const auto when = std::chrono::ceil<microseconds>(time.time_since_epoch()).count();
    constexpr std::uint64_t accuracy = 1000;  // microseconds
    const int error = sd_event_add_time(event_.get(), &state->source, CLOCK_MONOTONIC,
                                        static_cast<std::uint64_t>(when), accuracy,
                                        &Watch::State::due, state.get());
    if (error < 0) return failure(io_error("set a timer", {}, -error));
    return Watch(std::move(state));
}

Clock::time_point EventLoop::woke() const noexcept {
    std::uint64_t time = 0;
    if (sd_event_now(event_.get(), CLOCK_MONOTONIC, &time) < 0) return Clock::now();
    return Clock::time_point(std::chrono::microseconds(time));
}

Status EventLoop::run() {
    const int error = sd_event_loop(event_.get());
    if (error < 0) return failure(io_error("wait for events", {}, -error));
    return {};
}

}  // namespace instdrv::session

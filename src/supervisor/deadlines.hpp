// The default deadlines of messages, and the time that is left for calls that are made on behalf of
// another call.
#pragma once

#include <instdrv/driver.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "channel/deadline.hpp"

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

// How long a program that shares a driver may take over a callback before it is given up. Two
// fifths of the time for DRV_CLOSE, so that a DRV_CLOSE that waits for the callback still ends in
// time.
constexpr std::chrono::milliseconds callback_time(std::chrono::milliseconds for_close) noexcept {
    return std::max(for_close * 2 / 5, std::chrono::milliseconds(1));
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

// While one lives, this thread ends the session or tells all of it something, for which lanes are
// kept.
class EndingScope {
public:
    EndingScope() noexcept;
    ~EndingScope();
    EndingScope(const EndingScope&) = delete;
    EndingScope& operator=(const EndingScope&) = delete;

    static bool is_on() noexcept;

private:
    bool previous_;
};

// While an object lives, this thread carries out a request of a driver, for whose own call somebody
// waits. Calls made for the request may be extended for nested requests, but not beyond `latest`,
// and nothing more is begun for it after that. One inside of another ends with that one, so time is
// not counted anew, however deep calls nest.
class OnBehalfScope {
public:
    explicit OnBehalfScope(std::optional<channel::Clock::time_point> latest) noexcept;
    ~OnBehalfScope();
    OnBehalfScope(const OnBehalfScope&) = delete;
    OnBehalfScope& operator=(const OnBehalfScope&) = delete;

    static std::optional<channel::Clock::time_point> latest_of_this_thread() noexcept;
    // Does this thread act for a driver that has no time left?
    static bool is_over() noexcept;

private:
    std::optional<channel::Clock::time_point> previous_;
};

// While an object lives, this thread is in a function of its own program, though a driver called
// it: that function does not act for the driver.
class OwnBehalfScope {
public:
    OwnBehalfScope() noexcept;
    ~OwnBehalfScope();
    OwnBehalfScope(const OwnBehalfScope&) = delete;
    OwnBehalfScope& operator=(const OwnBehalfScope&) = delete;

private:
    std::optional<channel::Clock::time_point> previous_;
};

}  // namespace instdrv::supervisor

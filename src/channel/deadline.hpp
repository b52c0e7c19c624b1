// The time until which a thread waits for the other side of a channel. The value is handed down to
// every function that waits, and checked on every turn. The clock is read for the first time when
// the wait turns out to be long, or when somebody asks: most waits are over by then, and reading
// the clock takes a good part of their time.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace instdrv::channel {

// Monotonic, and it stands still while the machine sleeps, so that no deadline passes then.
using Clock = std::chrono::steady_clock;

class Deadline {
public:
    Deadline() = default;  // never
    // So much time from the first look on, and at most `extension` more (extend), but no extension
    // beyond `extended_until`, and nothing at all beyond `bound`.
    explicit Deadline(Clock::duration time, Clock::duration extension = {},
                      std::optional<Clock::time_point> extended_until = {},
                      std::optional<Clock::time_point> bound = {}) noexcept
        : time_(time), extension_(extension), extended_until_(extended_until), bound_(bound) {}

    // The time that is left; zero or less once the deadline has passed. std::nullopt for a deadline
    // that never passes.
    std::optional<Clock::duration> left() noexcept {
        if (!time_) return std::nullopt;
        const auto now = Clock::now();
        begin(now);
        return *end_ - now;
    }
    bool has_passed() noexcept {
        const auto rest = left();
        return rest && rest->count() <= 0;
    }
    // Time that does not count, up to what was agreed.
    void extend(Clock::duration time) noexcept {
        if (!time_) return;
        begin(Clock::now());
        end_ = std::max(*end_, std::min(*end_ + time, latest_));
    }
    // What is left now is left at the next look: the time until then does not count.
    void pause() noexcept {
        if (!end_) return;
        time_ = std::max(*left(), Clock::duration::zero());
        end_.reset();
    }
    // The time at which the deadline passes however often it is extended. std::nullopt for a
    // deadline that never passes.
    std::optional<Clock::time_point> latest() noexcept {
        if (!time_) return std::nullopt;
        begin(Clock::now());
        return std::max(*end_, latest_);
    }

private:
    void begin(Clock::time_point now) noexcept {
        if (end_) return;
        constexpr auto never = Clock::time_point::max();
        const auto bound = bound_.value_or(never);
        end_ = std::min(now + *time_, bound);
        latest_ = std::min({now + *time_ + extension_, extended_until_.value_or(never), bound});
    }

    std::optional<Clock::duration> time_;
    Clock::duration extension_{};
    std::optional<Clock::time_point> extended_until_;
    std::optional<Clock::time_point> bound_;
    std::optional<Clock::time_point> end_;  // from the first look on, until it is paused
    Clock::time_point latest_;              // of an extension, once there is an end
};

}  // namespace instdrv::channel

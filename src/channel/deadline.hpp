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
    // beyond `latest`.
    explicit Deadline(Clock::duration time, Clock::duration extension = {},
                      std::optional<Clock::time_point> latest = {}) noexcept
        : time_(time), extension_(extension), latest_(latest) {}

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
        end_ = std::max(*end_, std::min(*end_ + time, *latest_));
    }
    // The time at which the deadline passes however often it is extended. std::nullopt for a
    // deadline that never passes.
    std::optional<Clock::time_point> latest() noexcept {
        if (!time_) return std::nullopt;
        begin(Clock::now());
        return std::max(*end_, *latest_);
    }

private:
    void begin(Clock::time_point now) noexcept {
        if (end_) return;
        end_ = now + *time_;
        latest_ = std::min(*end_ + extension_, latest_.value_or(Clock::time_point::max()));
    }

    std::optional<Clock::duration> time_;
    Clock::duration extension_{};
    std::optional<Clock::time_point> latest_;
    std::optional<Clock::time_point> end_;  // from the first look on
};

}  // namespace instdrv::channel

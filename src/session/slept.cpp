#include "session/slept.hpp"

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <limits>
#include <tuple>
#include <utility>

#include <sys/timerfd.h>
#include <unistd.h>

namespace instdrv::session {
namespace {

using std::chrono::nanoseconds;

// Less than any sleep, and more than passes between the readings of two clocks.
constexpr nanoseconds shortest_sleep = std::chrono::milliseconds(50);

nanoseconds read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

}  // namespace

nanoseconds SleepDetector::slept_since_boot() {
    // A thread that is held up between two readings makes the sleep look longer or shorter: the
    // tightest of three pairs counts.
    nanoseconds best{0};
    auto narrowest = nanoseconds::max();
    for (int i = 0; i < 3; ++i) {
        const auto before = read_clock(CLOCK_MONOTONIC);
        const auto boot = read_clock(CLOCK_BOOTTIME);
        const auto after = read_clock(CLOCK_MONOTONIC);
        if (after - before >= narrowest) continue;
        narrowest = after - before;
        best = boot - after;
    }
    return best;
}

SleepDetector::SleepDetector(SleptSoFar slept) : slept_(std::move(slept)), known_(slept_()) {}

Status SleepDetector::start(EventLoop& loop, Listener& listener) {
    listener_ = &listener;
    timer_ = Fd(timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer_) return failure(io_error("watch for the machine's sleep", {}, errno));
    if (auto armed = arm(); !armed) return armed;
    auto watch = loop.when_readable(timer_.get(), [this] {
        std::uint64_t expirations = 0;
        std::ignore = ::read(timer_.get(), &expirations, sizeof expirations);  // ECANCELED
        static_cast<void>(arm());
        look();
    });
    if (!watch) return failure(std::move(watch).error());
    watch_ = std::move(*watch);
    return {};
}

Status SleepDetector::arm() {
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<std::time_t>::max() / 4;
    if (timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never,
                        nullptr) != 0) {
        return failure(io_error("watch for the machine's sleep", {}, errno));
    }
    return {};
}

void SleepDetector::look() {
    const auto now = slept_();
    const auto slept = now - std::exchange(known_, now);
    if (slept >= shortest_sleep) listener_->machine_has_slept();
}

}  // namespace instdrv::session

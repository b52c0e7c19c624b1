#include "core/request_rate.hpp"

#include <algorithm>
#include <thread>

namespace instdrv::core {
namespace {

constexpr RequestRate::Clock::duration at_once = std::chrono::seconds(1);

}  // namespace

RequestRate::RequestRate(std::uint32_t per_second) noexcept
    : interval_(at_once / std::max<std::uint32_t>(per_second, 1)) {}

RequestRate::Clock::duration RequestRate::count(std::uint32_t cost,
                                                Clock::time_point now) noexcept {
    const auto moment = now.time_since_epoch();
    auto due = due_.load(std::memory_order_relaxed);
    Clock::duration next{};
    do {
        next = std::max(Clock::duration(due), moment) + cost * interval_;
    } while (!due_.compare_exchange_weak(due, next.count(), std::memory_order_relaxed));
    return std::max(next - moment - at_once, Clock::duration::zero());
}

void RequestRate::wait(std::uint32_t cost, Clock::duration longest) noexcept {
    const auto time = count(cost, Clock::now());
    if (time > Clock::duration::zero()) std::this_thread::sleep_for(std::min(time, longest));
}

}  // namespace instdrv::core

#include "supervisor/deadlines.hpp"

#include <utility>

namespace instdrv::supervisor {
namespace {

constinit thread_local std::chrono::milliseconds current_deadline{0};
constinit thread_local std::optional<channel::Clock::time_point> latest_moment;

constinit thread_local bool is_ending = false;

}  // namespace

EndingScope::EndingScope() noexcept : previous_(std::exchange(is_ending, true)) {}
EndingScope::~EndingScope() { is_ending = previous_; }

bool EndingScope::is_on() noexcept { return is_ending; }

DeadlineScope::DeadlineScope(std::chrono::milliseconds deadline) noexcept
    : previous_(std::exchange(current_deadline, deadline)) {}
DeadlineScope::~DeadlineScope() { current_deadline = previous_; }

std::chrono::milliseconds DeadlineScope::of_this_thread() noexcept { return current_deadline; }

OnBehalfScope::OnBehalfScope(std::optional<channel::Clock::time_point> latest) noexcept
    : previous_(latest_moment) {
    if (!previous_ || (latest && *latest < *previous_)) latest_moment = latest;
}
OnBehalfScope::~OnBehalfScope() { latest_moment = previous_; }

std::optional<channel::Clock::time_point> OnBehalfScope::latest_of_this_thread() noexcept {
    return latest_moment;
}
bool OnBehalfScope::is_over() noexcept {
    return latest_moment && channel::Clock::now() >= *latest_moment;
}

OwnBehalfScope::OwnBehalfScope() noexcept : previous_(std::exchange(latest_moment, std::nullopt)) {}
OwnBehalfScope::~OwnBehalfScope() { latest_moment = previous_; }

}  // namespace instdrv::supervisor

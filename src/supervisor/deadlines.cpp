#include "supervisor/deadlines.hpp"

#include <utility>

namespace instdrv::supervisor {
namespace {

constinit thread_local std::chrono::milliseconds current{0};

}  // namespace

DeadlineScope::DeadlineScope(std::chrono::milliseconds deadline) noexcept
    : previous_(std::exchange(current, deadline)) {}
DeadlineScope::~DeadlineScope() { current = previous_; }

std::chrono::milliseconds DeadlineScope::of_this_thread() noexcept { return current; }

}  // namespace instdrv::supervisor

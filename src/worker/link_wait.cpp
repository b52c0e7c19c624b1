#include "worker/link_wait.hpp"

#include <utility>

#include "worker/link.hpp"

namespace instdrv::worker {
namespace {

constinit thread_local LinkWait* innermost = nullptr;

}  // namespace

LinkWait::LinkWait(const Link& link, std::chrono::milliseconds time) noexcept
    : link_(link), outer_(std::exchange(innermost, this)) {
    if (link.is_supervisors()) return;
    own_ = channel::Deadline(time);
    for (const auto* wait = outer_; wait != nullptr; wait = wait->outer_) {
        if (&wait->link_ == &link) deadline_ = wait->deadline_;
    }
}

LinkWait::~LinkWait() {
    innermost = outer_;
    if (deadline_ != &own_) deadline_->pause();
}

}  // namespace instdrv::worker

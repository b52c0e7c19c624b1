#include "worker/link.hpp"

#include <utility>

namespace instdrv::worker {

Link::Link(channel::Region region, Fd control, std::uint32_t number, CallHandler& handler,
           PartsQuota& quota)
    : region_(std::move(region)),
      control_(std::move(control)),
      number_(number),
      handler_(handler),
      parts_(region_, quota),
      memory_(region_, parts_, number != 0),
      driver_lanes_(*this) {}

bool Link::end() {
    const std::lock_guard lock(mutex_);
    for (Talk* const talk : talks_)
        talk->end();
    return !std::exchange(ended_, true);
}

bool Link::has_ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
}

void Link::add(Talk& talk) {
    const std::lock_guard lock(mutex_);
    talks_.insert(&talk);
    if (ended_) talk.end();
}

void Link::remove(Talk& talk) {
    const std::lock_guard lock(mutex_);
    talks_.erase(&talk);
}

}  // namespace instdrv::worker

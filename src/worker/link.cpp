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
    for (LaneServer* const lane : lane_servers_)
        lane->end();
    return !std::exchange(ended_, true);
}

bool Link::has_ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
}

void Link::add(LaneServer& lane) {
    const std::lock_guard lock(mutex_);
    lane_servers_.insert(&lane);
    if (ended_) lane.end();
}

void Link::remove(LaneServer& lane) {
    const std::lock_guard lock(mutex_);
    lane_servers_.erase(&lane);
}

}  // namespace instdrv::worker

#include "worker/driver_lanes.hpp"

#include <algorithm>

#include "channel/control.hpp"
#include "worker/link.hpp"

namespace instdrv::worker {

std::size_t DriverLanes::take() {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] {
        return std::find(used_.begin(), used_.end(), false) != used_.end();
    };
    changed_.wait(lock, is_free);
    const auto index =
        static_cast<std::size_t>(std::find(used_.begin(), used_.end(), false) - used_.begin());
    used_[index] = true;
    if (lane_servers_[index] == nullptr) {
        const std::size_t lane = channel::first_worker_lane + index;
        lane_servers_[index] = std::make_unique<LaneServer>(link_, lane);
        channel::send_notice(link_.control(),
                             {channel::Notice::Kind::lane_used, static_cast<std::uint32_t>(lane)});
    }
    return index;
}

void DriverLanes::give_back(std::size_t index) {
    const std::lock_guard lock(mutex_);
    used_[index] = false;
    changed_.notify_one();
}

}  // namespace instdrv::worker

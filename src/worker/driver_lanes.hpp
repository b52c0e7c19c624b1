// The lanes on which threads that drivers started begin to talk. [any thread]
#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/fd.hpp"
#include "channel/region.hpp"
#include "worker/talk.hpp"

namespace instdrv::worker {

class DriverLanes {
public:
    // `control`: where the supervisor hears of a lane that is used for the first time.
    DriverLanes(const channel::Region& region, const Fd& control, CallHandler& handler);

    // A lane for the calling thread alone; waits while all are in use.
    class Lease {
    public:
        explicit Lease(DriverLanes& lanes) : lanes_(lanes), index_(lanes.take()) {}
        ~Lease() { lanes_.give_back(index_); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] Talk& talk() const noexcept { return *lanes_.talks_[index_]; }

    private:
        DriverLanes& lanes_;
        std::size_t index_;
    };

private:
    static constexpr std::size_t count = channel::lane_count - channel::first_worker_lane;

    std::size_t take();
    void give_back(std::size_t index);

    const channel::Region& region_;
    const Fd& control_;
    CallHandler& handler_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<bool, count> used_{};
    std::array<std::unique_ptr<Talk>, count> talks_;  // made on first use
};

}  // namespace instdrv::worker

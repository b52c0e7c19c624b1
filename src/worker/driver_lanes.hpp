// The lanes of a link on which threads of the worker make requests outside of a call on that link:
// threads that drivers started, and threads that serve a call on another link. [any thread]
#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "channel/layout.hpp"
#include "worker/lane_server.hpp"

namespace instdrv::worker {

class DriverLanes {
public:
    explicit DriverLanes(Link& link) noexcept : link_(link) {}

    // A lane for the calling thread alone; waits while all are in use.
    class Lease {
    public:
        explicit Lease(DriverLanes& lanes) : lanes_(lanes), index_(lanes.take()) {}
        ~Lease() { lanes_.give_back(index_); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] LaneServer& lane() const noexcept { return *lanes_.lane_servers_[index_]; }

    private:
        DriverLanes& lanes_;
        std::size_t index_;
    };

private:
    static constexpr std::size_t count = channel::lane_count - channel::first_worker_lane;

    std::size_t take();
    void give_back(std::size_t index);

    Link& link_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<bool, count> used_{};
    std::array<std::unique_ptr<LaneServer>, count> lane_servers_;  // made on first use
};

}  // namespace instdrv::worker

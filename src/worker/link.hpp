// A channel as its worker sees it. Number 0 is the supervisor's. Every other one belongs to a
// client of the supervisor, which calls drivers without passing through it.
//
// A link ends when the other side is gone, or is given up because it does not answer. Then no
// thread waits on it any more. Threads that are inside of a driver return first, and the last of
// them frees the memory.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <utility>

#include "base/fd.hpp"
#include "channel/region.hpp"
#include "worker/driver_lanes.hpp"
#include "worker/lane_server.hpp"
#include "worker/mapped_parts.hpp"
#include "worker/own_memory.hpp"

namespace instdrv::worker {

class Link {
public:
    // Handler and quota outlive it.
    Link(channel::Region region, Fd control, std::uint32_t number, CallHandler& handler,
         PartsQuota& quota);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link() = default;

    [[nodiscard]] const channel::Region& region() const noexcept { return region_; }
    [[nodiscard]] const Fd& control() const noexcept { return control_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] bool is_supervisors() const noexcept { return number_ == 0; }
    [[nodiscard]] CallHandler& handler() const noexcept { return handler_; }
    // A client's: what is mapped of its region besides the beginning.
    [[nodiscard]] MappedParts& parts() noexcept { return parts_; }
    // False: the other side has opened that lane already. [the thread that listens]
    bool open_lane(std::size_t lane) noexcept { return !std::exchange(opened_.at(lane), true); }
    // No thread serves it after all. [the thread that listens]
    void close_lane(std::size_t lane) noexcept { opened_.at(lane) = false; }
    // For what is sent to the other side.
    [[nodiscard]] OwnMemory& memory() noexcept { return memory_; }
    [[nodiscard]] DriverLanes& driver_lanes() noexcept { return driver_lanes_; }

    // The other side is gone, or given up. [any thread]
    // False: it had ended before.
    bool end();  // NOLINT(*-use-nodiscard)
    [[nodiscard]] bool has_ended();
    // Does a driver wait for the other side, which has been asked for something and is not just
    // calling the driver in its turn? [any thread]
    [[nodiscard]] bool is_awaited() const noexcept { return awaited_ > 0; }

private:
    friend class LaneServer;
    void add(LaneServer& lane);
    void remove(LaneServer& lane);

    channel::Region region_;
    Fd control_;
    std::uint32_t number_;
    CallHandler& handler_;
    std::mutex mutex_;
    bool ended_ = false;
    std::atomic<int> awaited_{0};  // how many requests
    std::set<LaneServer*> lane_servers_;
    std::array<bool, channel::first_worker_lane> opened_{};
    MappedParts parts_;
    OwnMemory memory_;
    DriverLanes driver_lanes_;
};

}  // namespace instdrv::worker

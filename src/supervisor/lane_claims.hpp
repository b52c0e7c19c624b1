// Assigns the lanes of a worker to threads. A thread keeps its lane between calls, so the driver
// sees it as one thread of its own. When all lanes are taken, a thread that is in no call loses its
// lane, and gets another one for its next call. [any thread]
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "channel/layout.hpp"

namespace instdrv::supervisor {

// The user on whose behalf a thread calls. It decides which lanes the thread may have: drivers must
// leave some to programs, and both must leave some to the end of the session.
enum class LaneUser { driver, program, end };

class LaneClaims {
public:
    struct Claim {
        std::size_t lane = 0;
        std::uint64_t generation = 0;
    };

    // Takes a lane and begins a call in it. std::nullopt if all lanes that this user may have are
    // in calls.
    std::optional<Claim> take(LaneUser user) noexcept;
    // Keeps a lane for the worker's own threads, so that it is never taken away.
    void keep(std::size_t lane) noexcept;
    void give_back(const Claim& claim) noexcept;

    enum class Begun { yes, nested, lost };
    // Begins a call, on the thread that has the claim. nested: the thread is in a call already.
    // lost: the lane was taken away.
    Begun begin(const Claim& claim) noexcept;
    // The outermost call has ended.
    void end(const Claim& claim) noexcept;

private:
    bool try_take(std::size_t lane, std::uint64_t state) noexcept;

    // The state of each lane: its generation, and in the lowest bits whether it is taken and in a
    // call.
    std::array<std::atomic<std::uint64_t>, channel::lane_count> states_{};
};

}  // namespace instdrv::supervisor

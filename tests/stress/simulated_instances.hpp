// The instances of a simulated world as its host keeps them, and the programs that hold them: which
// end while an exit or a round is under way, and whose calls a close waits for.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/exit_run.hpp"
#include "stress/simulated_world.hpp"

namespace instdrv::stress {

class SimulatedInstances {
public:
    using TimePoint = core::ExitRun::TimePoint;

    // What the world's holders do counts from `begin`.
    SimulatedInstances(const SimulatedWorld& world, TimePoint begin);

    // Whether senders reach it.
    [[nodiscard]] bool is_open(std::size_t instance) const { return instances_[instance].open; }
    // Whether a holder's call is inside of it.
    [[nodiscard]] bool is_entered(std::size_t instance, TimePoint now) const;
    void close(std::size_t instance) { instances_[instance].open = false; }

    // When the next holder closes its instance.
    [[nodiscard]] std::optional<TimePoint> next_leave() const;
    // Those that are closed by their holders up to `now`, each returned once.
    std::vector<std::size_t> leave(TimePoint now);

    // What the host waits for before it calls the driver; nothing: for good. Both turn senders
    // away.
    std::optional<Duration> shut(std::size_t instance, TimePoint now);
    std::optional<Duration> shut_module(std::size_t module, TimePoint now);

private:
    struct State {
        bool open = true;
        TimePoint free{};  // no holder's call and no holder's close is inside from then on
    };
    [[nodiscard]] std::optional<TimePoint> leaves(std::size_t instance) const;
    [[nodiscard]] std::optional<Duration> wait(const std::vector<std::size_t>& instances,
                                               TimePoint now);

    const SimulatedWorld& world_;
    TimePoint begin_;
    std::vector<State> instances_;
};

}  // namespace instdrv::stress

// Runs whole sessions on virtual time: sources that announce sleep, waking, shutdown, cancellation
// and signals at random moments, the course between them, and exits and rounds over simulated
// drivers, some of which other programs have open and close meanwhile. Checked on the way:
//
//   alone      an exit and a round are never under way together, nor two of either
//   held       while drivers are open and the machine is awake, it waits for them; it need not wait
//              any more only when the exit, or the round before the sleep, is done
//   sleep      a resume comes after each request that was sent, and before the next one; drivers
//              that were not told of the sleep are not told of its end
//   round      every instance that can be told is told exactly once, newest first within a queue,
//              and the round ends within its budget
//   end        an end that cannot be taken back leads to one exit and then quits, a revocable one
//              that was cancelled to open drivers again
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "stress/exit_simulator.hpp"

namespace instdrv::stress {

struct SessionSimulation {
    std::optional<Violation> violation;
    std::string trace;
    std::map<std::string, int> happened;  // how often each kind of step came to pass
};

SessionSimulation simulate_session(std::uint64_t seed);

}  // namespace instdrv::stress

// Random worlds for the exit: drivers, how each behaves when it is called, and the programs that
// have them open.
#pragma once

#include <instdrv/exit.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/exit_plan.hpp"

namespace instdrv::stress {

using Duration = std::chrono::milliseconds;

// What a driver does with one call.
struct Behaviour {
    enum class End { answers, breaks, never };
    End end = End::answers;
    Duration takes{0};                // may be longer than the phase: a late answer
    LRESULT answer = 1;               // 0 to DRV_CLOSE: refused
    std::vector<std::size_t> closes;  // instances that its handler closes, just before it returns
};

// The program that has an instance open, as far as an exit or a round meets it. Times count from
// when that begins.
struct Holder {
    std::optional<Duration> inside{Duration(0)};  // when its call returns; nothing: never
    std::optional<Duration> leaves;   // when it has ended and the host closes its instance
    std::optional<Duration> closing;  // how long DRV_CLOSE takes then; nothing: for ever
};

struct SimulatedWorld {
    std::uint64_t seed = 0;
    core::ExitWorld world;
    ExitOptions options;
    std::vector<unsigned> tempers;  // per module, see simulated_world.cpp
    std::vector<Holder> holders;    // per instance

    // The same for the same world and call, whoever asks and in whatever order.
    [[nodiscard]] Behaviour behaviour(const core::ExitCall& call) const;
    // Modules, instances and times in lines to read.
    [[nodiscard]] std::string text() const;
};

SimulatedWorld random_world(std::uint64_t seed);

// "m2 instance 5 DRV_CLOSE"
std::string text_of(const core::ExitCall& call);

}  // namespace instdrv::stress

// A round (instdrv/round.hpp) as a run: the notify phase of an exit with another message, and
// nothing after it. What exit_run.hpp says of that phase holds here.
#pragma once

#include <instdrv/round.hpp>

#include <chrono>

#include "core/exit_run.hpp"

namespace instdrv::core {

struct Round {
    UINT message = 0;
    LPARAM lparam1 = 0;
    std::chrono::milliseconds budget{0};
};

// Modules without an instance are not asked.
ExitRun run_of(const Round& round, ExitWorld world, ExitRun::TimePoint now);
// Complete once the run is done.
RoundReport report_of(const Round& round, const ExitRun& run);

}  // namespace instdrv::core

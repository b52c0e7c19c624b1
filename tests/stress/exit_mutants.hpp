// Exits that are wrong on purpose, to show that the checker sees it.
#pragma once

#include <ostream>
#include <span>
#include <string_view>

#include "stress/exit_simulator.hpp"

namespace instdrv::stress {

struct Mutant {
    std::string_view name;
    std::string_view breaks;  // the promise that the checker must name
    MakeRun make;
};

std::span<const Mutant> mutants();

inline void PrintTo(const Mutant& mutant, std::ostream* out) {
    *out << mutant.name;
}  // GoogleTest's

}  // namespace instdrv::stress

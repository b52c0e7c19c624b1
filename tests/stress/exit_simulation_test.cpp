// The exit in 120,000 random worlds with hanging, slow, late, breaking, refusing and other-closing
// drivers, and with programs that have them open, are inside of them and end meanwhile. A
// counterexample prints its seed; INSTDRV_SEED=<seed> runs that world alone and prints what happens
// in it.
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "stress/exit_mutants.hpp"
#include "stress/exit_simulator.hpp"

namespace instdrv::stress {
namespace {

constexpr std::uint64_t worlds_per_shard = 20000;

std::string explain(const SimulatedWorld& world, const MakeRun& make_run) {
    const auto again = simulate(world, make_run, true);
    return "INSTDRV_SEED=" + std::to_string(world.seed) + "\n" + again.trace;
}

class ExitSimulation : public testing::TestWithParam<int> {};

TEST_P(ExitSimulation, keeps_every_promise) {
    const auto first = static_cast<std::uint64_t>(GetParam()) * worlds_per_shard;
    for (auto seed = first; seed < first + worlds_per_shard; ++seed) {
        const auto world = random_world(seed);
        const auto simulation = simulate(world, make_real_run, false);
        ASSERT_FALSE(simulation.violation)
            << simulation.violation->promise << ": " << simulation.violation->what << "\n"
            << explain(world, make_real_run);
    }
}

INSTANTIATE_TEST_SUITE_P(Shard, ExitSimulation, testing::Range(0, 6));

// The promises say little about worlds in which nothing happens.
TEST(ExitWorlds, have_everything_in_them) {
    std::map<std::string_view, int> outcomes;
    std::map<std::string_view, int> ends;
    int left = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const auto simulation = simulate(random_world(seed), make_real_run, true);
        if (simulation.trace.find("closed by its holder") != std::string::npos) ++left;
        for (const auto& driver : simulation.report.drivers) {
            ++ends[driver.outcome()];
            for (const auto& message : driver.messages)
                ++outcomes[name_of(message.outcome)];
        }
    }
    for (const auto* outcome :
         {"answered", "refused", "timed_out", "failed", "not_sent", "closed"}) {
        EXPECT_GT(outcomes[outcome], 100) << outcome;
    }
    EXPECT_GT(left, 100);
    for (const auto* end : {"ended", "refused", "timed out", "failed", "not told"}) {
        EXPECT_GT(ends[end], 100) << end;
    }
}

// Runs the world that INSTDRV_SEED names, and prints it; without it, one that is fixed.
TEST(ExitSimulationReplay, runs_the_world_of_a_seed) {
    const char* const chosen = std::getenv("INSTDRV_SEED");
    const auto world = random_world(chosen == nullptr ? 42 : std::strtoull(chosen, nullptr, 0));
    const auto simulation = simulate(world, make_real_run, true);
    if (chosen != nullptr) std::cout << simulation.trace;
    EXPECT_FALSE(simulation.violation)
        << simulation.violation->promise << ": " << simulation.violation->what;
    EXPECT_EQ(simulation.trace, simulate(random_world(world.seed), make_real_run, true).trace);
}

class ExitMutants : public testing::TestWithParam<Mutant> {};

TEST_P(ExitMutants, are_found_out) {
    std::set<std::string> found;
    for (std::uint64_t seed = 0; seed < 2000 && !found.contains(std::string(GetParam().breaks));
         ++seed) {
        const auto violation = simulate(random_world(seed), GetParam().make, false).violation;
        if (violation) found.insert(violation->promise);
    }
    EXPECT_TRUE(found.contains(std::string(GetParam().breaks)))
        << "found instead: " << testing::PrintToString(found);
}

INSTANTIATE_TEST_SUITE_P(All, ExitMutants, testing::ValuesIn(mutants().begin(), mutants().end()),
                         [](const auto& mutant) { return std::string(mutant.param.name); });

}  // namespace
}  // namespace instdrv::stress

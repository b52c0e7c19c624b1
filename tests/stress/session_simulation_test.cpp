// 5,000 random sessions with sleep, cancelled shutdowns and drivers of every temper. A
// counterexample prints its seed and what happened.
#include <gtest/gtest.h>

#include "stress/session_simulator.hpp"

namespace instdrv::stress {
namespace {

constexpr std::uint64_t sessions = 5000;

TEST(SessionSimulation, keeps_every_promise) {
    std::map<std::string, int> happened;
    for (std::uint64_t seed = 0; seed < sessions; ++seed) {
        const auto simulation = simulate_session(seed);
        ASSERT_FALSE(simulation.violation)
            << simulation.violation->promise << ": " << simulation.violation->what << "\nseed "
            << seed << "\n"
            << simulation.trace;
        for (const auto& [what, times] : simulation.happened)
            happened[what] += times;
    }
    // The promises say little about sessions in which nothing happens.
    for (const auto* what : {"exit done", "round 1 begins", "round 2 begins", "round 3 begins",
                             "hold", "let go", "reopen", "quit"}) {
        EXPECT_GT(happened[what], 1000) << what;
    }
}

}  // namespace
}  // namespace instdrv::stress

// One message to every open instance, on a clock of the test's own.
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "core/round.hpp"

namespace instdrv::core {
namespace {

using namespace std::chrono_literals;

constexpr ExitRun::TimePoint start{1h};
constexpr Round suspend{.message = DRV_POWER, .lparam1 = PWR_SUSPENDREQUEST, .budget = 500ms};

// Modules m0 with instances i0 and i2, m1 with i1, m2 with none.
ExitWorld three_modules() {
    ExitWorld world;
    for (std::size_t m = 0; m < 3; ++m)
        world.modules.push_back({.queue = m, .file = "m" + std::to_string(m)});
    for (std::size_t i = 0; i < 3; ++i) {
        world.instances.push_back({.handle = reinterpret_cast<HDRVR>(i + 1),
                                   .driver_id = i + 100,
                                   .module = i % 2,
                                   .name = "i" + std::to_string(i)});
    }
    return world;
}

std::vector<std::size_t> instances_of(const std::vector<ExitCall>& calls) {
    std::vector<std::size_t> instances;
    for (const auto& call : calls)
        instances.push_back(*call.instance);
    return instances;
}

TEST(Round, asks_modules_in_parallel_and_the_newest_instance_first) {
    auto run = run_of(suspend, three_modules(), start);
    const auto first = run.take_ready(start);
    EXPECT_THAT(instances_of(first), testing::UnorderedElementsAre(2, 1));
    for (const auto& call : first) {
        EXPECT_EQ(call.message, UINT{DRV_POWER});
        EXPECT_EQ(call.lparam1, PWR_SUSPENDREQUEST);
        EXPECT_EQ(call.driver_id, *call.instance + 100);
        run.answered(call.step, PWR_OK, start + 1ms);
    }
    const auto second = run.take_ready(start + 1ms);
    EXPECT_THAT(instances_of(second), testing::ElementsAre(0));
    run.answered(second[0].step, PWR_OK, start + 3ms);
    EXPECT_TRUE(run.done());
    const auto report = report_of(suspend, run);
    EXPECT_EQ(report.took, 3ms);
    ASSERT_EQ(report.drivers.size(), 3u);
    EXPECT_EQ(report.drivers[0].name, "i2");
    EXPECT_EQ(report.drivers[2].message.took, 2ms);
}

TEST(Round, gives_up_who_is_late_and_tells_a_refusal_from_an_answer) {
    auto run = run_of(suspend, three_modules(), start);
    for (const auto& call : run.take_ready(start)) {
        if (call.module == 0) run.answered(call.step, PWR_FAIL, start + 1ms);
    }
    for (const auto& call : run.take_ready(start + 1ms))
        run.answered(call.step, 0, start + 2ms);
    EXPECT_FALSE(run.done());
    EXPECT_EQ(run.next_deadline(), start + 500ms);
    run.advance(start + 500ms);
    EXPECT_TRUE(run.done());
    const auto report = report_of(suspend, run);
    EXPECT_EQ(report.drivers[0].message.outcome, ExitOutcome::refused);
    EXPECT_EQ(report.drivers[1].message.outcome, ExitOutcome::timed_out);
    EXPECT_EQ(report.drivers[2].message.outcome, ExitOutcome::answered) << "0 is no refusal";
    EXPECT_EQ(report.took, 500ms);
}

TEST(Round, passes_over_modules_that_broke_off_and_instances_that_were_closed) {
    auto world = three_modules();
    world.modules[0].enabled = false;
    world.modules[2].enabled = false;
    auto run = run_of(suspend, world, start);
    const auto calls = run.take_ready(start);
    ASSERT_THAT(instances_of(calls), testing::ElementsAre(1));
    run.gone(calls[0].step, start);
    EXPECT_TRUE(run.done());
    const auto report = report_of(suspend, run);
    EXPECT_EQ(report.drivers[0].message.outcome, ExitOutcome::not_sent);
    EXPECT_EQ(report.drivers[1].message.outcome, ExitOutcome::closed);
}

TEST(Round, without_drivers_or_without_time_is_done_at_once) {
    EXPECT_TRUE(run_of(suspend, {}, start).done());
    const Round none{.message = DRV_POWER};
    auto run = run_of(none, three_modules(), start);
    EXPECT_TRUE(run.take_ready(start).empty());
    EXPECT_TRUE(run.done());
    EXPECT_EQ(report_of(none, run).drivers[0].message.outcome, ExitOutcome::not_sent);
}

}  // namespace
}  // namespace instdrv::core

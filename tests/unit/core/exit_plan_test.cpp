// The order of a session exit, and the values that stand for it.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/exit_plan.hpp"
#include "messages/catalog.hpp"

namespace instdrv::core {
namespace {

using testing::ElementsAre;

HDRVR handle(std::uintptr_t number) { return reinterpret_cast<HDRVR>(number); }

// a.dll (with a session instance) has instances 1 and 3, b.so has 2, c.dll was only loaded.
ExitWorld some_world() {
    ExitWorld world;
    world.modules = {
        {.queue = 0, .file = "a.dll", .session_instance = ExitSessionInstance{handle(0x100), 7}},
        {.queue = 1, .file = "b.so"},
        {.queue = 2, .file = "c.dll"}};
    world.instances = {{.handle = handle(1), .driver_id = 11, .module = 0, .name = "a"},
                       {.handle = handle(2), .driver_id = 12, .module = 1, .name = "b"},
                       {.handle = handle(3), .driver_id = 13, .module = 0, .name = "a"}};
    return world;
}

std::vector<std::string> steps_of(const ExitPlan& plan) {
    std::vector<std::string> out;
    for (const auto& step : plan.steps) {
        out.push_back(step.file + " " + messages::describe(step.message) + " " +
                      std::to_string(reinterpret_cast<std::uintptr_t>(step.instance)) + " " +
                      std::to_string(step.driver_id));
    }
    return out;
}

TEST(ExitPlan, tells_the_newest_first_and_closes_in_reverse) {
    EXPECT_THAT(steps_of(plan_of(some_world(), {})),
                ElementsAre("a.dll DRV_EXITSESSION 3 13", "b.so DRV_EXITSESSION 2 12",
                            "a.dll DRV_EXITSESSION 1 11", "c.dll DRV_EXITSESSION 0 0",
                            "a.dll DRV_CLOSE 3 13", "b.so DRV_CLOSE 2 12", "a.dll DRV_CLOSE 1 11",
                            "c.dll DRV_DISABLE 0 0", "c.dll DRV_FREE 0 0", "c.dll unload 0 0",
                            "b.so DRV_DISABLE 0 0", "b.so DRV_FREE 0 0", "b.so unload 0 0",
                            "a.dll DRV_DISABLE 0 0", "a.dll DRV_FREE 0 0", "a.dll unload 0 0"));
}

TEST(ExitPlan, sends_no_close_where_it_is_switched_off) {
    EXPECT_THAT(steps_of(plan_of(some_world(), {.send_close = false})),
                ElementsAre("a.dll DRV_EXITSESSION 3 13", "b.so DRV_EXITSESSION 2 12",
                            "a.dll DRV_EXITSESSION 1 11", "c.dll DRV_EXITSESSION 0 0",
                            "c.dll DRV_DISABLE 0 0", "c.dll DRV_FREE 0 0", "c.dll unload 0 0",
                            "b.so DRV_DISABLE 0 0", "b.so DRV_FREE 0 0", "b.so unload 0 0",
                            "a.dll DRV_DISABLE 0 0", "a.dll DRV_FREE 0 0", "a.dll unload 0 0"));
}

TEST(ExitPlan, leaves_out_modules_that_are_not_enabled) {
    auto world = some_world();
    world.modules[0].enabled = false;
    world.modules[2].enabled = false;
    EXPECT_THAT(steps_of(plan_of(world, {})),
                ElementsAre("b.so DRV_EXITSESSION 2 12", "b.so DRV_CLOSE 2 12",
                            "b.so DRV_DISABLE 0 0", "b.so DRV_FREE 0 0", "b.so unload 0 0"));
}

TEST(ExitPlan, closes_the_session_instance_before_its_module_is_disabled) {
    const auto calls = calls_of(some_world(), {});
    ASSERT_EQ(calls.size(), 17u);
    const auto& hidden = calls[13];
    EXPECT_TRUE(hidden.hidden);
    EXPECT_EQ(hidden.message, UINT{DRV_CLOSE});
    EXPECT_EQ(hidden.handle, handle(0x100));
    EXPECT_EQ(hidden.driver_id, 7u);
    EXPECT_FALSE(hidden.instance);
    EXPECT_EQ(calls[14].message, UINT{DRV_DISABLE});
    for (std::size_t i = 0; i < calls.size(); ++i)
        EXPECT_EQ(calls[i].step, i);
}

// What another call is just loading or unloading is that call's to end, after all others.
TEST(ExitPlan, waits_for_modules_that_others_are_loading_or_unloading) {
    ExitWorld world;
    world.modules = {{.queue = 0, .file = "a.dll", .state = ExitModuleState::unloading},
                     {.queue = 1, .file = "b.dll"},
                     {.queue = 2, .file = "c.dll", .state = ExitModuleState::loading}};
    const auto calls = calls_of(world, {});
    ASSERT_EQ(calls.size(), 6u);
    EXPECT_EQ(calls[4].module, 2u);
    EXPECT_EQ(calls[4].message, loading_step);
    EXPECT_TRUE(calls[4].waits);
    EXPECT_EQ(calls[5].module, 0u);
    EXPECT_EQ(calls[5].message, unloading_step);
    EXPECT_TRUE(calls[5].waits);
    EXPECT_THAT(steps_of(plan_of(world, {})),
                ElementsAre("b.dll DRV_EXITSESSION 0 0", "b.dll DRV_DISABLE 0 0",
                            "b.dll DRV_FREE 0 0", "b.dll unload 0 0"));
}

TEST(ExitPlan, of_nothing_is_empty) { EXPECT_TRUE(plan_of({}, {}).steps.empty()); }

ExitMessage message(UINT number, ExitOutcome outcome, ErrorCode code = ErrorCode::none) {
    ExitMessage out{.message = number, .outcome = outcome};
    if (code != ErrorCode::none) out.error = Error{.code = code};
    return out;
}

std::string end_of(std::vector<ExitMessage> messages) {
    const ExitDriver driver{.messages = std::move(messages)};
    EXPECT_EQ(driver.ended_well(), driver.outcome() == "ended");
    ExitReport report;
    report.drivers = {ExitDriver{}, driver};
    EXPECT_EQ(report.ended_well(), driver.ended_well());
    return std::string(driver.outcome());
}

TEST(ExitDriver, names_its_end_by_the_worst_that_happened) {
    const auto told = message(DRV_EXITSESSION, ExitOutcome::answered);
    const auto untold = message(DRV_EXITSESSION, ExitOutcome::not_sent, ErrorCode::timed_out);
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::answered)}), "ended");
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::closed)}), "ended");
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::refused)}), "refused");
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::refused),
                      message(DRV_FREE, ExitOutcome::timed_out)}),
              "timed out");
    EXPECT_EQ(end_of({untold, message(DRV_CLOSE, ExitOutcome::not_sent, ErrorCode::timed_out)}),
              "not told");
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::not_sent, ErrorCode::timed_out)}),
              "timed out");
    EXPECT_EQ(end_of({told, message(DRV_CLOSE, ExitOutcome::not_sent, ErrorCode::broken)}),
              "failed");
    EXPECT_EQ(end_of({message(DRV_EXITSESSION, ExitOutcome::failed, ErrorCode::missing_import),
                      message(DRV_CLOSE, ExitOutcome::not_sent, ErrorCode::broken)}),
              "failed");
    const auto unload = [&](ExitOutcome outcome, ErrorCode code) {
        return end_of({told, message(unloading_step, outcome, code)});
    };
    EXPECT_EQ(unload(ExitOutcome::answered, ErrorCode::none), "ended");
    EXPECT_EQ(unload(ExitOutcome::timed_out, ErrorCode::timed_out), "unload timed out");
    EXPECT_EQ(unload(ExitOutcome::failed, ErrorCode::crashed), "crashed while unloading");
    EXPECT_EQ(unload(ExitOutcome::failed, ErrorCode::exited), "failed while unloading");
    EXPECT_EQ(end_of({message(loading_step, ExitOutcome::timed_out)}), "load timed out");
}

TEST(ExitNames, are_those_of_reports) {
    EXPECT_EQ(name_of(ExitPhase::notify), "notify");
    EXPECT_EQ(name_of(ExitPhase::close), "close");
    EXPECT_EQ(name_of(ExitOutcome::timed_out), "timed_out");
    EXPECT_EQ(name_of(ExitOutcome::not_sent), "not_sent");
    EXPECT_EQ(name_of(ExitReason::session_end), "session_end");
    EXPECT_EQ(name_of(static_cast<ExitOutcome>(99)), "unknown");
}

}  // namespace
}  // namespace instdrv::core

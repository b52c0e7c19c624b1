// The exit on a clock of the test's own. tests/stress runs it through random worlds; here are the
// edges, one by one.
#include <chrono>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/exit_run.hpp"
#include "messages/catalog.hpp"

namespace instdrv::core {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr ExitRun::TimePoint start{std::chrono::hours(1)};
ExitRun::TimePoint at(int ms) { return start + milliseconds(ms); }

ExitWorld world_of(std::size_t modules, const std::vector<std::size_t>& module_of_instance) {
    ExitWorld world;
    for (std::size_t m = 0; m < modules; ++m) {
        const auto name = "m" + std::to_string(m);
        world.modules.push_back({.queue = m, .name = name, .file = "/drivers/" + name});
    }
    for (std::size_t i = 0; i < module_of_instance.size(); ++i) {
        world.instances.push_back({.handle = reinterpret_cast<HDRVR>(i + 1),
                                   .driver_id = i + 100,
                                   .module = module_of_instance[i],
                                   .name = "i" + std::to_string(i)});
    }
    return world;
}

constexpr ExitOptions second_each{.notify_timeout = milliseconds(1000),
                                  .close_timeout = milliseconds(1000)};

// A run and the calls it has out, by text such as "i0 DRV_CLOSE".
class Exit {
public:
    explicit Exit(const ExitWorld& world, const ExitOptions& options = second_each)
        : world_(world), run_(world, options, start) {}

    ExitRun& run() { return run_; }

    std::vector<std::string> send(int ms) {
        std::vector<std::string> sent;
        for (const auto& call : run_.take_ready(at(ms))) {
            sent.push_back(name(call));
            out_[sent.back()] = call.step;
        }
        return sent;
    }
    std::size_t step(const std::string& text) const {
        const auto found = out_.find(text);
        if (found != out_.end()) return found->second;
        ADD_FAILURE() << text << " was never sent";
        return std::numeric_limits<std::size_t>::max();
    }
    void answer(const std::string& text, int ms, LRESULT value = 1) {
        run_.answered(step(text), value, at(ms));
    }
    // Answers whatever is sent until nothing more is.
    std::vector<std::string> finish(int ms) {
        std::vector<std::string> all;
        for (auto sent = send(ms); !sent.empty(); sent = send(ms)) {
            for (const auto& text : sent)
                answer(text, ms);
            all.insert(all.end(), sent.begin(), sent.end());
        }
        return all;
    }
    // "answered refused ..." of one driver of the report.
    std::string outcomes(const std::string& driver_name) const {
        std::string out;
        for (const auto& driver : run_.report().drivers) {
            if (driver.name != driver_name) continue;
            for (const auto& message : driver.messages) {
                out += (out.empty() ? "" : " ") + std::string(name_of(message.outcome));
            }
        }
        return out;
    }

private:
    std::string name(const ExitCall& call) const {
        const auto who = call.instance ? world_.instances[*call.instance].name
                                       : world_.modules[call.module].name;
        return who + (call.hidden ? " hidden " : " ") + messages::describe(call.message);
    }
    ExitWorld world_;
    ExitRun run_;
    std::map<std::string, std::size_t> out_;
};

TEST(ExitRun, of_nothing_is_done_at_once) {
    ExitRun run({}, second_each, start);
    EXPECT_TRUE(run.done());
    EXPECT_THAT(run.take_ready(start), IsEmpty());
    EXPECT_FALSE(run.next_deadline());
    EXPECT_TRUE(run.report().ended_well());
    EXPECT_EQ(run.report().took.count(), 0);
}

TEST(ExitRun, tells_queues_in_parallel_and_one_queue_newest_first) {
    Exit exit(world_of(2, {0, 1, 0}));
    EXPECT_THAT(exit.send(0), UnorderedElementsAre("i2 DRV_EXITSESSION", "i1 DRV_EXITSESSION"));
    EXPECT_THAT(exit.send(1), IsEmpty());
    exit.answer("i2 DRV_EXITSESSION", 5);
    EXPECT_THAT(exit.send(5), ElementsAre("i0 DRV_EXITSESSION"));
    exit.answer("i0 DRV_EXITSESSION", 6);
    EXPECT_THAT(exit.send(6), IsEmpty()) << "i1 has not answered";
    exit.answer("i1 DRV_EXITSESSION", 9);
    EXPECT_EQ(exit.run().phase(), ExitPhase::close);
    EXPECT_THAT(exit.finish(9), ElementsAre("i2 DRV_CLOSE", "i1 DRV_CLOSE", "i0 DRV_CLOSE",
                                            "m1 DRV_DISABLE", "m1 DRV_FREE", "m1 unload",
                                            "m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_TRUE(exit.run().done());
    EXPECT_TRUE(exit.run().report().ended_well());
    EXPECT_EQ(exit.run().report().took, milliseconds(9));
}

TEST(ExitRun, tells_a_module_without_instances_once) {
    Exit exit(world_of(1, {}));
    const auto calls = exit.run().take_ready(start);
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls[0].message, UINT{DRV_EXITSESSION});
    EXPECT_EQ(calls[0].handle, nullptr);
    EXPECT_EQ(calls[0].driver_id, 0u);
    exit.run().answered(calls[0].step, 0, start);
    EXPECT_THAT(exit.finish(0), ElementsAre("m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_EQ(exit.outcomes("m0"), "answered answered answered answered");
}

TEST(ExitRun, gives_a_hung_driver_up_at_the_deadline_and_goes_on_with_the_others) {
    Exit exit(world_of(2, {0, 0, 1}));
    exit.send(0);
    exit.answer("i2 DRV_EXITSESSION", 1);
    EXPECT_EQ(exit.run().next_deadline(), at(1000));
    exit.run().advance(at(1000));
    EXPECT_THAT(exit.finish(1000),
                ElementsAre("i2 DRV_CLOSE", "m1 DRV_DISABLE", "m1 DRV_FREE", "m1 unload"));
    EXPECT_TRUE(exit.run().done());
    EXPECT_EQ(exit.outcomes("i1"), "timed_out not_sent not_sent not_sent not_sent");
    EXPECT_EQ(exit.outcomes("i0"), "not_sent not_sent not_sent not_sent not_sent");
    EXPECT_EQ(exit.outcomes("i2"), "answered answered answered answered answered");
    const auto report = exit.run().report();
    EXPECT_EQ(report.drivers[1].outcome(), "timed out");
    EXPECT_EQ(report.drivers[1].messages[0].took, milliseconds(1000));
    EXPECT_EQ(report.drivers[2].outcome(), "not told");
    ASSERT_TRUE(report.drivers[2].messages[0].error);
    EXPECT_EQ(report.drivers[2].messages[0].error->code, ErrorCode::timed_out);
}

TEST(ExitRun, ignores_answers_that_come_too_late_or_from_nowhere) {
    Exit exit(world_of(2, {0, 1}));
    exit.send(0);
    exit.answer("i1 DRV_EXITSESSION", 1);
    exit.answer("i0 DRV_EXITSESSION", 1001);
    EXPECT_EQ(exit.outcomes("i0"), "timed_out not_sent not_sent not_sent not_sent");
    exit.answer("i1 DRV_EXITSESSION", 1001);
    exit.run().answered(12345, 1, at(1001));
    exit.run().broke(exit.step("i0 DRV_EXITSESSION"), {}, at(1002));
    exit.run().gone(exit.step("i0 DRV_EXITSESSION"), at(1002));
    exit.finish(1003);
    EXPECT_TRUE(exit.run().done());
    exit.answer("i0 DRV_EXITSESSION", 5000);
    EXPECT_EQ(exit.outcomes("i1"), "answered answered answered answered answered");
    EXPECT_EQ(exit.run().report().took, milliseconds(1003));
}

TEST(ExitRun, counts_an_answer_at_the_deadline_itself) {
    Exit exit(world_of(1, {0}));
    exit.send(0);
    exit.answer("i0 DRV_EXITSESSION", 1000);
    EXPECT_THAT(exit.finish(1000),
                ElementsAre("i0 DRV_CLOSE", "m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_TRUE(exit.run().report().ended_well());
}

TEST(ExitRun, lets_the_others_close_when_half_the_phase_is_over) {
    Exit exit(world_of(3, {0, 1, 2}));
    for (const auto& text : exit.send(0))
        exit.answer(text, 0);
    EXPECT_THAT(exit.send(0), ElementsAre("i2 DRV_CLOSE"));
    EXPECT_THAT(exit.send(499), IsEmpty()) << "i2 still has its turn";
    EXPECT_EQ(exit.run().next_deadline(), at(500));
    exit.run().advance(at(500));
    EXPECT_THAT(exit.send(500), UnorderedElementsAre("i0 DRV_CLOSE", "i1 DRV_CLOSE"));
    EXPECT_EQ(exit.run().next_deadline(), at(1000));
    exit.answer("i0 DRV_CLOSE", 510);
    EXPECT_THAT(exit.send(510), ElementsAre("m0 DRV_DISABLE"));
    exit.answer("i2 DRV_CLOSE", 700);
    exit.answer("m0 DRV_DISABLE", 700);
    EXPECT_THAT(exit.send(700), UnorderedElementsAre("m2 DRV_DISABLE", "m0 DRV_FREE"));
    exit.run().advance(at(1000));
    EXPECT_TRUE(exit.run().done());
    EXPECT_EQ(exit.outcomes("i2"), "answered answered timed_out not_sent not_sent");
    EXPECT_EQ(exit.outcomes("i1"), "answered timed_out not_sent not_sent not_sent");
    EXPECT_EQ(exit.outcomes("i0"), "answered answered answered timed_out not_sent");
}

TEST(ExitRun, records_a_refusal_and_goes_on) {
    Exit exit(world_of(1, {0, 0}));
    exit.send(0);
    exit.answer("i1 DRV_EXITSESSION", 0, 0);
    exit.send(0);
    exit.answer("i0 DRV_EXITSESSION", 0);
    exit.send(0);
    exit.answer("i1 DRV_CLOSE", 1, 0);
    EXPECT_THAT(exit.finish(1),
                ElementsAre("i0 DRV_CLOSE", "m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_EQ(exit.outcomes("i1"), "answered refused answered answered answered");
    EXPECT_EQ(exit.outcomes("i0"), "answered answered answered answered answered");
    EXPECT_FALSE(exit.run().report().ended_well());
}

TEST(ExitRun, sends_nothing_more_to_a_module_that_breaks_off) {
    auto world = world_of(2, {0, 0, 1});
    world.modules[1].queue = 0;  // a neighbour in the same queue goes on
    Exit exit(world);
    EXPECT_THAT(exit.send(0), ElementsAre("i2 DRV_EXITSESSION"));
    exit.answer("i2 DRV_EXITSESSION", 0);
    exit.send(0);
    exit.run().broke(exit.step("i1 DRV_EXITSESSION"), {.code = ErrorCode::missing_import}, at(3));
    EXPECT_THAT(exit.finish(3),
                ElementsAre("i2 DRV_CLOSE", "m1 DRV_DISABLE", "m1 DRV_FREE", "m1 unload"));
    EXPECT_EQ(exit.outcomes("i1"), "failed not_sent not_sent not_sent not_sent");
    const auto report = exit.run().report();
    EXPECT_EQ(report.drivers[1].messages[0].error->code, ErrorCode::missing_import);
    EXPECT_EQ(report.drivers[1].messages[1].error->code, ErrorCode::broken);
    EXPECT_EQ(report.drivers[2].outcome(), "not told");
}

TEST(ExitRun, reports_modules_that_were_broken_before) {
    auto world = world_of(2, {0, 1});
    world.modules[0].enabled = false;
    Exit exit(world);
    EXPECT_THAT(exit.finish(0), ElementsAre("i1 DRV_EXITSESSION", "i1 DRV_CLOSE", "m1 DRV_DISABLE",
                                            "m1 DRV_FREE", "m1 unload"));
    EXPECT_EQ(exit.outcomes("i0"), "not_sent not_sent not_sent not_sent not_sent");
}

TEST(ExitRun, drops_what_was_left_for_an_instance_that_is_gone) {
    Exit exit(world_of(1, {0, 0}));
    exit.send(0);
    exit.run().gone(exit.step("i1 DRV_EXITSESSION"), at(1));
    EXPECT_THAT(exit.finish(1), ElementsAre("i0 DRV_EXITSESSION", "i0 DRV_CLOSE", "m0 DRV_DISABLE",
                                            "m0 DRV_FREE", "m0 unload"));
    EXPECT_EQ(exit.outcomes("i1"), "closed closed answered answered answered");
    EXPECT_TRUE(exit.run().report().ended_well());
}

TEST(ExitRun, closes_the_session_instance_without_reporting_it) {
    auto world = world_of(1, {0});
    world.modules[0].session_instance = ExitSessionInstance{reinterpret_cast<HDRVR>(9), 5};
    Exit exit(world);
    EXPECT_THAT(exit.finish(0),
                ElementsAre("i0 DRV_EXITSESSION", "i0 DRV_CLOSE", "m0 hidden DRV_CLOSE",
                            "m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_EQ(exit.outcomes("i0"), "answered answered answered answered answered");
}

TEST(ExitRun, without_time_to_tell_closes_at_once) {
    Exit exit(world_of(1, {0}), {.notify_timeout = milliseconds(0)});
    EXPECT_THAT(exit.finish(0),
                ElementsAre("i0 DRV_CLOSE", "m0 DRV_DISABLE", "m0 DRV_FREE", "m0 unload"));
    EXPECT_EQ(exit.outcomes("i0"), "not_sent answered answered answered answered");
}

TEST(ExitRun, without_time_to_close_only_tells) {
    Exit exit(world_of(1, {0}), {.close_timeout = milliseconds(0)});
    EXPECT_THAT(exit.finish(0), ElementsAre("i0 DRV_EXITSESSION"));
    EXPECT_TRUE(exit.run().done());
    EXPECT_EQ(exit.outcomes("i0"), "answered not_sent not_sent not_sent not_sent");
}

TEST(ExitRun, without_any_time_is_done_at_once) {
    for (const auto time : {milliseconds(0), milliseconds(-5), milliseconds::min()}) {
        Exit exit(world_of(2, {0}), {.notify_timeout = time, .close_timeout = time});
        EXPECT_TRUE(exit.run().done());
        EXPECT_EQ(exit.run().report().drivers.size(), 2u);
    }
}

TEST(ExitRun, takes_any_timeout) {
    Exit exit(world_of(1, {0}),
              {.notify_timeout = milliseconds::max(), .close_timeout = milliseconds::max()});
    EXPECT_GT(*exit.run().next_deadline(), at(1000));
    EXPECT_EQ(exit.finish(0).size(), 5u);
}

// A host that was held up itself does not get more time than both phases together.
TEST(ExitRun, ends_on_time_for_a_late_host) {
    Exit exit(world_of(2, {0, 1}));
    exit.send(0);
    exit.run().advance(at(1700));
    EXPECT_EQ(exit.run().phase(), ExitPhase::close);
    EXPECT_TRUE(exit.run().done()) << "both queues were given up";

    Exit other(world_of(2, {0, 1}));
    other.send(0);
    other.answer("i0 DRV_EXITSESSION", 1);
    other.send(1700);
    EXPECT_EQ(other.run().next_deadline(), at(1850));
    other.run().advance(at(2000));
    EXPECT_TRUE(other.run().done());
}

TEST(ExitRun, ends_a_thousand_drivers_in_time_though_one_hangs) {
    std::vector<std::size_t> modules(1000);
    for (std::size_t i = 0; i < modules.size(); ++i)
        modules[i] = i;
    Exit exit(world_of(1000, modules));
    for (const auto& text : exit.send(0))
        exit.answer(text, 1);
    EXPECT_THAT(exit.send(1), ElementsAre("i999 DRV_CLOSE"));
    exit.run().advance(at(501));
    EXPECT_EQ(exit.finish(501).size(), 999u * 4);
    exit.run().advance(at(1001));
    EXPECT_TRUE(exit.run().done());
    const auto report = exit.run().report();
    EXPECT_EQ(report.took, milliseconds(1001));
    EXPECT_EQ(report.drivers[0].outcome(), "timed out");
    EXPECT_TRUE(report.drivers[1].ended_well());
    EXPECT_TRUE(report.drivers[999].ended_well());
}

}  // namespace
}  // namespace instdrv::core

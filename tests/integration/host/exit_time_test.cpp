// What was done before an exit is part of its time, where whoever asks for it says so.
#include <chrono>

#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

ExitReport exit_begun(Clock::time_point begun, std::chrono::milliseconds each) {
    Host host({.configuration = {},
               .state_folder = testing::TempDir() + "/state",
               .placement = Placement::in_process});
    auto driver = host.open(driver_file("plain", ".so"));
    EXPECT_TRUE(driver);
    ExitOptions options{.notify_timeout = each, .close_timeout = each};
    options.begun = begun;
    auto report = host.exit_session(options);
    EXPECT_TRUE(report);
    driver->release();
    return *report;
}

TEST(ExitTime, is_over_when_it_was_used_up_before) {
    const auto report = exit_begun(Clock::now() - 10min, 1min);
    ASSERT_EQ(report.drivers.size(), 1u);
    EXPECT_EQ(report.drivers[0].outcome(), "not told");
}

TEST(ExitTime, is_what_is_left_of_it) {
    const auto report = exit_begun(Clock::now() - 1min, 1h);
    EXPECT_TRUE(report.ended_well());
    EXPECT_GE(report.took, 1min);
    EXPECT_TRUE(exit_begun(Clock::now() + 1h, 1min).ended_well());  // nobody knows the future
}

}  // namespace
}  // namespace instdrv::test

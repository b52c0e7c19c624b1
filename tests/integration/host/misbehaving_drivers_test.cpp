// Drivers that misbehave in one way each, opened through a Host.
#include <chrono>
#include <cstdlib>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class MisbehavingDrivers : public EveryBuild {};
INSTANTIATE_TEST_SUITE_P(Builds, MisbehavingDrivers, all_builds, name_of_build);

TEST_P(MisbehavingDrivers, PlainDriverHasNone) {
    auto driver = host_.open(file("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 42);
    EXPECT_EQ(driver->close().value_or(0), 1);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(MisbehavingDrivers, RefusingLoadIsNotOpened) {
    EXPECT_EQ(code_of_opening("refuses_load"), ErrorCode::refused_load);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(MisbehavingDrivers, AnyOtherAnswerThanZeroToLoadIsFine) {
    EXPECT_EQ(code_of_opening("loads_with_two"), ErrorCode::none);
}

TEST_P(MisbehavingDrivers, RefusingOpenIsNotOpened) {
    EXPECT_EQ(code_of_opening("refuses_open"), ErrorCode::refused_open);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(MisbehavingDrivers, RefusingCloseStaysOpenUntilForced) {
    auto driver = host_.open(file("refuses_close"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto refused = driver->close();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::refused_close);
    EXPECT_TRUE(driver->send(DRV_QUERYCONFIGURE));
    EXPECT_EQ(driver->close_forced().value_or(-1), 0);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(MisbehavingDrivers, OpensAnotherDriverWhileItIsLoaded) {
    setenv("INSTDRV_PATH", (std::string(INSTDRV_TEST_DRIVERS) + "/" + GetParam().folder).c_str(),
           1);
    auto driver = host_.open(file("opens_another"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1);
    const auto instances = host_.instances();
    ASSERT_EQ(instances.size(), 2u);
    EXPECT_THAT(instances[0].file, HasSubstr("plain"));  // it was opened first
    EXPECT_EQ(driver->close().value_or(0), 1);
    EXPECT_TRUE(host_.instances().empty());
    unsetenv("INSTDRV_PATH");
}

// What a client's callback function was called with, and what it found out by asking back.
struct Called {
    Host* host = nullptr;
    HDRVR device = nullptr;
    UINT message = 0;
    DWORD_PTR user = 0;
    DWORD_PTR param1 = 0;
    DWORD_PTR param2 = 0;
    LRESULT depth = 0;
};

Called* user_of_callback = nullptr;

void on_callback(HDRVR device, UINT message, DWORD_PTR user, DWORD_PTR param1, DWORD_PTR param2) {
    auto& called = *user_of_callback;
    called.user = user;
    called.device = device;
    called.message = message;
    called.param1 = param1;
    called.param2 = param2;
    called.depth = called.host->send(device, DRV_USER + 1).value_or(-1);
}

TEST_P(MisbehavingDrivers, CallbackMaySendToTheDriverItComesFrom) {
    const auto driver = host_.open(file("calls_back"));
    ASSERT_TRUE(driver) << driver.error().text();
    Called called{.host = &host_};
    const auto callback =
        driver->expose(CALLBACK_FUNCTION, reinterpret_cast<DWORD_PTR>(on_callback));
    ASSERT_TRUE(callback) << callback.error().text();
    // A driver of 32 bits hands on as much of an address as fits.
    user_of_callback = &called;
    const auto answer = driver->send(DRV_USER, static_cast<LPARAM>(*callback), 0x1234);
    EXPECT_EQ(answer.value_or(0), TRUE);
    EXPECT_EQ(called.device, driver->handle());
    EXPECT_EQ(called.message, DRV_USER + 2u);
    EXPECT_EQ(called.user, 0x1234u);
    EXPECT_EQ(called.param1, 11u);
    EXPECT_EQ(called.param2, 12u);
    EXPECT_EQ(called.depth, 1);
    EXPECT_EQ(driver->send(DRV_USER + 1).value_or(-1), 0);
}

TEST_P(MisbehavingDrivers, ClosesItselfInsideAMessage) {
    auto driver = host_.open(file("closes_itself"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 107);
    EXPECT_FALSE(driver->send(DRV_USER));
    EXPECT_TRUE(host_.instances().empty());
    driver->release();
}

TEST_P(MisbehavingDrivers, KeepsIdentifiersOfAllBits) {
    auto first = host_.open(file("large_ids"));
    auto second = host_.open(file("large_ids"));
    ASSERT_TRUE(first && second);
    const LRESULT large =
        is_32_bit() ? static_cast<std::int32_t>(0xFFFF1234) : LRESULT{0x7FFF00001234};
    EXPECT_EQ(first->send(DRV_USER).value_or(0), large);
    EXPECT_EQ(second->send(DRV_USER).value_or(0), -2);
    const auto instances = host_.instances();
    ASSERT_EQ(instances.size(), 2u);
    EXPECT_EQ(instances[1].driver_id, static_cast<DWORD_PTR>(-2));
}

TEST_P(MisbehavingDrivers, KeepsDataPerThread) {
    auto driver = host_.open(file("thread_data"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1001);
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1002);
    std::thread([&] { EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1001); }).join();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1003);
    if (windows()) {
        EXPECT_GE(driver->send(DRV_USER + 1).value_or(0), 1);
    }
}

TEST_P(MisbehavingDrivers, CppRunsConstructorsAndCatchesItsExceptions) {
    auto driver = host_.open(file("cpp_driver"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1);
    EXPECT_EQ(driver->send(DRV_USER + 1, 5).value_or(0), 5);
    EXPECT_EQ(driver->send(DRV_USER + 1, 1).value_or(0), 1);
    EXPECT_EQ(driver->send(DRV_USER + 2).value_or(0), 2);
}

TEST_P(MisbehavingDrivers, LibraryWithoutDriverProcIsNoDriver) {
    const auto driver = host_.open(file("not_a_driver"));
    ASSERT_FALSE(driver);
    EXPECT_EQ(driver.error().code, ErrorCode::bad_image);
    EXPECT_THAT(driver.error().text(), HasSubstr("DriverProc"));
}

// ---- the end of the session ---------------------------------------------------------------------

// The time is what a busy machine may need for the good one; the hung one uses it up in any case.
TEST_P(MisbehavingDrivers, HangingInExitCostsTheOthersNothing) {
    Host host(options());
    auto hung = host.open(file("hangs_in_exit"));
    auto good = host.open(file("plain"));
    ASSERT_TRUE(hung && good);
    hung->release();
    good->release();
    const auto report = host.exit_session({.notify_timeout = 4s, .close_timeout = 4s});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->ended_well());
    ASSERT_EQ(report->drivers.size(), 2u);
    EXPECT_EQ(report->drivers[0].outcome(), "ended");
    EXPECT_EQ(report->drivers[1].outcome(), "timed out");
    EXPECT_LT(report->took, 20s);
}

TEST_P(MisbehavingDrivers, SlowExitWithinTheTimeEndsWell) {
    auto slow = host_.open(file("slow_in_exit"));
    ASSERT_TRUE(slow) << slow.error().text();
    slow->release();
    const auto report = host_.exit_session({.notify_timeout = 20s, .close_timeout = 20s});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well());
    EXPECT_GE(report->drivers.at(0).messages.at(0).took, 200ms);
}

TEST_P(MisbehavingDrivers, RefusedCloseDoesNotStopTheExit) {
    auto driver = host_.open(file("refuses_close"));
    ASSERT_TRUE(driver) << driver.error().text();
    driver->release();
    const auto report = host_.exit_session();
    ASSERT_TRUE(report) << report.error().text();
    ASSERT_EQ(report->drivers.size(), 1u);
    EXPECT_EQ(report->drivers[0].outcome(), "refused");
    std::set<UINT> messages;
    for (const auto& message : report->drivers[0].messages)
        messages.insert(message.message);
    EXPECT_THAT(messages, testing::ElementsAre(DRV_CLOSE, DRV_DISABLE, DRV_FREE, DRV_EXITSESSION,
                                               unloading_step));
}

}  // namespace
}  // namespace instdrv::test

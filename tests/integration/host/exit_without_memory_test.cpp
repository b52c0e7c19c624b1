// The end of a session where there is no memory any more: the exit says so, the drivers that it
// could still tell are told, and the host lives on.
#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "failing_memory.hpp"
#include "told_driver.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

class ExitWithoutMemory : public testing::Test {
protected:
    static constexpr int drivers = 4;

    void SetUp() override {
        for (int i = 0; i < drivers; ++i) {
            ASSERT_TRUE(host_->open_driver(std::string(long_name) + std::to_string(i), {}, 0));
        }
    }
    // There is none from the moment on that `when` says so of a message.
    Result<ExitReport> exit_without_memory(const std::function<bool(UINT)>& when) {
        std::optional<FailingMemory> none;
        told_.answer = [&](UINT message) {
            if (!none && when(message)) none.emplace(1, Fails::from_there_on);
            return 1;
        };
        auto report = host_->exit_session({.notify_timeout = 20s, .close_timeout = 20s});
        none.reset();
        told_.answer = [](UINT) { return 1; };
        return report;
    }

    Told told_;
    std::shared_ptr<Host::Impl> host_ = host_of_told(told_);
};

TEST_F(ExitWithoutMemory, LacksTheReportAlone) {
    const auto report = exit_without_memory(
        [&](UINT step) { return step == unloading_step && told_.unloaded == drivers; });
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(told_.close, drivers);
    EXPECT_EQ(told_.unloaded, drivers);
    EXPECT_EQ(told_.given_up, 0);
}

TEST_F(ExitWithoutMemory, GivesUpWhatItCannotTell) {
    const auto report = exit_without_memory([](UINT step) { return step == DRV_CLOSE; });
    EXPECT_EQ(told_.exit_session, drivers);
    EXPECT_GE(told_.close, 1);
    EXPECT_EQ(told_.given_up + told_.unloaded, drivers);
    EXPECT_TRUE(host_->life_cycle().instances().empty());
    if (!report) {
        EXPECT_EQ(report.error().code, ErrorCode::out_of_memory);
    }
}

}  // namespace
}  // namespace instdrv::test

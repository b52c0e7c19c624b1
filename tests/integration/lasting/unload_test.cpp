// What is written when a driver is unloaded, ends its process, or its session ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keeper.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

class Unload : public testing::TestWithParam<Machine> {
protected:
    // Those that are still beside the files that they belong to.
    [[nodiscard]] std::filesystem::path own() const { return kept_state(state_, "keeps.dll"); }
    [[nodiscard]] int journals() const {
        int count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(own())) {
            if (entry.path().string().ends_with(".instdrv-journal")) ++count;
        }
        return count;
    }

    TemporaryFolder folder_;
    std::filesystem::path state_ = folder_ / "state";
};

TEST_P(Unload, WritesWhatStreamsHold) {
    EXPECT_EQ(Keeper(GetParam(), state_).ask(leave_in_stream), 1);
    EXPECT_EQ(content_of(own() / "stream.txt"), "in the stream\r\n");
}

TEST_P(Unload, IsNotNeededByADriverThatEndsItsProcess) {
    const Keeper keeper(GetParam(), state_);
    EXPECT_FALSE(keeper.send(leave_and_exit));
    EXPECT_EQ(content_of(own() / "stream.txt"), "in the stream\r\n");
}

TEST_P(Unload, LeavesFilesThatPeopleCanRead) {
    {
        const Keeper keeper(GetParam(), state_);
        EXPECT_EQ(keeper.ask(keep, registry, 3), 0);
        EXPECT_EQ(keeper.ask(keep, profile, 3), 0);
        EXPECT_EQ(journals(), 2);
    }
    EXPECT_EQ(journals(), 0);
    EXPECT_THAT(content_of(own() / "registry.reg"), HasSubstr("\"slot003\"=\"3\"\n"));
    EXPECT_EQ(content_of(own() / "keeps.ini"),
              "[keeps]\r\nslot001=1\r\nslot002=2\r\nslot003=3\r\n");
}

TEST_P(Unload, IsPartOfTheEndOfASession) {
    Keeper keeper(GetParam(), state_);
    EXPECT_EQ(keeper.ask(keep, registry, 3), 0);
    EXPECT_EQ(keeper.ask(leave_in_stream), 1);
    const auto report = keeper.host().exit_session();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->not_flushed) << report->not_flushed->text();
    EXPECT_EQ(journals(), 0);
    EXPECT_EQ(content_of(own() / "stream.txt"), "in the stream\r\n");
}

INSTANTIATE_TEST_SUITE_P(OfDrivers, Unload, testing::ValuesIn(machines),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace instdrv::test

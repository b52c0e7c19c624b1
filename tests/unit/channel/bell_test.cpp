#include "channel/bell.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace instdrv::channel {
namespace {

using namespace std::chrono_literals;

// Without spinning every wait sleeps, which is where a ring could be lost.
class BellTest : public testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(SpinLimits, BellTest, testing::Values(0u, 4096u));

TEST_P(BellTest, LosesNoTurnOfAConversation) {
    constexpr int turns = 20'000;
    Bell there;
    Bell back;
    int ball = 0;  // whose turn it is owns it
    std::thread player([&] {
        Listener listener(GetParam());
        for (int i = 0; i < turns; ++i) {
            listener.wait(there);
            ++ball;
            ring(back);
        }
    });
    Listener listener(GetParam());
    for (int i = 0; i < turns; ++i) {
        ring(there);
        Deadline deadline(60s);
        ASSERT_TRUE(listener.wait(back, deadline));
        ASSERT_EQ(ball, i + 1);
    }
    player.join();
}

TEST_P(BellTest, StopsWaitingAtTheDeadline) {
    Bell bell;
    Listener listener(GetParam());
    const auto end = Clock::now() + 20ms;
    Deadline deadline(20ms);
    EXPECT_FALSE(listener.wait(bell, deadline));
    EXPECT_GE(Clock::now(), end);
    EXPECT_FALSE(listener.wait(bell, deadline)) << "it has passed before";
}

TEST_P(BellTest, HearsARingThatCameBefore) {
    Bell bell;
    ring(bell);
    ring(bell);
    Listener listener(GetParam());
    Deadline long_one(60s);
    EXPECT_TRUE(listener.wait(bell, long_one));
    Deadline short_one(1ms);
    EXPECT_FALSE(listener.wait(bell, short_one)) << "two rings, heard at once";
}

}  // namespace
}  // namespace instdrv::channel

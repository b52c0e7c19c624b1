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
        Patience patience(60s);
        ASSERT_TRUE(listener.wait(back, patience));
        ASSERT_EQ(ball, i + 1);
    }
    player.join();
}

TEST_P(BellTest, StopsWaitingAtTheDeadline) {
    Bell bell;
    Listener listener(GetParam());
    const auto deadline = Clock::now() + 20ms;
    Patience patience(20ms);
    EXPECT_FALSE(listener.wait(bell, patience));
    EXPECT_GE(Clock::now(), deadline);
    EXPECT_FALSE(listener.wait(bell, patience)) << "it has ended before";
}

TEST_P(BellTest, WaitsAsMuchLongerAsItIsTold) {
    Bell bell;
    Listener listener(GetParam());
    const auto deadline = Clock::now() + 30ms;
    Patience patience(10ms);
    patience.extend(20ms);
    EXPECT_FALSE(listener.wait(bell, patience));
    EXPECT_GE(Clock::now(), deadline);
}

TEST_P(BellTest, HearsARingThatCameBefore) {
    Bell bell;
    ring(bell);
    ring(bell);
    Listener listener(GetParam());
    Patience long_one(60s);
    EXPECT_TRUE(listener.wait(bell, long_one));
    Patience short_one(1ms);
    EXPECT_FALSE(listener.wait(bell, short_one)) << "two rings, heard at once";
}

}  // namespace
}  // namespace instdrv::channel

#include "core/request_rate.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv::core {
namespace {

using namespace std::chrono_literals;
using Clock = RequestRate::Clock;

constexpr auto begin = Clock::time_point(1000h);

TEST(RequestRate, LetsASecondsWorthThroughAtOnce) {
    RequestRate rate(100);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(rate.count(1, begin), 0s) << i;
    EXPECT_EQ(rate.count(1, begin), 10ms);
    EXPECT_EQ(rate.count(1, begin), 20ms);
}

TEST(RequestRate, NeverLetsWhoAsksAtThatRateWait) {
    RequestRate rate(1000);
    for (int i = 0; i < 10'000; ++i)
        ASSERT_EQ(rate.count(1, begin + i * 1ms), 0s) << i;
}

TEST(RequestRate, GivesNoMoreThanASecondsWorthForALongSilence) {
    RequestRate rate(10);
    EXPECT_EQ(rate.count(1, begin), 0s);
    EXPECT_EQ(rate.count(10, begin + 1h), 0s);
    EXPECT_EQ(rate.count(1, begin + 1h), 100ms);
}

TEST(RequestRate, CountsWhatIsDearForMore) {
    RequestRate rate(1000);
    EXPECT_EQ(rate.count(1000, begin), 0s);
    EXPECT_EQ(rate.count(500, begin), 500ms);
}

TEST(RequestRate, TakesARateOfNothingForOne) {
    RequestRate rate(0);
    EXPECT_EQ(rate.count(1, begin), 0s);
    EXPECT_EQ(rate.count(1, begin), 1s);
}

TEST(RequestRate, CountsWhatManyThreadsAskFor) {
    constexpr std::uint32_t per_second = 1000;
    constexpr int threads = 4;
    constexpr int each = 5000;
    RequestRate rate(per_second);
    {
        std::vector<std::jthread> asking;
        for (int i = 0; i < threads; ++i)
            asking.emplace_back([&rate] {
                for (int n = 0; n < each; ++n)
                    rate.count(1, begin);
            });
    }
    EXPECT_EQ(rate.count(1, begin), 1ms * (threads * each + 1) - 1s);
}

}  // namespace
}  // namespace instdrv::core

#include "supervisor/client_channels.hpp"

#include <set>

#include <gtest/gtest.h>

#include "channel/protocol.hpp"

namespace instdrv::supervisor {
namespace {

TEST(ClientChannels, AreAsManyAsThereMayBe) {
    ClientChannels channels(3);
    std::set<std::uint32_t> numbers;
    for (int i = 0; i < 3; ++i)
        numbers.insert(channels.take().value());
    EXPECT_EQ(numbers.size(), 3u);
    EXPECT_FALSE(numbers.contains(0)) << "the supervisor's own";
    EXPECT_FALSE(channels.take());
    channels.give_back(*numbers.begin());
    EXPECT_TRUE(channels.take());
    EXPECT_FALSE(channels.take());
}

TEST(ClientChannels, HaveNumbersThatATokenHolds) {
    ClientChannels channels(1'000'000);
    std::uint32_t count = 0;
    while (const auto number = channels.take()) {
        ASSERT_EQ(channel::CallbackToken::channel_of(channel::CallbackToken::make(*number, 4, 4)),
                  *number);
        ++count;
    }
    EXPECT_EQ(count, channel::CallbackToken::most_channels - 1);
}

TEST(ClientChannels, GiveAnothersNumberOutAsLateAsTheyCan) {
    ClientChannels channels(512);
    const auto first = channels.take().value();
    channels.give_back(first);
    for (int i = 0; i < 500; ++i) {
        const auto next = channels.take().value();
        EXPECT_NE(next, first);
        channels.give_back(next);
    }
}

}  // namespace
}  // namespace instdrv::supervisor

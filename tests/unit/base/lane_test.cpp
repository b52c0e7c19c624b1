#include "base/lane.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv {
namespace {

TEST(Lane, DoesOnePieceAfterAnother) {
    const auto lane = *Lane::start("test", 0);
    std::vector<int> done;
    for (int i = 0; i < 100; ++i)
        lane->post([&done, i] { done.push_back(i); });
    ASSERT_TRUE(lane->wait(Lane::Clock::now() + std::chrono::minutes(1)));
    ASSERT_EQ(done.size(), 100u);
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(Lane, IsLeftThoughItsWorkDoesNotEnd) {
    std::promise<void> begun;
    std::promise<void> go_on;
    std::promise<void> over;
    auto dropped = std::make_shared<int>();
    {
        const auto lane = *Lane::start("test", 0);
        lane->post([&] {
            begun.set_value();
            go_on.get_future().wait();
            over.set_value();
        });
        lane->post([dropped] { ++*dropped; });
        begun.get_future().wait();
        EXPECT_FALSE(lane->wait(Lane::Clock::now()));
    }
    EXPECT_EQ(dropped.use_count(), 1);
    go_on.set_value();
    over.get_future().wait();
    EXPECT_EQ(*dropped, 0);
}

}  // namespace
}  // namespace instdrv

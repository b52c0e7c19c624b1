#include "base/work_thread.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv {
namespace {

TEST(WorkThread, DoesOnePieceAfterAnother) {
    const auto thread = *WorkThread::start("test", 0);
    std::vector<int> done;
    for (int i = 0; i < 100; ++i)
        thread->post([&done, i] { done.push_back(i); });
    ASSERT_TRUE(thread->wait(WorkThread::Clock::now() + std::chrono::minutes(1)));
    ASSERT_EQ(done.size(), 100u);
    EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(WorkThread, IsLeftThoughItsWorkDoesNotEnd) {
    std::promise<void> begun;
    std::promise<void> go_on;
    std::promise<void> over;
    auto dropped = std::make_shared<int>();
    {
        const auto thread = *WorkThread::start("test", 0);
        thread->post([&] {
            begun.set_value();
            go_on.get_future().wait();
            over.set_value();
        });
        thread->post([dropped] { ++*dropped; });
        begun.get_future().wait();
        EXPECT_FALSE(thread->wait(WorkThread::Clock::now()));
    }
    EXPECT_EQ(dropped.use_count(), 1);
    go_on.set_value();
    over.get_future().wait();
    EXPECT_EQ(*dropped, 0);
}

}  // namespace
}  // namespace instdrv

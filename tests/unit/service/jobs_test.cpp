#include "service/jobs.hpp"

#include <future>
#include <thread>

#include <gmock/gmock.h>

namespace instdrv::service {
namespace {

TEST(Jobs, work_on_their_own_thread_and_follow_up_on_the_loop) {
    auto loop = *session::EventLoop::open();
    auto jobs = *Jobs::open(loop);
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    std::thread::id afterwards;
    jobs->start([&]() -> Jobs::Action {
        there = std::this_thread::get_id();
        return [&] {
            afterwards = std::this_thread::get_id();
            loop.quit();
        };
    });
    ASSERT_TRUE(loop.run());
    EXPECT_NE(there, here);
    EXPECT_EQ(afterwards, here);
    EXPECT_EQ(jobs->running(), 0u);
}

TEST(Jobs, keep_what_is_posted_in_order) {
    auto loop = *session::EventLoop::open();
    auto jobs = *Jobs::open(loop);
    std::vector<int> order;
    jobs->start([&, post = jobs->post()]() -> Jobs::Action {
        for (int i = 0; i < 100; ++i)
            post([&order, i] { order.push_back(i); });
        return [&] { loop.quit(); };
    });
    ASSERT_TRUE(loop.run());
    ASSERT_EQ(order.size(), 100u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Jobs, that_hang_count_as_running_and_hold_up_no_other) {
    auto loop = *session::EventLoop::open();
    auto jobs = *Jobs::open(loop);
    auto gate = std::make_shared<std::promise<void>>();
    jobs->start([gate]() -> Jobs::Action {
        gate->get_future().wait();
        return [] {};
    });
    jobs->start([&]() -> Jobs::Action { return [&] { loop.quit(); }; });
    ASSERT_TRUE(loop.run());
    EXPECT_EQ(jobs->running(), 1u);
    gate->set_value();
}

TEST(Jobs, that_outlive_their_owner_follow_up_on_nothing) {
    auto loop = *session::EventLoop::open();
    auto jobs = *Jobs::open(loop);
    const auto post = jobs->post();
    bool ran = false;
    jobs.reset();
    post([&ran] { ran = true; });
    auto watch = *loop.at(session::Clock::now(), [&] { loop.quit(); });
    ASSERT_TRUE(loop.run());
    EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace instdrv::service

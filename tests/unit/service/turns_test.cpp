#include "service/turns.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv::service {
namespace {

class TurnsTest : public testing::Test {
protected:
    // Work that waits until the gate opens.
    Jobs::Work held() {
        return [gate = gate_future_]() -> Jobs::Action {
            gate.wait();
            return [] {};
        };
    }

    session::EventLoop loop_ = *session::EventLoop::open();
    std::unique_ptr<Jobs> jobs_ = *Jobs::open(loop_);
    std::promise<void> gate_;
    std::shared_future<void> gate_future_ = gate_.get_future().share();
};

TEST_F(TurnsTest, RunSoManyOfADriverAtATimeAndAllInTheEnd) {
    Turns turns(*jobs_, {.at_a_time = 3, .most_running = 100, .most_waiting = 1000});
    constexpr int count = 200;
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    int ended = 0;
    for (int i = 0; i < count; ++i) {
        ASSERT_TRUE(turns.start("driver", [&]() -> Jobs::Action {
            const int now = ++inside;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            std::this_thread::yield();
            --inside;
            return [&] {
                if (++ended == count) loop_.quit();
            };
        }));
    }
    EXPECT_LE(jobs_->running(), 3u);
    ASSERT_TRUE(loop_.run());
    EXPECT_LE(most, 3);
    EXPECT_EQ(ended, count);
}

TEST_F(TurnsTest, OfADriverThatHangsHoldUpNobodyElses) {
    Turns turns(*jobs_, {.at_a_time = 2, .most_running = 100, .most_waiting = 1000});
    for (int i = 0; i < 50; ++i)
        ASSERT_TRUE(turns.start("hangs", held()));
    ASSERT_TRUE(turns.start("works", [&]() -> Jobs::Action { return [&] { loop_.quit(); }; }));
    ASSERT_TRUE(loop_.run());
    EXPECT_EQ(jobs_->running(), 2u);
    gate_.set_value();
}

TEST_F(TurnsTest, AreRefusedWhereTooManyWait) {
    Turns turns(*jobs_, {.at_a_time = 1, .most_running = 1, .most_waiting = 2});
    EXPECT_TRUE(turns.start("one", held())) << "runs";
    EXPECT_TRUE(turns.start("one", held())) << "waits";
    EXPECT_TRUE(turns.start("another", held())) << "waits, too";
    EXPECT_FALSE(turns.start("a third", held()));
    gate_.set_value();
}

}  // namespace
}  // namespace instdrv::service

#include "channel/deadline.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace instdrv::channel {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, BeginsWithTheFirstLookAtIt) {
    Deadline deadline(10s);
    std::this_thread::sleep_for(20ms);
    EXPECT_GT(*deadline.left(), 10s - 1ms) << "nobody has looked before";
    std::this_thread::sleep_for(2ms);
    EXPECT_LE(*deadline.left(), 10s - 2ms);
}

TEST(Deadline, PassesOnce) {
    Deadline deadline(2ms);
    EXPECT_FALSE(deadline.has_passed());
    std::this_thread::sleep_for(2ms);
    EXPECT_TRUE(deadline.has_passed());
    EXPECT_LE(deadline.left()->count(), 0);
    EXPECT_TRUE(Deadline(0ms).has_passed());
}

TEST(Deadline, NeverPassesWhereNoneWasSet) {
    Deadline never;
    EXPECT_FALSE(never.left());
    EXPECT_FALSE(never.latest());
    never.extend(1s);
    EXPECT_FALSE(never.has_passed());
}

TEST(Deadline, IsExtendedByWhatWasAgreedAndNoMore) {
    Deadline deadline(1h, 8h);
    deadline.extend(3h);
    EXPECT_GT(*deadline.left(), 4h - 1min);
    EXPECT_LE(*deadline.left(), 4h);
    deadline.extend(20h);
    deadline.extend(20h);
    EXPECT_GT(*deadline.left(), 9h - 1min);
    EXPECT_LE(*deadline.left(), 9h);
    Deadline fixed(1h);
    fixed.extend(1h);
    EXPECT_LE(*fixed.left(), 1h);
}

TEST(Deadline, IsExtendedNoFurtherThanWhatItIsPartOf) {
    Deadline outer(1h, 1h);
    Deadline inner(90min, 8h, outer.latest());
    inner.extend(5h);
    EXPECT_LE(*inner.left(), 2h) << "the outer one has passed by then";
    Deadline longer(10h, 8h, outer.latest());
    longer.extend(5h);
    EXPECT_GT(*longer.left(), 10h - 1min) << "its own time is whole";
    EXPECT_LE(*longer.left(), 10h);
}

TEST(Deadline, IsOverWithWhatBoundsIt) {
    Deadline outer(1h, 1h);
    Deadline inner(90min, 8h, {}, outer.latest());
    EXPECT_LE(*inner.left(), 90min);
    inner.extend(5h);
    EXPECT_LE(*inner.left(), 2h);
    Deadline longer(10h, 8h, {}, outer.latest());
    EXPECT_LE(*longer.left(), 2h) << "not even its own time is whole";
    longer.extend(5h);
    EXPECT_LE(*longer.left(), 2h);
    EXPECT_LE(*longer.latest(), *outer.latest());
    EXPECT_TRUE(Deadline(1h, 1h, {}, Clock::now()).has_passed());
}

TEST(Deadline, StandsStillWhileItIsPaused) {
    Deadline deadline(1h);
    deadline.pause();
    std::this_thread::sleep_for(5ms);
    EXPECT_EQ(*deadline.left(), 1h) << "nobody had looked before";
    std::this_thread::sleep_for(5ms);
    deadline.pause();
    const auto left = *deadline.left();
    EXPECT_LE(left, 1h - 5ms) << "what has gone by has gone by";
    deadline.pause();
    const auto paused = Clock::now();
    std::this_thread::sleep_for(200ms);
    const auto stood = Clock::now() - paused;
    EXPECT_GT(*deadline.left(), left - stood);
    Deadline over(0ms);
    EXPECT_TRUE(over.has_passed());
    over.pause();
    EXPECT_TRUE(over.has_passed());
    Deadline never;
    never.pause();
    EXPECT_FALSE(never.has_passed());
}

}  // namespace
}  // namespace instdrv::channel

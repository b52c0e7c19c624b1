#include "supervisor/lane_claims.hpp"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv::supervisor {
namespace {

using Claim = LaneClaims::Claim;

// As many as a user gets, in calls all of them.
std::vector<Claim> take_all(LaneClaims& claims, LaneUser user) {
    std::vector<Claim> all;
    while (const auto claim = claims.take(user))
        all.push_back(*claim);
    return all;
}

TEST(LaneClaims, AreOfDifferentLanes) {
    LaneClaims claims;
    std::set<std::size_t> lanes;
    for (const auto& claim : take_all(claims, LaneUser::end))
        lanes.insert(claim.lane);
    EXPECT_EQ(lanes.size(), channel::first_worker_lane);
}

TEST(LaneClaims, LeaveSomeToProgramsAndSomeToTheEnd) {
    LaneClaims claims;
    EXPECT_LT(take_all(claims, LaneUser::driver).size(), channel::first_worker_lane - 10);
    EXPECT_GT(take_all(claims, LaneUser::program).size(), 10u);
    EXPECT_GE(take_all(claims, LaneUser::end).size(), 1u);
}

TEST(LaneClaims, AreTakenFromThreadsThatAreInNoCall) {
    LaneClaims claims;
    const auto all = take_all(claims, LaneUser::program);
    claims.end(all[3]);
    const auto other = claims.take(LaneUser::program);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->lane, all[3].lane);
    EXPECT_EQ(claims.begin(all[3]), LaneClaims::Begun::lost);
    EXPECT_FALSE(claims.take(LaneUser::program)) << "all others are in calls";
    claims.give_back(all[3]);
    claims.end(*other);
    EXPECT_EQ(claims.begin(*other), LaneClaims::Begun::yes) << "what was lost is not given back";
}

TEST(LaneClaims, KnowCallsInsideOfCalls) {
    LaneClaims claims;
    const auto claim = claims.take(LaneUser::program);
    ASSERT_TRUE(claim);
    EXPECT_EQ(claims.begin(*claim), LaneClaims::Begun::nested);
    claims.end(*claim);
    EXPECT_EQ(claims.begin(*claim), LaneClaims::Begun::yes);
}

TEST(LaneClaims, OfWorkersThreadsAreNobodyElses) {
    LaneClaims claims;
    claims.keep(channel::first_worker_lane);
    EXPECT_EQ(claims.begin({.lane = channel::first_worker_lane, .generation = 0}),
              LaneClaims::Begun::nested);
}

// More threads than lanes, each of which calls again and again.
TEST(LaneClaims, NeverHaveTwoThreadsInOneLane) {
    LaneClaims claims;
    std::array<std::atomic<int>, channel::lane_count> inside{};
    std::atomic<int> collisions{0}, calls{0};
    const auto run = [&] {
        std::optional<Claim> claim;
        for (int i = 0; i < 2000; ++i) {
            if (!claim || claims.begin(*claim) != LaneClaims::Begun::yes) {
                claim = claims.take(LaneUser::program);
                if (!claim) continue;
            }
            if (inside.at(claim->lane)++ != 0) ++collisions;
            ++calls;
            --inside.at(claim->lane);
            claims.end(*claim);
        }
        if (claim) claims.give_back(*claim);
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < 2 * channel::lane_count; ++i)
            threads.emplace_back(run);
    }
    EXPECT_EQ(collisions, 0);
    EXPECT_GT(calls, 10'000);
}

}  // namespace
}  // namespace instdrv::supervisor

// Two workers that keep things in one state folder at a time, as the drivers of two sessions do.
#include <csignal>
#include <thread>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keeper.hpp"

namespace instdrv::test {
namespace {

constexpr LPARAM count = 200;

class Sharing : public testing::TestWithParam<std::tuple<Machine, Store>> {
protected:
    static const Machine& machine() { return std::get<0>(GetParam()); }
    static Store store() { return std::get<1>(GetParam()); }

    TemporaryFolder folder_;
    std::filesystem::path state_ = folder_ / "state";
};

TEST_P(Sharing, BothSeeAllOfIt) {
    LPARAM ids[2] = {};
    {
        const Keeper first(machine(), state_);
        const Keeper second(machine(), state_);
        ids[0] = first.ask(process_id);
        ids[1] = second.ask(process_id);
        ASSERT_NE(ids[0], ids[1]);
        std::thread other([&] { EXPECT_EQ(second.ask(keep_under_id, store(), count), count); });
        EXPECT_EQ(first.ask(keep_under_id, store(), count), count);
        other.join();
        for (const Keeper* keeper : {&first, &second}) {
            for (const LPARAM id : ids)
                EXPECT_EQ(keeper->ask(count_under_id, store(), id), count);
        }
    }
    for (const LPARAM id : ids)
        EXPECT_EQ(Keeper(machine(), state_).ask(count_under_id, store(), id), count);
}

TEST_P(Sharing, OneThatIsUnloadedTakesNothingFromTheOther) {
    const Keeper stays(machine(), state_);
    const LPARAM id = stays.ask(process_id);
    std::thread others([&] {
        for (int round = 0; round < 5; ++round)
            EXPECT_EQ(Keeper(machine(), state_).ask(keep_under_id, store(), 20), 20);
    });
    EXPECT_EQ(stays.ask(keep_under_id, store(), count), count);
    others.join();
    EXPECT_EQ(stays.ask(count_under_id, store(), id), count);
    EXPECT_EQ(Keeper(machine(), state_).ask(count_under_id, store(), id), count);
}

TEST_P(Sharing, OneThatIsKilledHoldsNobodyUp) {
    const Keeper survivor(machine(), state_);
    const LPARAM id = survivor.ask(process_id);
    std::thread victims([&] {
        for (int round = 0; round < 5; ++round) {
            const Keeper victim(machine(), state_);
            const auto worker = static_cast<pid_t>(victim.ask(process_id));
            const std::uint32_t before = last_answered(state_, store());
            std::thread killer([&] {
                while (last_answered(state_, store()) < before + 5) {
                }
                ::kill(worker, SIGKILL);
            });
            EXPECT_FALSE(victim.send(keep, store(), 1'000'000'000));
            killer.join();
        }
    });
    EXPECT_EQ(survivor.ask(keep_under_id, store(), count), count);
    victims.join();
    EXPECT_EQ(survivor.ask(count_under_id, store(), id), count);
    EXPECT_EQ(
        survivor.ask(count_missing, store(), static_cast<LPARAM>(last_answered(state_, store()))),
        0);
}

class SharedIniFiles : public testing::TestWithParam<Machine> {};

TEST_P(SharedIniFiles, AreTheSameForAHandleThatWasOpenBeforeTheyWereFolded) {
    const TemporaryFolder folder;
    const auto state = folder / "state";
    const Keeper holds(GetParam(), state);
    ASSERT_EQ(holds.ask(keep, profile, 3), 0);
    ASSERT_EQ(holds.ask(open_ini), 0);
    LPARAM id = 0;
    {
        const Keeper folds(GetParam(), state);
        id = folds.ask(process_id);
        EXPECT_EQ(folds.ask(keep_under_id, profile, 5), 5);
    }
    EXPECT_EQ(holds.ask(write_late), 0);
    EXPECT_EQ(holds.ask(count_under_id, profile, id), 5);
    EXPECT_THAT(content_of(kept_state(state, "keeps.dll") / "keeps.ini"),
                testing::EndsWith("\r\nlate=1\r\n"));
    EXPECT_EQ(Keeper(GetParam(), state).ask(keep_under_id, profile, 1), 1);
    EXPECT_THAT(content_of(kept_state(state, "keeps.dll") / "keeps.ini"),
                testing::HasSubstr("\r\nlate=1\r\n"));
}

INSTANTIATE_TEST_SUITE_P(OfDrivers, SharedIniFiles, testing::ValuesIn(machines),
                         [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(OfState, Sharing,
                         testing::Combine(testing::ValuesIn(machines),
                                          testing::Values(registry, profile)),
                         [](const auto& tested) {
                             return std::string(std::get<0>(tested.param).name) +
                                    (std::get<1>(tested.param) == registry ? "Registry"
                                                                           : "Profile");
                         });

}  // namespace
}  // namespace instdrv::test

// Workers killed while they write: what was answered before is there afterwards.
#include <atomic>
#include <csignal>
#include <random>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "keeper.hpp"

namespace instdrv::test {
namespace {

struct NamedStore {
    const char* name;
    Store store;
};

class Kills : public testing::TestWithParam<std::tuple<Machine, NamedStore>> {
protected:
    static const Machine& machine() { return std::get<0>(GetParam()); }
    static Store store() { return std::get<1>(GetParam()).store; }
    [[nodiscard]] std::uint32_t answered() const { return last_answered(state_, store()); }

    // Has the driver write, and kills its worker once `count` writes more were answered. False: it
    // came back before, so the kill says nothing.
    bool kill_after(const Keeper& keeper, std::uint32_t count) {
        const auto worker = static_cast<pid_t>(keeper.ask(process_id));
        const std::uint32_t wanted = answered() + count;
        std::atomic<bool> came_back = false;
        std::thread killer([&] {
            while (answered() < wanted && !came_back) {
            }
            ::kill(worker, SIGKILL);
        });
        const auto result = keeper.send(keep, store(), 1'000'000'000);
        came_back = true;
        killer.join();
        return !result && result.error().code == ErrorCode::crashed;
    }

    TemporaryFolder folder_;
    std::filesystem::path state_ = folder_ / "state";
};

TEST_P(Kills, LoseNothingThatWasAnswered) {
    constexpr int kills = 200;
    std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::uint32_t> counts(1, 40);
    ASSERT_EQ(Keeper(machine(), state_).ask(keep, store(), 1), 0);
    int counted = 0;
    for (int round = 0; round < kills; ++round) {
        const Keeper keeper(machine(), state_);
        ASSERT_EQ(keeper.ask(count_missing, store(), static_cast<LPARAM>(answered())), 0)
            << "of " << answered() << " after " << counted << " kills";
        if (kill_after(keeper, counts(random))) ++counted;
    }
    EXPECT_EQ(counted, kills);
    EXPECT_EQ(
        Keeper(machine(), state_).ask(count_missing, store(), static_cast<LPARAM>(answered())), 0);
}

INSTANTIATE_TEST_SUITE_P(OfWorkers, Kills,
                         testing::Combine(testing::ValuesIn(machines),
                                          testing::Values(NamedStore{"Registry", registry},
                                                          NamedStore{"Profile", profile},
                                                          NamedStore{"File", file})),
                         [](const auto& tested) {
                             return std::string(std::get<0>(tested.param).name) +
                                    std::get<1>(tested.param).name;
                         });

}  // namespace
}  // namespace instdrv::test

// Sends, opens and closes that race each other.
#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/tsan.hpp"
#include "core/life_cycle.hpp"
#include "messages/catalog.hpp"
#include "unit/core/scripted_module.hpp"

namespace instdrv::core {
namespace {

using testing::Received;
using testing::ScriptedLoader;
using testing::well_behaved;

class LifeCycleThreadsTest : public ::testing::Test {
protected:
    Result<HDRVR> open(const std::string& file) {
        return life_.open({.name = file, .module = {.file = file}});
    }
    Result<LRESULT> close(HDRVR hdrvr) { return life_.close(hdrvr, 0, 0, CloseMode::ask); }

    void TearDown() override { loader_.forget_handlers(); }

    ScriptedLoader loader_;
    LifeCycle life_{loader_};
};

// A module that notices every message which reaches it outside of OPEN..CLOSE.
class Witness final : public Module {
public:
    Answer call(const Target&, UINT message, LPARAM, LPARAM) noexcept override {
        if (message == DRV_OPEN) open.store(true);
        if (message == DRV_CLOSE) open.store(false);
        if (message == DRV_USER && !open.load()) late.fetch_add(1);
        return {1, nullptr};
    }
    [[nodiscard]] HMODULE handle() const noexcept override { return nullptr; }
    [[nodiscard]] std::string_view kind() const noexcept override { return "witness"; }
    [[nodiscard]] bool is_windows() const noexcept override { return false; }

    std::atomic<bool> open{false};
    static inline std::atomic<int> late{0};
};

class WitnessLoader final : public ModuleLoader {
    Result<std::unique_ptr<Module>> load(const ModuleRequest&, LoadUnderWay&) override {
        return std::make_unique<Witness>();
    }
};

TEST(LifeCycleRace, NoSendReachesADriverOutsideOfItsLife) {
    WitnessLoader loader;
    LifeCycle life(loader);
    std::atomic<HDRVR> current{nullptr};
    std::atomic<bool> stop{false};
    std::atomic<long> delivered{0};
    std::atomic<long> refused{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < 3; ++i) {
        senders.emplace_back([&] {
            while (!stop.load()) {
                const Answer answer = send(current.load(), DRV_USER, 0, 0);
                (answer.broken == nullptr ? delivered : refused).fetch_add(1);
            }
        });
    }
    constexpr int rounds = tsan::is_at_work ? 200 : 2000;
    for (int round = 0; round < rounds || delivered.load() == 0; ++round) {
        const auto opened = life.open({.name = "w", .module = {.file = "w"}});
        ASSERT_TRUE(opened);
        current.store(*opened);
        if (round % 16 == 0) std::this_thread::yield();
        ASSERT_TRUE(life.close(*opened, 0, 0, CloseMode::ask));
    }
    stop.store(true);
    for (auto& sender : senders)
        sender.join();
    EXPECT_EQ(Witness::late.load(), 0);
    EXPECT_GT(delivered.load(), 0);
    EXPECT_GT(refused.load(), 0);
}

TEST(LifeCycleEnd, MayComeOnAThreadThatCalledNoDriver) {
    ScriptedLoader loader;
    loader["a"]->handler = [](const Received& call) { return well_behaved(call); };
    std::optional<LifeCycle> life(std::in_place, loader);
    std::thread([&] { EXPECT_TRUE(life->load({.name = "a", .module = {.file = "a"}})); }).join();
    std::thread([&] { life.reset(); }).join();
    EXPECT_EQ(loader["a"]->unloaded, 1);
}

TEST_F(LifeCycleThreadsTest, ACloseWaitsForTheSendUnderWay) {
    std::latch inside(1);
    std::promise<void> let_go;
    auto released = let_go.get_future();
    const auto script = loader_["a"];
    script->handler = [&](const Received& call) {
        if (call.message == DRV_USER) {
            inside.count_down();
            released.wait();
        }
        return well_behaved(call);
    };
    const HDRVR handle = *open("a");
    std::thread sender([&] { EXPECT_EQ(send(handle, DRV_USER, 0, 0).broken, nullptr); });
    inside.wait();
    auto closing = std::async(std::launch::async, [&] { return close(handle); });
    // The close has begun when senders are turned away; only then may the handler return.
    while (send(handle, DRV_USER + 1, 0, 0).broken == nullptr)
        std::this_thread::yield();
    EXPECT_NE(script->messages().back(), UINT{DRV_CLOSE});
    let_go.set_value();
    EXPECT_TRUE(closing.get());
    sender.join();
}

// A driver is not disabled while somebody else's call is still inside of it.
class ExitBesideTest : public LifeCycleThreadsTest, public ::testing::WithParamInterface<UINT> {};

TEST_P(ExitBesideTest, WaitsForACallUnderWayBeforeItDisables) {
    const UINT held = GetParam();
    std::latch inside(1);
    std::promise<void> let_go;
    auto released = let_go.get_future();
    const auto script = loader_["a"];
    script->handler = [&](const Received& call) {
        if (call.message == held && call.lparam2 == 1) {
            inside.count_down();
            released.wait();
        }
        return well_behaved(call);
    };
    const HDRVR handle = *open("a");
    std::thread other([&] {
        if (held == DRV_OPEN) {
            const auto late =
                life_.open({.name = "a", .module = {.file = "a"}, .text = {}, .lparam2 = 1});
            EXPECT_EQ(late.error().code, ErrorCode::exiting);
        }
        if (held == DRV_USER) send(handle, DRV_USER, 0, 1);
        if (held == DRV_CLOSE) {
            EXPECT_TRUE(life_.close(handle, 0, 1, CloseMode::ask));
        }
    });
    inside.wait();
    auto exit = std::async(std::launch::async, [&] {
        life_.begin_exit();
        const auto snapshot = life_.exit_snapshot(true);
        for (const auto& call : calls_of(snapshot.world, {.send_close = false}))
            life_.exit_call(call, snapshot.modules[call.module]);
    });
    EXPECT_EQ(exit.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    EXPECT_THAT(script->messages(), ::testing::Not(::testing::Contains(UINT{DRV_DISABLE})));
    let_go.set_value();
    exit.get();
    other.join();
    const auto messages = script->messages();
    ASSERT_GE(messages.size(), 2u);
    EXPECT_EQ(messages[messages.size() - 2], UINT{DRV_DISABLE});
    EXPECT_EQ(messages.back(), UINT{DRV_FREE});
    EXPECT_EQ(script->unloaded, 1);
}

INSTANTIATE_TEST_SUITE_P(Call, ExitBesideTest, ::testing::Values(DRV_OPEN, DRV_CLOSE, DRV_USER),
                         [](const auto& call) { return messages::describe(call.param); });

TEST_F(LifeCycleThreadsTest, TwoHandlersThatCloseEachOtherDoNotDeadlock) {
    std::map<std::string, HDRVR> handles;
    std::latch both_inside(2);
    std::atomic<int> busy{0};
    std::atomic<int> closed{0};
    const auto close_the_other = [&](const std::string& other) {
        return [&, other](const Received& call) {
            if (call.message == DRV_USER) {
                both_inside.arrive_and_wait();
                const auto answer = close(handles[other]);
                if (answer) ++closed;
                if (!answer && answer.error().code == ErrorCode::busy) ++busy;
            }
            return well_behaved(call);
        };
    };
    loader_["a"]->handler = close_the_other("b");
    loader_["b"]->handler = close_the_other("a");
    handles = {{"a", *open("a")}, {"b", *open("b")}};
    std::thread first([&] { send(handles["a"], DRV_USER, 0, 0); });
    std::thread second([&] { send(handles["b"], DRV_USER, 0, 0); });
    first.join();
    second.join();
    EXPECT_EQ(busy.load(), 1) << "the one that closes the circle is told";
    EXPECT_EQ(closed.load(), 1) << "and the other one gets its way";
}

TEST_F(LifeCycleThreadsTest, TwoLoadsThatOpenEachOtherDoNotDeadlock) {
    std::latch both_loading(2);
    std::atomic<int> busy{0};
    const auto open_the_other = [&](const std::string& other) {
        return [&, other](const Received& call) {
            if (call.message == DRV_LOAD) {
                both_loading.arrive_and_wait();
                const auto opened = open(other);
                if (!opened && opened.error().code == ErrorCode::busy) ++busy;
            }
            return well_behaved(call);
        };
    };
    loader_["a"]->handler = open_the_other("b");
    loader_["b"]->handler = open_the_other("a");
    std::thread first([&] { EXPECT_TRUE(open("a")); });
    std::thread second([&] { EXPECT_TRUE(open("b")); });
    first.join();
    second.join();
    EXPECT_EQ(busy.load(), 1);
}

TEST_F(LifeCycleThreadsTest, ASecondOpenWaitsForTheFirstOnesLoad) {
    const auto script = loader_["a"];
    std::latch loading(1);
    std::promise<void> let_go;
    auto released = let_go.get_future();
    script->handler = [&](const Received& call) {
        if (call.message == DRV_LOAD) {
            loading.count_down();
            released.wait();
        }
        return well_behaved(call);
    };
    auto first = std::async(std::launch::async, [&] { return open("a"); });
    loading.wait();
    auto second = std::async(std::launch::async, [&] { return open("a"); });
    let_go.set_value();
    EXPECT_TRUE(first.get());
    EXPECT_TRUE(second.get());
    EXPECT_EQ(script->loaded, 1);
    const auto messages = script->messages();
    EXPECT_EQ(std::count(messages.begin(), messages.end(), UINT{DRV_LOAD}), 1);
}

TEST_F(LifeCycleThreadsTest, ManyThreadsOpenAndCloseWithoutLosingCount) {
    const auto script = loader_["a"];
    script->handler = [](const Received& call) { return well_behaved(call); };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 500; ++round) {
                const auto opened = open("a");
                ASSERT_TRUE(opened);
                EXPECT_EQ(send(*opened, DRV_USER, 0, 0).broken, nullptr);
                EXPECT_TRUE(close(*opened));
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(script->loaded, script->unloaded);
    EXPECT_TRUE(life_.instances().empty());
}

}  // namespace
}  // namespace instdrv::core

// The callbacks of drivers in workers while their instance is closed.
#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

constexpr UINT call_back_once = DRV_USER;
constexpr UINT delivered = DRV_USER + 1;
constexpr UINT call_back_without_end = DRV_USER + 4;

// A client whose callback can be held inside. A driver of 32 bits hands on as much of its word as
// fits, so there is one at a time.
struct Client {
    Client() { current = this; }
    std::atomic<int> begun{0};
    std::atomic<int> inside{0};
    std::atomic<bool> holds{false};
    Driver* closes = nullptr;  // the instance that the callback is to close

    static void called(HDRVR, UINT, DWORD_PTR, DWORD_PTR, DWORD_PTR) {
        auto& client = *current;
        ++client.inside;
        ++client.begun;
        if (client.closes != nullptr) {
            EXPECT_EQ(client.closes->close().value_or(-1), 1);
        }
        while (client.holds)
            std::this_thread::sleep_for(1ms);
        --client.inside;
    }
    static inline Client* current = nullptr;
};

class Callbacks : public EveryBuild {
protected:
    void start(UINT message) {
        const auto function =
            driver_->expose(CALLBACK_FUNCTION, reinterpret_cast<DWORD_PTR>(&Client::called));
        ASSERT_TRUE(function) << function.error().text();
        ASSERT_EQ(driver_->send(message, static_cast<LPARAM>(*function)).value_or(-1), 1);
    }
    static void wait_for(const std::atomic<int>& count) {
        while (count == 0)
            std::this_thread::sleep_for(1ms);
    }

    Client client_;
    Result<Driver> driver_ = host_.open(file("calls_back_later"));
    // Keeps the worker, whose thread goes on calling.
    Result<Driver> other_ = host_.open(file("calls_back_later"));
};
INSTANTIATE_TEST_SUITE_P(Builds, Callbacks, builds_in_workers, name_of_build);

TEST_P(Callbacks, HaveReturnedWhenTheirInstanceIsClosed) {
    client_.holds = true;
    start(call_back_once);
    wait_for(client_.inside);
    std::atomic<bool> closed{false};
    std::thread closing([&] {
        EXPECT_EQ(driver_->close().value_or(-1), 1);
        EXPECT_EQ(client_.inside, 0);
        closed = true;
    });
    std::this_thread::sleep_for(100ms);
    EXPECT_FALSE(closed);
    client_.holds = false;
    closing.join();
}

TEST_P(Callbacks, BeginNoMoreOnceTheirInstanceIsClosed) {
    start(call_back_without_end);
    wait_for(client_.begun);
    EXPECT_EQ(driver_->close().value_or(-1), 1);
    const int begun = client_.begun;
    EXPECT_EQ(client_.inside, 0);
    // The thread goes on, as the next answer of its worker shows.
    EXPECT_GE(other_->send(delivered).value_or(-1), 0);
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(client_.begun, begun);
}

TEST_P(Callbacks, MayCloseTheInstanceTheyComeFrom) {
    client_.closes = &*driver_;
    start(call_back_once);
    wait_for(client_.begun);
    while (client_.inside > 0)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(host_.instances().size(), 1u);
    while (other_->send(delivered).value_or(-1) == 0)
        std::this_thread::sleep_for(1ms);
}

}  // namespace
}  // namespace instdrv::test

// The callbacks of drivers in workers: while their instance is closed, and with what a driver has
// made up.
#include <instdrv/acm.h>
#include <instdrv/devices.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

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

// ---- what a driver hands over -------------------------------------------------------------------

// A stream of the driver tests/drivers/hands_out.c.
class HandedOver : public EveryBuild {
protected:
    enum Choice : LPARAM { header, stream, inside_of_the_header, made_up, nothing };

    HandedOver() {
        told_.clear();
        stream_.cbStruct = sizeof stream_;
        stream_.pwfxSrc = &plain_;
        stream_.pwfxDst = &coded_;
        stream_.dwCallback = reinterpret_cast<DWORD_PTR>(&on_stream);
        stream_.fdwOpen = CALLBACK_FUNCTION;
        header_.cbStruct = sizeof header_;
        header_.pbSrc = source_.data();
        header_.cbSrcLength = source_.size();
        header_.pbDst = destination_.data();
        header_.cbDstLength = destination_.size();
    }
    void SetUp() override {
        ASSERT_TRUE(driver_) << driver_.error().text();
        ASSERT_EQ(send(ACMDM_STREAM_OPEN, &stream_, nullptr), 0);
        ASSERT_EQ(send(ACMDM_STREAM_PREPARE, &stream_, &header_), 0);
    }
    LRESULT send(UINT message, void* first, void* second) {
        return driver_
            ->send(message, reinterpret_cast<LPARAM>(first), reinterpret_cast<LPARAM>(second))
            .value_or(-1);
    }
    // Whether the driver heard that its client was called.
    LRESULT convert(Choice choice, LPARAM parameter) {
        EXPECT_EQ(driver_->send(DRV_USER, choice, parameter).value_or(-1), 1);
        EXPECT_EQ(send(ACMDM_STREAM_CONVERT, &stream_, &header_), 0);
        return driver_->send(DRV_USER + 1).value_or(-1);
    }
    static void on_stream(HDRVR, UINT, DWORD_PTR, DWORD_PTR first, DWORD_PTR second) {
        told_.push_back({first, second});
    }
    [[nodiscard]] DWORD_PTR own() const { return reinterpret_cast<DWORD_PTR>(&header_); }

    using Told = std::array<DWORD_PTR, 2>;
    static inline std::vector<Told> told_;
    WAVEFORMATEX plain_{WAVE_FORMAT_PCM, 1, 8000, 16000, 2, 16, 0};
    WAVEFORMATEX coded_{WAVE_FORMAT_ALAW, 1, 8000, 8000, 1, 8, 0};
    std::array<BYTE, 64> source_{};
    std::array<BYTE, 64> destination_{};
    ACMDRVSTREAMINSTANCE stream_{};
    ACMDRVSTREAMHEADER header_{};
    ACMDRVOPENDESCW description_{.cbStruct = sizeof description_, .fccType = 0x63647561};
    Result<Driver> driver_ =
        host_.open(file("hands_out"),
                   {.section = "drivers32", .lparam2 = reinterpret_cast<LPARAM>(&description_)});
};
INSTANTIATE_TEST_SUITE_P(Builds, HandedOver, builds_in_workers, name_of_build);

TEST_P(HandedOver, IsTheStructureThatTheClientGave) {
    EXPECT_EQ(convert(header, 0), 1);
    EXPECT_EQ(convert(header, 1), 1);
    EXPECT_EQ(convert(nothing, 1), 1);
    EXPECT_EQ(told_, (std::vector<Told>{{own(), 0}, {own(), own()}, {own(), 0}}));
}

TEST_P(HandedOver, IsNoAddressThatADriverMadeUp) {
    for (const LPARAM parameter : {0, 1}) {
        for (const auto choice : {stream, inside_of_the_header, made_up})
            EXPECT_EQ(convert(choice, parameter), 0) << choice << " in parameter " << parameter;
    }
    EXPECT_EQ(convert(nothing, 0), 0) << "what is done is something";
    EXPECT_TRUE(told_.empty());
    EXPECT_EQ(convert(header, 0), 1) << "nothing has happened to it";
}

// No longer the driver's to hand over.
TEST_P(HandedOver, IsNoHeaderThatIsNotPreparedAnyMore) {
    ASSERT_EQ(convert(header, 0), 1);
    ASSERT_EQ(send(ACMDM_STREAM_UNPREPARE, &stream_, &header_), 0);
    EXPECT_EQ(convert(header, 0), 0);
    EXPECT_EQ(told_.size(), 1u);
}

}  // namespace
}  // namespace instdrv::test

#include "supervisor/monitor.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <unistd.h>

#include <gtest/gtest.h>

namespace instdrv::supervisor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Reads what a process prints, of which there is always too much.
class Crowded final : public WorkerEvents {
public:
    explicit Crowded(const ChildProcess& process) : process_(process) {}
    void noticed(const channel::Notice&) noexcept override {}
    OutputState printed() noexcept override {
        std::array<char, 4096> bytes{};
        if (::read(process_.output().get(), bytes.data(), bytes.size()) > 0) ++times_;
        return OutputState::crowded;
    }
    bool has_room() noexcept override { return false; }
    void does_not_read() noexcept override {}
    void unwatched(int) noexcept override {}
    void died(const siginfo_t&) noexcept override { dead_ = true; }

    [[nodiscard]] int times() const { return times_; }
    [[nodiscard]] bool is_dead() const { return dead_; }

private:
    const ChildProcess& process_;
    std::atomic<int> times_{0};
    std::atomic<bool> dead_{false};
};

// yes(1) prints without end. That it is read on after each rest is what this waits for.
TEST(Monitor, RestsWhereOutputIsCrowded) {
    auto& monitor = Monitor::instance();
    const auto begin = Clock::now();
    const auto child = monitor.start("/usr/bin/yes");
    ASSERT_TRUE(child) << child.error().text();
    const auto events = std::make_shared<Crowded>(**child);
    ASSERT_TRUE(monitor.watch(*child, events));
    while (events->times() < 20)
        std::this_thread::sleep_for(1ms);
    const auto times = events->times();
    const auto rests = (Clock::now() - begin) / Monitor::rest;
    EXPECT_LE(times, rests + 1);
    monitor.kill(*child);
    while (!events->is_dead())
        std::this_thread::sleep_for(1ms);
}

}  // namespace
}  // namespace instdrv::supervisor

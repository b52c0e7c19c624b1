// What a driver's deadline comes to where calls nest: a driver asks for something, or calls its
// client back, inside of a call, and is called again for that. All workers here ask again and
// again, each time when most of a deadline has gone by.
#include <array>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>

#include <gtest/gtest.h>

#include "hostile_worker.hpp"
#include "supervisor/deadlines.hpp"
#include "supervisor/requests.hpp"

namespace instdrv::supervisor {
namespace {

using namespace std::chrono_literals;

constexpr auto deadline = 50ms;
constexpr auto until_it_asks = 45ms;
// In nine times the deadline, the first of them after `until_it_asks`.
constexpr int most_asked = 9 * 50 / 45;

void ask_late(channel::Lane& lane, channel::What what) {
    std::this_thread::sleep_for(until_it_asks);
    channel::send(lane.to_supervisor, channel::Turn::request, what, channel::Words{1});
    channel::ring(lane.to_supervisor.bell);
}

// A program's function that calls the driver again, which calls it back from there, and so on.
TEST(NestedDeadlines, ADriversCallsInsideOfItsOwnHaveNoTimeAnew) {
    constexpr int deepest = 3 * most_asked;
    HostileWorker* called = nullptr;
    int depth = 0;
    const auto nests = std::make_shared<Obliging>([&](Worker&) {
        if (++depth > deepest) return;
        const auto reply = (*called)->call(channel::What::call_driver, {}, {}, deadline);
        ASSERT_FALSE(reply);
        EXPECT_EQ(reply.error().code, ErrorCode::timed_out) << reply.error().text();
    });
    HostileWorker worker(nests);
    called = &worker;
    worker.from_its_call_on(
        [](channel::Lane& lane) { ask_late(lane, channel::What::direct_callback); });
    const auto reply = worker->call(channel::What::call_driver, {}, {}, deadline);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::timed_out) << reply.error().text();
    EXPECT_LE(depth, most_asked + 1);
}

using Workers = std::array<std::unique_ptr<HostileWorker>, 15>;

// What a driver of one worker sends goes to a driver of the next.
class SendsOn final : public core::DriverSystem {
public:
    explicit SendsOn(const Workers& workers) : workers_(workers) {}
    HDRVR open(std::string_view, std::string_view, LPARAM) override { return nullptr; }
    LRESULT close(HDRVR, LPARAM, LPARAM) override { return 0; }
    LRESULT send(HDRVR, UINT, LPARAM, LPARAM) override {
        if (++sent_ == workers_.size()) return 0;
        const auto reply = (*workers_[sent_])->call(channel::What::call_driver, {}, {}, deadline);
        return reply ? 1 : 0;
    }
    HMODULE module_handle(HDRVR) override { return nullptr; }
    bool callback(const core::CallbackRequest&) override { return false; }
    [[nodiscard]] std::size_t sent() const noexcept { return sent_; }

private:
    const Workers& workers_;
    std::size_t sent_ = 0;  // by the one thread that is in all of these calls
};

TEST(NestedDeadlines, NothingIsBegunForADriverThatHasNoTimeLeft) {
    Workers workers;
    const auto system = std::make_shared<SendsOn>(workers);
    for (auto& worker : workers) {
        worker = std::make_unique<HostileWorker>(
            std::make_shared<Requests>([&](const core::Asker&) { return system; }));
        worker->from_its_call_on(
            [](channel::Lane& lane) { ask_late(lane, channel::What::send_message); });
    }
    EXPECT_FALSE((*workers[0])->call(channel::What::call_driver, {}, {}, deadline));
    EXPECT_LE(system->sent(), static_cast<std::size_t>(most_asked) + 1);
}

TEST(NestedDeadlines, AScopeInsideOfAnotherEndsWithIt) {
    const auto now = channel::Clock::now();
    const OnBehalfScope outer(now + 1h);
    {
        const OnBehalfScope longer(now + 2h);
        EXPECT_EQ(OnBehalfScope::latest_of_this_thread(), now + 1h);
        const OnBehalfScope shorter(now + 30min);
        EXPECT_EQ(OnBehalfScope::latest_of_this_thread(), now + 30min);
        EXPECT_FALSE(OnBehalfScope::is_over());
        const OnBehalfScope over(now - 1ms);
        EXPECT_TRUE(OnBehalfScope::is_over());
        const OwnBehalfScope own;
        EXPECT_FALSE(OnBehalfScope::is_over()) << "a program's own function has all its time";
        EXPECT_FALSE(OnBehalfScope::latest_of_this_thread());
    }
    EXPECT_EQ(OnBehalfScope::latest_of_this_thread(), now + 1h);
}

}  // namespace
}  // namespace instdrv::supervisor

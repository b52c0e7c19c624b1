#include "worker/lane_server.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "core/instance_table.hpp"
#include "worker/link.hpp"
#include "worker/link_wait.hpp"

namespace instdrv::worker {
namespace {

// Asks the other side for something in every call.
class Asks final : public CallHandler {
public:
    void carry_out(Link&, const channel::Received&, channel::Message& out) override {
        ++calls_;
        channel::Deadline endless;
        LaneServer::of_this_thread()->request(channel::What::driver_callback, {}, {}, endless);
        channel::send(out, channel::Turn::answer, channel::What::call_driver, {});
    }
    [[nodiscard]] int calls() const noexcept { return calls_; }

private:
    int calls_ = 0;
};

// The other side, which calls where it is asked, until it is refused.
class Caller {
public:
    explicit Caller(channel::Lane& lane) noexcept : lane_(lane) {}

    void send(channel::Turn turn) {
        const auto what = turn == channel::Turn::reply ? channel::What::driver_callback
                                                       : channel::What::call_driver;
        channel::send(lane_.to_worker, turn, what, {});
        channel::ring(lane_.to_worker.bell);
    }
    channel::Received hear() {
        listener_.wait(lane_.to_supervisor.bell);
        return channel::receive(lane_.to_supervisor);
    }
    // How many calls were taken, inside of each other.
    int nest() {
        int taken = 0;
        for (;; ++taken) {
            send(channel::Turn::call);
            const auto heard = hear();
            if (heard.turn == channel::Turn::answer) {
                EXPECT_EQ(channel::error_of(heard).code, ErrorCode::busy);
                return taken;
            }
        }
    }

private:
    channel::Lane& lane_;
    channel::Listener listener_{0};
};

TEST(LaneServer, LetsAClientsCallsNestOnlySoDeep) {
    auto region = channel::Region::create(channel::client_region_size);
    ASSERT_TRUE(region);
    const auto other = channel::Region::attach(region->fd());
    ASSERT_TRUE(other);
    Asks handler;
    PartsQuota quota;
    Link link(*std::move(region), Fd(), 1, handler, quota);
    std::thread serving([&] { LaneServer(link, 0).serve(); });
    Caller caller(other->lane(0));
    const int taken = caller.nest();
    EXPECT_EQ(taken, 1 + core::CallRecord::max_depth);
    // All of them go on.
    for (int i = 0; i < taken; ++i) {
        caller.send(channel::Turn::reply);
        EXPECT_EQ(caller.hear().turn, channel::Turn::answer);
    }
    EXPECT_EQ(handler.calls(), taken);
    link.end();
    serving.join();
}

// One that is silent, and one that calls again and again in place of the reply.
TEST(LaneServer, WaitsForAClientOnlySoLong) {
    auto region = channel::Region::create(channel::client_region_size);
    ASSERT_TRUE(region);
    const auto other = channel::Region::attach(region->fd());
    ASSERT_TRUE(other);
    class Answers final : public CallHandler {
        void carry_out(Link&, const channel::Received&, channel::Message& out) override {
            channel::send(out, channel::Turn::answer, channel::What::call_driver, {});
        }
    } handler;
    PartsQuota quota;
    Link link(*std::move(region), Fd(), 1, handler, quota);
    for (const bool calls : {false, true}) {
        std::atomic<bool> over = false;
        std::thread client([&] {
            Caller caller(other->lane(1));
            while (calls) {
                caller.hear();
                if (over) return;
                caller.send(channel::Turn::call);
            }
        });
        channel::Deadline deadline(std::chrono::milliseconds(20), std::chrono::hours(1));
        LaneServer talk(link, calls ? 1 : 0);
        const auto reply = talk.request(channel::What::driver_callback, {}, {}, deadline);
        over = true;
        channel::ring(other->lane(1).to_supervisor.bell);
        client.join();
        EXPECT_EQ(reply.turn, channel::Turn::none);
    }
}

// A client that calls the driver again whenever it is called back, and takes its time each time.
TEST(LaneServer, CountsAClientsTimeInNestedCallbacksTogether) {
    constexpr auto time = std::chrono::milliseconds(100);
    constexpr auto taken = std::chrono::milliseconds(40);
    auto region = channel::Region::create(channel::client_region_size);
    ASSERT_TRUE(region);
    const auto other = channel::Region::attach(region->fd());
    ASSERT_TRUE(other);
    class CallsBack final : public CallHandler {
    public:
        explicit CallsBack(std::chrono::milliseconds time) : time_(time) {}
        void carry_out(Link& link, const channel::Received&, channel::Message& out) override {
            ++calls_;
            LinkWait wait(link, time_);
            const auto reply = LaneServer::of_this_thread()->request(channel::What::driver_callback,
                                                                     {}, {}, wait.deadline());
            if (reply.turn == channel::Turn::none) link.end();  // as Server does
            channel::send(out, channel::Turn::answer, channel::What::call_driver, {});
        }
        [[nodiscard]] int calls() const noexcept { return calls_; }

    private:
        std::chrono::milliseconds time_;
        int calls_ = 0;
    } handler(time);
    PartsQuota quota;
    Link link(*std::move(region), Fd(), 1, handler, quota);
    std::atomic<bool> over = false;
    std::thread client([&] {
        Caller caller(other->lane(0));
        while (!over) {
            caller.send(channel::Turn::call);
            caller.hear();
            std::this_thread::sleep_for(taken);
        }
    });
    LaneServer(link, 0).serve();
    over = true;
    channel::ring(other->lane(0).to_supervisor.bell);
    client.join();
    EXPECT_LE(handler.calls(), 1 + time / taken) << "inside of each other";
}

TEST(LaneServer, LetsEachClientHaveItsOwnTime) {
    Asks handler;
    PartsQuota quota;
    const auto make = [&](std::uint32_t number) {
        return std::make_unique<Link>(*channel::Region::create(channel::client_region_size), Fd(),
                                      number, handler, quota);
    };
    const auto first = make(1);
    const auto second = make(2);
    const auto supervisors = make(0);
    LinkWait outer(*first, std::chrono::hours(1));
    EXPECT_TRUE(outer.deadline().left());
    LinkWait between(*second, std::chrono::hours(2));
    EXPECT_NE(&between.deadline(), &outer.deadline());
    LinkWait again(*first, std::chrono::hours(3));
    EXPECT_EQ(&again.deadline(), &outer.deadline());
    LinkWait system(*supervisors, std::chrono::hours(1));
    EXPECT_FALSE(system.deadline().left()) << "a supervisor is waited for without end";
}

}  // namespace
}  // namespace instdrv::worker

#include "supervisor/worker.hpp"

#include <cerrno>
#include <cstdint>
#include <functional>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>

#include "hostile_worker.hpp"

namespace instdrv::supervisor {
namespace {

using namespace std::chrono_literals;

// ---- answers ------------------------------------------------------------------------------------

// A call of a worker that asks for something, and answers the call and dies before it gets its
// reply. `last`: what it does after it wrote the answer.
Result<Worker::Reply> call_dying_worker(const std::function<void(channel::Bell&)>& last) {
    HostileWorker* dying = nullptr;
    const auto handler = std::make_shared<Obliging>([&](Worker& worker) {
        auto& out = worker.region().lane(0).to_supervisor;
        channel::send(out, channel::Turn::answer, channel::What::call_driver, channel::Words{7});
        last(out.bell);
        dying->die();
    });
    HostileWorker worker(handler);
    dying = &worker;
    EXPECT_TRUE(worker.watch());
    std::atomic<bool> asked{false};
    worker.from_its_call_on([&](channel::Lane& lane) {
        if (!asked.exchange(true)) ask(lane);
    });
    auto reply = worker->call(channel::What::call_driver, {}, {}, 10min);
    EXPECT_FALSE(worker->call(channel::What::call_driver, {}, {}, 10min));
    return reply;
}

// Its host may look only after it has gone, on a machine that has much else to do.
TEST(Worker, HasAnsweredWhatItAnsweredBeforeItDied) {
    const auto reply = call_dying_worker(channel::ring);
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_EQ(reply->words[0], 7u);
}

TEST(Worker, HasNotAnsweredWhereItDiedWithoutARing) {
    EXPECT_FALSE(call_dying_worker([](channel::Bell&) {}));
}

// ---- deadlines ----------------------------------------------------------------------------------

TEST(Worker, IsEndedForRingingWithoutAMessage) {
    HostileWorker worker(std::make_shared<Obliging>());
    worker.from_its_call_on([](channel::Lane& lane) { channel::ring(lane.to_supervisor.bell); });
    const auto reply = worker->call(channel::What::call_driver, {}, {}, 10min);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::broken) << reply.error().text();
    EXPECT_TRUE(worker->is_dead());
}

// The same after something that is a message: a ring does not repeat it.
TEST(Worker, IsServedOnceForARequestThatItRingsForAgainAndAgain) {
    const auto handler = std::make_shared<Obliging>();
    HostileWorker worker(handler);
    std::atomic<bool> asked{false};
    worker.from_its_call_on([&](channel::Lane& lane) {
        if (!asked.exchange(true)) return ask(lane);
        channel::ring(lane.to_supervisor.bell);
    });
    const auto reply = worker->call(channel::What::call_driver, {}, {}, 10min);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::broken) << reply.error().text();
    EXPECT_EQ(handler->served(), 1);
}

TEST(Worker, CannotOutrunItsDeadlineWithRequests) {
    const auto handler = std::make_shared<Obliging>();
    HostileWorker worker(handler);
    // Each as soon as the one before is served: what is not waited for may go unseen, and so many
    // rings that came with nothing new would end it first.
    std::atomic<int> asked{0};
    worker.from_its_call_on([&](channel::Lane& lane) {
        if (asked > handler->served()) return;
        ++asked;
        ask(lane);
    });
    const auto reply = worker->call(channel::What::call_driver, {}, {}, 50ms);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::timed_out) << reply.error().text();
    EXPECT_GT(handler->served(), 1);
}

TEST(Worker, CannotOutrunItsDeadlineWithRequestsThatTakeLong) {
    const auto handler =
        std::make_shared<Obliging>([](Worker&) { std::this_thread::sleep_for(20ms); });
    HostileWorker worker(handler);
    worker.from_its_call_on(ask);
    const auto reply = worker->call(channel::What::call_driver, {}, {}, 50ms);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::timed_out);
    EXPECT_LE(handler->served(), 9 * 50 / 20 + 2) << "nine times the deadline";
}

// A call that is made for a request is extended no longer than the one that it is part of.
TEST(Worker, DoesNotAddExtensionsUpOverNestedCalls) {
    const auto slow =
        std::make_shared<Obliging>([](Worker&) { std::this_thread::sleep_for(20ms); });
    HostileWorker inner(slow);
    inner.from_its_call_on(ask);
    const auto nests = std::make_shared<Obliging>([&](Worker&) {
        static_cast<void>(inner->call(channel::What::call_driver, {}, {}, 400ms));
    });
    HostileWorker outer(nests);
    outer.from_its_call_on(ask);
    const auto reply = outer->call(channel::What::call_driver, {}, {}, 50ms);
    ASSERT_FALSE(reply);
    EXPECT_LE(slow->served(), 9 * 50 / 20 + 2) << "alone it had been 9 x 400 / 20";
}

// ---- what a worker is told ----------------------------------------------------------------------

TEST(Worker, KeepsWhatItIsToldUntilItReads) {
    constexpr std::uint32_t burst = 1000;  // a socket takes less than 300
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    for (std::uint32_t i = 0; i < burst; ++i)
        worker->tell_closed(4 * i);
    for (std::uint32_t i = 0; i < burst; ++i) {
        const auto notice = channel::receive_notice(worker.control());
        ASSERT_TRUE(notice);
        ASSERT_EQ(notice->subject, 4 * i) << "in order, and none is lost";
    }
    EXPECT_FALSE(worker->is_dead());
}

TEST(Worker, KeepsDescriptorsToo) {
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    for (int i = 0; i < 1000; ++i)
        worker->tell_closed(4);
    const auto shared = worker->share();
    ASSERT_TRUE(shared) << shared.error().text();
    std::array<Fd, channel::most_descriptors> descriptors;
    auto notice = channel::receive_notice(worker.control(), descriptors);
    while (notice && notice->kind == channel::Notice::Kind::instance_closed)
        notice = channel::receive_notice(worker.control(), descriptors);
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, channel::Notice::Kind::channel_added);
    EXPECT_TRUE(channel::Region::attach(descriptors[0]));
    ASSERT_TRUE(channel::send_notice(descriptors[1], {channel::Notice::Kind::lane_used, 48}));
    EXPECT_EQ(channel::receive_notice(shared->control)->subject, 48u);
}

TEST(Worker, IsEndedWhenTooMuchWaitsForIt) {
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    for (std::uint32_t i = 0; i < 2 * NoticeQueue::capacity && !worker->is_dead(); ++i)
        worker->tell_closed(4 * i);
    ASSERT_TRUE(worker->is_dead());
    EXPECT_EQ(worker->death().code, ErrorCode::timed_out) << worker->death().text();
}

TEST(Worker, IsEndedWhenItReadsNothingForLong) {
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    for (std::uint32_t i = 0; i < 1000; ++i)
        worker->tell_closed(4 * i);
    while (!worker->is_dead())
        std::this_thread::sleep_for(50ms);
    EXPECT_EQ(worker->death().code, ErrorCode::timed_out) << worker->death().text();
}

// Each of a worker's own lanes is announced once.
// Watched twice it is refused the second time, as anything is where epoll is full.
TEST(Worker, IsGivenUpWhereTheSystemDoesNotTellOfIt) {
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    ASSERT_TRUE(worker.watch());
    while (!worker->is_dead())
        std::this_thread::yield();
    EXPECT_EQ(worker->death().system_code, EEXIST);
    EXPECT_EQ(worker->death().cause, "File exists, so its worker was given up");
}

TEST(Worker, IsEndedForWhatItMayNotSay) {
    HostileWorker worker(std::make_shared<Obliging>());
    ASSERT_TRUE(worker.watch());
    ASSERT_TRUE(channel::send_notice(worker.control(), {channel::Notice::Kind::lane_used, 48}));
    ASSERT_TRUE(channel::send_notice(worker.control(), {channel::Notice::Kind::lane_used, 48}));
    while (!worker->is_dead())
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(worker->death().code, ErrorCode::broken) << worker->death().text();
}

// ---- without threads ----------------------------------------------------------------------------

// In a fresh process each, as an ordinary user that has no thread left.
class WithoutThreads : public testing::Test {
protected:
    void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

bool become_an_ordinary_user() {
    constexpr uid_t somebody = 61235;
    return ::getuid() != 0 || (::setgid(somebody) == 0 && ::setuid(somebody) == 0);
}

bool give_threads_up() {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    return ::setrlimit(RLIMIT_NPROC, &none) == 0;
}

int announce_a_lane_without_threads() {
    if (!become_an_ordinary_user()) return 4;
    HostileWorker worker(std::make_shared<Obliging>());
    if (!worker.watch()) return 1;
    if (!give_threads_up()) return 2;
    channel::send_notice(worker.control(), {channel::Notice::Kind::lane_used, 48});
    while (!worker->is_dead())
        std::this_thread::sleep_for(1ms);
    return worker->death().system_code == EAGAIN ? 0 : 3;
}

TEST_F(WithoutThreads, AWorkerIsEndedWhoseDriversThreadsCannotBeAttendedTo) {
    EXPECT_EXIT(::_exit(announce_a_lane_without_threads()), testing::ExitedWithCode(0), "");
}

int start_without_threads() {
    if (!become_an_ordinary_user() || !give_threads_up()) return 1;
    const auto started = Monitor::instance().start("/bin/true");
    return !started && started.error().system_code == EAGAIN ? 0 : 2;
}

TEST_F(WithoutThreads, TheMonitorSaysSo) {
    EXPECT_EXIT(::_exit(start_without_threads()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace instdrv::supervisor

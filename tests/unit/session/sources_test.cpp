// Sources on a real loop, without a machine that sleeps or a logind.
#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "session/logind.hpp"
#include "session/signals.hpp"
#include "session/slept.hpp"

namespace instdrv::session {
namespace {

using namespace std::chrono_literals;

// What sources say, in the order said. Ends the loop after each.
class Heard final : public Listener {
public:
    explicit Heard(EventLoop& loop) : loop_(loop) {}
    void session_ends(End end) override { say(end.announced_by); }
    void end_cancelled() override { say("cancelled"); }
    void machine_sleeps(Clock::time_point) override { say("sleeps"); }
    void machine_woke() override { say("woke"); }
    void machine_has_slept() override { say("has slept"); }
    void note(const std::string& text) override { say(text); }

    std::vector<std::string> said;

private:
    void say(const std::string& what) {
        said.push_back(what);
        loop_.quit();
    }
    EventLoop& loop_;
};

TEST(EventLoop, calls_what_is_due_in_order_and_not_what_was_given_up) {
    auto loop = *EventLoop::open();
    std::vector<int> called;
    const auto now = Clock::now();
    auto second = *loop.at(now + 2ms, [&] { called.push_back(2), loop.quit(); });
    auto first = *loop.at(now + 1ms, [&] { called.push_back(1); });
    auto given_up = *loop.at(now, [&] { called.push_back(0); });
    given_up = Watch();
    ASSERT_TRUE(loop.run());
    EXPECT_THAT(called, testing::ElementsAre(1, 2));
}

TEST(EventLoop, knows_when_it_woke_however_long_its_actions_take) {
    auto loop = *EventLoop::open();
    Clock::time_point begun;
    Clock::time_point woke;
    auto busy = *loop.at(Clock::now(), [&] {
        begun = Clock::now();
        std::this_thread::sleep_for(20ms);
        woke = loop.woke();
        loop.quit();
    });
    ASSERT_TRUE(loop.run());
    EXPECT_LE(woke, begun);
    EXPECT_GT(woke, begun - 1h);
}

TEST(EventLoop, lets_an_action_end_its_own_watch) {
    auto loop = *EventLoop::open();
    Watch watch;
    std::string kept = "still here";
    watch = *loop.at(Clock::now(), [&watch, &loop, kept] {
        watch = Watch();
        EXPECT_EQ(kept, "still here");
        loop.quit();
    });
    EXPECT_TRUE(loop.run());
}

TEST(SignalSource, tells_which_signal_it_was) {
    auto loop = *EventLoop::open();
    Heard heard(loop);
    auto signals = *SignalSource::open();
    ASSERT_TRUE(signals->start(loop, heard));
    ASSERT_EQ(kill(getpid(), SIGHUP), 0);
    ASSERT_TRUE(loop.run());
    EXPECT_THAT(heard.said, testing::ElementsAre("SIGHUP"));
}

TEST(SleepDetector, tells_of_each_sleep_once) {
    auto loop = *EventLoop::open();
    Heard heard(loop);
    std::chrono::nanoseconds slept = 10s;
    SleepDetector detector([&slept] { return slept; });
    ASSERT_TRUE(detector.start(loop, heard));
    detector.look();
    slept += 2us;  // the jitter between two clocks
    detector.look();
    EXPECT_THAT(heard.said, testing::IsEmpty());
    slept += 1s;
    detector.look();
    detector.look();
    EXPECT_THAT(heard.said, testing::ElementsAre("has slept"));
}

TEST(SleepDetector, reads_clocks_that_agree_while_the_machine_is_awake) {
    const auto before = SleepDetector::slept_since_boot();
    EXPECT_LT(SleepDetector::slept_since_boot() - before, 50ms);
    EXPECT_GE(before, -1ms);
}

TEST(Logind, keeps_a_part_of_the_delay_for_the_way) {
    EXPECT_EQ(usable_delay(5s), 4500ms);
    EXPECT_EQ(usable_delay(500ms), 400ms);
    EXPECT_EQ(usable_delay(50ms), 0ms);
}

TEST(Logind, goes_without_a_bus) {
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", 1);
    auto loop = *EventLoop::open();
    Heard heard(loop);
    Logind logind;
    EXPECT_TRUE(logind.start(loop, heard));
    logind.hold();
    logind.let_go();
    ASSERT_EQ(heard.said.size(), 1u);
    EXPECT_THAT(heard.said[0], testing::HasSubstr("signals alone"));
}

}  // namespace
}  // namespace instdrv::session

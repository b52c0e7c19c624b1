// The three parts of a session, each over a state of its own, with a clock that stands still unless
// the test moves it. tests/integration/service has whole sessions, with drivers.
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>

#include <gmock/gmock.h>
#include <systemd/sd-event.h>

#include "service/session_controls.hpp"
#include "service/session_listener.hpp"
#include "service/session_opening.hpp"
#include "service/session_stage.hpp"
#include "support/temporary_folder.hpp"
#include "unit/session/recorded_stage.hpp"

namespace instdrv::service {
namespace {

using session::Clock;
using session::End;
using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

const End shutdown{.reason = ExitReason::session_end, .announced_by = "logind", .revocable = true};
const End sigterm{.reason = ExitReason::signal, .announced_by = "SIGTERM"};

// ---- the times of an exit -----------------------------------------------------------------------

constexpr Clock::time_point noon{12h};
const ExitOptions longest{.notify_timeout = 300ms, .close_timeout = 100ms};

ExitOptions options_with(Clock::duration until_deadline) {
    auto end = shutdown;
    end.deadline = noon + until_deadline;
    return exit_options_for(longest, end, noon);
}

TEST(ExitOptionsFor, an_end_without_a_deadline_are_the_longest_and_count_from_now) {
    const auto exit = exit_options_for(longest, sigterm, noon);
    EXPECT_EQ(exit.reason, ExitReason::signal);
    EXPECT_EQ(exit.begun, noon);
    EXPECT_EQ(exit.notify_timeout, 300ms);
    EXPECT_EQ(exit.close_timeout, 100ms);
}

TEST(ExitOptionsFor, a_deadline_are_shortened_in_proportion_and_never_lengthened) {
    const auto half = options_with(200ms);
    EXPECT_EQ(half.notify_timeout, 150ms);
    EXPECT_EQ(half.close_timeout, 50ms);
    const auto whole = options_with(1h);
    EXPECT_EQ(whole.notify_timeout, 300ms);
    EXPECT_EQ(whole.close_timeout, 100ms);
}

TEST(ExitOptionsFor, a_deadline_never_exceed_it_by_rounding) {
    for (const auto left : {1ms, 3ms, 7ms, 399ms}) {
        const auto exit = options_with(left + 999us);
        EXPECT_EQ(exit.notify_timeout + exit.close_timeout, left);
    }
}

TEST(ExitOptionsFor, a_deadline_that_has_passed_leave_no_time) {
    const auto exit = options_with(-1s);
    EXPECT_EQ(exit.notify_timeout, 0ms);
    EXPECT_EQ(exit.close_timeout, 0ms);
}

TEST(ExitOptionsFor, exits_without_time_stay_so) {
    auto end = shutdown;
    end.deadline = noon + 1s;
    const auto exit = exit_options_for({.notify_timeout = 0ms, .close_timeout = 0ms}, end, noon);
    EXPECT_EQ(exit.notify_timeout + exit.close_timeout, 0ms);
}

// ---- the listener -------------------------------------------------------------------------------

class SessionListenerTest : public testing::Test {
protected:
    SessionListenerTest() {
        course.start();
        stage.take();
        EXPECT_TRUE(detector.start(loop, listener));
    }

    session::EventLoop loop = *session::EventLoop::open();
    std::chrono::nanoseconds slept{0};
    session::SleepDetector detector{[this] { return slept; }};
    session::RecordedStage stage;
    session::Course course{stage};
    std::unique_ptr<Outlet> err =
        *Outlet::open(::open("/dev/null", O_WRONLY | O_CLOEXEC), Outlet::Carries::notes);
    Log log{*err};
    SessionListener listener{course, detector, log};
};

TEST_F(SessionListenerTest, hands_every_announcement_to_the_course) {
    listener.machine_sleeps(noon);
    EXPECT_THAT(stage.take(), ElementsAre("suspend by deadline"));
    course.power_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go"));
    listener.machine_woke();
    EXPECT_THAT(stage.take(), ElementsAre("hold", "resume"));
    course.power_done();
    listener.machine_has_slept();
    EXPECT_THAT(stage.take(), ElementsAre("critical resume"));
    course.power_done();
    listener.session_ends(shutdown);
    EXPECT_THAT(stage.take(), ElementsAre("exit by logind"));
    listener.end_cancelled();
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("hold", "reopen"));
}

TEST_F(SessionListenerTest, tells_an_announced_sleep_once_though_the_clocks_show_it_too) {
    listener.machine_sleeps(noon);
    course.power_done();
    slept = 8h;
    listener.machine_woke();
    course.power_done();
    stage.take();
    detector.look();
    EXPECT_THAT(stage.take(), IsEmpty());
    slept = 9h;
    detector.look();
    EXPECT_THAT(stage.take(), ElementsAre("critical resume"));
}

// ---- the stage ----------------------------------------------------------------------------------

// Counts whether the machine waits.
class Holding final : public session::Source {
public:
    Status start(session::EventLoop&, session::Listener&) override { return {}; }
    void hold() override { holds = true; }
    bool let_go() override { return std::exchange(holds, false); }

    bool holds = false;
};

class Told final : public Audience {
public:
    void opened(const std::vector<DriverOpening>& openings) override {
        events.push_back("opened " + std::to_string(openings.size()));
    }
    void ended(const ExitReport& report, const End& end,
               const std::vector<DriverOpening>&) override {
        events.push_back("ended by " + end.announced_by);
        reports.push_back(report);
    }

    std::vector<std::string> events;
    std::vector<ExitReport> reports;
};

SessionOptions options_in(const std::filesystem::path& state_folder) {
    SessionOptions options;
    options.host.state_folder = state_folder;
    options.host.placement = Placement::in_process;
    options.exit = longest;
    return options;
}

// A session whose host has no driver: what a driver does is the host's affair.
class SessionStageTest : public testing::Test {
protected:
    SessionStageTest() {
        state.now = [this] { return time; };
        state.loop = *session::EventLoop::open();
        state.jobs = *Jobs::open(*state.loop);
        auto source = std::make_unique<Holding>();
        machine = source.get();
        state.sources.push_back(std::move(source));
        state.host = std::make_shared<Host>(state.options.host);
        state.openings = std::make_shared<OpeningRound>();
        stage.course().start();
    }

    // Turns the loop until `done`.
    template <class Done>
    void run_until(Done done) {
        while (!done())
            ASSERT_GT(sd_event_run(state.loop->get(), 60'000'000), 0) << "nothing more happens";
    }

    test::TemporaryFolder folder;
    std::unique_ptr<Outlet> err =
        *Outlet::open(::open("/dev/null", O_WRONLY | O_CLOEXEC), Outlet::Carries::notes);
    Told told;
    Clock::time_point time = Clock::now();  // moved by the test alone
    SessionState state{options_in(folder / "state"), told, *err};
    SessionOpening opening{state};
    SessionStage stage{state, opening};
    Holding* machine = nullptr;
};

TEST_F(SessionStageTest, ends_tells_lets_the_machine_go_and_quits) {
    EXPECT_TRUE(machine->holds);
    stage.course().session_ends(sigterm);
    EXPECT_EQ(state.name, "ending");
    EXPECT_TRUE(state.openings->stopped);
    ASSERT_TRUE(state.loop->run());
    EXPECT_EQ(state.name, "ended");
    EXPECT_THAT(told.events, ElementsAre("ended by SIGTERM"));
    EXPECT_FALSE(machine->holds);
    EXPECT_TRUE(state.outcome);
    EXPECT_FALSE(state.driver_hangs);
}

TEST_F(SessionStageTest, quits_on_a_revocable_end_only_when_it_is_final) {
    stage.course().session_ends(shutdown);
    run_until([this] { return state.name == "ended"; });
    EXPECT_FALSE(machine->holds);
    stage.course().session_ends(sigterm);
    ASSERT_TRUE(state.loop->run());
    EXPECT_THAT(told.events, ElementsAre("ended by logind"));
}

TEST_F(SessionStageTest, opens_the_drivers_again_after_a_cancelled_end) {
    stage.course().session_ends(shutdown);
    stage.course().end_cancelled();
    const auto ended = state.host;
    ASSERT_TRUE(state.loop->run());
    EXPECT_NE(state.host, ended);
    EXPECT_TRUE(machine->holds);
    EXPECT_THAT(told.events, ElementsAre("ended by logind", "opened 0"));
    ASSERT_FALSE(state.outcome);  // there is nothing to open
    EXPECT_EQ(state.outcome.error().code, ErrorCode::not_found);
}

TEST_F(SessionStageTest, lets_the_machine_sleep_when_the_drivers_know_and_holds_it_again) {
    stage.course().machine_sleeps(time + 1s);
    run_until([this] { return !machine->holds; });
    stage.course().machine_woke();
    EXPECT_TRUE(machine->holds);
    stage.course().session_ends(sigterm);  // waits for the round that tells of the waking
    ASSERT_TRUE(state.loop->run());
    EXPECT_THAT(told.events, ElementsAre("ended by SIGTERM"));
}

TEST_F(SessionStageTest, stops_with_the_error_where_no_exit_can_be_had) {
    ASSERT_TRUE(state.host->exit_session(longest));  // a second one fails
    stage.course().session_ends(sigterm);
    ASSERT_TRUE(state.loop->run());
    EXPECT_FALSE(state.outcome);
    EXPECT_THAT(told.events, IsEmpty());
}

// ---- the controls -------------------------------------------------------------------------------

class SessionControlsTest : public SessionStageTest {
protected:
    session::RecordedStage recorded;
    session::Course course{recorded};
    SessionControls controls{state, course};
};

TEST_F(SessionControlsTest, show_the_state_as_it_is_now) {
    EXPECT_EQ(controls.state(), "starting");
    state.enter("running");
    EXPECT_EQ(controls.state(), "running");
    EXPECT_THAT(controls.openings(), IsEmpty());
    state.openings->results.emplace_back().request.name = "a.acm";
    EXPECT_EQ(controls.openings().at(0).request.name, "a.acm");
    EXPECT_EQ(controls.drill_budget(), longest.notify_timeout);
    EXPECT_EQ(controls.trace(), nullptr);
    const auto before = controls.host();
    state.host = std::make_shared<Host>(state.options.host);
    EXPECT_NE(controls.host(), before);
}

TEST_F(SessionControlsTest, end_the_session_for_a_client) {
    controls.end_requested();
    EXPECT_THAT(recorded.take(), ElementsAre("exit by A client's ExitSession"));
}

TEST_F(SessionControlsTest, leave_no_driver_in_the_record_that_could_not_be_opened) {
    const auto record_folder = folder / "session";
    state.record =
        *RecordKeeper::open(record_folder, [](const Error& error) { FAIL() << error.text(); });
    state.record->begin();
    const DriverRequest missing{.name = "missing.acm"};
    const auto opened = controls.opener()(missing, open_by_name);
    ASSERT_TRUE(opened.error);
    const auto shared = controls.sharer()(missing);
    ASSERT_FALSE(shared);
    EXPECT_EQ(shared.error().code, opened.error->code);
    // After an end that was announced, a driver that is still in the record would be complained of.
    state.record->end_begins("SIGTERM");
    ASSERT_TRUE(state.record->finish(Clock::now() + 1min));
    state.record.reset();
    auto next = RecordKeeper::open(record_folder, [](const Error&) {});
    ASSERT_TRUE(next) << next.error().text();
    const auto& previous = (*next)->previous();
    ASSERT_TRUE(previous && *previous);
    EXPECT_THAT((*previous)->drivers, IsEmpty());
}

}  // namespace
}  // namespace instdrv::service

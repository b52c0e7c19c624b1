// What follows from what. tests/stress runs the course through random announcements; here are the
// cases, one by one.
#include "session/course.hpp"

#include <gmock/gmock.h>

#include "unit/session/recorded_stage.hpp"

namespace instdrv::session {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const End shutdown{.reason = ExitReason::session_end, .announced_by = "logind", .revocable = true};
const End sigterm{.reason = ExitReason::signal, .announced_by = "SIGTERM"};
constexpr Clock::time_point deadline{std::chrono::hours(1)};

class CourseTest : public testing::Test {
protected:
    CourseTest() {
        course.start();
        EXPECT_THAT(stage.take(), ElementsAre("hold"));
    }
    RecordedStage stage;
    Course course{stage};
};

TEST_F(CourseTest, a_signal_ends_and_quits) {
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), ElementsAre("exit by SIGTERM"));
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), IsEmpty());
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go", "quit"));
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), IsEmpty());
}

TEST_F(CourseTest, a_shutdown_lets_go_and_waits_for_the_signal) {
    course.session_ends(shutdown);
    EXPECT_THAT(stage.take(), ElementsAre("exit by logind"));
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go"));
    course.session_ends(shutdown);
    EXPECT_THAT(stage.take(), IsEmpty());
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), ElementsAre("quit"));
}

TEST_F(CourseTest, a_signal_during_the_exit_makes_it_final) {
    course.session_ends(shutdown);
    course.session_ends(sigterm);
    course.end_cancelled();
    stage.take();
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go", "quit"));
}

TEST_F(CourseTest, a_shutdown_cancelled_afterwards_reopens_and_holds) {
    course.session_ends(shutdown);
    course.exit_done();
    stage.take();
    course.end_cancelled();
    EXPECT_THAT(stage.take(), ElementsAre("hold", "reopen"));
    course.session_ends(shutdown);
    EXPECT_THAT(stage.take(), ElementsAre("exit by logind"));
}

TEST_F(CourseTest, a_shutdown_cancelled_during_the_exit_reopens_when_it_is_done) {
    course.session_ends(shutdown);
    stage.take();
    course.end_cancelled();
    EXPECT_THAT(stage.take(), IsEmpty());
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("hold", "reopen"));
}

TEST_F(CourseTest, a_shutdown_announced_again_during_the_exit_counts) {
    course.session_ends(shutdown);
    course.end_cancelled();
    course.session_ends(shutdown);
    stage.take();
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go"));
}

TEST_F(CourseTest, a_cancellation_without_a_shutdown_is_nothing) {
    course.end_cancelled();
    EXPECT_THAT(stage.take(), IsEmpty());
}

TEST_F(CourseTest, sleep_is_told_before_and_after) {
    course.machine_sleeps(deadline);
    EXPECT_THAT(stage.take(), ElementsAre("suspend by deadline"));
    course.power_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go"));
    course.machine_woke();
    EXPECT_THAT(stage.take(), ElementsAre("hold", "resume"));
    course.power_done();
    EXPECT_THAT(stage.take(), IsEmpty());
}

TEST_F(CourseTest, waking_while_the_request_is_out_keeps_the_lock) {
    course.machine_sleeps(deadline);
    course.machine_woke();
    EXPECT_THAT(stage.take(), ElementsAre("suspend by deadline", "hold"));
    course.power_done();
    EXPECT_THAT(stage.take(), ElementsAre("resume"));
}

TEST_F(CourseTest, sleep_that_nobody_announced_is_critical) {
    course.machine_has_slept();
    EXPECT_THAT(stage.take(), ElementsAre("critical resume"));
}

TEST_F(CourseTest, sleep_that_was_announced_is_not_critical) {
    course.machine_sleeps(deadline);
    course.power_done();
    stage.take();
    course.machine_has_slept();
    EXPECT_THAT(stage.take(), IsEmpty());
}

TEST_F(CourseTest, the_exit_waits_for_a_round_and_drops_the_later_ones) {
    course.machine_sleeps(deadline);
    course.machine_woke();
    stage.take();
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), IsEmpty());
    course.power_done();
    EXPECT_THAT(stage.take(), ElementsAre("exit by SIGTERM"));
}

TEST_F(CourseTest, a_shutdown_cancelled_before_its_exit_began_tells_nobody) {
    course.machine_has_slept();
    course.session_ends(shutdown);
    course.end_cancelled();
    stage.take();
    course.power_done();
    EXPECT_THAT(stage.take(), IsEmpty());
    course.session_ends(sigterm);
    EXPECT_THAT(stage.take(), ElementsAre("exit by SIGTERM"));
}

TEST_F(CourseTest, drivers_opened_again_while_the_machine_sleeps_do_not_hold_it) {
    course.session_ends(shutdown);
    course.machine_sleeps(deadline);
    course.end_cancelled();
    stage.take();
    course.exit_done();
    EXPECT_THAT(stage.take(), ElementsAre("let go", "reopen"));
    course.machine_woke();
    EXPECT_THAT(stage.take(), ElementsAre("hold")) << "they were not told of the sleep";
}

}  // namespace
}  // namespace instdrv::session

// Does what the course of a session decides: ends the drivers, tells them of sleep, opens them
// again, and has the machine wait for them. What may wait for a driver runs as a job; the course
// hears of its end on the loop.
#pragma once

#include <instdrv/host.hpp>

#include <chrono>
#include <optional>

#include "service/session_opening.hpp"
#include "service/session_state.hpp"
#include "session/course.hpp"

namespace instdrv::service {

// What is still to be written when the drivers have ended, to files on slow disks, has this time
// before the process ends.
inline constexpr std::chrono::seconds time_to_write{10};

// The longest times of an exit that begins `now`. Where its end has a deadline, both are shortened
// in proportion to what is left until then.
ExitOptions exit_options_for(const ExitOptions& longest, const session::End& end,
                             session::Clock::time_point now);

// [loop thread]
class SessionStage final : public session::Stage {
public:
    // Both outlive the stage.
    SessionStage(SessionState& state, SessionOpening& opening) noexcept
        : state_(state), opening_(opening), course_(*this) {}
    SessionStage(const SessionStage&) = delete;
    SessionStage& operator=(const SessionStage&) = delete;
    ~SessionStage() override = default;

    // The course that this stage serves.
    [[nodiscard]] session::Course& course() noexcept { return course_; }

    void begin_exit(const session::End& end) override;
    void begin_power(PowerEvent event, std::optional<session::Clock::time_point> deadline) override;
    void hold() override;
    void let_go() override;
    void reopen() override;
    void quit() override;

private:
    void exit_finished(const session::End& end, Result<ExitReport> report,
                       session::Clock::time_point when);
    void power_finished(Result<RoundReport> report);

    SessionState& state_;
    SessionOpening& opening_;
    session::Course course_;
    std::optional<session::Clock::time_point> held_since_;  // the delay locks
};

}  // namespace instdrv::service

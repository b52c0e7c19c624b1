// Passes the announcements of a session's sources on to its course.
#pragma once

#include <string>
#include <utility>

#include "service/log.hpp"
#include "session/course.hpp"
#include "session/slept.hpp"
#include "session/source.hpp"

namespace instdrv::service {

// [loop thread]
class SessionListener final : public session::Listener {
public:
    // All outlive the listener.
    SessionListener(session::Course& course, session::SleepDetector& sleep_detector,
                    const Log& log) noexcept
        : course_(course), sleep_detector_(sleep_detector), log_(log) {}

    void session_ends(session::End end) override { course_.session_ends(std::move(end)); }
    void end_cancelled() override { course_.end_cancelled(); }
    void machine_sleeps(session::Clock::time_point deadline) override {
        course_.machine_sleeps(deadline);
    }
    // The clocks are looked at first, so that this sleep, which was announced, counts as known.
    void machine_woke() override {
        sleep_detector_.look();
        course_.machine_woke();
    }
    void machine_has_slept() override { course_.machine_has_slept(); }
    void note(const std::string& text) override { log_.note(text); }

private:
    session::Course& course_;
    session::SleepDetector& sleep_detector_;
    const Log& log_;
};

}  // namespace instdrv::service

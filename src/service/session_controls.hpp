// The side of a session that its object on the bus sees and controls.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/host_controls.hpp"
#include "service/recorded_opening.hpp"
#include "service/session_state.hpp"
#include "session/course.hpp"

namespace instdrv::service {

class SessionControls final : public HostControls {
public:
    // Both outlive the controls.
    SessionControls(SessionState& state, session::Course& course) noexcept
        : state_(state), course_(course) {}

    [[nodiscard]] std::shared_ptr<Host> host() const override { return state_.host; }
    [[nodiscard]] std::string_view state() const override { return state_.name; }
    [[nodiscard]] const std::vector<DriverOpening>& openings() const override {
        return state_.openings->results;
    }
    [[nodiscard]] Opener opener() const override {
        return recorded_opener(state_.host, state_.record);
    }
    [[nodiscard]] Sharer sharer() const override {
        return recorded_sharer(state_.host, state_.record);
    }
    [[nodiscard]] Closed closed() const override { return recorded_closing(state_.record); }
    [[nodiscard]] TraceFile* trace() const override { return state_.options.trace.get(); }
    [[nodiscard]] std::chrono::milliseconds drill_budget() const override {
        return state_.options.exit.notify_timeout;
    }
    void end_requested() override {
        course_.session_ends(
            {.reason = ExitReason::requested, .announced_by = "A client's ExitSession"});
    }
    void note(const std::string& text) override { state_.log.note(text); }

private:
    SessionState& state_;
    session::Course& course_;
};

}  // namespace instdrv::service

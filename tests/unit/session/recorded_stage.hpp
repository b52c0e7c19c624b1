// A stage that does nothing and writes down what the course decides.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "session/course.hpp"

namespace instdrv::session {

class RecordedStage final : public Stage {
public:
    void begin_exit(const End& end) override { done_.push_back("exit by " + end.announced_by); }
    void begin_power(PowerEvent event, std::optional<Clock::time_point> by) override {
        constexpr const char* names[] = {"", "suspend", "resume", "critical resume"};
        done_.push_back(std::string(names[static_cast<int>(event)]) + (by ? " by deadline" : ""));
    }
    void hold() override { done_.emplace_back("hold"); }
    void let_go() override { done_.emplace_back("let go"); }
    void reopen() override { done_.emplace_back("reopen"); }
    void quit() override { done_.emplace_back("quit"); }

    // What was decided since the last call.
    std::vector<std::string> take() { return std::exchange(done_, {}); }

private:
    std::vector<std::string> done_;
};

}  // namespace instdrv::session

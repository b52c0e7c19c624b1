#include "session/course.hpp"

#include <utility>

namespace instdrv::session {

void Course::start() { stage_.hold(); }

void Course::session_ends(End end) {
    if (!end.revocable) final_ = true;
    switch (phase_) {
        case Phase::running:
            phase_ = Phase::ending;
            cancelled_ = false;
            end_ = std::move(end);
            return go_on();
        case Phase::ending:
            // Announced again after it was taken back.
            if (end.revocable) cancelled_ = false;
            return;
        case Phase::over:
            if (!final_) return;
            phase_ = Phase::quitting;
            return stage_.quit();
        case Phase::quitting: return;
    }
}

void Course::end_cancelled() {
    if (final_) return;
    if (phase_ == Phase::ending) {
        if (exit_out_) {
            cancelled_ = true;
            return;
        }
        // Nobody was told yet.
        end_.reset();
        phase_ = Phase::running;
        return go_on();
    }
    if (phase_ != Phase::over) return;
    phase_ = Phase::running;
    if (!asleep_) stage_.hold();
    stage_.reopen();
}

void Course::machine_sleeps(Clock::time_point deadline) {
    if (std::exchange(asleep_, true) || !drivers_are_open()) return;
    sleep_told_ = true;
    queue({PowerEvent::suspend_request, deadline});
}

void Course::machine_woke() {
    if (!std::exchange(asleep_, false) || !drivers_are_open()) return;
    stage_.hold();
    if (std::exchange(sleep_told_, false)) queue({PowerEvent::suspend_resume, std::nullopt});
}

void Course::machine_has_slept() {
    if (asleep_ || !drivers_are_open()) return;
    queue({PowerEvent::critical_resume, std::nullopt});
}

void Course::queue(Round round) {
    rounds_.push_back(round);
    go_on();
}

void Course::power_done() {
    const auto round = std::exchange(round_out_, std::nullopt);
    if (phase_ == Phase::running && round->event == PowerEvent::suspend_request && asleep_) {
        stage_.let_go();
    }
    go_on();
}

void Course::exit_done() {
    exit_out_ = false;
    end_.reset();
    if (final_) {
        phase_ = Phase::quitting;
        stage_.let_go();
        return stage_.quit();
    }
    if (std::exchange(cancelled_, false)) {
        phase_ = Phase::running;
        asleep_ ? stage_.let_go() : stage_.hold();
        return stage_.reopen();
    }
    phase_ = Phase::over;
    stage_.let_go();
}

// Begins what is next, if nothing is out.
void Course::go_on() {
    if (round_out_ || exit_out_) return;
    if (end_) {
        exit_out_ = true;
        rounds_.clear();
        sleep_told_ = false;
        return stage_.begin_exit(*end_);
    }
    if (rounds_.empty()) return;
    round_out_ = rounds_.front();
    rounds_.pop_front();
    stage_.begin_power(round_out_->event, round_out_->deadline);
}

}  // namespace instdrv::session

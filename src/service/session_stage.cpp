#include "service/session_stage.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

using session::Clock;
using session::End;
using Duration = std::chrono::milliseconds;

bool timed_out(const ExitMessage& message) { return message.outcome == ExitOutcome::timed_out; }

bool hangs(const ExitReport& report) {
    return std::any_of(report.drivers.begin(), report.drivers.end(), [](const auto& driver) {
        return std::any_of(driver.messages.begin(), driver.messages.end(), timed_out);
    });
}

bool hangs(const RoundReport& report) {
    return std::any_of(report.drivers.begin(), report.drivers.end(),
                       [](const auto& driver) { return timed_out(driver.message); });
}

Duration between(Clock::time_point now, Clock::time_point deadline) {
    return std::max(std::chrono::floor<Duration>(deadline - now), Duration(0));
}

std::string_view words_for(PowerEvent event) {
    switch (event) {
        case PowerEvent::suspend_request: return "The machine is about to sleep";
        case PowerEvent::suspend_resume: return "The machine woke up";
        case PowerEvent::critical_resume: return "The machine has slept without a warning";
    }
    return "";
}

}  // namespace

ExitOptions exit_options_for(const ExitOptions& longest, const End& end, Clock::time_point now) {
    auto exit = longest;
    exit.reason = end.reason;
    exit.begun = now;
    const auto wanted = exit.notify_timeout + exit.close_timeout;
    if (!end.deadline || wanted.count() == 0) return exit;
    const auto left = std::min(between(now, *end.deadline), wanted);
    exit.notify_timeout = exit.notify_timeout * left.count() / wanted.count();
    exit.close_timeout = left - exit.notify_timeout;
    return exit;
}

// ---- the end ------------------------------------------------------------------------------------

void SessionStage::begin_exit(const End& end) {
    const auto exit = exit_options_for(state_.options.exit, end, state_.now());
    state_.openings->stopped = true;
    if (state_.options.trace) state_.options.trace->exit_begins(*exit.begun);
    state_.jobs->start_kept([this, host = state_.host, record = state_.record, now = state_.now,
                             exit, end]() -> Jobs::Action {
        if (record) record->end_begins(end.announced_by);
        auto report = host->exit_session(exit, [&](const ExitProgress& made) {
            if (record) record->progress(made);
        });
        const auto when = now();
        if (report && record) record->ended(*report);
        return [this, end, report = std::move(report), when] { exit_finished(end, report, when); };
    });
    // What follows may wait for those who are told, while the drivers are.
    constexpr Duration spare{2000};  // for leaving
    state_.manager.extend_timeout(exit.notify_timeout + exit.close_timeout + time_to_write + spare);
    state_.manager.status(end.announced_by + " ends the session");
    state_.enter("ending");
}

void SessionStage::exit_finished(const End& end, Result<ExitReport> report,
                                 Clock::time_point when) {
    if (!report) return state_.stop(std::move(report).error());
    state_.driver_hangs = state_.driver_hangs || hangs(*report);
    state_.log.report(*report);
    if (state_.options.trace) state_.options.trace->exit_ended(*report, end.announced_by, when);
    state_.manager.status("The drivers have ended");
    const auto& openings = state_.openings->results;
    state_.audience.ended(*report, end, openings);
    state_.name = "ended";
    if (state_.object != nullptr) {
        state_.object->session_ended(report_line(*report, end.announced_by, openings));
    }
    course_.exit_done();
}

void SessionStage::reopen() {
    state_.log.note("The end was cancelled; the drivers are opened again");
    opening_.open_all();
}

void SessionStage::quit() {
    state_.manager.stopping();
    if (state_.object != nullptr) state_.object->flush();
    state_.loop->quit();
}

// ---- the machine waits --------------------------------------------------------------------------

void SessionStage::hold() {
    if (!held_since_) held_since_ = state_.now();
    for (const auto& source : state_.sources)
        source->hold();
}

void SessionStage::let_go() {
    bool waited = false;
    for (const auto& source : state_.sources)
        waited = source->let_go() || waited;
    if (state_.options.trace && held_since_ && waited) {
        state_.options.trace->span(TraceFile::Row::delay, "the machine waits", *held_since_);
    }
    held_since_.reset();
}

// ---- sleep --------------------------------------------------------------------------------------

void SessionStage::begin_power(PowerEvent event, std::optional<Clock::time_point> deadline) {
    state_.jobs->start_kept([this, host = state_.host, event, deadline, now = state_.now,
                             usual = state_.options.exit.notify_timeout]() -> Jobs::Action {
        const auto budget = deadline ? between(now(), *deadline) : usual;
        auto report = host->broadcast_power(event, budget);
        return [this, report = std::move(report)] { power_finished(report); };
    });
    state_.manager.status(std::string(words_for(event)));
}

void SessionStage::power_finished(Result<RoundReport> report) {
    if (report) {
        state_.driver_hangs = state_.driver_hangs || hangs(*report);
        state_.log.report(*report);
    } else {
        state_.log.note(report.error().text());
    }
    course_.power_done();
}

}  // namespace instdrv::service

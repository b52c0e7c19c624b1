// What the values of instdrv/exit.hpp say of themselves.
#include <algorithm>

#include <instdrv/exit.hpp>

namespace instdrv {

std::string_view name_of(ExitPhase phase) noexcept {
    switch (phase) {
        case ExitPhase::notify: return "notify";
        case ExitPhase::close: return "close";
    }
    return "unknown";
}

std::string_view name_of(ExitOutcome outcome) noexcept {
    switch (outcome) {
        case ExitOutcome::answered: return "answered";
        case ExitOutcome::refused: return "refused";
        case ExitOutcome::timed_out: return "timed_out";
        case ExitOutcome::failed: return "failed";
        case ExitOutcome::not_sent: return "not_sent";
        case ExitOutcome::closed: return "closed";
    }
    return "unknown";
}

std::string_view name_of(ExitReason reason) noexcept {
    switch (reason) {
        case ExitReason::session_end: return "session_end";
        case ExitReason::signal: return "signal";
        case ExitReason::requested: return "requested";
    }
    return "unknown";
}

bool ExitDriver::ended_well() const noexcept {
    return std::all_of(messages.begin(), messages.end(), [](const ExitMessage& message) {
        return message.outcome == ExitOutcome::answered || message.outcome == ExitOutcome::closed;
    });
}

namespace {

// What went wrong outside of DriverProc; empty: nothing.
std::string_view trouble_outside(const ExitMessage& step) {
    const bool loading = step.message == loading_step;
    if (!loading && step.message != unloading_step) return {};
    if (step.outcome == ExitOutcome::timed_out) {
        return loading ? "load timed out" : "unload timed out";
    }
    if (step.outcome != ExitOutcome::failed) return {};
    const bool crashed = step.error && step.error->code == ErrorCode::crashed;
    if (loading) return crashed ? "crashed while loading" : "failed while loading";
    return crashed ? "crashed while unloading" : "failed while unloading";
}

}  // namespace

std::string_view ExitDriver::outcome() const noexcept {
    const auto any = [this](const auto& is) {
        return std::any_of(messages.begin(), messages.end(), is);
    };
    const auto has = [&any](ExitOutcome outcome) {
        return any([outcome](const ExitMessage& message) { return message.outcome == outcome; });
    };
    const auto lost_to = [&any](ErrorCode code) {
        return any([code](const ExitMessage& message) {
            return message.outcome == ExitOutcome::not_sent && message.error &&
                   message.error->code == code;
        });
    };
    for (const auto& message : messages) {
        if (const auto trouble = trouble_outside(message); !trouble.empty()) return trouble;
    }
    if (has(ExitOutcome::failed)) return "failed";
    if (has(ExitOutcome::timed_out)) return "timed out";
    if (any([](const ExitMessage& message) {
            return message.message == DRV_EXITSESSION && message.outcome == ExitOutcome::not_sent;
        })) {
        return "not told";
    }
    if (lost_to(ErrorCode::broken)) return "failed";
    if (has(ExitOutcome::not_sent)) return "timed out";
    if (has(ExitOutcome::refused)) return "refused";
    return "ended";
}

bool ExitReport::ended_well() const noexcept {
    return std::all_of(drivers.begin(), drivers.end(),
                       [](const ExitDriver& driver) { return driver.ended_well(); });
}

}  // namespace instdrv

// The file that `instdrv run --report` names. A thread of its own writes it, so that a slow disk or
// a pipe that nobody reads holds up no session.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/work_thread.hpp"

namespace instdrv::cli {

class ReportFile {
public:
    using Clock = WorkThread::Clock;

    // Finds out whether it could be written now, before anything has happened that is worth a
    // report. A file that is there already is replaced if it is a report or empty, or if `force` is
    // set, and never if it is write-protected.
    static Result<std::unique_ptr<ReportFile>> open(const std::filesystem::path& file, bool force);

    // Replaces the file as a whole, soon. Never waits.
    void write(std::string text);
    // Waits until the last report is in the file. Fails if one could not be written, with
    // `timed_out` if it was not by `until`: then the thread is still at it.
    Status finish(Clock::time_point until);

private:
    struct State {
        State(std::filesystem::path to, bool replace) : file(std::move(to)), force(replace) {}

        const std::filesystem::path file;
        const bool force;
        std::mutex mutex;
        Status outcome;  // of the last report
    };

    ReportFile(std::shared_ptr<State> state, std::shared_ptr<WorkThread> writer)
        : state_(std::move(state)), writer_(std::move(writer)) {}

    std::shared_ptr<State> state_;
    std::shared_ptr<WorkThread> writer_;
};

}  // namespace instdrv::cli

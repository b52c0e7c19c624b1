// Writes a session as Chrome trace events, for Perfetto or chrome://tracing: each worker is a
// process, each instance a thread of it, each message an event with its parameters and its outcome.
// The session has a process of its own, with a row for its actions.
//
// The file is a JSON array that is complete after every write: each overwrites the bracket that
// ended the one before. Killed in the middle of a write, the process leaves at worst an array
// without its end, which both viewers take. Calls that had not returned when the trace was closed
// are in it with the outcome "not returned". Events that come faster than the disk takes them are
// left out, which an event says. Times are microseconds of CLOCK_MONOTONIC.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/trace.hpp>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/fd.hpp"
#include "base/thread.hpp"
#include "service/traced_calls.hpp"

namespace instdrv::service {

class TraceFile final : public CallObserver {
public:
    using Clock = std::chrono::steady_clock;

    // Makes the file anew. Fails where that cannot be written, and where there is a file already,
    // unless that is a trace or empty, or `force` is set. One without write permission is left
    // alone always.
    static Result<std::shared_ptr<TraceFile>> open(const std::filesystem::path& file, bool force);
    ~TraceFile() override;
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;

    // What a driver's call leaves here is written by a thread of this object's.
    void begun(const DriverCall& call) noexcept override;
    void finished(const DriverCall& call, LRESULT answer, const Error* broken) noexcept override;

    // The same, from a client on the bus.
    void add(const TracedCalls& traced, const std::string& client);

    // Rows of the session's own process.
    enum class Row { session, delay };
    // Something that took from `start` until now.
    void span(Row row, const std::string& name, Clock::time_point start);
    // A worker has died.
    void died(int process, const Error& error, Clock::time_point when);
    // The phases of an exit. The second one begins with its first message.
    void exit_begins(Clock::time_point when);
    void exit_ended(const ExitReport& report, const std::string& announced_by,
                    Clock::time_point when);

    // Everything is in the file when this returns; what happens later is not. Fails if something
    // could not be written, with `timed_out` if it was not by `until`: then the writer is still at
    // it, and destroying this object waits for it.
    Status close(Clock::time_point until);

private:
    explicit TraceFile(Fd fd);
    void push(nlohmann::json event);
    void enqueue(nlohmann::json event);
    void push_call(const DriverCall& call, Clock::time_point end, nlohmann::json arguments);
    void introduce(const DriverCall& call);
    void run();
    Status write(const std::vector<nlohmann::json>& events);

    const Fd fd_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<nlohmann::json> queue_;
    std::size_t left_out_ = 0;  // events there was no room for in the queue
    std::set<std::pair<int, std::uintptr_t>> introduced_;  // processes and their instances
    std::set<const DriverCall*> under_way_;
    Clock::time_point exit_start_;
    std::optional<Clock::time_point> first_close_;  // of this exit
    bool exiting_ = false;
    bool closed_ = false;
    bool written_ = false;  // all of it, or not to be written: the writer has ended
    Status outcome_;        // the writer's alone until then
    long long end_ = 0;     // of the file, before its bracket; the same
    Thread writer_;
};

}  // namespace instdrv::service

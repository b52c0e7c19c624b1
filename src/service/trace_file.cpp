#include "service/trace_file.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/text.hpp"
#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

using nlohmann::json;

constexpr std::string_view ending = "\n]\n";

double microseconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

std::uintptr_t thread_of(HDRVR instance) { return reinterpret_cast<std::uintptr_t>(instance); }

json metadata(const char* what, int process, std::uintptr_t thread, const std::string& name) {
    return {
        {"ph", "M"}, {"name", what}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

json complete_event(const std::string& name, const char* category, int process,
                    std::uintptr_t thread, std::chrono::steady_clock::time_point start,
                    std::chrono::steady_clock::time_point end, json arguments) {
    return {{"ph", "X"},
            {"name", name},
            {"cat", category},
            {"pid", process},
            {"tid", thread},
            {"ts", microseconds(start.time_since_epoch())},
            {"dur", microseconds(end - start)},
            {"args", std::move(arguments)}};
}

json outcome_of(LRESULT answer, std::string_view outcome, const std::string& error) {
    json out{{"outcome", outcome}};
    if (error.empty()) {
        out["answer"] = answer;
    } else {
        out["error"] = error;
    }
    return out;
}

// The session's rows come before those of drivers in its process, whose numbers are handles.
std::uintptr_t thread_of(TraceFile::Row row) { return static_cast<std::uintptr_t>(row) + 1; }

}  // namespace

Result<std::shared_ptr<TraceFile>> TraceFile::open(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    // Every write goes over the end of the one before, which pipes do not have.
    if (!fd || ::lseek(fd.get(), 0, SEEK_SET) < 0)
        return failure(io_error("write the trace to", file, errno));
    std::shared_ptr<TraceFile> trace(new TraceFile(std::move(fd)));
    const int self = getpid();
    trace->push(metadata("process_name", self, 0, "instdrv session"));
    trace->push(metadata("thread_name", self, thread_of(Row::session), "session"));
    trace->push(metadata("thread_name", self, thread_of(Row::delay), "delay lock"));
    return trace;
}

TraceFile::TraceFile(Fd fd) : fd_(std::move(fd)), writer_([this] { run(); }) {}

TraceFile::~TraceFile() { static_cast<void>(close()); }

// ---- what happens -------------------------------------------------------------------------------

// With the lock held.
void TraceFile::introduce(const DriverCall& call) {
    const auto name = std::filesystem::path(call.file).filename().string();
    const auto thread = thread_of(call.instance);
    if (call.process != getpid() && introduced_.emplace(call.process, 0).second) {
        queue_.push_back(metadata("process_name", call.process, 0, name + " (" + call.kind + ")"));
        queue_.push_back(metadata("thread_name", call.process, 0, "module"));
    }
    if (introduced_.emplace(call.process, thread).second) {
        queue_.push_back(metadata("thread_name", call.process, thread,
                                  name + (thread == 0 ? "" : " " + hex(thread))));
    }
}

void TraceFile::begun(const DriverCall& call) noexcept {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    under_way_.insert(&call);
    const bool closes = call.message == DRV_CLOSE || call.message == DRV_DISABLE;
    if (exiting_ && closes && !first_close_) first_close_ = call.start;
    introduce(call);
}

// Where there is no memory for it, the call is missing from the trace, and the session goes on.
void TraceFile::finished(const DriverCall& call, LRESULT answer, const Error* broken) noexcept try {
    const auto end = Clock::now();
    json arguments = broken == nullptr ? outcome_of(answer, "answered", "")
                                       : outcome_of(answer, name_of(broken->code), broken->text());
    const std::lock_guard lock(mutex_);
    if (under_way_.erase(&call) == 0) return;
    push_call(call, end, std::move(arguments));
} catch (const std::exception&) {
    return;
}

// With the lock held.
void TraceFile::push_call(const DriverCall& call, Clock::time_point end, json arguments) {
    arguments["call"] = call.text;
    arguments["driver"] = call.file;
    queue_.push_back(complete_event(call.name, "message", call.process, thread_of(call.instance),
                                    call.start, end, std::move(arguments)));
    changed_.notify_one();
}

void TraceFile::push(json event) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    queue_.push_back(std::move(event));
    changed_.notify_one();
}

void TraceFile::add(const TracedCalls& traced, const std::string& client) {
    if (traced.left_out > 0) {
        push({{"ph", "i"},
              {"name", "calls left out"},
              {"cat", "session"},
              {"s", "p"},
              {"pid", getpid()},
              {"tid", thread_of(Row::session)},
              {"ts", microseconds(Clock::now().time_since_epoch())},
              {"args", {{"client", client}, {"calls", traced.left_out}}}});
    }
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    for (const auto& one : traced.calls) {
        introduce(one.call);
        auto arguments = outcome_of(one.answer, one.outcome, one.error);
        arguments["client"] = client;
        push_call(one.call, one.end, std::move(arguments));
    }
}

void TraceFile::span(Row row, const std::string& name, Clock::time_point start) {
    push(complete_event(name, "session", getpid(), thread_of(row), start, Clock::now(),
                        json::object()));
}

void TraceFile::died(int process, const Error& error) {
    push({{"ph", "i"},
          {"name", "died"},
          {"cat", "session"},
          {"s", "p"},  // across the whole process
          {"pid", process},
          {"tid", 0},
          {"ts", microseconds(Clock::now().time_since_epoch())},
          {"args", error_json(error)}});
}

void TraceFile::exit_begins() {
    const std::lock_guard lock(mutex_);
    exiting_ = true;
    exit_start_ = Clock::now();
    first_close_.reset();
}

void TraceFile::exit_ended(const ExitReport& report, const std::string& announced_by) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    exiting_ = false;
    const auto now = Clock::now();
    const auto add = [&](const char* name, auto start, auto end, json arguments) {
        queue_.push_back(complete_event(name, "session", getpid(), thread_of(Row::session), start,
                                        end, std::move(arguments)));
    };
    add("exit", exit_start_, now,
        {{"announced_by", announced_by}, {"ended_well", report.ended_well()}});
    add("notify", exit_start_, first_close_.value_or(now),
        {{"timeout_ms", report.options.notify_timeout.count()}});
    if (first_close_) {
        add("close", *first_close_, now, {{"timeout_ms", report.options.close_timeout.count()}});
    }
    changed_.notify_one();
}

Status TraceFile::close() {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return {};
        const auto now = Clock::now();
        for (const auto* call : std::exchange(under_way_, {}))
            push_call(*call, now, {{"outcome", "not returned"}});
        closed_ = true;
    }
    changed_.notify_one();
    writer_.join();
    return outcome_;
}

// ---- the writer ---------------------------------------------------------------------------------

void TraceFile::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
        if (queue_.empty()) return;
        const auto events = std::exchange(queue_, {});
        lock.unlock();
        if (outcome_) outcome_ = write(events);
        lock.lock();
    }
}

Status TraceFile::write(const std::vector<json>& events) {
    std::string text;
    for (const auto& event : events) {
        text += end_ == 0 && text.empty() ? "[\n" : ",\n";
        text += text_of(event);
    }
    const auto size = static_cast<long long>(text.size());
    text += ending;
    for (std::size_t done = 0; done < text.size();) {
        const auto put = ::pwrite(fd_.get(), text.data() + done, text.size() - done,
                                  static_cast<off_t>(end_ + static_cast<long long>(done)));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return failure(io_error("write", "the trace", errno));
        done += static_cast<std::size_t>(put);
    }
    end_ += size;
    return {};
}

}  // namespace instdrv::service

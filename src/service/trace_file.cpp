#include "service/trace_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "service/report_json.hpp"

namespace instdrv::service {
namespace {

using nlohmann::json;

constexpr const char* operation = "write the trace to";
constexpr std::string_view ending = "\n]\n";
constexpr const char* session_name = "instdrv session";  // of the first event
constexpr std::size_t most_waiting = 100'000;            // events

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

json instant(const char* name, int process, std::uintptr_t thread,
             std::chrono::steady_clock::time_point when, json arguments) {
    return {{"ph", "i"},
            {"name", name},
            {"cat", "session"},
            {"s", "p"},  // across the whole process
            {"pid", process},
            {"tid", thread},
            {"ts", microseconds(when.time_since_epoch())},
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

bool begins_as_a_trace(int fd) {
    std::array<char, 256> start{};
    const auto got = ::pread(fd, start.data(), start.size(), 0);
    const std::string_view text(start.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text.empty() || (text[0] == '[' && text.find(session_name) != text.npos);
}

Status check_replaceable(int fd, const std::filesystem::path& file, bool force) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return failure(io_error(operation, file, errno));
    if (!S_ISREG(status.st_mode)) return {};
    if ((status.st_mode & 0222) == 0) return failure(io_error(operation, file, EACCES));
    if (force || begins_as_a_trace(fd)) return {};
    auto error = io_error(operation, file, EEXIST);
    error.cause = "it exists, and is no trace of a session";
    error.advice = "Name another file, or give --force";
    return failure(std::move(error));
}

// The session's rows come before those of drivers in its process, whose numbers are handles.
std::uintptr_t thread_of(TraceFile::Row row) { return static_cast<std::uintptr_t>(row) + 1; }

}  // namespace

Result<std::shared_ptr<TraceFile>> TraceFile::open(const std::filesystem::path& file, bool force) {
    Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    // Every write goes over the end of the one before, which pipes do not have.
    if (!fd || ::lseek(fd.get(), 0, SEEK_SET) < 0) return failure(io_error(operation, file, errno));
    if (auto replaceable = check_replaceable(fd.get(), file, force); !replaceable)
        return failure(std::move(replaceable).error());
    if (::ftruncate(fd.get(), 0) != 0 && errno != EINVAL)  // a device
        return failure(io_error(operation, file, errno));
    std::shared_ptr<TraceFile> trace(new TraceFile(std::move(fd)));
    auto writer = Thread::start("trace", 0, [self = trace.get()] { self->run(); });
    if (!writer) return failure(std::move(writer).error());
    trace->writer_ = *std::move(writer);
    const int self = getpid();
    trace->push(metadata("process_name", self, 0, session_name));
    trace->push(metadata("thread_name", self, thread_of(Row::session), "session"));
    trace->push(metadata("thread_name", self, thread_of(Row::delay), "delay lock"));
    return trace;
}

TraceFile::TraceFile(Fd fd) : fd_(std::move(fd)) {}

TraceFile::~TraceFile() { static_cast<void>(close(Clock::now())); }

// ---- what happens -------------------------------------------------------------------------------

// With the lock held.
void TraceFile::introduce(const DriverCall& call) {
    const auto name = std::filesystem::path(call.file).filename().string();
    const auto thread = thread_of(call.instance);
    if (call.process != getpid() && introduced_.emplace(call.process, 0).second) {
        enqueue(metadata("process_name", call.process, 0, name + " (" + call.kind + ")"));
        enqueue(metadata("thread_name", call.process, 0, "module"));
    }
    if (introduced_.emplace(call.process, thread).second) {
        enqueue(metadata("thread_name", call.process, thread,
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
    enqueue(complete_event(call.name, "message", call.process, thread_of(call.instance), call.start,
                           end, std::move(arguments)));
}

void TraceFile::push(json event) {
    const std::lock_guard lock(mutex_);
    if (!closed_) enqueue(std::move(event));
}

// With the lock held.
void TraceFile::enqueue(json event) {
    if (queue_.size() >= most_waiting) {
        ++left_out_;
        return;
    }
    queue_.push_back(std::move(event));
    if (left_out_ > 0) {
        queue_.push_back(instant("events left out", getpid(), thread_of(Row::session), Clock::now(),
                                 {{"events", std::exchange(left_out_, 0)}}));
    }
    changed_.notify_one();
}

void TraceFile::add(const TracedCalls& traced, const std::string& client) {
    if (traced.left_out > 0) {
        push(instant("calls left out", getpid(), thread_of(Row::session), Clock::now(),
                     {{"client", client}, {"calls", traced.left_out}}));
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

void TraceFile::died(int process, const Error& error, Clock::time_point when) {
    push(instant("died", process, 0, when, error_json(error)));
}

void TraceFile::exit_begins(Clock::time_point when) {
    const std::lock_guard lock(mutex_);
    exiting_ = true;
    exit_start_ = when;
    first_close_.reset();
}

void TraceFile::exit_ended(const ExitReport& report, const std::string& announced_by,
                           Clock::time_point when) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    exiting_ = false;
    const auto add = [&](const char* name, auto start, auto end, json arguments) {
        enqueue(complete_event(name, "session", getpid(), thread_of(Row::session), start, end,
                               std::move(arguments)));
    };
    add("exit", exit_start_, when,
        {{"announced_by", announced_by}, {"ended_well", report.ended_well()}});
    add("notify", exit_start_, first_close_.value_or(when),
        {{"timeout_ms", report.options.notify_timeout.count()}});
    if (first_close_) {
        add("close", *first_close_, when, {{"timeout_ms", report.options.close_timeout.count()}});
    }
}

Status TraceFile::close(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (!std::exchange(closed_, true)) {
        const auto now = Clock::now();
        for (const auto* call : std::exchange(under_way_, {}))
            push_call(*call, now, {{"outcome", "not returned"}});
    }
    changed_.notify_all();
    if (changed_.wait_until(lock, until, [this] { return written_; })) return outcome_;
    return failure(Error{.code = ErrorCode::timed_out,
                         .operation = "write the trace",
                         .cause = "the disk did not take it in time"});
}

// ---- the writer ---------------------------------------------------------------------------------

void TraceFile::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
        if (queue_.empty()) break;
        const auto events = std::exchange(queue_, {});
        lock.unlock();
        if (outcome_) outcome_ = write(events);
        lock.lock();
    }
    written_ = true;
    changed_.notify_all();
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

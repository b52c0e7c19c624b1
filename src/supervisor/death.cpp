#include "supervisor/death.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "sandbox/syscalls.hpp"

namespace instdrv::supervisor {
namespace {

std::string signal_name(int number) {
    const char* const name = ::sigabbrev_np(number);
    return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
}

// Printable, whatever the worker wrote.
std::string name_in(const std::array<char, 64>& field) {
    std::string name(field.data(), ::strnlen(field.data(), field.size()));
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
    return name;
}

std::vector<StackFrame> stack_of(const channel::CrashRecord& record) {
    const auto count = std::min<std::size_t>(record.frame_count, record.frames.size());
    std::vector<StackFrame> stack;
    for (std::size_t i = 0; i < count; ++i) {
        const auto& frame = record.frames.at(i);
        stack.push_back(
            {.address = frame.address, .image = name_in(frame.image), .offset = frame.offset});
    }
    return stack;
}

bool touches_memory(int signal) { return signal == SIGSEGV || signal == SIGBUS; }

std::string crash_cause(const CrashReport& report, int signal) {
    std::string cause = "it crashed with " + report.signal;
    if (!report.stack.empty()) cause += " at " + report.stack.front().text();
    if (touches_memory(signal)) cause += ", touching " + hex(report.address);
    return cause;
}

bool is_denial(const channel::CrashRecord& record) {
    return record.signal == SIGSYS && record.code == channel::code_of_denials;
}

Error of_signal(const Death& death, int signal, CrashReport report) {
    const auto& record = death.record;
    Error error;
    if (signal == SIGSYS && !record) {
        error.code = ErrorCode::denied;
        error.cause = "it made a system call that its sandbox does not allow, and hid which";
        error.advice = "Only a driver that blocks SIGSYS or harms its worker does so: distrust it";
    } else if (signal == SIGSYS && is_denial(*record)) {
        const auto number = static_cast<std::int32_t>(record->system_call);
        const auto architecture =
            sandbox::architecture_of(record->architecture, death.architecture);
        error.code = ErrorCode::denied;
        error.system_code = number;
        error.cause = fmt::format("it called {}, which its sandbox does not allow",
                                  sandbox::name_of_syscall(number, architecture));
        error.advice = sandbox::what_would_allow(number, architecture, death.architecture);
    } else if (record && record->out_of_memory != 0) {
        error.code = ErrorCode::out_of_memory;
        error.system_code = signal;
        error.cause = "it used up the memory a worker may have, and then " +
                      crash_cause(report, signal).substr(3);
    } else {
        error.code = ErrorCode::crashed;
        error.system_code = signal;
        error.cause = record ? crash_cause(report, signal)
                             : fmt::format("its worker was killed by {}", report.signal);
    }
    error.crash = std::make_shared<const CrashReport>(std::move(report));
    return error;
}

}  // namespace

Error explain(const Death& death) {
    CrashReport report{.messages = death.messages, .output = death.output};
    if (death.record) {
        report.stack = stack_of(*death.record);
        report.address = death.record->address;
    }
    Error error;
    if (death.how.si_code == CLD_KILLED || death.how.si_code == CLD_DUMPED) {
        report.signal = signal_name(death.how.si_status);
        error = of_signal(death, death.how.si_status, std::move(report));
    } else {
        error.code = ErrorCode::exited;
        error.system_code = death.how.si_status;
        error.cause = fmt::format("it ended its process, with exit code {}", death.how.si_status);
        error.crash = std::make_shared<const CrashReport>(std::move(report));
    }
    error.driver = death.driver;
    return error;
}

Error not_watched(const std::string& driver, int error) {
    auto refused = io_error("watch", driver, error);
    if (error == ENOSPC) {
        refused.cause = "the system watches no more for this user's programs";
        refused.advice = "The sysctl fs.epoll.max_user_watches allows more";
    }
    refused.cause += ", so its worker was given up";
    return refused;
}

}  // namespace instdrv::supervisor

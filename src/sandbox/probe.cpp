#include "sandbox/probe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "sandbox/confine.hpp"

namespace instdrv::sandbox {
namespace {

struct Attempt {
    std::string_view name;
    long (*run)();
};

// None does harm where it is carried out.
constexpr auto attempts = std::to_array<Attempt>({
    {"read /etc/passwd", [] { return static_cast<long>(::open("/etc/passwd", O_RDONLY)); }},
    {"list the folder /", [] { return static_cast<long>(::open("/", O_RDONLY | O_DIRECTORY)); }},
    {"write into /tmp", [] { return static_cast<long>(::open("/tmp", O_RDWR | O_TMPFILE, 0600)); }},
    {"read its own memory file",
     [] { return static_cast<long>(::open("/proc/self/mem", O_RDONLY)); }},
    {"open a network socket", [] { return static_cast<long>(::socket(AF_INET, SOCK_STREAM, 0)); }},
    {"signal its process group", [] { return static_cast<long>(::kill(0, 0)); }},
    {"be traced", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
    {"start a process",
     [] {
         const pid_t child = ::fork();
         if (child == 0) ::_exit(0);
         return static_cast<long>(child);
     }},
});

// What the child sends.
struct Sent {
    ConfinementReport report;
    struct {
        TrialOutcome outcome;
        std::int32_t error;
    } trials[attempts.size()];
};

volatile std::sig_atomic_t was_denied = 0;

void attempt_all(Sent& sent) {
    for (std::size_t index = 0; index < attempts.size(); ++index) {
        was_denied = 0;
        const long result = attempts.at(index).run();
        auto& trial = sent.trials[index];
        if (was_denied != 0) {
            trial.outcome = TrialOutcome::denied;
        } else if (result >= 0) {
            trial.outcome = TrialOutcome::carried_out;
        } else {
            trial = {TrialOutcome::refused, errno};
        }
    }
}

[[noreturn]] void be_the_child(const std::vector<std::byte>& plan, int out) {
    Sent sent{};
    const int kept[] = {out};
    std::signal(SIGSYS, [](int) { was_denied = 1; });
    sent.report = confine(plan, kept);
    if (sent.report.confined == 1) attempt_all(sent);
    const bool complete = ::write(out, &sent, sizeof sent) == sizeof sent;
    ::_exit(complete ? 0 : 1);
}

tl::unexpected<Error> system_failure(std::string cause, int error) {
    return failure({.code = ErrorCode::broken,
                    .operation = "try the sandbox",
                    .cause = std::move(cause) + ": " + std::generic_category().message(error),
                    .system_code = error});
}

}  // namespace

bool ProbeResult::holds() const {
    return report.confined == 1 &&
           std::all_of(trials.begin(), trials.end(), [](const Trial& trial) {
               return trial.outcome == TrialOutcome::refused ||
                      trial.outcome == TrialOutcome::denied;
           });
}

Result<ProbeResult> probe(const Policy& policy) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("no pipe", errno);
    const Fd in(ends[0]);
    Fd out(ends[1]);
    const auto plan = policy.serialise();
    const pid_t child = ::fork();
    if (child < 0) return system_failure("no process", errno);
    if (child == 0) be_the_child(plan, out.get());
    out = Fd();
    Sent sent{};
    const auto got = ::read(in.get(), &sent, sizeof sent);  // one write of less than PIPE_BUF
    int status = 0;
    ::waitpid(child, &status, 0);
    if (got != sizeof sent) {
        return system_failure("the child ended early", WIFSIGNALED(status) ? EINTR : EIO);
    }
    ProbeResult result{.report = sent.report};
    for (std::size_t index = 0; index < attempts.size(); ++index) {
        const auto& [outcome, error] = sent.trials[index];
        result.trials.push_back(
            {.attempt = attempts.at(index).name, .outcome = outcome, .error = error});
    }
    return result;
}

}  // namespace instdrv::sandbox

#include "parser/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "channel/control.hpp"
#include "sandbox/parser_plan.hpp"
#include "sandbox/report.hpp"

namespace instdrv::parser {
namespace {

Error died_of(const siginfo_t& how) {
    if (how.si_code == CLD_EXITED) {
        if (how.si_status == out_of_memory_status) {
            return {.code = ErrorCode::out_of_memory,
                    .cause = "reading it takes more memory than a parser process may have"};
        }
        return {.code = ErrorCode::broken,
                .cause = fmt::format("the process that read it ended with {}", how.si_status)};
    }
    switch (how.si_status) {
        case SIGSYS:
            return {.code = ErrorCode::denied,
                    .cause =
                        "the process that read it made a system call that its sandbox does "
                        "not allow, and was ended"};
        case SIGBUS:
            return {.code = ErrorCode::io,
                    .cause =
                        "it could not be read to its end: it became shorter meanwhile, or the "
                        "disk failed"};
        case SIGXCPU:
        case SIGKILL:
            return {.code = ErrorCode::crashed,
                    .cause =
                        "the process that read it was killed: it took too long, or memory "
                        "was short"};
        default:
            return {.code = ErrorCode::crashed,
                    .cause = fmt::format("the process that read it crashed with SIG{}",
                                         ::sigabbrev_np(how.si_status))};
    }
}

// Milliseconds, at least 1 while there are any; 0: it has passed.
int time_until(Process::Clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - Process::Clock::now());
    return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 3'600'000));
}

}  // namespace

Result<Process> Process::start(const std::filesystem::path& program, Clock::time_point deadline) {
    auto child = supervisor::ChildProcess::start(program);
    if (!child) return failure(std::move(child.error()));
    // One that reads no questions is not waited for either.
    constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(child->control().get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    Process process(*std::move(child));
    if (Status confined = process.confine(deadline); !confined) return failure(confined.error());
    return process;
}

Process::~Process() {
    if (child_) stop({});
}

Status Process::confine(Clock::time_point deadline) {
    const auto plan = sandbox::parser_plan();
    if (!plan) return failure(plan.error());
    if (Status sent = send(sandbox::serialise(*plan)); !sent) return sent;
    std::array<std::byte, sizeof(sandbox::ConfinementReport)> room{};
    const auto size = receive(room, deadline);
    if (!size) return failure(size.error());
    const auto report = sandbox::read_report(std::span(room).first(*size));
    if (!report) return failure(report.error());
    is_confined_ = report->confined != 0;
    return sandbox::status_of(*report);
}

Result<std::vector<std::byte>> Process::ask(Question question, const Fd& file,
                                            Clock::time_point deadline) {
    if (Status sent = send(std::as_bytes(std::span(&question, 1))); !sent) {
        return failure(sent.error());
    }
    if (!channel::send_descriptor(child_->control(), file)) return failure(ended());
    std::uint64_t size = 0;
    const auto announced = receive(std::as_writable_bytes(std::span(&size, 1)), deadline);
    if (!announced) return failure(announced.error());
    if (*announced != sizeof size || size > largest_answer) return failure(broke_the_rules());
    std::vector<std::byte> answer(size);
    for (std::size_t filled = 0; filled < size;) {
        const auto got = receive(std::span(answer).subspan(filled), deadline);
        if (!got) return failure(got.error());
        filled += *got;
    }
    ++answers_;
    return answer;
}

Status Process::send(std::span<const std::byte> packet) {
    ssize_t sent = 0;
    do {
        sent = ::send(child_->control().get(), packet.data(), packet.size(), MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent == static_cast<ssize_t>(packet.size())) return {};
    return failure(ended());
}

// Takes no descriptors: recv(2) closes those that come with a packet.
Result<std::size_t> Process::receive(std::span<std::byte> room, Clock::time_point deadline) {
    for (;;) {
        pollfd readable{.fd = child_->control().get(), .events = POLLIN, .revents = 0};
        const int wait = time_until(deadline);
        const int ready = ::poll(&readable, 1, wait);
        if (ready < 0 && errno != EINTR) return failure(ended());
        if (ready == 0 && time_until(deadline) == 0) return failure(late());
        if (ready <= 0) continue;
        const auto got = ::recv(child_->control().get(), room.data(), room.size(), MSG_DONTWAIT);
        if (got > 0) return static_cast<std::size_t>(got);
        if (got == 0 || (errno != EINTR && errno != EAGAIN)) return failure(ended());
    }
}

Error Process::ended() {
    constexpr std::chrono::seconds moment{2};  // the socket is closed before the process is dead
    Error error = died_of(stop(moment));
    if (!said_.empty()) error.cause = said_;
    return error;
}

Error Process::late() {
    stop({});
    return {.code = ErrorCode::timed_out,
            .cause = "reading it took too long, so the process that read it was ended"};
}

Error Process::broke_the_rules() {
    stop({});
    return {.code = ErrorCode::broken,
            .cause = "the process that read it answered what no honest one does"};
}

siginfo_t Process::stop(std::chrono::milliseconds patience) {
    pollfd dead{.fd = child_->handle().get(), .events = POLLIN, .revents = 0};
    if (::poll(&dead, 1, static_cast<int>(patience.count())) <= 0) child_->kill();
    const auto how = child_->reap();
    std::array<char, 512> text{};
    const auto size = is_confined_ ? 0 : ::read(child_->output().get(), text.data(), text.size());
    if (size > 0) said_ = std::string_view(text.data(), static_cast<std::size_t>(size));
    said_ = said_.substr(0, said_.find('\n'));
    child_.reset();
    return how;
}

}  // namespace instdrv::parser

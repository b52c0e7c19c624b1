#include "supervisor/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace instdrv::supervisor {
namespace {

constexpr int control_descriptor = 3;

Error cannot_start(const std::filesystem::path& program, int error_number) {
    Error error = io_error("start the worker", program, error_number);
    if (error_number == ENOENT) {
        error.advice =
            "Install instdrv's worker programs beside the library, or name their folder "
            "in INSTDRV_WORKERS";
    }
    return error;
}

// Out of the way of the numbers that descriptors get in the child: dup2 to itself would keep one
// closed there, and dup2 of another would close it.
Fd out_of_the_way(int fd) { return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, control_descriptor + 1)); }

// Of a pidfd (pidfd_open(2)); 0: it has ended, or lives in another namespace.
pid_t id_behind(const Fd& handle) {
    const auto info = read_file("/proc/self/fdinfo/" + std::to_string(handle.get()));
    if (!info) return 0;
    const std::string_view text(reinterpret_cast<const char*>(info->data()), info->size());
    const auto at = text.find("\nPid:\t");
    if (at == std::string_view::npos) return 0;
    pid_t id = 0;
    const auto* const digits = text.data() + at + 6;
    std::from_chars(digits, text.data() + text.size(), id);
    return std::max(id, 0);
}

class FileActions {
public:
    FileActions(const Fd& control, const Fd& output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDERR_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, control.get(), control_descriptor);
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, control_descriptor + 1);
        ::posix_spawn_file_actions_addchdir_np(&actions_, "/");
    }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

// A session of its own, so that Ctrl-C at a terminal reaches the supervisor alone, no terminal is
// its own, and the kernel shares processors out among workers and not among their threads, where it
// groups them by sessions (autogroup of sched(7)). No signal blocked or ignored.
class Attributes {
public:
    Attributes() {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    }
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    [[nodiscard]] const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::filesystem::path& program) {
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
        return failure(cannot_start(program, errno));
    }
    ChildProcess child;
    child.control_ = Fd(sockets[0]);
    const Fd socket(sockets[1]);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return failure(cannot_start(program, errno));
    child.output_ = Fd(pipe[0]);
    const Fd printing(pipe[1]);
    ::fcntl(child.output_.get(), F_SETFL, O_NONBLOCK);  // the worker's end goes on waiting
    const Fd far_socket = out_of_the_way(socket.get());
    const Fd far_printing = out_of_the_way(printing.get());
    if (!far_socket || !far_printing) return failure(cannot_start(program, errno));

    std::string name = program.string();
    std::string supervisor = std::to_string(::getpid());
    const std::array<char*, 3> arguments{name.data(), supervisor.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    const int error =
        ::posix_spawn(&child.id_, name.c_str(), FileActions(far_socket, far_printing).get(),
                      Attributes().get(), arguments.data(), environment.data());
    if (error != 0) return failure(cannot_start(program, error));
    child.handle_ = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child.id_, 0)));
    if (!child.handle_) {
        const int pidfd_error = errno;
        ::kill(child.id_, SIGKILL);
        ::waitpid(child.id_, nullptr, 0);
        return failure(cannot_start(program, pidfd_error));
    }
    return child;
}

ChildProcess ChildProcess::shared(Fd handle, Fd control) {
    ChildProcess process;
    process.shared_ = true;
    process.id_ = id_behind(handle);
    process.handle_ = std::move(handle);
    process.control_ = std::move(control);
    return process;
}

bool ChildProcess::kill() const noexcept {
    return ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0) == 0;
}

siginfo_t ChildProcess::reap() const noexcept {
    siginfo_t info{};
    int result = 0;
    do {
        result = ::waitid(P_PIDFD, static_cast<id_t>(handle_.get()), &info, WEXITED);
    } while (result != 0 && errno == EINTR);
    return info;
}

}  // namespace instdrv::supervisor

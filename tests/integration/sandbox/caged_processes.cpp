#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "caged.hpp"

namespace instdrv::caged {
namespace {

constexpr long thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                              CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |
                              CLONE_CHILD_CLEARTID;

long queue_signal(long number, const World& world) {
    siginfo_t info{};
    info.si_code = SI_QUEUE;
    return ::syscall(number, world.parent, 0, &info);
}

long read_parent(const World& world) {
    char byte = 0;
    iovec here{&byte, 1};
    iovec there{&byte, 1};
    return ::process_vm_readv(world.parent, &here, 1, &there, 1, 0);
}

long run_open_file() {
    char* const arguments[] = {const_cast<char*>("program"), nullptr};
    return ::fexecve(STDIN_FILENO, arguments, arguments);
}

long set_limit(int resource) {
    const rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

struct CloneArguments {
    std::uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

long clone3(std::uint64_t flags) {
    CloneArguments arguments{.flags = flags, .exit_signal = SIGCHLD};
    return ::syscall(SYS_clone3, &arguments, sizeof arguments);
}

// ---- denied calls that nobody hears of ----------------------------------------------------------

constexpr std::size_t kernels_set = 8;  // bytes of a set of signals, to the kernel

void swallow(int) {}

long handle(int number) { return std::signal(number, swallow) == SIG_ERR ? -1 : 0; }

// The number in the lower half, as the kernel reads it.
long handle_by_half(long number) {
    long action[8] = {};
    action[0] = reinterpret_cast<long>(swallow);
    const auto disguised =
        static_cast<long>(static_cast<unsigned long>(number) | (~0UL << 16 << 16));
    return ::syscall(SYS_rt_sigaction, disguised, action, nullptr, kernels_set);
}

long ask_for(int number) {
    struct sigaction action {};
    return ::sigaction(number, nullptr, &action);
}

long block_and_probe(bool all) {
    sigset_t blocked;
    all ? ::sigfillset(&blocked) : ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGSYS);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
    return ::getppid();
}

// The handler's frame has nowhere to go: the kernel raises SIGSEGV instead.
long probe_without_stack() {
    constexpr std::size_t size = 64 << 10;
    void* const memory = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const stack_t nowhere{.ss_sp = memory, .ss_flags = 0, .ss_size = size};
    if (::sigaltstack(&nowhere, nullptr) != 0) return -1;
    return ::getppid();
}

constexpr Attempt attempts[] = {
    {"handle_denials", [](const World&) { return handle(SIGSYS); }},
    {"handle_denials_by_half", [](const World&) { return handle_by_half(SIGSYS); }},
    {"handle_faults", [](const World&) { return handle(SIGSEGV); }},
    {"handle_faults_by_half", [](const World&) { return handle_by_half(SIGSEGV); }},
    {"handle_another_signal", [](const World&) { return handle(SIGILL); }},
    {"ask_for_handler_of_denials", [](const World&) { return ask_for(SIGSYS); }},
    {"block_denials", [](const World&) { return block_and_probe(false); }},
    {"block_all_signals", [](const World&) { return block_and_probe(true); }},
    {"no_stack_for_denials", [](const World&) { return probe_without_stack(); }},

    // Signals, of number 0: that only asks, so that a failed test harms nobody.
    {"kill_parent", [](const World& w) -> long { return ::kill(w.parent, 0); }},
    {"kill_all", [](const World&) -> long { return ::kill(-1, 0); }},
    {"kill_itself", [](const World&) -> long { return ::kill(::getpid(), 0); }},
    {"tgkill_parent", [](const World& w) { return ::syscall(SYS_tgkill, w.parent, w.parent, 0); }},
    {"tgkill_any", [](const World& w) { return ::syscall(SYS_tgkill, -1, w.parent, 0); }},
    {"tkill_parent", [](const World& w) { return ::syscall(SYS_tkill, w.parent, 0); }},
    {"queue_signal", [](const World& w) { return queue_signal(SYS_rt_sigqueueinfo, w); }},
    {"signal_by_descriptor",
     [](const World&) { return ::syscall(SYS_pidfd_send_signal, 0, SIGTERM, nullptr, 0); }},
    {"signal_by_owner",
     [](const World& w) -> long { return ::fcntl(STDIN_FILENO, F_SETOWN, w.parent); }},
    {"signal_by_lease",
     [](const World&) -> long { return ::fcntl(STDIN_FILENO, F_SETLEASE, F_RDLCK); }},

    // Other processes.
    {"trace_parent",
     [](const World& w) -> long { return ::ptrace(PTRACE_ATTACH, w.parent, nullptr, nullptr); }},
    {"read_parent", read_parent},
    {"open_parent", [](const World& w) { return ::syscall(SYS_pidfd_open, w.parent, 0); }},
    {"limits_of_parent",
     [](const World& w) -> long {
         rlimit limit{};
         return ::prlimit(w.parent, RLIMIT_CORE, nullptr, &limit);
     }},

    // New processes and programs.
    {"fork", [](const World&) -> long { return ::fork(); }},
    {"clone_process", [](const World&) { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); }},
    {"clone_thread_in_namespace",
     [](const World&) { return ::syscall(SYS_clone, thread_flags | CLONE_NEWUSER, 0, 0, 0, 0); }},
    {"clone3_process", [](const World&) { return clone3(0); }},
    {"clone3_namespace", [](const World&) { return clone3(CLONE_NEWUSER | CLONE_NEWNET); }},
    {"run_program", [](const World&) -> long { return ::execl("/bin/true", "true", nullptr); }},
    {"run_open_file", [](const World&) { return run_open_file(); }},
    {"memory_file", [](const World&) -> long { return ::memfd_create("memory", 0); }},

    // Its own cage.
    {"raise_memory", [](const World&) { return set_limit(RLIMIT_AS); }},
    {"raise_files", [](const World&) { return set_limit(RLIMIT_NOFILE); }},
    {"become_dumpable", [](const World&) -> long { return ::prctl(PR_SET_DUMPABLE, 1); }},
    {"allow_tracing", [](const World&) -> long { return ::prctl(PR_SET_PTRACER, -1L); }},
    {"second_filter", [](const World&) -> long { return ::prctl(PR_SET_SECCOMP, 2, nullptr); }},

    // Network and terminal.
    {"socket_inet", [](const World&) -> long { return ::socket(AF_INET, SOCK_STREAM, 0); }},
    {"socket_unix", [](const World&) -> long { return ::socket(AF_UNIX, SOCK_STREAM, 0); }},
    {"socket_netlink", [](const World&) -> long { return ::socket(AF_NETLINK, SOCK_RAW, 0); }},
    {"type_into_terminal",
     [](const World&) -> long { return ::ioctl(STDIN_FILENO, TIOCSTI, "x"); }},
    {"is_terminal", [](const World&) -> long { return ::isatty(STDIN_FILENO) == 1 ? 0 : -1; }},
};

}  // namespace

std::span<const Attempt> process_attempts() { return attempts; }

}  // namespace instdrv::caged

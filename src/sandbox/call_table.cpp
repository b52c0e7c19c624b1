#include "sandbox/call_table.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "sandbox/plan.hpp"

namespace instdrv::sandbox {
namespace {

constexpr std::uint64_t all_bits = ~std::uint64_t{0};

constexpr ArgumentTest under(unsigned index, std::uint64_t mask, std::uint64_t value) {
    return {index, mask, value, {}};
}
constexpr ArgumentTest is(unsigned index, std::uint64_t value) {
    return under(index, all_bits, value);
}

constexpr std::uint64_t low_half = 0xffffffff;  // all that the kernel reads of an int

constexpr std::uint64_t write_execute = PROT_WRITE | PROT_EXEC;
constexpr const char* protection = "memory of images, heaps, stacks and the channel";
constexpr const char* neither = "neither writable nor executable";
constexpr const char* no_protection = "memory is never writable and executable at once";

// For names that mean another call, with other arguments, on i386.
constexpr CallRule on_amd64(CallRule rule) {
    rule.only = Architecture::amd64;
    return rule;
}

// What pthread_create of glibc asks for, and musl within its limits: nothing that makes a process.
constexpr std::uint64_t thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                       CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
                                       CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

// <asm/prctl.h> of amd64.
constexpr std::uint64_t arch_set_gs = 0x1001;

constexpr std::uint64_t open_mode = O_ACCMODE | O_TRUNC;
constexpr std::uint64_t open_makes = O_CREAT | (O_TMPFILE & ~O_DIRECTORY);
constexpr const char* opening = "files of the driver and of its state";

// A file that is there; its mode is no argument then.
constexpr CallRule open_file(std::uint64_t mode, std::string_view when) {
    return {"openat", 0, opening, under(2, open_mode | open_makes, mode), {}, when, true};
}

// Neither S_ISUID nor S_ISGID: what a driver makes gives nobody rights.
constexpr ArgumentTest plain_mode(unsigned index) { return under(index, S_ISUID | S_ISGID, 0); }
constexpr const char* plain = "without set-ID bits";

constexpr CallRule make_file(std::uint64_t mode, std::string_view when) {
    return {"openat", 0, opening, under(2, open_mode, mode), plain_mode(3), when, true};
}

// <asm-generic/fcntl.h>: on i386, fcntl64 has these where fcntl has the others.
constexpr std::uint64_t get_lock_64 = 12, set_lock_64 = 13, wait_lock_64 = 14;

// A denied call raises SIGSYS, and SIGSEGV where the stack has no room for that. Whoever handled
// either would try calls unnoticed.
constexpr auto kept_signals = std::to_array<std::uint64_t>({SIGSYS, SIGSEGV});
constexpr std::uint64_t signal_numbers = 0x7f;  // 1 to 64, and what is none
constexpr const char* asking = "asking what a signal does";
constexpr ArgumentTest other_signals = {0, signal_numbers, 0, kept_signals};

constexpr auto rules = std::to_array<CallRule>({
    // Memory.
    {"brk", 0, protection},
    on_amd64({"mmap", 0, protection, under(2, write_execute, 0), {}, neither}),
    on_amd64({"mmap", 0, protection, under(2, write_execute, PROT_WRITE), {}, "writable"}),
    on_amd64({"mmap", 0, protection, under(2, write_execute, PROT_EXEC), {}, "executable"}),
    on_amd64({"mmap", EACCES, no_protection, under(2, write_execute, write_execute), {}, "both"}),
    {"mmap2", 0, protection, under(2, write_execute, 0), {}, neither},
    {"mmap2", 0, protection, under(2, write_execute, PROT_WRITE), {}, "writable"},
    {"mmap2", 0, protection, under(2, write_execute, PROT_EXEC), {}, "executable"},
    {"mmap2", EACCES, no_protection, under(2, write_execute, write_execute), {}, "both"},
    {"mprotect", 0, protection, under(2, write_execute, 0), {}, neither},
    {"mprotect", 0, protection, under(2, write_execute, PROT_WRITE), {}, "writable"},
    {"mprotect", 0, protection, under(2, write_execute, PROT_EXEC), {}, "executable"},
    {"mprotect", EACCES, no_protection, under(2, write_execute, write_execute), {}, "both"},
    {"munmap", 0, protection},
    {"mremap", 0, "growing heaps, and views that share memory"},
    {"madvise", 0, "giving memory back to the system"},
    {"msync", 0, "FlushViewOfFile"},
    {"memfd_create", ENOSYS, "no limit bounds what memory files hold that are mapped nowhere"},

    // Threads and waiting.
    {"clone", 0, "starting threads", is(0, thread_flags), {}, "a thread, nothing else"},
    {"clone3", ENOSYS, "its flags cannot be looked at; glibc then uses clone"},
    {"set_robust_list", 0, "starting threads"},
    {"rseq", 0, "starting threads"},
    {"exit", 0, "ending threads"},
    {"exit_group", 0, "ending the worker"},
    {"futex", 0, "locks, and the channel to the supervisor"},
    {"futex_time64", 0, "locks, and the channel to the supervisor"},
    {"membarrier", 0, "sends that race closes", is(0, MEMBARRIER_CMD_QUERY), {}, "asking"},
    {"membarrier",
     0,
     "sends that race closes",
     is(0, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED),
     {},
     "registering"},
    {"membarrier",
     0,
     "sends that race closes",
     is(0, MEMBARRIER_CMD_PRIVATE_EXPEDITED),
     {},
     "of this process"},
    {"sched_yield", 0, "spinning"},
    {"sched_getaffinity", 0, "counting processors"},
    {"getcpu", 0, "the allocator of libc"},
    {"prctl", 0, "names of threads", is(0, PR_SET_NAME), {}, "PR_SET_NAME"},
    {"arch_prctl",
     0,
     "the TEB of a thread, where the processor lacks FSGSBASE",
     is(0, arch_set_gs),
     {},
     "ARCH_SET_GS"},
    {"set_thread_area", 0, "the TEB of a thread"},
    {"get_thread_area", 0, "the TEB of a thread"},
    {"poll", 0, "waiting for several objects"},
    {"ppoll", 0, "waiting for several objects"},
    {"ppoll_time64", 0, "waiting for several objects"},
    {"eventfd2", 0, "events, mutexes and semaphores of Windows"},
    {"timerfd_create", 0, "waitable timers"},
    {"timerfd_settime", 0, "waitable timers"},
    {"timerfd_settime64", 0, "waitable timers"},
    {"timerfd_gettime", 0, "waitable timers"},
    {"timerfd_gettime64", 0, "waitable timers"},

    // Time.
    {"clock_gettime", 0, "time"},
    {"clock_gettime64", 0, "time"},
    {"clock_getres", 0, "time"},
    {"clock_getres_time64", 0, "time"},
    {"clock_nanosleep", 0, "Sleep"},
    {"clock_nanosleep_time64", 0, "Sleep"},
    {"nanosleep", 0, "Sleep"},
    {"gettimeofday", 0, "time"},
    {"time", 0, "time"},
    {"getrusage", 0, "time used by threads"},
    {"restart_syscall", 0, "the kernel's own way to go on after a signal"},

    // Itself.
    {"getpid", 0, "GetCurrentProcessId"},
    {"gettid", 0, "GetCurrentThreadId"},
    {"getrandom", 0, "random numbers"},
    {"sysinfo", 0, "qsort of libc asks how much memory there is"},
    {"getrlimit", 0, "stacks of threads"},
    {"ugetrlimit", 0, "stacks of threads"},
    {"prlimit64", 0, "stacks of threads", is(0, 0), is(2, 0), "asking for its own limits"},

    // Signals.
    {"rt_sigaction", 0, "crash reports", other_signals, {}, "neither SIGSYS nor SIGSEGV"},
    {"rt_sigaction", 0, asking, under(0, low_half, SIGSYS), is(1, 0), "SIGSYS, unchanged"},
    {"rt_sigaction", 0, asking, under(0, low_half, SIGSEGV), is(1, 0), "SIGSEGV, unchanged"},
    {"rt_sigprocmask", 0, "starting threads"},
    {"rt_sigreturn", 0, "crash reports"},
    {"sigreturn", 0, "crash reports"},
    {"sigaltstack", 0, "crash reports after a stack overflow"},
    {"tgkill", 0, "abort", is(0, own_process_id), {}, "to itself"},

    // Open files and the control socket.
    {"read", 0, "files and the control socket"},
    {"readv", 0, "files and the control socket"},
    {"pread64", 0, "files"},
    {"write", 0, "files, messages and the control socket"},
    {"writev", 0, "files, messages and the control socket"},
    {"pwrite64", 0, "files"},
    {"recvmsg", 0, "the control socket, which is open already"},
    {"sendmsg", 0, "the control socket, which is open already"},
    {"close", 0, "files"},
    {"lseek", 0, "files"},
    {"_llseek", 0, "files"},
    {"sendfile", 0, "copying files"},
    {"sendfile64", 0, "copying files"},
    {"ftruncate", 0, "SetEndOfFile"},
    {"ftruncate64", 0, "SetEndOfFile"},
    {"fsync", 0, "FlushFileBuffers, profiles and registry"},
    {"fdatasync", 0, "FlushFileBuffers, profiles and registry"},
    {"dup", 0, "descriptors of C runtimes"},
    {"dup2", 0, "descriptors of C runtimes"},
    {"dup3", 0, "descriptors of C runtimes"},
    {"flock", 0, "locks of files"},
    {"fcntl", 0, "listing folders", is(1, F_GETFD), {}, "F_GETFD"},
    {"fcntl", 0, "listing folders", is(1, F_SETFD), {}, "F_SETFD"},
    {"fcntl", 0, "listing folders", is(1, F_GETFL), {}, "F_GETFL"},
    {"fcntl", 0, "streams", is(1, F_SETFL), {}, "F_SETFL"},
    {"fcntl", 0, "descriptors of C runtimes", is(1, F_DUPFD), {}, "F_DUPFD"},
    {"fcntl", 0, "descriptors of C runtimes", is(1, F_DUPFD_CLOEXEC), {}, "F_DUPFD_CLOEXEC"},
    {"fcntl", 0, "locks of files", is(1, F_GETLK), {}, "F_GETLK"},
    {"fcntl", 0, "locks of files", is(1, F_SETLK), {}, "F_SETLK"},
    {"fcntl", 0, "locks of files", is(1, F_SETLKW), {}, "F_SETLKW"},
    {"fcntl64", 0, "listing folders", is(1, F_GETFD), {}, "F_GETFD"},
    {"fcntl64", 0, "listing folders", is(1, F_SETFD), {}, "F_SETFD"},
    {"fcntl64", 0, "listing folders", is(1, F_GETFL), {}, "F_GETFL"},
    {"fcntl64", 0, "streams", is(1, F_SETFL), {}, "F_SETFL"},
    {"fcntl64", 0, "descriptors of C runtimes", is(1, F_DUPFD), {}, "F_DUPFD"},
    {"fcntl64", 0, "descriptors of C runtimes", is(1, F_DUPFD_CLOEXEC), {}, "F_DUPFD_CLOEXEC"},
    {"fcntl64", 0, "locks of files", is(1, get_lock_64), {}, "F_GETLK64"},
    {"fcntl64", 0, "locks of files", is(1, set_lock_64), {}, "F_SETLK64"},
    {"fcntl64", 0, "locks of files", is(1, wait_lock_64), {}, "F_SETLKW64"},
    {"ioctl", ENOTTY, "streams ask whether they are a terminal", is(1, TCGETS), {}, "TCGETS"},
    {"fchmod", EPERM, "it would change files that are open for reading alone"},

    // Files by name. Landlock says which.
    open_file(O_RDONLY, "for reading"),
    open_file(O_WRONLY, "for writing"),
    open_file(O_RDWR, "for both"),
    open_file(O_WRONLY | O_TRUNC, "for writing anew"),
    open_file(O_RDWR | O_TRUNC, "for both anew"),
    make_file(O_RDONLY, "made for reading, without set-ID bits"),
    make_file(O_WRONLY, "made for writing, without set-ID bits"),
    make_file(O_RDWR, "made for both, without set-ID bits"),
    make_file(O_WRONLY | O_TRUNC, "made or emptied for writing, without set-ID bits"),
    make_file(O_RDWR | O_TRUNC, "made or emptied for both, without set-ID bits"),
    {"getdents64", 0, "listing folders"},
    {"mkdir", 0, "folders of the state", plain_mode(1), {}, plain, true},
    {"mkdirat", 0, "folders of the state", plain_mode(2), {}, plain, true},
    {"rename", 0, "replacing files as a whole", {}, {}, {}, true},
    {"renameat", 0, "MoveFile", {}, {}, {}, true},
    {"renameat2",
     0,
     "MoveFile",
     under(4, low_half & ~std::uint64_t{RENAME_NOREPLACE}, 0),
     {},
     "with RENAME_NOREPLACE or no flag",
     true},
    {"rmdir", 0, "RemoveDirectory", {}, {}, {}, true},
    {"unlink", 0, "DeleteFile", {}, {}, {}, true},
    {"unlinkat", 0, "DeleteFile", {}, {}, {}, true},
    {"utimensat", EPERM, "it would change any file of the user, and Landlock has no say in it"},
    {"utimensat_time64", EPERM,
     "it would change any file of the user, and Landlock has no say in it"},

    // What is known of files. Neither Landlock nor a filter can bound these to some files.
    {"access", 0, "attributes of files"},
    {"faccessat", 0, "attributes of files"},
    {"faccessat2", 0, "attributes of files"},
    {"fstat", 0, "attributes of files"},
    {"fstat64", 0, "attributes of files"},
    {"fstatat64", 0, "attributes of files"},
    {"getcwd", 0, "relative paths of libraries"},
    {"newfstatat", 0, "attributes of files"},
    {"readlink", 0, "resolving paths"},
    {"readlinkat", 0, "resolving paths"},
    {"stat64", 0, "attributes of files"},
    {"lstat64", 0, "attributes of files"},
    {"statx", 0, "attributes of files"},
});

constexpr auto network = std::to_array<const char*>(
    {"accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen",
     "recvfrom", "recvmmsg", "sendmmsg", "sendto", "setsockopt", "shutdown", "socket",
     "socketpair"});

constexpr auto sanitizer = std::to_array<CallRule>({
    {"pipe2", 0, "the sanitizers try through a pipe whether memory can be read"},
});

constexpr auto never = std::to_array<std::string_view>({"_sysctl",
                                                        "acct",
                                                        "add_key",
                                                        "bpf",
                                                        "chroot",
                                                        "clone",
                                                        "clone3",
                                                        "create_module",
                                                        "delete_module",
                                                        "execve",
                                                        "execveat",
                                                        "finit_module",
                                                        "fork",
                                                        "fsconfig",
                                                        "fsmount",
                                                        "fsopen",
                                                        "fspick",
                                                        "init_module",
                                                        "io_uring_enter",
                                                        "io_uring_register",
                                                        "io_uring_setup",
                                                        "ioperm",
                                                        "iopl",
                                                        "kcmp",
                                                        "kexec_file_load",
                                                        "kexec_load",
                                                        "keyctl",
                                                        "kill",
                                                        "mount",
                                                        "mount_setattr",
                                                        "move_mount",
                                                        "name_to_handle_at",
                                                        "open_by_handle_at",
                                                        "open_tree",
                                                        "perf_event_open",
                                                        "personality",
                                                        "pidfd_getfd",
                                                        "pidfd_open",
                                                        "pidfd_send_signal",
                                                        "pivot_root",
                                                        "prctl",
                                                        "process_madvise",
                                                        "process_vm_readv",
                                                        "process_vm_writev",
                                                        "ptrace",
                                                        "reboot",
                                                        "request_key",
                                                        "rt_sigaction",
                                                        "rt_sigqueueinfo",
                                                        "rt_tgsigqueueinfo",
                                                        "setns",
                                                        "sigaction",
                                                        "signal",
                                                        "swapoff",
                                                        "swapon",
                                                        "tgkill",
                                                        "tkill",
                                                        "umount",
                                                        "umount2",
                                                        "unshare",
                                                        "uselib",
                                                        "userfaultfd",
                                                        "vfork",
                                                        "vm86",
                                                        "vm86old"});

}  // namespace

std::span<const CallRule> default_rules() { return rules; }

std::vector<CallRule> default_rules(bool may_open_files) {
    std::vector<CallRule> adapted(rules.begin(), rules.end());
    for (auto& rule : adapted) {
        if (rule.opens_files && !may_open_files) rule.error = EACCES;
    }
    return adapted;
}

std::vector<CallRule> parser_rules() {
    constexpr auto needed = std::to_array<std::string_view>({
        "brk",     "clock_gettime",   "close",          "exit_group",   "futex",
        "getpid",  "getrandom",       "gettid",         "lseek",        "madvise",
        "mmap",    "mremap",          "munmap",         "openat",       "read",
        "recvmsg", "restart_syscall", "rt_sigprocmask", "rt_sigreturn", "tgkill",
        "write",   "writev",
    });
    auto rules = default_rules(false);
    std::erase_if(rules, [&](const CallRule& rule) {
        const bool makes_code = rule.first.mask == write_execute && rule.first.value == PROT_EXEC;
        return makes_code || std::ranges::find(needed, rule.name) == needed.end();
    });
    return rules;
}

std::span<const char* const> network_calls() { return network; }

std::span<const CallRule> sanitizer_rules() { return sanitizer; }

bool is_never_allowed(std::string_view name) noexcept {
    return std::find(never.begin(), never.end(), name) != never.end();
}

}  // namespace instdrv::sandbox

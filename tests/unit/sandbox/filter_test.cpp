// The default filter of each machine, asked about every system call.
#include <cerrno>
#include <csignal>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#include "filter_machine.hpp"
#include "sandbox/policy.hpp"
#include "sandbox/syscalls.hpp"

namespace instdrv::sandbox {
namespace {

using Names = std::set<std::string>;

// What drivers and their Windows layer need, written down once more and on purpose: a name that
// slips into the table must not slip in here.
const Names allowed_on_both = {"access",
                               "brk",
                               "clock_getres",
                               "clock_gettime",
                               "clock_nanosleep",
                               "close",
                               "dup",
                               "dup2",
                               "dup3",
                               "eventfd2",
                               "exit",
                               "exit_group",
                               "faccessat",
                               "faccessat2",
                               "fdatasync",
                               "flock",
                               "fstat",
                               "fsync",
                               "ftruncate",
                               "futex",
                               "getcpu",
                               "getcwd",
                               "getdents64",
                               "getpid",
                               "getrandom",
                               "getrlimit",
                               "getrusage",
                               "gettid",
                               "gettimeofday",
                               "lseek",
                               "madvise",
                               "mremap",
                               "msync",
                               "munmap",
                               "nanosleep",
                               "poll",
                               "ppoll",
                               "pread64",
                               "pwrite64",
                               "read",
                               "readlink",
                               "readlinkat",
                               "readv",
                               "recvmsg",
                               "rename",
                               "renameat",
                               "restart_syscall",
                               "rmdir",
                               "rseq",
                               "rt_sigprocmask",
                               "rt_sigreturn",
                               "sched_getaffinity",
                               "sched_yield",
                               "sendfile",
                               "sendmsg",
                               "set_robust_list",
                               "sigaltstack",
                               "statx",
                               "sysinfo",
                               "time",
                               "timerfd_create",
                               "timerfd_gettime",
                               "timerfd_settime",
                               "unlink",
                               "unlinkat",
                               "write",
                               "writev",
                               "get_thread_area",
                               "set_thread_area"};
const Names allowed_on_amd64 = {"newfstatat"};
const Names allowed_on_i386 = {
    "_llseek", "clock_getres_time64", "clock_gettime64",   "clock_nanosleep_time64",
    "fstat64", "fstatat64",           "ftruncate64",       "futex_time64",
    "lstat64", "ppoll_time64",        "sendfile64",        "sigreturn",
    "stat64",  "timerfd_gettime64",   "timerfd_settime64", "ugetrlimit"};
const Names by_arguments = {"mkdir", "mkdirat",   "renameat2",  "arch_prctl",  "clone",
                            "fcntl", "ioctl",     "membarrier", "mprotect",    "openat",
                            "prctl", "prlimit64", "tgkill",     "rt_sigaction"};
const Names by_arguments_on_amd64 = {"mmap"};
const Names by_arguments_on_i386 = {"fcntl64", "mmap2", "socketcall"};
const std::map<std::string, int> answered_on_both = {{"clone3", ENOSYS},
                                                     {"memfd_create", ENOSYS},
                                                     {"fchmod", EPERM},
                                                     {"utimensat", EPERM},
                                                     {"utimensat_time64", EPERM}};

constexpr std::uint32_t numbers = 1024;  // more than either machine has
constexpr std::uint64_t all_ones = ~std::uint64_t{0};

struct Machine {
    Architecture architecture;
    std::uint32_t audit;
};

class FilterTest : public testing::TestWithParam<Machine> {
protected:
    [[nodiscard]] std::uint32_t verdict(std::uint32_t number,
                                        std::array<std::uint64_t, 6> arguments = {}) const {
        return verdict_of(filter_, {GetParam().audit, number, arguments});
    }
    [[nodiscard]] std::uint32_t verdict(const std::string& name,
                                        std::array<std::uint64_t, 6> arguments) const {
        return verdict(number_of(name), arguments);
    }
    [[nodiscard]] std::uint32_t number_of(const std::string& name) const {
        for (std::uint32_t number = 0; number < numbers; ++number) {
            if (this->name(number) == name) return number;
        }
        ADD_FAILURE() << name << " has no number";
        return numbers;
    }
    [[nodiscard]] std::string name(std::uint32_t number) const {
        return name_of_syscall(static_cast<std::int32_t>(number), GetParam().architecture);
    }
    [[nodiscard]] bool is_amd64() const { return GetParam().architecture == Architecture::amd64; }
    [[nodiscard]] bool is_allowed(const std::string& name) const {
        return allowed_on_both.contains(name) ||
               (is_amd64() ? allowed_on_amd64 : allowed_on_i386).contains(name);
    }
    [[nodiscard]] bool depends_on_arguments(const std::string& name) const {
        return by_arguments.contains(name) ||
               (is_amd64() ? by_arguments_on_amd64 : by_arguments_on_i386).contains(name);
    }
    [[nodiscard]] std::uint32_t expected(const std::string& name) const {
        if (is_allowed(name)) return SECCOMP_RET_ALLOW;
        const auto answered = answered_on_both.find(name);
        if (answered == answered_on_both.end()) return SECCOMP_RET_TRAP;
        return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(answered->second);
    }

    std::vector<FilterInstruction> filter_ =
        PolicyBuilder(GetParam().architecture, {.landlock_abi = 7}).build().value().plan().filter;
};

TEST_P(FilterTest, EverySystemCallHasTheIntendedAnswer) {
    for (std::uint32_t number = 0; number < numbers; ++number) {
        if (depends_on_arguments(name(number))) continue;
        for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, all_ones}) {
            EXPECT_EQ(verdict(number, {value, value, value, value, value, value}),
                      expected(name(number)))
                << name(number);
        }
    }
}

TEST_P(FilterTest, EveryIntendedNameExists) {
    std::size_t found = 0;
    for (std::uint32_t number = 0; number < numbers; ++number) {
        if (is_allowed(name(number))) ++found;
    }
    EXPECT_EQ(found, allowed_on_both.size() +
                         (is_amd64() ? allowed_on_amd64.size() : allowed_on_i386.size()));
}

TEST_P(FilterTest, OtherMachinesAreDenied) {
    const auto other = is_amd64() ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
    for (std::uint32_t number = 0; number < numbers; ++number) {
        EXPECT_EQ(verdict_of(filter_, {other, number}), SECCOMP_RET_TRAP) << number;
        EXPECT_EQ(verdict_of(filter_, {AUDIT_ARCH_AARCH64, number}), SECCOMP_RET_TRAP) << number;
        // x32 on amd64, no call at all on i386
        EXPECT_EQ(verdict(0x40000000 | number), SECCOMP_RET_TRAP) << number;
        EXPECT_EQ(verdict(0x80000000 | number), SECCOMP_RET_TRAP) << number;
    }
    EXPECT_EQ(verdict(0xffffffff), SECCOMP_RET_TRAP);
}

TEST_P(FilterTest, MemoryIsNeverWritableAndExecutable) {
    const std::string map = is_amd64() ? "mmap" : "mmap2";
    for (const auto& call : {map, std::string("mprotect")}) {
        for (std::uint64_t protection = 0; protection < 8; ++protection) {
            const bool both = (protection & 6) == 6;
            EXPECT_EQ(verdict(call, {0, 4096, protection, 0x22, all_ones, 0}),
                      both ? SECCOMP_RET_ERRNO | EACCES : SECCOMP_RET_ALLOW)
                << call << ' ' << protection;
        }
        EXPECT_EQ(verdict(call, {0, 4096, 7 | 0x01000000}), SECCOMP_RET_ERRNO | EACCES);
    }
}

TEST_P(FilterTest, CloneStartsThreadsAlone) {
    constexpr std::uint64_t thread = 0x3d0f00;  // as strace shows it of pthread_create
    EXPECT_EQ(verdict("clone", {thread}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("clone", {17}), SECCOMP_RET_TRAP);  // SIGCHLD: fork
    for (unsigned bit = 0; bit < 32; ++bit) {
        EXPECT_EQ(verdict("clone", {thread ^ (std::uint64_t{1} << bit)}), SECCOMP_RET_TRAP) << bit;
    }
}

TEST_P(FilterTest, SignalsGoToItselfAlone) {
    EXPECT_EQ(verdict("tgkill", {own_process_id, 5, 6}), SECCOMP_RET_ALLOW);
    for (const std::uint64_t target : {std::uint64_t{1}, std::uint64_t{4711}, all_ones}) {
        EXPECT_EQ(verdict("tgkill", {target, own_process_id, 6}), SECCOMP_RET_TRAP);
    }
}

// The kernel takes the lower half of the first argument.
TEST_P(FilterTest, TheReportOfDenialsCannotBeTakenOver) {
    constexpr std::uint64_t upper_half = 0xffffffff00000000;
    for (std::uint64_t signal = 1; signal <= 64; ++signal) {
        const bool kept = signal == SIGSYS || signal == SIGSEGV;
        for (const auto number : {signal, signal | (std::uint64_t{1} << 32), signal | upper_half}) {
            EXPECT_EQ(verdict("rt_sigaction", {number, 0x1000, 0, 8}),
                      kept ? SECCOMP_RET_TRAP : SECCOMP_RET_ALLOW)
                << number;
            EXPECT_EQ(verdict("rt_sigaction", {number, 0, 0x1000, 8}), SECCOMP_RET_ALLOW) << number;
        }
    }
}

TEST_P(FilterTest, FilesAreNotTruncatedByReaders) {
    constexpr std::uint64_t write_only = 1, both = 2, create = 0100, truncate = 01000;
    for (const std::uint64_t mode : {std::uint64_t{0}, write_only, both}) {
        EXPECT_EQ(verdict("openat", {all_ones, 1, mode | create}), SECCOMP_RET_ALLOW);
    }
    EXPECT_EQ(verdict("openat", {all_ones, 1, write_only | create | truncate}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("openat", {all_ones, 1, both | truncate}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("openat", {all_ones, 1, truncate}), SECCOMP_RET_TRAP);
    EXPECT_EQ(verdict("openat", {all_ones, 1, 3}), SECCOMP_RET_TRAP);
}

TEST_P(FilterTest, NothingIsMadeThatGivesOthersRights) {
    constexpr std::uint64_t write_only = 1, create = 0100, nameless = 020000000;
    for (const std::uint64_t rights : {02755, 04755, 06000}) {
        EXPECT_EQ(verdict("openat", {all_ones, 1, write_only, rights}), SECCOMP_RET_ALLOW);
        for (const auto making : {create, nameless, create | nameless}) {
            EXPECT_EQ(verdict("openat", {all_ones, 1, write_only | making, rights}),
                      SECCOMP_RET_TRAP);
            EXPECT_EQ(verdict("openat", {all_ones, 1, write_only | making, 01777}),
                      SECCOMP_RET_ALLOW);
        }
        EXPECT_EQ(verdict("mkdir", {1, rights}), SECCOMP_RET_TRAP);
        EXPECT_EQ(verdict("mkdirat", {all_ones, 1, rights}), SECCOMP_RET_TRAP);
    }
    EXPECT_EQ(verdict("mkdir", {1, 0777}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("mkdirat", {all_ones, 1, 0777}), SECCOMP_RET_ALLOW);
}

TEST_P(FilterTest, FilesAreMovedAndNotSwapped) {
    constexpr std::uint64_t no_replace = 1, exchange = 2, whiteout = 4;
    EXPECT_EQ(verdict("renameat2", {3, 1, 3, 1, 0}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("renameat2", {3, 1, 3, 1, no_replace}), SECCOMP_RET_ALLOW);
    for (const auto flags : {exchange, whiteout, no_replace | whiteout}) {
        EXPECT_EQ(verdict("renameat2", {3, 1, 3, 1, flags}), SECCOMP_RET_TRAP) << flags;
    }
}

TEST_P(FilterTest, LimitsCanBeReadAndNotSet) {
    EXPECT_EQ(verdict("prlimit64", {0, 3, 0, 0x1000}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("prlimit64", {0, 3, 0x1000, 0}), SECCOMP_RET_TRAP);
    EXPECT_EQ(verdict("prlimit64", {1, 3, 0, 0x1000}), SECCOMP_RET_TRAP);
}

TEST_P(FilterTest, CallsOfManyPurposesServeTheHarmlessOnes) {
    const std::string control = is_amd64() ? "fcntl" : "fcntl64";
    for (const std::uint64_t command : {0, 1, 2, 3, 4, 1030}) {
        EXPECT_EQ(verdict(control, {3, command}), SECCOMP_RET_ALLOW) << command;
    }
    for (const std::uint64_t command : {8, 10, 15, 1024, 1026}) {  // F_SETOWN to F_NOTIFY
        EXPECT_EQ(verdict(control, {3, command}), SECCOMP_RET_TRAP) << command;
    }
    EXPECT_EQ(verdict("prctl", {15}), SECCOMP_RET_ALLOW);  // PR_SET_NAME
    for (const std::uint64_t option : {1, 4, 22, 35, 38, 0x59616d61}) {
        EXPECT_EQ(verdict("prctl", {option}), SECCOMP_RET_TRAP) << option;
    }
    EXPECT_EQ(verdict("ioctl", {1, 0x5401}), SECCOMP_RET_ERRNO | ENOTTY);  // TCGETS
    EXPECT_EQ(verdict("ioctl", {1, 0x5412}), SECCOMP_RET_TRAP);            // TIOCSTI
    EXPECT_EQ(verdict("membarrier", {8}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("membarrier", {1}), SECCOMP_RET_TRAP);  // of the whole machine
    EXPECT_EQ(verdict("arch_prctl", {0x1001}), SECCOMP_RET_ALLOW);
    EXPECT_EQ(verdict("arch_prctl", {0x1011}), SECCOMP_RET_TRAP);  // ARCH_GET_CPUID
}

TEST_P(FilterTest, SocketcallSendsAndReceivesAlone) {
    if (is_amd64()) return;
    for (std::uint64_t call = 0; call < 32; ++call) {
        const bool is_message = call == 16 || call == 17;  // SYS_SENDMSG, SYS_RECVMSG
        EXPECT_EQ(verdict("socketcall", {call}), is_message ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRAP);
    }
}

TEST_P(FilterTest, WithoutLandlockFilesAreRefusedByName) {
    filter_ = PolicyBuilder(GetParam().architecture, {.landlock_error = ENOSYS})
                  .build()
                  .value()
                  .plan()
                  .filter;
    for (const char* const call : {"openat", "mkdir", "mkdirat", "rename", "renameat", "renameat2",
                                   "rmdir", "unlink", "unlinkat"}) {
        EXPECT_EQ(verdict(call, {0, 0, 1}), SECCOMP_RET_ERRNO | EACCES) << call;
    }
}

INSTANTIATE_TEST_SUITE_P(Machines, FilterTest,
                         testing::Values(Machine{Architecture::amd64, AUDIT_ARCH_X86_64},
                                         Machine{Architecture::i386, AUDIT_ARCH_I386}),
                         [](const auto& machine) {
                             return machine.param.architecture == Architecture::amd64 ? "amd64"
                                                                                      : "i386";
                         });

}  // namespace
}  // namespace instdrv::sandbox

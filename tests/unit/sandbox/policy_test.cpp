#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <linux/audit.h>
#include <sys/resource.h>

#include "sandbox/filter.hpp"
#include "sandbox/landlock.hpp"
#include "sandbox/policy.hpp"
#include "sandbox/syscalls.hpp"

namespace instdrv::sandbox {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr KernelSupport newest{.landlock_abi = landlock::newest_abi};

PolicyBuilder builder(KernelSupport kernel = newest) {
    return PolicyBuilder(Architecture::amd64, kernel);
}

const PathRule* rule_of(const Policy& policy, const std::string& path) {
    const auto& paths = policy.plan().paths;
    const auto found = std::find_if(paths.begin(), paths.end(),
                                    [&](const PathRule& rule) { return rule.path == path; });
    return found == paths.end() ? nullptr : &*found;
}

std::uint64_t limit_of(const Policy& policy, std::uint32_t resource) {
    for (const auto& limit : policy.plan().limits) {
        if (limit.resource == resource) return limit.value;
    }
    return RLIM64_INFINITY;
}

TEST(PolicyTest, TheDefaultHasEveryLayerAndNoWeakening) {
    const auto policy = builder().build().value();
    EXPECT_TRUE(policy.weakenings().empty());
    ASSERT_EQ(policy.layers().size(), layer_count);
    for (std::size_t index = 0; index < layer_count; ++index) {
        EXPECT_EQ(policy.layers()[index].layer, static_cast<Layer>(index));
        EXPECT_TRUE(policy.layers()[index].planned);
    }
    EXPECT_EQ(limit_of(policy, RLIMIT_CORE), 0U);
    EXPECT_EQ(policy.plan().handled_network, 3U);
    EXPECT_EQ(policy.plan().scoped, 3U);
    EXPECT_EQ(policy.plan().variables, std::vector<std::string>{"TZ"});
}

TEST(PolicyTest, TheDefaultsFilterIsTheOneOfItsRules) {
    for (const auto architecture : {Architecture::amd64, Architecture::i386}) {
        for (const int landlock_abi : {0, landlock::newest_abi}) {
            const auto policy =
                PolicyBuilder(architecture, {.landlock_abi = landlock_abi}).build().value();
            const auto compiled = compile_filter(architecture, default_rules(landlock_abi != 0));
            EXPECT_EQ(policy.plan().filter, compiled.value());
        }
    }
}

TEST(PolicyTest, FoldersGetTheirRights) {
    const auto policy =
        builder().driver_folder("/opt/codecs/").state_folder("/var/../var/state").build().value();
    const auto* const driver = rule_of(policy, "/opt/codecs");
    ASSERT_NE(driver, nullptr);
    EXPECT_EQ(driver->access, landlock::read_file | landlock::read_dir);
    EXPECT_EQ(driver->missing, Missing::fail);
    const auto* const state = rule_of(policy, "/var/state");
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->missing, Missing::create);
    EXPECT_NE(state->access & landlock::write_file, 0U);
}

TEST(PolicyTest, NoRuleAllowsRunningOrSpecialFiles) {
    const auto policy = builder()
                            .driver_folder("/opt/codecs")
                            .state_folder("/state")
                            .allow_system_libraries("test")
                            .allow_write("/somewhere", "test")
                            .build()
                            .value();
    constexpr std::uint64_t usable = landlock::read_file | landlock::read_dir |
                                     landlock::write_file | landlock::truncate |
                                     landlock::remove_dir | landlock::remove_file |
                                     landlock::make_dir | landlock::make_reg | landlock::refer;
    for (const auto& rule : policy.plan().paths)
        EXPECT_EQ(rule.access & ~usable, 0U) << rule.path;
}

TEST(PolicyTest, OlderKernelsGetNoRightTheyDoNotKnow) {
    for (int abi = 1; abi <= landlock::newest_abi; ++abi) {
        const auto policy = builder({.landlock_abi = abi}).state_folder("/state").build().value();
        const auto& plan = policy.plan();
        EXPECT_EQ(plan.handled_files, landlock::all_files(abi));
        EXPECT_EQ(plan.handled_network == 0, abi < 4);
        EXPECT_EQ(plan.scoped == 0, abi < 6);
        for (const auto& rule : plan.paths) {
            EXPECT_EQ(rule.access & ~plan.handled_files, 0U) << abi << ' ' << rule.path;
        }
    }
    // 13 rights at first, one more each with ABI 2, 3 and 5.
    EXPECT_EQ(landlock::all_files(1), 0x1fffU);
    EXPECT_EQ(landlock::all_files(2), 0x3fffU);
    EXPECT_EQ(landlock::all_files(4), 0x7fffU);
    EXPECT_EQ(landlock::all_files(7), 0xffffU);
}

TEST(PolicyTest, LimitsAreThoseAskedFor) {
    const auto policy = builder()
                            .limit_memory(1)
                            .limit_address_space(2)
                            .limit_open_files(3)
                            .limit_file_size(4)
                            .limit_threads_of_user(5)
                            .build()
                            .value();
    EXPECT_EQ(limit_of(policy, RLIMIT_DATA), 1U);
    EXPECT_EQ(limit_of(policy, RLIMIT_AS), 2U);
    EXPECT_EQ(limit_of(policy, RLIMIT_NOFILE), 3U);
    EXPECT_EQ(limit_of(policy, RLIMIT_FSIZE), 4U);
    EXPECT_EQ(limit_of(policy, RLIMIT_NPROC), 5U);
    EXPECT_EQ(limit_of(builder().build().value(), RLIMIT_NPROC), RLIM64_INFINITY);
}

TEST(PolicyTest, TheSanitizerHasNoLimitOfMemory) {
    const auto policy = builder().allow_sanitizer("test").build().value();
    EXPECT_EQ(limit_of(policy, RLIMIT_DATA), RLIM64_INFINITY);
    EXPECT_EQ(limit_of(policy, RLIMIT_AS), RLIM64_INFINITY);
    EXPECT_EQ(limit_of(policy, RLIMIT_CORE), 0U);
}

TEST(PolicyTest, WeakeningsSayWhatAndWhy) {
    const auto policy = builder()
                            .allow_network("fetches its licence")
                            .allow_syscall("uname", "asks for the host's name")
                            .build()
                            .value();
    ASSERT_EQ(policy.weakenings().size(), 2U);
    EXPECT_EQ(policy.weakenings()[1].call, "allow_syscall");
    EXPECT_EQ(policy.weakenings()[1].object, "uname");
    EXPECT_THAT(policy.explanation(), HasSubstr("allow_network(): fetches its licence\n"));
    EXPECT_EQ(policy.plan().handled_network, 0U);
}

TEST(PolicyTest, WithoutLandlockTheExplanationSaysWhatToDo) {
    const auto policy = builder({.landlock_error = EOPNOTSUPP}).build().value();
    const auto& layer = policy.layers()[static_cast<std::size_t>(Layer::landlock)];
    EXPECT_FALSE(layer.planned);
    EXPECT_THAT(layer.content, HasSubstr("lsm="));
    EXPECT_EQ(policy.plan().landlock_abi, 0U);
    EXPECT_THAT(policy.explanation(), HasSubstr("Landlock: off"));
}

void expect_refused(const PolicyBuilder& policy, const std::string& cause) {
    const auto built = policy.build();
    ASSERT_FALSE(built) << cause;
    EXPECT_EQ(built.error().code, ErrorCode::configuration);
    EXPECT_THAT(built.error().cause, HasSubstr(cause));
}

TEST(PolicyTest, MistakesComeOutOfBuild) {
    expect_refused(builder().allow_read("/etc/hosts", ""), "lacks its reason");
    expect_refused(builder().allow_read("etc/hosts", "test"), "no absolute path");
    expect_refused(builder().driver_folder(""), "no absolute path");
    expect_refused(builder().state_folder({}), "no absolute path");
    expect_refused(builder().allow_syscall("dance", "test"), "'dance'");
    expect_refused(builder().allow_syscall("mmap2", "test"), "'mmap2'");  // of i386
    expect_refused(builder().keep_variable("A=B", "test"), "'A=B'");
    // The first of several.
    expect_refused(builder().allow_syscall("dance", "test").allow_network(""), "'dance'");
}

TEST(PolicyTest, WhatWouldOpenTheCageIsNeverAllowed) {
    for (const char* const name : {"execve", "ptrace", "io_uring_setup", "bpf", "unshare", "kill",
                                   "clone", "process_vm_readv", "mount", "prctl", "userfaultfd"}) {
        expect_refused(builder().allow_syscall(name, "test"), name);
    }
}

TEST(PolicyTest, AFolderThatHoldsTheHomeFolderIsNoDriverFolder) {
    const char* const before = std::getenv("HOME");
    const std::string home = before == nullptr ? "" : before;
    ::setenv("HOME", "/home/me/", 1);
    for (const char* const folder : {"/", "/home", "/home/me", "/home/me/", "/home/you/../me"}) {
        expect_refused(builder().driver_folder(folder), "holds the home folder");
    }
    for (const char* const folder : {"/home/me/codecs", "/home/mel", "/opt"}) {
        EXPECT_TRUE(builder().driver_folder(folder).build()) << folder;
    }
    ::setenv("HOME", home.c_str(), 1);
}

TEST(SyscallsTest, HaveNamesPerMachine) {
    EXPECT_EQ(name_of_syscall(41, Architecture::amd64), "socket");
    EXPECT_EQ(name_of_syscall(41, Architecture::i386), "dup");
    EXPECT_EQ(name_of_syscall(0x40000000 | 41, Architecture::amd64), "x32 socket");
    EXPECT_EQ(name_of_syscall(4000, Architecture::amd64), "system call 4000");
    EXPECT_EQ(name_of_syscall(-1, Architecture::i386), "system call -1");
    EXPECT_EQ(architecture_of(AUDIT_ARCH_I386, Architecture::amd64), Architecture::i386);
    EXPECT_EQ(architecture_of(0, Architecture::amd64), Architecture::amd64);
}

TEST(SyscallsTest, SayWhatWouldAllowThem) {
    const auto of_amd64 = [](std::int32_t number) {
        return what_would_allow(number, Architecture::amd64, Architecture::amd64);
    };
    EXPECT_THAT(of_amd64(41), AllOf(HasSubstr("No setting"), HasSubstr("allow_network(reason)")));
    EXPECT_THAT(of_amd64(63), AllOf(HasSubstr("No setting"), HasSubstr("allow_syscall(\"uname\"")));
    EXPECT_EQ(of_amd64(59), "Nothing allows a worker execve");
    EXPECT_THAT(of_amd64(4000), HasSubstr("Nothing"));
    EXPECT_THAT(of_amd64(0x40000000 | 41), HasSubstr("Nothing"));
    EXPECT_THAT(what_would_allow(41, Architecture::i386, Architecture::amd64),
                HasSubstr("Nothing"));
    EXPECT_THAT(what_would_allow(102, Architecture::i386, Architecture::i386),
                HasSubstr("allow_network(reason)"));
}

}  // namespace
}  // namespace instdrv::sandbox

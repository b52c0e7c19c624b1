// What a policy allows by name is allowed, and nothing with it; and what is left of the cage on
// kernels that know less.
#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include "cage.hpp"
#include "expectations.hpp"

namespace instdrv::test {
namespace {

using sandbox::Architecture;
using sandbox::KernelSupport;

class WeakeningTest : public testing::TestWithParam<Architecture> {
protected:
    [[nodiscard]] sandbox::PolicyBuilder policy() const { return world_.policy(GetParam()); }
    [[nodiscard]] std::string outcome(const std::string& attempt,
                                      const sandbox::PolicyBuilder& policy) const {
        return program_.outcome(attempt, world_, policy);
    }
    World world_;
    CagedProgram program_{GetParam()};
};

TEST_P(WeakeningTest, AReadablePathIsReadableAlone) {
    const auto weaker = policy().allow_read(world_.path() / "outside", "test");
    EXPECT_EQ(outcome("read_secret", weaker), "done");
    EXPECT_EQ(outcome("symlink_to_file", weaker), "done");
    EXPECT_EQ(outcome("write_outside", weaker), "EACCES");
    EXPECT_EQ(outcome("read_passwd", weaker), "EACCES");
    EXPECT_EQ(outcome("read_passwd", policy().allow_read("/etc/passwd", "test")), "done");
}

TEST_P(WeakeningTest, AWritablePathCanBeWritten) {
    const auto weaker = policy().allow_write(world_.path() / "outside", "test");
    EXPECT_EQ(outcome("write_outside", weaker), "done");
    EXPECT_EQ(outcome("write_driver_folder", weaker), "EACCES");
}

TEST_P(WeakeningTest, AReadablePathThatDoesNotExistIsSkipped) {
    const auto weaker = policy().allow_read("/no/such/folder", "test");
    EXPECT_EQ(outcome("driver_file", weaker), "done");
}

TEST_P(WeakeningTest, TheNetworkOpensSockets) {
    const auto weaker = policy().allow_network("test");
    for (const char* const attempt : {"socket_inet", "socket_unix", "socket_netlink"}) {
        EXPECT_EQ(outcome(attempt, weaker), "done");
    }
    EXPECT_EQ(outcome("kill_parent", weaker), "denied kill");
}

TEST_P(WeakeningTest, SystemLibrariesCanBeLoaded) {
    const auto weaker = policy().allow_system_libraries("test");
    EXPECT_EQ(outcome("library", weaker), "done");
    EXPECT_EQ(outcome("read_passwd", weaker), "EACCES");
    EXPECT_EQ(outcome("run_program", weaker), "denied execve");
}

TEST_P(WeakeningTest, OneSystemCallIsAllowed) {
    const auto weaker = policy().allow_syscall("ioprio_set", "test");
    EXPECT_NE(outcome("ioprio_set", weaker), "denied ioprio_set");
    EXPECT_EQ(outcome("uname", weaker), "denied uname");
}

TEST_P(WeakeningTest, ASystemCallLosesItsConditions) {
    const auto weaker = policy().allow_syscall("ioctl", "test");
    EXPECT_EQ(outcome("type_into_terminal", weaker), "ENOTTY");
}

TEST_P(WeakeningTest, AVariableStays) {
    EXPECT_EQ(outcome("variables", policy()), "done");  // checks that one is left
    EXPECT_NE(outcome("variables", policy().keep_variable("PATH", "test")), "done");
}

TEST_P(WeakeningTest, AStateFolderIsMade) {
    const auto folder = world_.path() / "state" / "deep" / "down";
    EXPECT_EQ(outcome("driver_file", policy().state_folder(folder)), "done");
    EXPECT_TRUE(std::filesystem::is_directory(folder));
}

TEST_P(WeakeningTest, WithoutItsDriverFolderNothingRuns) {
    const auto wrong = policy().driver_folder(world_.path() / "no-such-folder");
    EXPECT_EQ(outcome("driver_file", wrong),
              "ended with 3: confine a worker: Landlock: No such file or directory. `instdrv "
              "doctor` shows what this machine offers\n");
}

TEST_P(WeakeningTest, WithoutLandlockNoFileIsOpened) {
    const auto builder = world_.policy(GetParam(), {.landlock_error = ENOSYS});
    for (const char* const attempt :
         {"driver_file", "read_passwd", "state_file", "unlink_secret", "folder_outside",
          "rename_out", "truncate_secret", "change_times", "own_mappings"}) {
        EXPECT_NE(outcome(attempt, builder), "done") << attempt;
    }
    EXPECT_EQ(outcome("read_passwd", builder), "EACCES");
    EXPECT_EQ(outcome("code", builder), "done");
    EXPECT_TRUE(world_.is_unharmed());
}

TEST_P(WeakeningTest, WithoutLandlockFilesCanBeAllowed) {
    auto builder = world_.policy(GetParam(), {.landlock_error = ENOSYS});
    builder.allow_files_without_landlock("test");
    EXPECT_EQ(outcome("driver_file", builder), "done");
    EXPECT_EQ(outcome("read_secret", builder), "done");
    EXPECT_EQ(outcome("run_program", builder), "denied execve");
}

// The versions that know fewer rights on files, as this kernel carries them out. What the filter
// denies is the same with each.
TEST_P(WeakeningTest, OlderVersionsOfLandlockHoldToo) {
    constexpr int with_all_of_files = 3;
    for (int abi = 1; abi <= with_all_of_files; ++abi) {
        for (const auto& expected : expectations(GetParam())) {
            if (expected.outcome.starts_with("denied")) continue;
            const World world;
            const bool moves_between_folders = expected.attempt == "state_folders";
            EXPECT_EQ(program_.outcome(expected.attempt, world,
                                       world.policy(GetParam(), {.landlock_abi = abi})),
                      abi == 1 && moves_between_folders ? "EXDEV" : expected.outcome)
                << expected.attempt << " with ABI " << abi;
            EXPECT_TRUE(world.is_unharmed()) << expected.attempt << " with ABI " << abi;
        }
    }
}

std::string machine_of(const testing::TestParamInfo<Architecture>& info) {
    return info.param == Architecture::amd64 ? "amd64" : "i386";
}

INSTANTIATE_TEST_SUITE_P(Workers, WeakeningTest,
                         testing::Values(Architecture::amd64, Architecture::i386), machine_of);

}  // namespace
}  // namespace instdrv::test

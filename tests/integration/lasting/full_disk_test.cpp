// Writes that do not fit: Windows' error, nothing of them kept, everything from before kept.
#include <fstream>
#include <tuple>

#include <sys/mount.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keeper.hpp"
#include "support/command.hpp"
#include "support/processes.hpp"

namespace instdrv::test {
namespace {

constexpr LRESULT disk_full = 112;  // ERROR_DISK_FULL
constexpr LRESULT no_space = 28;    // ENOSPC

class FullDisk : public testing::TestWithParam<std::tuple<Machine, Store>> {
protected:
    static const Machine& machine() { return std::get<0>(GetParam()); }
    static Store store() { return std::get<1>(GetParam()); }
    static bool keeps_numbers() { return store() == registry || store() == profile; }

    // Numbers first, then as much as there is room for.
    void fill_up(const std::filesystem::path& configuration) const {
        const Keeper keeper(machine(), state_, configuration);
        if (keeps_numbers()) {
            EXPECT_EQ(keeper.ask(keep, store(), 100), 0);
        }
        EXPECT_EQ(keeper.ask(fill, store()), store() == stream ? no_space : disk_full);
    }
    // In a worker of its own.
    void expect_kept(const std::filesystem::path& configuration) const {
        if (!keeps_numbers()) return;
        EXPECT_EQ(Keeper(machine(), state_, configuration).ask(count_missing, store(), 100), 0);
    }

    TemporaryFolder folder_;
    std::filesystem::path state_ = folder_ / "state";
};

TEST_P(FullDisk, FailsWhatDoesNotFit) {
    if (::geteuid() != 0) GTEST_SKIP() << "mounting a small disk needs root";
    std::filesystem::create_directory(state_);
    ASSERT_EQ(::mount("tmpfs", state_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=400k,mode=700"),
              0);
    fill_up({});
    expect_kept({});
    ::umount2(state_.c_str(), MNT_DETACH);
}

class FullDiskOfIniFiles : public FullDisk {};

// Its changes are in the journal, and do not fit into the file.
TEST_P(FullDiskOfIniFiles, MovesNoneWithoutItsChanges) {
    if (::geteuid() != 0) GTEST_SKIP() << "mounting a small disk needs root";
    std::filesystem::create_directory(state_);
    ASSERT_EQ(::mount("tmpfs", state_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=400k,mode=700"),
              0);
    fill_up({});
    {
        const Keeper keeper(machine(), state_);
        EXPECT_EQ(keeper.ask(move_ini), disk_full);
        EXPECT_EQ(keeper.ask(count_missing, profile, 100), 0);
        ASSERT_EQ(::mount("tmpfs", state_.c_str(), "tmpfs", MS_REMOUNT, "size=4m,mode=700"), 0);
        EXPECT_EQ(keeper.ask(move_ini), 0);
    }
    EXPECT_THAT(content_of(kept_state(state_, "keeps.dll") / "moved.ini"),
                testing::HasSubstr("slot036=100"));
    ::umount2(state_.c_str(), MNT_DETACH);
}

TEST_P(FullDisk, IsWhatTheLimitOfTheStateMakes) {
    const auto configuration = folder_ / "system.ini";
    std::ofstream(configuration) << "[drivers32]\nkeeps=" << driver_of(machine())
                                 << "\n[instdrv.keeps]\nstate_limit=300K\n";
    fill_up(configuration);
    expect_kept(configuration);
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(state_)) {
        if (entry.is_regular_file()) bytes += entry.file_size();
    }
    EXPECT_LE(bytes, 300u << 10);
    // Journals are longer than what they are folded into.
    EXPECT_GT(bytes, (keeps_numbers() ? 100u : 280u) << 10) << "the limit did not stop it";
}

TEST(StateLimit, BoundsTheFilesOfNativeDrivers) {
    const TemporaryFolder folder;
    std::ofstream(folder / "system.ini") << "[drivers32]\nplain=" << INSTDRV_TEST_DRIVERS
                                         << "/plain.so\n[instdrv.plain]\nstate_limit=64K\n";
    Host host({.configuration = folder / "system.ini", .state_folder = folder / "state"});
    const auto driver = host.open("plain");
    ASSERT_TRUE(driver) << driver.error().text();
    const auto workers = children(::getpid());
    ASSERT_EQ(workers.size(), 1u);
    EXPECT_THAT(content_of("/proc/" + std::to_string(workers[0]) + "/limits"),
                testing::ContainsRegex("Max file size +65536 +65536"));
}

// The program itself, used by an ordinary user.
class OrdinaryUser : public testing::Test {
protected:
    OrdinaryUser() {
        std::ofstream(folder_ / "system.ini") << "[drivers32]\nkeeps=" << driver_of(machines[0])
                                              << "\n[instdrv.keeps]\nstate_limit=300K\n";
        std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
    }
    [[nodiscard]] auto send(const char* message, const char* store, const char* count) const {
        std::vector<std::string> arguments;
        if (::geteuid() == 0) {
            arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        }
        for (const std::string& argument :
             {std::string(INSTDRV_PROGRAM), std::string("send"), std::string("--config"),
              (folder_ / "system.ini").string(), std::string("keeps"), std::string(message),
              std::string(store), std::string(count)}) {
            arguments.push_back(argument);
        }
        return run({.arguments = arguments,
                    .environment = {{"XDG_STATE_HOME", (folder_ / "home").string()}}});
    }

    TemporaryFolder folder_;
};

TEST_F(OrdinaryUser, ChangesNoFileThatIsWriteProtected) {
    for (const char* const store : {"0", "1"})
        EXPECT_THAT(send("DRV_USER+1", store, "5").out, testing::EndsWith(": 0\n"));
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "home")) {
        const auto extension = entry.path().extension();
        if (extension == ".ini" || extension == ".reg") files.push_back(entry.path());
    }
    ASSERT_EQ(files.size(), 2u);
    std::vector<std::string> contents;
    for (const auto& file : files) {
        std::filesystem::permissions(file, std::filesystem::perms(0444));
        contents.push_back(content_of(file));
    }
    for (const char* const store : {"0", "1"})
        EXPECT_THAT(send("DRV_USER+1", store, "1").out, testing::EndsWith(": 5\n"));
    for (std::size_t i = 0; i < files.size(); ++i)
        EXPECT_EQ(content_of(files[i]), contents[i]);
}

// What does not fit, and that the rest is kept.
TEST_F(OrdinaryUser, IsHeldToTheLimitOfTheState) {
    for (const char* const store : {"0", "1", "2"}) {
        const auto kept = send("DRV_USER+1", store, "50");
        EXPECT_THAT(kept.out, testing::EndsWith(": 0\n")) << kept.err;
    }
    const auto filled = send("DRV_USER+8", "0", "0");
    EXPECT_THAT(filled.out, testing::EndsWith(": 112\n")) << filled.err;
    for (const char* const store : {"0", "1", "2"}) {
        const auto missing = send("DRV_USER+2", store, "50");
        EXPECT_THAT(missing.out, testing::EndsWith(": 0\n")) << missing.err;
    }
}

std::string name_of(const testing::TestParamInfo<FullDisk::ParamType>& tested) {
    constexpr const char* names[] = {"Registry", "Profile", "File", "Stream"};
    return std::string(std::get<0>(tested.param).name) + names[std::get<1>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(OfState, FullDisk,
                         testing::Combine(testing::ValuesIn(machines),
                                          testing::Values(registry, profile, file, stream)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(OfState, FullDiskOfIniFiles,
                         testing::Combine(testing::ValuesIn(machines), testing::Values(profile)),
                         name_of);

}  // namespace
}  // namespace instdrv::test

// Whose state is whose: a driver is known by the path of its file.
#include <instdrv/host.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "host/state_folders.hpp"
#include "host/state_root.hpp"
#include "keeper.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t nobody = 65534;

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

mode_t mode_of(const fs::path& file) {
    struct stat facts {};
    EXPECT_EQ(::lstat(file.c_str(), &facts), 0) << file;
    return facts.st_mode & 07777;
}

// Is told of each fsync(2) of this process, while one of these lives.
class OnFlush {
public:
    explicit OnFlush(std::function<void(const std::string& path)> told) { now() = std::move(told); }
    ~OnFlush() { now() = nullptr; }
    OnFlush(const OnFlush&) = delete;
    OnFlush& operator=(const OnFlush&) = delete;
    static std::function<void(const std::string& path)>& now() {
        static std::function<void(const std::string& path)> told;
        return told;
    }
};

class StateFoldersTest : public testing::Test {
protected:
    StateFolders folders() {
        return StateFolders(root(), [this](const std::string& line) { told_.push_back(line); });
    }
    // Where it is once it is made.
    Result<fs::path> made(const fs::path& driver) {
        auto all = folders();
        return all.of_file(driver).and_then([&](const fs::path& folder) {
            return all.make(driver, folder).map([&] { return folder; });
        });
    }
    [[nodiscard]] fs::path root() const { return folder_ / "state"; }
    // The path of a driver's file, which need not be there.
    [[nodiscard]] fs::path driver(const std::string& folder) const {
        return folder_ / folder / "Codec.dll";
    }

    TemporaryFolder folder_;
    std::vector<std::string> told_;
};

TEST_F(StateFoldersTest, BelongToThePathAndNotToTheName) {
    const auto first = made(driver("a"));
    const auto other = made(driver("b"));
    ASSERT_TRUE(first && other);
    EXPECT_NE(*first, *other);
    EXPECT_EQ(made(driver("a")).value(), *first) << "an update of the file keeps it";
    EXPECT_EQ(content_of(first->parent_path() / "driver"), driver("a").string());
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(StateFoldersTest, AreApartWhereTwoPathsHaveOneHash) {
    const auto first = made(driver("a")).value();
    write(first.parent_path() / "driver", "/another/with/this/hash");
    const auto second = made(driver("a")).value();
    EXPECT_NE(first, second);
    EXPECT_EQ(made(driver("a")).value(), second);
}

TEST_F(StateFoldersTest, AreSharedByThoseWhoSaySo) {
    EXPECT_EQ(folders().named("both").value(), root() / "named" / "both");
}

TEST_F(StateFoldersTest, TakeOverOnceWhatAnOlderVersionKeptByName) {
    write(root() / "codec.dll" / "registry.reg", "kept");
    const auto first = made(driver("a")).value();
    EXPECT_EQ(content_of(first / "registry.reg"), "kept");
    EXPECT_FALSE(fs::exists(root() / "codec.dll"));
    EXPECT_THAT(told_, ElementsAre(HasSubstr(driver("a").string())));
    const auto second = made(driver("b")).value();
    EXPECT_FALSE(fs::exists(second / "registry.reg"));
    EXPECT_EQ(told_.size(), 1u);
}

TEST_F(StateFoldersTest, AreNotReplacedByWhatIsOlder) {
    const auto first = made(driver("a")).value();
    write(first / "registry.reg", "new");
    write(root() / "codec.dll" / "registry.reg", "old");
    EXPECT_EQ(made(driver("a")).value(), first);
    EXPECT_EQ(content_of(first / "registry.reg"), "new");
    EXPECT_EQ(content_of(root() / "codec.dll" / "registry.reg"), "old");
}

TEST_F(StateFoldersTest, TakeOverNeitherALinkNorTheRecordOfASession) {
    write(folder_ / "secret" / "key", "private");
    fs::create_directory(root());
    fs::create_directory_symlink(folder_ / "secret", root() / "codec.dll");
    EXPECT_FALSE(fs::exists(made(driver("a")).value()));
    write(root() / "session" / "session.json", "{}");
    EXPECT_FALSE(fs::exists(made(folder_ / "x" / "session").value()));
    EXPECT_EQ(content_of(root() / "session" / "session.json"), "{}");
}

TEST_F(StateFoldersTest, AreTheUsersAlone) {
    const auto kept = made(driver("a")).value();
    for (auto folder = kept.parent_path(); folder != folder_.path(); folder = folder.parent_path())
        EXPECT_EQ(mode_of(folder), 0700u) << folder;
}

TEST_F(StateFoldersTest, AreNotMadeByAskingForThem) {
    const auto asked = folders().of_file(driver("a")).value();
    EXPECT_TRUE(folders().named("both"));
    EXPECT_FALSE(fs::exists(root()));
    EXPECT_EQ(made(driver("a")).value(), asked);
    write(root() / "codec.dll" / "registry.reg", "old");
    EXPECT_EQ(folders().of_file(driver("a")).value(), asked);
    EXPECT_TRUE(fs::exists(root() / "codec.dll"));
}

// Somebody else with this hash came between the two.
TEST_F(StateFoldersTest, AreNobodyElses) {
    auto all = folders();
    const auto asked = all.of_file(driver("a")).value();
    write(asked.parent_path() / "driver", "/another/with/this/hash");
    for (const auto& folder : {root(), root() / "drivers", asked.parent_path()})
        fs::permissions(folder, fs::perms::owner_all);
    const auto refused = all.make(driver("a"), asked);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::busy);
}

TEST_F(StateFoldersTest, AreFlushedInTurns) {
    constexpr int many = 2000;
    constexpr std::size_t large = std::size_t{17} << 20;
    auto all = folders();
    for (const char* const name : {"a", "b"})
        ASSERT_TRUE(all.make(driver(name), all.named(name).value()));
    for (int i = 0; i < many; ++i)
        write(root() / "named" / "a" / std::to_string(i), "one of many");
    write(root() / "named" / "a" / "large", std::string(large, 'x'));
    write(root() / "named" / "b" / "one", "the only one");
    std::vector<std::string> flushed;
    const OnFlush watching([&](const std::string& path) {
        std::this_thread::sleep_for(1ms);
        flushed.push_back(path);
    });
    const auto done = all.flush(std::chrono::steady_clock::now() + 10min);
    ASSERT_TRUE(done) << done.error().text();
    const auto place_of = [&](const std::string& path) {
        return std::ranges::find(flushed, (root() / "named" / path).string()) - flushed.begin();
    };
    EXPECT_LT(place_of("b/one"), many / 2) << "who has few files waits for nobody who has many";
    EXPECT_GT(place_of("a/large"), many);
    EXPECT_LT(place_of("a/large"), place_of("a")) << "the folder itself is last";
}

TEST_F(StateFoldersTest, SayWhoseFilesThereWasNoTimeFor) {
    auto all = folders();
    ASSERT_TRUE(all.make(driver("a"), all.named("a").value()));
    write(root() / "named" / "a" / "one", "unwritten");
    const auto late = all.flush(std::chrono::steady_clock::now() - 1s);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timed_out);
    EXPECT_EQ(late.error().driver, driver("a").string());
}

TEST_F(StateFoldersTest, FollowNoLink) {
    fs::create_directory(folder_ / "elsewhere");
    fs::create_directory_symlink(folder_ / "elsewhere", root());
    const auto through_root = folders().of_file(driver("a"));
    ASSERT_FALSE(through_root);
    EXPECT_THAT(through_root.error().text(), HasSubstr(root().string()));
    fs::remove(root());
    fs::create_directory(root());
    fs::create_directory_symlink(folder_ / "elsewhere", root() / "drivers");
    EXPECT_FALSE(folders().of_file(driver("a")));
    EXPECT_TRUE(fs::is_empty(folder_ / "elsewhere"));
}

TEST_F(StateFoldersTest, AreNotWhereOthersMayWrite) {
    fs::create_directory(root());
    fs::permissions(root(), fs::perms::all);
    const auto refused = folders().of_file(driver("a"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("chmod go-w " + root().string()));
}

TEST_F(StateFoldersTest, AreNotInAFolderOfAnotherUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "giving a folder away needs root";
    fs::create_directory(root());
    ASSERT_EQ(::chown(root().c_str(), nobody, nobody), 0);
    const auto refused = folders().of_file(driver("a"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("it belongs to user 65534"));
}

// ---- where the root is --------------------------------------------------------------------------

CommandResult send_with(const std::vector<std::string>& environment) {
    std::vector<std::string> arguments{"env", "-i"};
    arguments.insert(arguments.end(), environment.begin(), environment.end());
    for (const std::string argument : {INSTDRV_PROGRAM, "send"})
        arguments.push_back(argument);
    arguments.push_back(std::string(INSTDRV_TEST_DRIVERS) + "/plain.so");
    arguments.emplace_back("DRV_QUERYCONFIGURE");
    return run({.arguments = arguments});
}

TEST(StateRoot, IsNoFolderThatEverybodyMayWriteTo) {
    const auto nowhere = send_with({});
    EXPECT_EQ(nowhere.status, 1) << nowhere.out;
    EXPECT_THAT(nowhere.err, HasSubstr("Set XDG_STATE_HOME to a folder of your own"));
}

TEST(StateRoot, IsWhereTheUsersFoldersAre) {
    const TemporaryFolder folder;
    const auto at = [&](const char* name) { return (folder / name).string(); };
    const std::vector<std::string> all{"XDG_STATE_HOME=" + at("x"), "HOME=" + at("h"),
                                       "XDG_RUNTIME_DIR=" + at("r")};
    const std::array expected{"x/instdrv", "h/.local/state/instdrv", "r/instdrv"};
    for (std::size_t set = 0; set < all.size(); ++set) {
        const auto sent = send_with({all.begin() + static_cast<std::ptrdiff_t>(set), all.end()});
        EXPECT_EQ(sent.status, 0) << sent.err;
        EXPECT_EQ(mode_of(folder / expected.at(set)), 0700u);
    }
}

// ---- through a host -----------------------------------------------------------------------------

// Of a driver that was opened here and keeps what it is told to, a number in a file.
class KeptState : public testing::Test {
protected:
    KeptState() {
        for (const char* const place : {"a", "b"}) {
            fs::create_directory(folder_ / place);
            fs::copy_file(std::string(INSTDRV_TEST_DRIVERS) + "/keeps.dll",
                          folder_ / place / "keeps.dll");
        }
    }
    [[nodiscard]] std::string file(const char* place) const {
        return (folder_ / place / "keeps.dll").string();
    }
    // How many numbers the driver in a place has, after it kept some more.
    LRESULT count(const char* place, LPARAM more) {
        Host host({.configuration = configuration_, .state_folder = folder_ / "state"});
        const auto driver = host.open(file(place));
        if (!driver) return -1;
        if (more != 0) {
            EXPECT_EQ(driver->send(keep, registry, more).value_or(-1), 0);
        }
        return 10 - driver->send(count_missing, registry, 10).value_or(-1);
    }

    TemporaryFolder folder_;
    fs::path configuration_;
};

TEST_F(KeptState, IsOutOfReachOfACopyWithTheSameName) {
    EXPECT_EQ(count("a", 7), 7);
    EXPECT_EQ(count("b", 0), 0);
    EXPECT_EQ(count("a", 0), 7);
}

TEST_F(KeptState, OutlivesAnUpdateOfTheFile) {
    EXPECT_EQ(count("a", 7), 7);
    fs::rename(file("b"), file("a"));
    EXPECT_EQ(count("a", 0), 7);
}

TEST_F(KeptState, IsSharedByDriversThatAreConfiguredSo) {
    configuration_ = folder_ / "system.ini";
    std::ofstream(configuration_) << "[instdrv." << file("a") << "]\nstate=both\n[instdrv."
                                  << file("b") << "]\nstate=both\n";
    EXPECT_EQ(count("a", 7), 7);
    EXPECT_EQ(count("b", 0), 7);
}

// Of what has a place, and is no driver that could be loaded.
TEST_F(KeptState, HasNoFolderForWhatIsRefused) {
    write(folder_ / "text" / "codec.dll", "no driver");
    for (const auto placement : {Placement::worker, Placement::in_process}) {
        Host host({.state_folder = folder_ / "state", .placement = placement});
        EXPECT_FALSE(host.open((folder_ / "text" / "codec.dll").string()));
        EXPECT_FALSE(host.open((folder_ / "text" / "absent.dll").string()));
        ::setenv("HOME", (folder_ / "a").c_str(), 1);
        EXPECT_EQ(host.open(file("a")).has_value(), placement == Placement::in_process);
        EXPECT_EQ(fs::exists(folder_ / "state"), placement == Placement::in_process);
    }
}

}  // namespace

// In the place of the C library's.
extern "C" int fsync(int descriptor) {
    if (const auto& told = OnFlush::now()) {
        std::error_code gone;
        told(fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor), gone).string());
    }
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

}  // namespace instdrv::test

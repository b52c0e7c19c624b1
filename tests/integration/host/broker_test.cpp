// What drivers in workers get when they ask for other drivers, and how much of it.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "driver_files.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr UINT open_it = DRV_USER;
constexpr UINT close_all = DRV_USER + 1;
constexpr UINT send_it = DRV_USER + 2;
constexpr UINT send_itself = DRV_USER + 3;
constexpr UINT add_one = DRV_USER + 4;
constexpr UINT ask_from_a_thread = DRV_USER + 5;
constexpr UINT answered_right = DRV_USER + 6;
constexpr UINT configure_it = DRV_USER + 7;

// The driver tests/drivers/asks.c in a folder of its own, and others where a test puts them.
class Broker : public testing::TestWithParam<Build> {
protected:
    Broker() { write(""); }

    [[nodiscard]] static std::string with_ending(const std::string& name) {
        return name + GetParam().ending;
    }
    void copy(const std::string& name, const fs::path& to) const {
        fs::create_directories((folder_ / to).parent_path());
        fs::copy_file(driver_file(GetParam().folder + name, GetParam().ending), folder_ / to,
                      fs::copy_options::overwrite_existing);
    }
    void write(const std::string& configuration) const {
        std::ofstream(folder_ / "system.ini") << configuration;
    }
    [[nodiscard]] HostOptions options() {
        return {.configuration = folder_ / "system.ini",
                .state_folder = folder_ / "state",
                .on_notice = [this](const std::string& line) {
                    const std::lock_guard lock(mutex_);
                    told_.push_back(line);
                }};
    }
    // Its settings, before the host is made.
    void set(const std::string& setting) const {
        write("[instdrv." + (folder_ / "own" / with_ending("asks")).string() + "]\n" + setting);
    }
    [[nodiscard]] Result<Driver> open_asking_for(Host& host, const std::string& name) const {
        const auto file = folder_ / "own" / with_ending("asks");
        if (!fs::exists(file)) copy("asks", file);
        return host.open(file.string() + " " + name);
    }
    // How often it could open that.
    LRESULT opened(const std::string& name, LPARAM times = 1) {
        Host host(options());
        const auto driver = open_asking_for(host, name);
        return driver ? driver->send(open_it, times).value_or(-1) : -2;
    }
    std::vector<std::string> told() {
        const std::lock_guard lock(mutex_);
        return told_;
    }

    const TemporaryFolder folder_;

private:
    std::mutex mutex_;
    std::vector<std::string> told_;
};
INSTANTIATE_TEST_SUITE_P(Builds, Broker, builds_in_workers, name_of_build);

TEST_P(Broker, GivesAliases) {
    copy("plain", "elsewhere" / fs::path(with_ending("plain")));
    write("[drivers32]\nmsacm.other=" + (folder_ / "elsewhere" / with_ending("plain")).string() +
          "\n");
    EXPECT_EQ(opened("msacm.other"), 1);
    EXPECT_THAT(told(), IsEmpty());
}

TEST_P(Broker, GivesWhatWasInstalledBesideTheDriver) {
    copy("plain", "own" / fs::path(with_ending("plain")));
    EXPECT_EQ(opened(with_ending("plain")), 1);
}

TEST_P(Broker, GivesNothingThatCameAfterTheDriverBegan) {
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // files' times have gaps of a tick
    copy("plain", "own" / fs::path(with_ending("plain")));
    EXPECT_EQ(driver->send(open_it, 5).value_or(-1), 0);
    EXPECT_THAT(told(), ElementsAre(HasSubstr("may_open=" + with_ending("plain"))))
        << "once, and what to do about it";
}

TEST_P(Broker, GivesNothingThatIsNamedByItsPath) {
    copy("plain", "own" / fs::path(with_ending("plain")));
    EXPECT_EQ(opened((folder_ / "own" / with_ending("plain")).string()), 0);
    EXPECT_EQ(opened("./" + with_ending("plain")), 0);
    EXPECT_EQ(opened("..\\own\\" + with_ending("plain")), 0);
}

TEST_P(Broker, GivesNothingThroughALink) {
    copy("plain", "elsewhere" / fs::path(with_ending("plain")));
    fs::create_directories(folder_ / "own");
    fs::create_symlink(folder_ / "elsewhere" / with_ending("plain"),
                       folder_ / "own" / with_ending("link"));
    EXPECT_EQ(opened(with_ending("link")), 0);
}

TEST_P(Broker, GivesOfTheSearchedFoldersWhatItsSettingsName) {
    copy("plain", "searched" / fs::path(with_ending("plain")));
    ::setenv("INSTDRV_PATH", (folder_ / "searched").c_str(), 1);
    EXPECT_EQ(opened(with_ending("plain")), 0);
    set("may_open=another, " + with_ending("PLAIN"));
    EXPECT_EQ(opened(with_ending("plain")), 1);
    ::unsetenv("INSTDRV_PATH");
}

TEST_P(Broker, GivesNothingThatLiesWhereDriversWrite) {
    for (const auto& name : {"asks", "plain"})
        copy(name, "state" / fs::path("drivers/x/state") / with_ending(name));
    for (const auto& made : {"state", "state/drivers", "state/drivers/x"})
        fs::permissions(folder_ / made, fs::perms::owner_all);
    Host host(options());
    const auto driver =
        host.open((folder_ / "state/drivers/x/state" / with_ending("asks")).string() + " " +
                  with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(open_it, 1).value_or(-1), 0);
}

TEST_P(Broker, GivesNoMoreInstancesThanItMayHave) {
    copy("plain", "own" / fs::path(with_ending("plain")));
    set("most_opened=3\n");
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(open_it, 100).value_or(-1), 3);
    EXPECT_TRUE(host.open((folder_ / "own" / with_ending("plain")).string()))
        << "its program may have more";
    EXPECT_EQ(driver->send(close_all).value_or(-1), 3);
    EXPECT_EQ(driver->send(open_it, 100).value_or(-1), 3);
}

// Three that wait a tenth of a second each, however often they may ask.
TEST_P(Broker, LetsWhoAsksTooOftenWait) {
    copy("plain", "own" / fs::path(with_ending("plain")));
    set("most_requests=1\n");
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(driver->send(open_it, 3).value_or(-1), 3) << "nobody is refused for it";
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(300));
}

// The same of a thread that the driver has started: after the first request each waits as long.
TEST_P(Broker, LetsADriversOwnThreadWaitAndLosesNothing) {
    constexpr LPARAM messages = 5;
    copy("plain", "own" / fs::path(with_ending("plain")));
    set("most_requests=1\n");
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(driver->send(ask_from_a_thread, messages).value_or(-1), 1);
    EXPECT_EQ(driver->send(add_one, 41).value_or(-1), 42) << "its program does not wait";
    LRESULT right = -1;
    while (right < 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const auto answer = driver->send(answered_right);
        ASSERT_TRUE(answer) << answer.error().text();
        right = *answer;
    }
    EXPECT_EQ(right, messages + 2) << "opening, every message, and closing";
    EXPECT_GE(std::chrono::steady_clock::now() - begin,
              (messages + 2) * std::chrono::milliseconds(100));
}

TEST_P(Broker, RunsNoDriverThatKeepsTooMuch) {
    set("most_files=2\n");
    {
        Host host(options());
        ASSERT_TRUE(open_asking_for(host, "nothing"));
    }
    const auto state = fs::directory_iterator(folder_ / "state" / "drivers")->path() / "state";
    fs::create_directories(state);
    for (const char* const name : {"a", "b", "c"})
        std::ofstream(state / name) << "kept";
    Host host(options());
    const auto refused = open_asking_for(host, "nothing");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::busy);
    EXPECT_THAT(refused.error().text(), HasSubstr("most_files="));
    fs::remove(state / "c");
    EXPECT_TRUE(open_asking_for(host, "nothing"));
}

// Others close what is counted.
TEST_P(Broker, CountsWhatIsOpen) {
    copy("plain", "own" / fs::path(with_ending("plain")));
    set("most_opened=2\n");
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    ASSERT_EQ(driver->send(open_it, 2).value_or(-1), 2);
    for (const auto& instance : host.instances()) {
        if (instance.handle != driver->handle()) {
            EXPECT_TRUE(host.close(instance.handle));
        }
    }
    EXPECT_EQ(driver->send(open_it, 5).value_or(-1), 2);
}

TEST_P(Broker, StartsNoMoreWorkersThanADriverMayCause) {
    for (const char digit : {'1', '2', '3', '4'})
        copy("plain", "own" / fs::path(with_ending(std::string("plain") + digit)));
    set("most_workers=2\n");
    Host host(options());
    const auto driver = open_asking_for(host, with_ending("plain#"));
    ASSERT_TRUE(driver) << driver.error().text();
    LRESULT worked = 0;
    for (LPARAM digit = 1; digit <= 4; ++digit)
        worked += driver->send(open_it, 1, digit).value_or(-10);
    EXPECT_EQ(worked, 2);
    EXPECT_EQ(driver->send(close_all).value_or(-1), 2);
    EXPECT_EQ(driver->send(open_it, 1, 4).value_or(-1), 1) << "workers that ended count no more";
}

// A copy of itself, which asks for the next one, and so on.
TEST_P(Broker, CountsWorkersThatACausedDriverCauses) {
    copy("asks", "own" / fs::path(with_ending("asks")));
    copy("plain", "own" / fs::path(with_ending("plain")));
    write("[drivers32]\nnext=" + (folder_ / "own" / with_ending("next")).string() + " " +
          with_ending("plain") + "\n[instdrv." + (folder_ / "own" / with_ending("asks")).string() +
          "]\nmost_workers=1\n");
    copy("asks", "own" / fs::path(with_ending("next")));
    Host host(options());
    const auto driver = open_asking_for(host, "next");
    ASSERT_TRUE(driver) << driver.error().text();
    ASSERT_EQ(driver->send(open_it, 1).value_or(-1), 1) << testing::PrintToString(told());
    EXPECT_EQ(driver->send(send_it, open_it, 1).value_or(-1), 0);
}

TEST_P(Broker, LetsRequestsNestOnlySoDeep) {
    Host host(options());
    const auto driver = open_asking_for(host, "");
    ASSERT_TRUE(driver) << driver.error().text();
    const auto depth = driver->send(send_itself).value_or(-1);
    EXPECT_GT(depth, 4);
    EXPECT_LT(depth, 40);
    EXPECT_EQ(driver->send(add_one, 41).value_or(-1), 42);
}

TEST_P(Broker, SendsOthersDriversWhatIsDeclaredAlone) {
    copy("asks", "elsewhere" / fs::path(with_ending("other")));
    copy("asks", "own" / fs::path(with_ending("other")));
    write("[drivers32]\nalias=" + (folder_ / "elsewhere" / with_ending("other")).string() + "\n");
    Host host(options());
    const auto others = open_asking_for(host, "alias");
    ASSERT_EQ(others->send(open_it, 1).value_or(-1), 1);
    EXPECT_EQ(others->send(send_it, add_one, 41).value_or(-1), 0) << "a number that it may follow";
    EXPECT_EQ(others->send(send_it, DRV_INSTALL, 0).value_or(-1), 1);
    ASSERT_EQ(others->send(close_all).value_or(-1), 1);
    const auto brought = open_asking_for(host, with_ending("other"));
    ASSERT_TRUE(brought) << brought.error().text();
    EXPECT_EQ(brought->send(open_it, 1).value_or(-1), 1);
    EXPECT_EQ(brought->send(send_it, add_one, 41).value_or(-1), 42);
}

// A message that is declared to have a structure: what would follow the address is another's.
// Whoever sends one that it cannot read itself crashes itself, as on Windows.
TEST_P(Broker, SendsOthersDriversNoAddressThatIsNoStructure) {
    copy("asks", "elsewhere" / fs::path(with_ending("other")));
    write("[drivers32]\nalias=" + (folder_ / "elsewhere" / with_ending("other")).string() + "\n");
    auto restarting = options();
    restarting.recovery = Recovery::restart;
    Host host(restarting);
    const auto theirs = host.open("alias");
    ASSERT_TRUE(theirs) << theirs.error().text();
    for (const LPARAM address : {0, 0x10, 0x4141'4141, -0x1000}) {
        const auto driver = open_asking_for(host, "alias");
        ASSERT_TRUE(driver) << driver.error().text();
        ASSERT_EQ(driver->send(open_it, 1).value_or(-1), 1);
        const auto size = driver->send(configure_it, address).value_or(0);
        EXPECT_EQ(size > 0, address == 0) << address << ": a whole structure alone gets there";
        EXPECT_EQ(theirs->send(add_one, 41).value_or(-1), 42);
    }
}

// What made it known lies elsewhere: a copy has no settings of it, and it may not ask for itself as
// somebody else.
TEST_P(Broker, LetsNoCopyIntoTheGroupOfItsFile) {
    copy("asks", "grouped" / fs::path(with_ending("member")));
    copy("process_id", "grouped" / fs::path(with_ending("process_id")));
    copy("process_id", "elsewhere" / fs::path(with_ending("process_id")));
    copy("process_id", "state/drivers/x/state" / fs::path(with_ending("process_id")));
    for (const auto& made : {"state", "state/drivers", "state/drivers/x"})
        fs::permissions(folder_ / made, fs::perms::owner_all);
    const auto path_of = [&](const fs::path& folder) {
        return (folder_ / folder / with_ending("process_id")).string();
    };
    const auto member = (folder_ / "grouped" / with_ending("member")).string();
    write("[instdrv]\npath=" + (folder_ / "grouped").string() + "\n[instdrv." + member +
          "]\ngroup=g\n[instdrv." + with_ending("process_id") + "]\ngroup=g\n");
    Host host(options());
    const auto first = host.open(member + " " + path_of("state/drivers/x/state"));
    const auto second = host.open(with_ending("process_id"));
    ASSERT_TRUE(first && second);
    const auto process_of = [](const Driver& driver) { return driver.send(DRV_USER).value_or(-1); };
    const auto again = host.open(path_of("grouped"));
    ASSERT_TRUE(again);
    EXPECT_EQ(process_of(*again), process_of(*second)) << "the file itself, by its path";
    for (const char* const place : {"elsewhere", "state/drivers/x/state"}) {
        const auto copied = host.open(path_of(place));
        ASSERT_TRUE(copied) << copied.error().text();
        EXPECT_NE(process_of(*copied), process_of(*second)) << place;
    }
    EXPECT_EQ(first->send(open_it, 1).value_or(-1), 0);
}

}  // namespace
}  // namespace instdrv::test

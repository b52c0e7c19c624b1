// The end of a session in which one driver has left very many files, or has very many instances:
// the others are told, closed and flushed in time, and the report names the one that was not.
//
// INSTDRV_CROWD=full: as many as scripts/soak tries.
#include <instdrv/host.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/fd.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

int size_of_crowd(int usual, int full) {
    const char* const wanted = std::getenv("INSTDRV_CROWD");
    return wanted != nullptr && std::string_view(wanted) == "full" ? full : usual;
}

// Honest drivers that save in DRV_EXITSESSION, loaded before and after one that crowds the session.
class CrowdedExit : public testing::Test {
protected:
    CrowdedExit() {
        std::ofstream configuration(folder_ / "system.ini");
        configuration << "[drivers32]\n";
        for (const std::string name : {"first", "last"}) {
            place(name, "saves_in_exit.dll");
            configuration << name << "=" << name << "/saves_in_exit.dll\n";
        }
        place("crowd", "plain.so");
        configuration << "crowd=crowd/plain.so\n";
        for (const char* const name : {"first", "last", "crowd"})
            configuration << "[instdrv." << name << "]\nstate=" << name << "\n";
    }
    void place(const std::string& name, const std::string& driver) const {
        fs::create_directory(folder_ / name);
        fs::copy_file(std::string(INSTDRV_TEST_DRIVERS) + "/" + driver, folder_ / name / driver);
    }
    void open(Host& host, const char* name) {
        auto driver = host.open(name);
        ASSERT_TRUE(driver) << driver.error().text();
        driver->release();
    }
    [[nodiscard]] fs::path state_of(const char* name) const {
        return folder_ / "state" / "named" / name;
    }
    static bool is_honest(const ExitDriver& driver) { return driver.name != "crowd"; }

    // The honest ones' share of it.
    void expect_good_end(const ExitReport& report) const {
        EXPECT_EQ(std::ranges::count_if(report.drivers, is_honest), 2);
        for (const auto& driver : report.drivers) {
            EXPECT_TRUE(driver.ended_well() || !is_honest(driver)) << driver.outcome();
        }
        for (const char* const name : {"first", "last"})
            EXPECT_TRUE(fs::exists(state_of(name) / "saved.txt"));
        if (!report.not_flushed) return;
        EXPECT_EQ(report.not_flushed->code, ErrorCode::timed_out);
        EXPECT_THAT(report.not_flushed->text(), HasSubstr("crowd/plain.so"));
        EXPECT_THAT(report.not_flushed->text(), HasSubstr(state_of("crowd").string()));
    }

    const TemporaryFolder folder_;
    Host host_{{.configuration = folder_ / "system.ini", .state_folder = folder_ / "state"}};
};

TEST_F(CrowdedExit, HasTimeForOthersThanWhoLeftManyFiles) {
    const int files = size_of_crowd(5'000, 150'000);
    for (const char* const name : {"first", "crowd", "last"})
        open(host_, name);
    // As the driver could: made while it is loaded, by system calls of its own.
    for (int i = 0; i < files; ++i) {
        const auto file = state_of("crowd") / std::to_string(i);
        const Fd made(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        ASSERT_EQ(::write(made.get(), "left", 4), 4);
    }
    const auto report = host_.exit_session({.notify_timeout = 2s, .close_timeout = 2s});
    ASSERT_TRUE(report) << report.error().text();
    expect_good_end(*report);
    EXPECT_TRUE(report->ended_well()) << "it hangs nowhere";

    const auto again = host_.exit_session();
    EXPECT_FALSE(again);
    Host next({.configuration = folder_ / "system.ini", .state_folder = folder_ / "state"});
    if (files > 100'000) {
        const auto refused = next.open("crowd");
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().text(), HasSubstr("most_files="));
    }
}

TEST_F(CrowdedExit, HasTimeForOthersThanWhoHasManyInstances) {
    const int instances = size_of_crowd(3'000, 300'000);
    open(host_, "first");
    for (int i = 0; i < instances; ++i)
        open(host_, "crowd");
    open(host_, "last");
    const auto report = host_.exit_session({.notify_timeout = 3s, .close_timeout = 3s});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_LE(report->took, 6s);
    EXPECT_EQ(report->drivers.size(), static_cast<std::size_t>(instances) + 2);
    expect_good_end(*report);
    for (const auto& driver : report->drivers) {
        if (driver.ended_well()) continue;
        EXPECT_EQ(driver.name, "crowd");
        EXPECT_THAT(std::string(driver.outcome()), Not(HasSubstr("failed")));
        break;  // of 300,000, one is enough to read
    }
}

}  // namespace
}  // namespace instdrv::test

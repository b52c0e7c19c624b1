// What is particular to drivers in workers.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <instdrv/devices.h>
#include <instdrv/vfw.h>
#include <unistd.h>
#include <instdrv/crash.hpp>

#include "driver_files.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Workers : public EveryBuild {};
INSTANTIATE_TEST_SUITE_P(Builds, Workers, builds_in_workers, name_of_build);

LRESULT process_of(const Driver& driver) { return driver.send(DRV_USER).value_or(-1); }

TEST_P(Workers, AreProcessesOfTheirOwnForEachFile) {
    const auto first = host_.open(file("process_id"));
    const auto second = host_.open(file("process_id"));
    ASSERT_TRUE(first && second);
    EXPECT_GT(process_of(*first), 0);
    EXPECT_NE(process_of(*first), ::getpid());
    EXPECT_EQ(process_of(*first), process_of(*second)) << "one file, one worker";
    EXPECT_EQ(host_.info(first->handle())->placement, Placement::worker);
}

TEST_P(Workers, EndWithTheLastInstanceOfTheirDriver) {
    auto driver = host_.open(file("process_id"));
    ASSERT_TRUE(driver);
    const auto process = static_cast<pid_t>(process_of(*driver));
    EXPECT_TRUE(driver->close());
    // It is killed, and then reaped by the monitor.
    while (::kill(process, 0) == 0)
        std::this_thread::sleep_for(1ms);
    auto again = host_.open(file("process_id"));
    ASSERT_TRUE(again);
    EXPECT_NE(process_of(*again), process);
}

TEST(WorkersOfDrivers, ThatDoNotUnloadAreEnded) {
    Host host({.state_folder = testing::TempDir() + "/state", .deadline = 500ms});
    auto driver = host.open(driver_file("hangs_in_unload", ".so"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto closed = driver->close();
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, ErrorCode::timed_out);
    EXPECT_EQ(closed.error().operation, "unload");
    static_cast<void>(driver->release());
}

TEST_P(Workers, GiveADriverItsClientsThreads) {
    const auto driver = host_.open(file("thread_data"));
    ASSERT_TRUE(driver);
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1001);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            const auto first = driver->send(DRV_USER).value_or(0);
            for (int turn = 1; turn < 200; ++turn) {
                EXPECT_EQ(driver->send(DRV_USER).value_or(0), first + turn);
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1002);
}

// ---- deadlines ----------------------------------------------------------------------------------

TEST_P(Workers, AreEndedAtTheDeadlineAndTheOthersGoOn) {
    const auto healthy = host_.open(file("plain"));
    const auto hung = host_.open(file("hangs_in_query"));
    ASSERT_TRUE(healthy && hung);
    const auto answer = hung->send_within(100ms, DRV_QUERYCONFIGURE);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
    EXPECT_THAT(answer.error().text(), HasSubstr("hangs_in_query"));
    EXPECT_THAT(answer.error().report(), HasSubstr("DRV_QUERYCONFIGURE"));
    EXPECT_EQ(healthy->send(DRV_USER).value_or(0), 42);

    EXPECT_TRUE(host_.info(hung->handle())->dead);
    const auto later = hung->send(DRV_USER);
    ASSERT_FALSE(later) << "dead for good";
    EXPECT_EQ(later.error().code, ErrorCode::timed_out);
}

TEST_P(Workers, ThatAreDeadLetTheirInstancesBeClosed) {
    auto hung = host_.open(file("hangs_in_query"));
    ASSERT_TRUE(hung);
    ASSERT_FALSE(hung->send_within(50ms, DRV_QUERYCONFIGURE));
    EXPECT_TRUE(hung->close()) << "there is nobody left to refuse";
    EXPECT_TRUE(host_.instances().empty());
    EXPECT_TRUE(host_.open(file("hangs_in_query"))) << "a new worker";
}

TEST_P(Workers, ThatAreDeadMakeRoomWhereTheyMay) {
    auto options = EveryBuild::options();
    options.recovery = Recovery::restart;
    Host host(options);
    auto dead = host.open(file("hangs_in_query"));
    ASSERT_TRUE(dead);
    ASSERT_FALSE(dead->send_within(50ms, DRV_QUERYCONFIGURE));
    auto fresh = host.open(file("hangs_in_query"));
    ASSERT_TRUE(fresh) << fresh.error().text();
    EXPECT_TRUE(fresh->send(DRV_USER));
    EXPECT_FALSE(dead->send(DRV_USER));
    EXPECT_TRUE(dead->close());
    EXPECT_TRUE(fresh->send(DRV_USER));
    EXPECT_TRUE(fresh->close());
}

// ---- denied system calls ------------------------------------------------------------------------

TEST_P(Workers, TellOfDeniedCallsWhateverHandlerADriverHas) {
    for (const UINT handled : {DRV_USER, DRV_USER + 1}) {  // SIGSYS, SIGSEGV
        const auto driver = host_.open(file("raw_calls"));
        ASSERT_TRUE(driver) << driver.error().text();
        const auto answer = driver->send(handled);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::denied);
        EXPECT_THAT(answer.error().text(), HasSubstr("it called rt_sigaction, which its sandbox"));
        ASSERT_NE(answer.error().crash, nullptr);
        EXPECT_THAT(answer.error().crash->stack.front().image, HasSubstr("raw_calls"));
    }
}

TEST_P(Workers, TellOfDeniedCallsWhereADriverHidesThem) {
    const auto driver = host_.open(file("raw_calls"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto answer = driver->send(DRV_USER + 2);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::denied);
    EXPECT_THAT(answer.error().text(), HasSubstr("does not allow, and hid which"));
}

// Answers with Linux's errno, or with a descriptor's number, negative.
LRESULT opening_of_libraries(const Driver& driver) {
    return driver.send(DRV_USER + 3).value_or(-1000);
}

TEST_P(Workers, ShowTheSystemsLibrariesToNativeDriversAlone) {
    const auto driver = host_.open(file("raw_calls"));
    ASSERT_TRUE(driver) << driver.error().text();
    const auto answer = opening_of_libraries(*driver);
    if (windows()) {
        EXPECT_EQ(answer, EACCES);
    } else {
        EXPECT_LT(answer, 0);
        EXPECT_GT(answer, -1000);
    }
}

// ---- what the process gives up ------------------------------------------------------------------

std::string file_of_process(LRESULT process, const std::string& name) {
    std::ostringstream text;
    text << std::ifstream("/proc/" + std::to_string(process) + "/" + name).rdbuf();
    return text.str();
}

// By each thread's status, which everybody may read.
TEST_P(Workers, KeepNoCapability) {
    const auto driver = host_.open(file("process_id"));
    ASSERT_TRUE(driver);
    const auto tasks = "/proc/" + std::to_string(process_of(*driver)) + "/task";
    std::vector<std::string> sets{"CapInh", "CapPrm", "CapEff", "CapAmb"};
    if (::geteuid() == 0) sets.emplace_back("CapBnd");
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
        const auto thread = std::stoll(task.path().filename());
        const auto status = file_of_process(thread, "status");
        for (const auto& set : sets)
            EXPECT_THAT(status, HasSubstr("\n" + set + ":\t0000000000000000\n"));
    }
}

TEST_P(Workers, HaveNoRightsOfRootAndSaySo) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has such rights, and can give files away";
    constexpr uid_t nobody = 65534;
    const TemporaryFolder folder;
    const auto copy = folder / ("closed" + std::string(GetParam().ending));
    std::filesystem::copy_file(file("plain"), copy);
    std::filesystem::permissions(copy, std::filesystem::perms::owner_read);
    ASSERT_EQ(::chown(copy.c_str(), nobody, nobody), 0);
    const auto closed = host_.open(copy.string());
    ASSERT_FALSE(closed);
    EXPECT_THAT(closed.error().text(), HasSubstr("A worker has no rights of root"));
    ASSERT_EQ(::chown(copy.c_str(), 0, 0), 0);
    const auto of_root = host_.open(copy.string());
    ASSERT_TRUE(of_root) << of_root.error().text();
}

TEST_P(Workers, AreKilledBeforeTheirHostWhereMemoryIsShort) {
    const auto driver = host_.open(file("process_id"));
    ASSERT_TRUE(driver);
    const auto score = [](LRESULT process) {
        return std::stoi(file_of_process(process, "oom_score_adj"));
    };
    EXPECT_EQ(score(process_of(*driver)), std::min(score(::getpid()) + 300, 1000));
}

// By which terminals send their signals, and the kernel shares processors out among them.
TEST_P(Workers, HaveASessionOfTheirOwn) {
    const auto driver = host_.open(file("process_id"));
    ASSERT_TRUE(driver);
    const auto process = static_cast<pid_t>(process_of(*driver));
    EXPECT_EQ(::getsid(process), process);
}

// ---- drivers and their clients ------------------------------------------------------------------

// What a callback on a driver's own thread was called with.
struct Later {
    std::mutex mutex;
    std::condition_variable changed;
    bool called = false;
    Host* host = nullptr;
    HDRVR device = nullptr;
    DWORD_PTR user = 0;
    DWORD_PTR param1 = 0;
    LRESULT echo = 0;
} later;

void on_later(HDRVR device, UINT, DWORD_PTR user, DWORD_PTR param1, DWORD_PTR) {
    const auto echo = later.host->send(device, DRV_USER + 2, 77).value_or(-1);
    const std::lock_guard lock(later.mutex);
    later.device = device;
    later.user = user;
    later.param1 = param1;
    later.echo = echo;
    later.called = true;
    later.changed.notify_all();
}

TEST_P(Workers, HearDriversOnThreadsOfTheirOwn) {
    const auto driver = host_.open(file("calls_back_later"));
    ASSERT_TRUE(driver);
    later.host = &host_;
    const auto callback = driver->expose(CALLBACK_FUNCTION, reinterpret_cast<DWORD_PTR>(on_later));
    ASSERT_TRUE(callback);
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(driver->send(DRV_USER, static_cast<LPARAM>(*callback), 5).value_or(0), 1);
        std::unique_lock lock(later.mutex);
        ASSERT_TRUE(later.changed.wait_for(lock, 60s, [] { return later.called; }));
        later.called = false;
        EXPECT_EQ(later.device, driver->handle());
        EXPECT_EQ(later.user, 5u);
        EXPECT_EQ(later.param1, 21u);
        EXPECT_EQ(later.echo, 77) << "asked back from inside the callback";
    }
}

// What a status procedure was called with.
struct Progress {
    std::vector<LONG> steps;
    Host* host = nullptr;
    HDRVR device = nullptr;
};

LONG CALLBACK on_progress(LPARAM user, UINT, LONG step) {
    auto& progress = *reinterpret_cast<Progress*>(user);
    progress.steps.push_back(step);
    return static_cast<LONG>(progress.host->send(progress.device, DRV_QUERYCONFIGURE).value_or(9)) +
           1;
}

TEST_P(Workers, CallTheStatusProceduresOfTheirClients) {
    ICOPEN open{.dwSize = sizeof open, .fccType = 0x63646976, .dwFlags = ICMODE_COMPRESS};  // vidc
    const auto driver = host_.open(file("reports_progress"),
                                   {.section = {}, .lparam2 = reinterpret_cast<LPARAM>(&open)});
    ASSERT_TRUE(driver) << driver.error().text();
    Progress progress{.steps = {}, .host = &host_, .device = driver->handle()};
    ICSETSTATUSPROC set{.lParam = reinterpret_cast<LPARAM>(&progress), .Status = on_progress};
    ASSERT_EQ(
        driver->send(ICM_SET_STATUS_PROC, reinterpret_cast<LPARAM>(&set), sizeof set).value_or(-1),
        0);
    EXPECT_EQ(driver->send(DRV_USER).value_or(-1), 3);
    EXPECT_THAT(progress.steps, testing::ElementsAre(10, 20, 30));
}

TEST_P(Workers, CallNothingThatTheyWereNotGiven) {
    const auto driver = host_.open(file("calls_back"));
    ASSERT_TRUE(driver);
    const auto address = reinterpret_cast<LPARAM>(on_later);
    EXPECT_EQ(driver->send(DRV_USER, static_cast<std::int32_t>(address)).value_or(-1), FALSE);
    EXPECT_EQ(driver->send(DRV_USER, 0x4000'0000).value_or(-1), FALSE) << "a token nobody made";
}

// Each of them keeps its lane, of which there are fewer.
TEST_P(Workers, ServeMoreThreadsThanTheyHaveLanes) {
    constexpr std::size_t many = 1000;
    const auto driver = host_.open(file("plain"));
    ASSERT_TRUE(driver) << driver.error().text();
    std::atomic<std::size_t> answered{0};
    std::atomic<bool> over{false};
    std::vector<std::jthread> threads;
    std::mutex one_after_the_other;
    for (std::size_t i = 0; i < many; ++i) {
        threads.emplace_back([&] {
            {
                const std::lock_guard lock(one_after_the_other);
                if (driver->send(DRV_USER).value_or(0) == 42) ++answered;
            }
            over.wait(false);
        });
    }
    while (answered < many)
        std::this_thread::sleep_for(1ms);
    const auto ended = host_.exit_session();
    ASSERT_TRUE(ended) << ended.error().text();
    EXPECT_TRUE(ended->drivers.at(0).ended_well()) << ended->drivers.at(0).outcome();
    over = true;
    over.notify_all();
}

// ---- what drivers print -------------------------------------------------------------------------

// What goes to this process's standard error meanwhile.
class Printed : public Workers {
protected:
    void SetUp() override { testing::internal::CaptureStderr(); }
    void TearDown() override {
        if (!captured_) static_cast<void>(captured());
    }
    std::string captured() {
        captured_ = true;
        return testing::internal::GetCapturedStderr();
    }
    [[nodiscard]] static std::string prefix() { return "prints" + ending() + ": "; }
    [[nodiscard]] static std::string ending() { return GetParam().ending; }

private:
    bool captured_ = false;
};
INSTANTIATE_TEST_SUITE_P(Builds, Printed, builds_in_workers, name_of_build);

TEST_P(Printed, LinesBearTheDriversNameAndSteerNoTerminal) {
    auto driver = host_.open(file("prints"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 1);
    EXPECT_TRUE(driver->close());
    EXPECT_EQ(captured(), prefix() + "\\x1b[2Jred \\x9b31m\\x07\n" + prefix() + "to stderr\n" +
                              prefix() + "no line feed\n");
}

TEST_P(Printed, WithoutEndIsCutShortAndHoldsNobodyUp) {
    const auto healthy = host_.open(file("plain"));
    const auto driver = host_.open(file("prints"));
    ASSERT_TRUE(healthy && driver);
    std::thread endless([&] {
        const auto answer = driver->send_within(500ms, DRV_USER + 1);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
        EXPECT_THAT(answer.error().report(),
                    HasSubstr("last lines it printed:\n    again and again"));
    });
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(healthy->send(DRV_USER).value_or(0), 42);
    endless.join();
    const auto output = captured();
    EXPECT_THAT(output, HasSubstr(prefix() + "again and again\n"));
    EXPECT_THAT(output, HasSubstr("bytes more are left out)\n"));
    EXPECT_LT(output.size(), std::size_t{1} << 20);
}

// ---- what the configuration says ----------------------------------------------------------------

class Configured : public EveryBuild {
protected:
    [[nodiscard]] HostOptions options_with(const std::string& settings) const {
        std::ofstream(folder_ / "system.ini") << settings;
        auto options = EveryBuild::options();
        options.configuration = folder_ / "system.ini";
        return options;
    }
    [[nodiscard]] std::string setting(const std::string& driver, const std::string& line) const {
        return "[instdrv." + file(driver) + "]\n" + line + "\n";
    }
    [[nodiscard]] std::string entry(const std::string& driver) const {
        return driver + "=" + file(driver) + "\n";
    }
    TemporaryFolder folder_;
};
INSTANTIATE_TEST_SUITE_P(Builds, Configured, builds_in_workers, name_of_build);

TEST_P(Configured, GroupsShareAWorker) {
    Host host(options_with("[drivers32]\n" + entry("process_id") + entry("plain") +
                           setting("process_id", "group=g") + setting("plain", "group=g")));
    auto first = host.open("process_id");
    auto second = host.open("plain");
    ASSERT_TRUE(first && second);
    const auto worker = process_of(*first);
    EXPECT_TRUE(first->close());
    EXPECT_EQ(second->send(DRV_USER).value_or(0), 42) << "it still has a user";
    auto again = host.open("process_id");
    ASSERT_TRUE(again);
    EXPECT_EQ(process_of(*again), worker);
}

TEST_P(Configured, DriversMessageEachOtherWithStructures) {
    Host host(options_with(setting("asks_codec", "may_open=msg711.acm")));
    const auto driver = host.open(file("asks_codec"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(0), 3) << "PCM, A-law and u-law";
    EXPECT_EQ(host.instances().size(), 1u) << "and the codec is closed again";
}

TEST_P(Configured, AGroupWithANativeDriverHasTheSystemsLibraries) {
    const auto native = driver_file(GetParam().folder + std::string("plain"), ".so");
    Host host(options_with("[drivers32]\n" + entry("raw_calls") + "native=" + native + "\n" +
                           setting("raw_calls", "group=g") + "[instdrv." + native +
                           "]\ngroup=g\n"));
    const auto first = host.open("raw_calls");
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_LT(opening_of_libraries(*first), 0);
    EXPECT_TRUE(host.open("native"));
}

TEST_P(Configured, ADriverMayRunInProcessWhereItsMachineFits) {
    Host host(options_with("[drivers32]\n" + entry("process_id") +
                           setting("process_id", "placement=in-process")));
    const auto driver = host.open("process_id");
    if (is_32_bit()) {
        ASSERT_FALSE(driver);
        EXPECT_EQ(driver.error().code, ErrorCode::wrong_machine);
    } else {
        ASSERT_TRUE(driver) << driver.error().text();
        EXPECT_EQ(process_of(*driver), ::getpid());
    }
}

TEST_P(Configured, AConfinedDriverGetsNoneThatIsNot) {
    Host host(options_with("[instdrv]\npath=" INSTDRV_TEST_DRIVERS "/" +
                           std::string(GetParam().folder) + "\n" +
                           setting("plain", "placement=in-process")));
    const auto driver = host.open(file("opens_another"));
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_EQ(driver->send(DRV_USER).value_or(-1), 0) << "it could not open plain";
}

TEST_P(Configured, ADeadlineIsTheDriversOwn) {
    Host host(options_with(setting("hangs_in_query", "deadline=50ms")));
    const auto hung = host.open(file("hangs_in_query"));
    ASSERT_TRUE(hung) << hung.error().text();
    const auto answer = hung->send(DRV_QUERYCONFIGURE);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
}

}  // namespace
}  // namespace instdrv::test

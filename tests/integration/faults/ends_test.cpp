// Ends that come from outside, what follows from them, and what a worker gets of its host.
#include <instdrv/crash.hpp>
#include <instdrv/host.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/fd.hpp"
#include "integration/host/driver_files.hpp"
#include "remains.hpp"
#include "support/command.hpp"
#include "support/i386.hpp"
#include "support/processes.hpp"
#include "support/running_program.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Ends : public testing::TestWithParam<Build> {
protected:
    [[nodiscard]] HostOptions options(Recovery recovery = Recovery::fail) const {
        return {.state_folder = folder_ / "state", .recovery = recovery};
    }
    static std::string file() {
        return driver_file(std::string(GetParam().folder) + "misbehaves", GetParam().ending);
    }
    // The one worker there is.
    static pid_t worker() {
        const auto all = children_of(::getpid());
        EXPECT_THAT(all, SizeIs(1));
        return all.empty() ? -1 : std::stoi(*all.begin());
    }

    TemporaryFolder folder_;
};

ErrorCode code_of(const Result<LRESULT>& answer) {
    return answer ? ErrorCode::none : answer.error().code;
}

TEST_P(Ends, WorkerKilledFromOutsideFailsItsCallsWithTheSignal) {
    Host host(options());
    auto driver = host.open(file());
    ASSERT_TRUE(driver) << driver.error().text();
    ::kill(worker(), SIGKILL);
    const auto answer = driver->send(DRV_USER);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::crashed);
    EXPECT_THAT(answer.error().text(), HasSubstr("killed by SIGKILL"));
    EXPECT_TRUE(host.info(driver->handle())->dead);
    EXPECT_TRUE(driver->close());
}

TEST_P(Ends, DeadDriverStaysDeadUntilItsInstancesAreClosed) {
    Host host(options(Recovery::fail));
    auto dead = host.open(file());
    ASSERT_TRUE(dead) << dead.error().text();
    ::kill(worker(), SIGKILL);
    EXPECT_EQ(code_of(dead->send(DRV_USER)), ErrorCode::crashed);
    const auto again = host.open(file());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::crashed);
    EXPECT_TRUE(dead->close());
    const auto anew = host.open(file());
    ASSERT_TRUE(anew) << anew.error().text();
    EXPECT_EQ(anew->send(DRV_USER).value_or(0), 1);
}

TEST_P(Ends, DeadDriverIsRestartedByTheNextOpen) {
    Host host(options(Recovery::restart));
    auto dead = host.open(file());
    ASSERT_TRUE(dead) << dead.error().text();
    EXPECT_EQ(dead->send(DRV_USER).value_or(0), 1);
    ::kill(worker(), SIGKILL);
    EXPECT_EQ(code_of(dead->send(DRV_USER)), ErrorCode::crashed);
    const auto anew = host.open(file());
    ASSERT_TRUE(anew) << anew.error().text();
    EXPECT_EQ(anew->send(DRV_USER).value_or(0), 1);
    EXPECT_EQ(code_of(dead->send(DRV_USER)), ErrorCode::crashed);
    EXPECT_TRUE(dead->close());
    EXPECT_EQ(anew->send(DRV_USER).value_or(0), 2);
}

// From the driver's frames through the worker's, whatever lies between.
TEST_P(Ends, CrashTellsTheWholeCallStack) {
    const auto name = std::string("bad_read-DRV_USER") + GetParam().ending;
    fs::copy_file(file(), folder_ / name);
    Host host(options());
    const auto driver = host.open((folder_ / name).string());
    ASSERT_TRUE(driver) << driver.error().text();
    const auto answer = driver->send(DRV_USER);
    ASSERT_FALSE(answer);
    ASSERT_NE(answer.error().crash, nullptr);
    const auto& stack = answer.error().crash->stack;
    const auto of_worker =
        std::ranges::find_if(stack, [&](const StackFrame& frame) { return frame.image != name; });
    EXPECT_NE(of_worker, stack.begin()) << answer.error().report();
    const auto beyond = std::find_if(of_worker, stack.end(), [](const StackFrame& frame) {
        return !frame.image.starts_with("instdrv-worker");
    });
    EXPECT_GE(beyond - of_worker, 4) << answer.error().report();
}

TEST_P(Ends, WorkerInheritsNothing) {
    ::setenv("INSTDRV_TEST_SECRET", "not for drivers", 1);
    // Open across exec, as files of careless programs are.
    const Fd open_file(::open("/etc/passwd", O_RDONLY));  // NOLINT(android-cloexec-open)
    Host host(options());
    const auto driver = host.open(file());
    ::unsetenv("INSTDRV_TEST_SECRET");
    ASSERT_TRUE(driver) << driver.error().text();

    const auto process = fs::path("/proc") / std::to_string(worker());
    std::ifstream variables(process / "environ");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(variables), {}), "");
    EXPECT_EQ(fs::read_symlink(process / "cwd"), "/");
    std::set<std::string> descriptors;
    for (const auto& entry : fs::directory_iterator(process / "fd")) {
        const auto target = fs::read_symlink(entry.path());
        // Its own map, which Landlock lets it read as long as it holds it (O_PATH).
        if (target == process / "maps") continue;
        // Made by the worker: how its threads tell of a client that was given up.
        if (target == "anon_inode:[eventfd]") continue;
        const auto name = target.string();
        descriptors.insert(name.substr(0, name.find(':')));
    }
    EXPECT_THAT(descriptors, ElementsAre("/dev/null", "pipe", "socket"));
    EXPECT_NE(fs::read_symlink(process / "fd/2"), fs::read_symlink("/proc/self/fd/2"));
}

INSTANTIATE_TEST_SUITE_P(Builds, Ends,
                         testing::Values(Build{"Native64", ".so"}, Build{"Windows64", ".dll"},
                                         Build{"Native32", ".so", "i386/"},
                                         Build{"Windows32", ".dll", "i386/"}),
                         name_of_build);

TEST(EndOfAWorker, LeavesNoZombieInAHostThatLivesOn) {
    const TemporaryFolder folder;
    Host host({.state_folder = folder / "state"});
    for (int i = 0; i < 50; ++i) {
        auto driver = host.open(driver_file("misbehaves", ".so"));
        ASSERT_TRUE(driver) << driver.error().text();
        EXPECT_TRUE(driver->close());
    }
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!children(::getpid()).empty() && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_THAT(children(::getpid()), testing::IsEmpty());
}

// What a program has not reaped when it ends is this process's from then on.
class EndOfTheProgram : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
        ::setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
    }
    void TearDown() override {
        ::prctl(PR_SET_CHILD_SUBREAPER, 0);
        ::unsetenv("XDG_STATE_HOME");
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    }
    TemporaryFolder folder_;
};

TEST_F(EndOfTheProgram, LeavesNoWorkerToOthers) {
    for (int i = 0; i < 20; ++i) {
        const auto sent = run(
            {.arguments = {INSTDRV_PROGRAM, "send", driver_file("misbehaves", ".so"), "DRV_USER"}});
        EXPECT_EQ(sent.status, 0) << sent.err;
        EXPECT_THAT(children(::getpid()), testing::IsEmpty());
    }
}

TEST_F(EndOfTheProgram, LeavesNoWorkerOfADriverThatHangsToOthers) {
    fs::copy_file(driver_file("misbehaves", ".so"), folder_ / "hang-DRV_USER.so");
    for (int i = 0; i < 5; ++i) {
        const auto sent = run({.arguments = {INSTDRV_PROGRAM, "send", "--deadline", "50ms",
                                             (folder_ / "hang-DRV_USER.so").string(), "DRV_USER"}});
        EXPECT_EQ(sent.status, 3) << sent.err;
        EXPECT_THAT(children(::getpid()), testing::IsEmpty());
    }
}

TEST(EndOfTheHost, TakesItsWorkersWithIt) {
    const TemporaryFolder folder;
    ::setenv("TMPDIR", (folder / "temporary").c_str(), 1);
    ::setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1);
    fs::create_directory(folder / "temporary");
    RunningProgram program({INSTDRV_PROGRAM, "run", driver_file("misbehaves", ".so"),
                            driver_file(runs_i386 ? "i386/misbehaves" : "misbehaves", ".dll")});
    ASSERT_TRUE(program.wait_for_output("The session runs as process"));
    const auto hosts = children_of(::getpid());
    ASSERT_THAT(hosts, SizeIs(1));
    std::vector<Fd> workers;
    for (const auto& worker : children_of(std::stoi(*hosts.begin()))) {
        workers.emplace_back(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(worker), 0)));
        ASSERT_TRUE(workers.back());
    }
    ASSERT_THAT(workers, SizeIs(2));
    program.signal(SIGKILL);
    for (const auto& worker : workers) {
        pollfd ended{.fd = worker.get(), .events = POLLIN, .revents = 0};
        EXPECT_EQ(::poll(&ended, 1, 20'000), 1);
    }
    EXPECT_EQ(program.wait().status, 128 + SIGKILL);
    EXPECT_TRUE(fs::is_empty(folder / "temporary"));
    ::unsetenv("TMPDIR");
    ::unsetenv("XDG_STATE_HOME");
}

}  // namespace
}  // namespace instdrv::test

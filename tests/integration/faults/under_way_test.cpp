// The end of a session that finds a client's open, send or close under way in a driver that does
// not return; and what a driver in the host's own process can do at its end and the host outlives.
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fault_files.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

constexpr Fault hangs{"hang", "", {}, {}};
constexpr Fault exits{"exit", "", {}, {}};

const Stage& stage_of(UINT message) { return *std::ranges::find(stages, message, &Stage::message); }

// Waits until a message is under way.
class Watcher final : public CallObserver {
public:
    explicit Watcher(UINT message) : message_(message) {}
    void begun(const DriverCall& call) noexcept override {
        if (call.message != message_ || call.file.find("hang-") == std::string::npos) return;
        const std::lock_guard lock(mutex_);
        begun_ = true;
        changed_.notify_all();
    }
    void finished(const DriverCall&, LRESULT, const Error*) noexcept override {}
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return begun_; });
    }

private:
    const UINT message_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool begun_ = false;
};

// The files are the test's.
struct Session {
    Session(const FaultFiles& files, const Build& build, UINT message)
        : file(files.driver(stage_of(message)).string()),
          watcher(std::make_shared<Watcher>(message)),
          host({.state_folder = files.state(),
                .placement = build.placement,
                .deadline = 10min,
                .observer = watcher}) {}

    std::string file;
    std::shared_ptr<Watcher> watcher;
    Host host;
    Driver driver;
    std::promise<bool> returned;  // whether the driver answered
};

// A healthy driver, the same file for all of them; null where it did not open.
HDRVR open_healthy(Host& host) {
    auto healthy = host.open(healthy_files()[0].string());
    EXPECT_TRUE(healthy) << healthy.error().text();
    return healthy ? healthy->release() : nullptr;
}

// Threads that never return still use it: it stays.
Session& keep(std::unique_ptr<Session> session) {
    static auto& kept = *std::make_unique<std::vector<std::unique_ptr<Session>>>().release();
    return *kept.emplace_back(std::move(session));
}

// Null where the report has none.
const ExitDriver* row_of(const ExitReport& report, HDRVR instance) {
    const auto found = std::ranges::find(report.drivers, instance, &ExitDriver::instance);
    return found == report.drivers.end() ? nullptr : &*found;
}

void make_call(Session& session, UINT message) {
    const auto answered = [&]() -> bool {
        if (message == DRV_OPEN) return session.host.open(session.file).has_value();
        if (message == DRV_CLOSE) return session.driver.close().has_value();
        return session.driver.send(message).has_value();
    }();
    session.returned.set_value(answered);
}

class CallsUnderWay : public testing::TestWithParam<std::tuple<UINT, Build>> {};

TEST_P(CallsUnderWay, KeepNoOtherDriverFromItsEnd) {
    const auto& [message, build] = GetParam();
    const FaultFiles files(hangs, build);
    auto& session = keep(std::make_unique<Session>(files, build, message));
    const auto healthy = open_healthy(session.host);
    if (message != DRV_OPEN) {
        auto opened = session.host.open(session.file);
        ASSERT_TRUE(opened) << opened.error().text();
        session.driver = *std::move(opened);
    }
    std::thread([&session, message = message] { make_call(session, message); }).detach();
    session.watcher->wait();
    const auto report =
        session.host.exit_session({.notify_timeout = 500ms, .close_timeout = 500ms});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_FALSE(report->ended_well());
    const auto* well = row_of(*report, healthy);
    ASSERT_NE(well, nullptr);
    EXPECT_TRUE(well->ended_well()) << well->outcome();
    if (build.placement == Placement::worker) {
        EXPECT_FALSE(session.returned.get_future().get()) << "its worker is ended";
    }
    static_cast<void>(session.driver.release());
}

std::string name_of_call(const testing::TestParamInfo<std::tuple<UINT, Build>>& tested) {
    const auto& [message, build] = tested.param;
    return std::string(stage_of(message).name) + build.name;
}

constexpr Build native_in_process{"InProcessNative", ".so"};
constexpr Build windows_in_process{"InProcessWindows", ".dll"};

INSTANTIATE_TEST_SUITE_P(Builds, CallsUnderWay,
                         testing::Combine(testing::Values(DRV_OPEN, DRV_USER, DRV_CLOSE),
                                          testing::Values(matrix_builds[0], matrix_builds[1],
                                                          matrix_builds[2], matrix_builds[3],
                                                          native_in_process, windows_in_process)),
                         name_of_call);

// ---- in the host's process ----------------------------------------------------------------------

// Each in a process of its own, which ends by _exit: exit() waits for the C library's lock for
// loading, which a destructor that hangs keeps.
class InProcess : public testing::TestWithParam<std::tuple<UINT, Build>> {
protected:
    void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }

    [[noreturn]] static void print_outcome(const Fault& fault) {
        fmt::print(stderr, "{}\n", outcome_of(fault));
        ::_exit(0);
    }
    static bool at_unloading() { return std::get<UINT>(GetParam()) == unloading_step; }
    static bool native() { return std::get<Build>(GetParam()).ending == std::string_view(".so"); }

private:
    // What the report says of the driver; of the healthy one, where that did not end well.
    static std::string outcome_of(const Fault& fault) {
        const auto& [message, build] = GetParam();
        const FaultFiles files(fault, build);
        auto& session = keep(std::make_unique<Session>(files, build, message));
        const auto healthy = open_healthy(session.host);
        auto opened = session.host.open(session.file);
        if (!opened) return opened.error().text();
        const auto faulty = opened->release();
        const auto report =
            session.host.exit_session({.notify_timeout = 500ms, .close_timeout = 500ms});
        if (!report) return report.error().text();
        // Nothing native is unloaded any more where the lock for loading is kept.
        if (const auto* well = row_of(*report, healthy);
            !(at_unloading() && native()) && !(well != nullptr && well->ended_well()))
            return fmt::format("the healthy one: {}", well == nullptr ? "" : well->outcome());
        const auto* row = row_of(*report, faulty);
        return std::string(row == nullptr ? "missing" : row->outcome());
    }
};

TEST_P(InProcess, AHangAtTheEndCostsThatDriverItsEnd) {
    EXPECT_EXIT(print_outcome(hangs), testing::ExitedWithCode(0),
                at_unloading() ? "^unload timed out\n$" : "^timed out\n$");
}

// A native driver's exit is the program's.
class WindowsInProcess : public InProcess {};

TEST_P(WindowsInProcess, ACallThatBreaksOffAtTheEndDoesToo) {
    EXPECT_EXIT(print_outcome(exits), testing::ExitedWithCode(0),
                at_unloading() ? "^failed while unloading\n$" : "^failed\n$");
}

const auto stages_of_the_end =
    testing::Values(DRV_EXITSESSION, DRV_CLOSE, DRV_FREE, unloading_step);

INSTANTIATE_TEST_SUITE_P(Builds, InProcess,
                         testing::Combine(stages_of_the_end,
                                          testing::Values(native_in_process, windows_in_process)),
                         name_of_call);
INSTANTIATE_TEST_SUITE_P(Builds, WindowsInProcess,
                         testing::Combine(stages_of_the_end, testing::Values(windows_in_process)),
                         name_of_call);

}  // namespace
}  // namespace instdrv::test

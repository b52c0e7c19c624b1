// What an exit owes to drivers that do nothing wrong, where the host or its machine does: a slow
// observer, no thread to be had. And what it tells the callers of those that do.
#include <atomic>
#include <future>
#include <thread>

#include <csignal>
#include <ctime>
#include <functional>

#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver_files.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

class ExitPromises : public EveryBuild {
protected:
    void open_three() {
        for (const auto* name : {"plain", "process_id", "counts"}) {
            auto driver = host_.open(file(name));
            ASSERT_TRUE(driver) << driver.error().text();
            driver->release();
        }
    }
};
INSTANTIATE_TEST_SUITE_P(Builds, ExitPromises, all_builds, name_of_build);

// As a record on a slow disk does. Every message is shown, in the end.
TEST_P(ExitPromises, AreKeptBesideASlowObserver) {
    open_three();
    std::atomic<int> shown = 0;
    const auto report =
        host_.exit_session({.notify_timeout = 2s, .close_timeout = 2s}, [&](const ExitProgress&) {
            std::this_thread::sleep_for(400ms);
            ++shown;
        });
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well());
    EXPECT_EQ(report->drivers.size(), 3u);
    EXPECT_EQ(shown, 3 * 5) << "EXITSESSION, CLOSE, DISABLE, FREE and the unloading";
}

// ---- a host that is late ------------------------------------------------------------------------

// Runs something when a message has begun.
class AtMessage final : public CallObserver {
public:
    AtMessage(UINT message, std::function<void()> then)
        : message_(message), then_(std::move(then)) {}
    void begun(const DriverCall& call) noexcept override {
        if (call.message == message_) then_();
    }
    void finished(const DriverCall&, LRESULT, const Error*) noexcept override {}

private:
    const UINT message_;
    const std::function<void()> then_;
};

constexpr auto time_to_tell = 3s;

// Keeps the thread that takes the signal from all else until the time to tell is over.
void be_late(int) {
    const timespec longer{.tv_sec = time_to_tell.count(), .tv_nsec = 300'000'000};
    ::nanosleep(&longer, nullptr);
}

TEST(ExitPromise, AnAnswerCountsFromWhenItCame) {
    struct sigaction late {};
    late.sa_handler = be_late;
    ASSERT_EQ(::sigaction(SIGUSR1, &late, nullptr), 0);
    const auto exiting = ::pthread_self();
    const auto observer =
        std::make_shared<AtMessage>(DRV_EXITSESSION, [&] { ::pthread_kill(exiting, SIGUSR1); });
    Host host({.placement = Placement::in_process, .observer = observer});
    ASSERT_TRUE(host.load(driver_file("plain", ".so")));
    const auto report = host.exit_session({.notify_timeout = time_to_tell, .close_timeout = 20s});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well());
}

// ---- no thread to be had ------------------------------------------------------------------------

constexpr uid_t nobody = 65534;

// In a process of its own, as an ordinary user, since the limit binds no other.
void end_without_threads(HostOptions options, const std::string& first, const std::string& second) {
    if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) ::_exit(10);
    auto* const host = new Host(std::move(options));
    for (const auto& file : {first, second}) {
        auto driver = host->open(file);
        if (!driver) {
            std::fputs(driver.error().report().c_str(), stderr);
            ::_exit(11);
        }
        driver->release();
    }
    constexpr rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(12);
    pthread_t thread{};
    const auto idle = [](void*) -> void* { return nullptr; };
    if (::pthread_create(&thread, nullptr, idle, nullptr) != EAGAIN) ::_exit(13);
    if (host->open(first + ".absent")) ::_exit(14);
    const auto report = host->exit_session({.notify_timeout = 20s, .close_timeout = 20s});
    if (!report) std::fputs(report.error().text().c_str(), stderr);
    ::_exit(report && report->ended_well() && report->drivers.size() == 2 ? 0 : 15);
}

TEST_P(ExitPromises, AreKeptWhereThereIsNoThreadToBeHad) {
    if (::getuid() != 0) GTEST_SKIP() << "becoming another user needs root";
    const test::TemporaryFolder state;
    ASSERT_EQ(::chown(state.path().c_str(), nobody, nobody), 0);
    auto options = this->options();
    options.state_folder = state.path();
    testing::FLAGS_gtest_death_test_style = "threadsafe";  // this process has threads by now
    EXPECT_EXIT(end_without_threads(options, file("plain"), file("process_id")),
                testing::ExitedWithCode(0), "");
}

// ---- calls that are under way -------------------------------------------------------------------

class GivenUp : public EveryBuild {};
INSTANTIATE_TEST_SUITE_P(Builds, GivenUp, builds_in_workers, name_of_build);

TEST_P(GivenUp, ACallUnderWaySaysThatTheSessionHasEnded) {
    std::promise<void> begun;
    auto options = this->options();
    options.observer = std::make_shared<AtMessage>(DRV_QUERYCONFIGURE, [&] { begun.set_value(); });
    Host host(options);
    auto driver = host.open(file("hangs_in_query"));
    ASSERT_TRUE(driver) << driver.error().text();
    auto sent = std::async(std::launch::async, [&] { return driver->send(DRV_QUERYCONFIGURE); });
    begun.get_future().wait();
    ASSERT_TRUE(host.exit_session({.notify_timeout = 100ms, .close_timeout = 100ms}));
    const auto answer = sent.get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::timed_out);
    EXPECT_EQ(answer.error().cause, "it did not return before the session ended");
    static_cast<void>(driver->release());
}

}  // namespace
}  // namespace instdrv::test

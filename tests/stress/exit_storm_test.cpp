// Exits with real threads in real time, through the host as programs use it: clients open, send,
// close, load and lease while the session ends, the phases are a few milliseconds, and what drivers
// do takes from nothing to longer than both. Whatever happens, nobody may be given back twice, be
// called after its end, or be left behind; and each way of being given up must have been met.
//
// INSTDRV_SEED=<seed> runs one round alone; INSTDRV_STORM_ROUNDS=<n> that many for each shard,
// without counting what was met.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "host/impl.hpp"
#include "stress/storm_driver.hpp"

namespace instdrv::stress {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int files = 5;

// Drivers by name, of which each loading is another one.
class StormSource final : public DriverSource, private core::ModuleLoader {
public:
    StormSource(std::uint64_t seed, Findings& findings) : seed_(seed), findings_(findings) {}

    Result<core::OpenRequest> resolve(std::string_view name, std::string_view) override {
        core::OpenRequest request;
        request.name = name;
        request.module.file = name;
        request.module.recovery = seed_ % 2 == 0 ? Recovery::restart : Recovery::fail;
        return request;
    }
    core::ModuleLoader& loader() override { return *this; }
    Status read_configuration(const std::filesystem::path&) override { return {}; }

private:
    Result<std::unique_ptr<core::Module>> load(const core::ModuleRequest& request,
                                               core::LoadUnderWay& under_way) override {
        const auto seed = Random(seed_ + loads_++).next();
        auto module = std::make_unique<StormModule>(request.file.string(), seed, findings_);
        if (Status loaded = module->load(under_way); !loaded) return failure(loaded.error());
        return module;
    }

    const std::uint64_t seed_;
    std::atomic<std::uint64_t> loads_{0};
    Findings& findings_;
};

// One program's threads, for as long as the session lasts.
class Client {
public:
    Client(Host::Impl& host, std::uint64_t seed, const std::atomic<bool>& over)
        : host_(host), random_(seed), over_(over) {}

    void run() {
        is_client() = true;
        while (!over_) {
            const auto handle =
                host_.open_driver(file(), {}, static_cast<LPARAM>(random_.below(2)));
            if (handle) {
                use(*handle);
            } else {
                std::this_thread::sleep_for(100us);  // the session ends
            }
            if (random_.percent(10)) static_cast<void>(host_.load_driver(file(), {}));
            if (random_.percent(10)) lease();
        }
    }

private:
    std::string file() { return "driver" + std::to_string(random_.below(files)); }

    void use(HDRVR handle) {
        for (auto sends = random_.below(6); sends > 0; --sends)
            host_.send(handle, DRV_USER, 0, 0);
        static_cast<void>(host_.life_cycle().instances());
        const auto what = random_.below(10);
        if (what < 4) host_.close(handle, 0, 0);
        if (what == 4) static_cast<void>(host_.end_application(handle, true));
        if (what == 5) {
            static_cast<void>(host_.life_cycle().close(handle, 0, 0, core::CloseMode::forced));
        }
    }

    void lease() {
        core::OpenRequest request;
        request.name = file();
        request.module.file = request.name;
        const auto lease = host_.life_cycle().lease(request);
        if (lease) static_cast<void>((*lease)->share());
    }

    Host::Impl& host_;
    Random random_;
    const std::atomic<bool>& over_;
};

void check_report(const ExitReport& report, Findings& findings) {
    std::map<HDRVR, int> told;
    for (const auto& driver : report.drivers) {
        if (driver.instance != nullptr && ++told[driver.instance] > 1)
            findings.fault("an instance stands in the report twice");
        for (const auto& message : driver.messages) {
            if (message.outcome == ExitOutcome::failed && !message.error)
                findings.fault("a failure without a reason");
        }
    }
}

// Every driver has to go once its last call has come back.
void wait_for_all_to_go(Findings& findings) {
    const auto end = Clock::now() + 20s;
    while (findings.modules() > 0 && Clock::now() < end)
        std::this_thread::sleep_for(200us);
    if (findings.modules() > 0) findings.fault("a driver was left behind");
}

void one_round(std::uint64_t seed, Findings& findings) {
    Random random(seed);
    auto host = Host::Impl::make([&](core::DriverSystem&, supervisor::Requests::FindSystem) {
        return std::make_unique<StormSource>(random.next(), findings);
    });
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (auto clients = 1 + random.below(4); clients > 0; --clients) {
        threads.emplace_back(
            [&, seed_of_client = random.next()] { Client(*host, seed_of_client, over).run(); });
    }
    if (random.percent(20)) {
        threads.emplace_back([&] {
            is_client() = true;
            static_cast<void>(host->run_round({.message = DRV_POWER, .budget = 3ms}));
        });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(4000)));
    const std::chrono::milliseconds notify(random.below(5));
    const std::chrono::milliseconds close(random.below(8));
    const ExitOptions options{
        .notify_timeout = notify, .close_timeout = close, .send_close = random.percent(80)};
    const auto report = host->exit_session(options);
    if (report) check_report(*report, findings);
    if (!report) findings.fault("the exit failed: " + report.error().text());
    if (!findings.all_ended_or_given_up()) findings.fault("the exit has forgotten a driver");
    over = true;
    for (auto& thread : threads)
        thread.join();
    host.reset();
    wait_for_all_to_go(findings);
}

// Each state is met so often, or the exits were too many.
constexpr long times_to_meet = 100;
constexpr std::uint64_t at_least = 2'000;
constexpr std::uint64_t at_most = 10'000;

std::uint64_t number_in_environment(const char* name, std::uint64_t otherwise) {
    const char* const chosen = std::getenv(name);
    return chosen == nullptr ? otherwise : std::strtoull(chosen, nullptr, 0);
}

bool met_everything(const Findings& findings) {
    for (std::size_t met = 0; met < static_cast<std::size_t>(Met::count); ++met) {
        if (findings.times(static_cast<Met>(met)) < times_to_meet) return false;
    }
    return true;
}

void print_met(const Findings& findings) {
    for (std::size_t met = 0; met < static_cast<std::size_t>(Met::count); ++met) {
        std::cout << "given up in " << name_of(static_cast<Met>(met)) << ": "
                  << findings.times(static_cast<Met>(met)) << '\n';
    }
}

class ExitStorm : public testing::TestWithParam<int> {};

// INSTDRV_SEED: that exit alone. INSTDRV_STORM_ROUNDS: so many, whatever they meet.
TEST_P(ExitStorm, leaves_nobody_behind_and_ends_nobody_twice) {
    const bool one = std::getenv("INSTDRV_SEED") != nullptr;
    const auto chosen = one ? 1 : number_in_environment("INSTDRV_STORM_ROUNDS", 0);
    const auto first =
        number_in_environment("INSTDRV_SEED", static_cast<std::uint64_t>(GetParam()) * 1'000'000);
    Findings findings;
    const auto go_on = [&](std::uint64_t done) {
        if (chosen != 0) return done < chosen;
        return done < at_least || (done < at_most && !met_everything(findings));
    };
    for (std::uint64_t done = 0; go_on(done); ++done) {
        one_round(first + done, findings);
        ASSERT_EQ(findings.first_fault(), "") << "INSTDRV_SEED=" << first + done;
    }
    print_met(findings);
    if (chosen == 0) {
        EXPECT_TRUE(met_everything(findings));
    }
}

INSTANTIATE_TEST_SUITE_P(Shard, ExitStorm, testing::Range(0, 2));

}  // namespace
}  // namespace instdrv::stress

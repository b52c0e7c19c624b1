// What a host does with a driver in a worker, where one allocation of it fails, whichever: that one
// call fails or succeeds, and the host and what else it has open go on.
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "driver_files.hpp"
#include "failing_memory.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

// By the build of the driver, and whether there is memory again at once.
class WorkersWithoutMemory : public testing::TestWithParam<std::tuple<Build, Fails>> {
protected:
    [[nodiscard]] static std::string file(const std::string& name) {
        const auto& build = std::get<Build>(GetParam());
        return driver_file(build.folder + name, build.ending);
    }
    [[nodiscard]] HostOptions options() const {
        return {
            .configuration = {}, .state_folder = folder_.path(), .placement = Placement::worker};
    }
    // step() has no memory for its n-th allocation, n = 1, 2, 3 … and then more and more apart,
    // until it needs no more; check() has.
    template <class Prepare, class Step, class Check>
    static void with_many_failures(const Prepare& prepare, const Step& step, const Check& check) {
        for (std::size_t n = 1;; n += 1 + n / 16) {
            SCOPED_TRACE("the allocation that fails: " + std::to_string(n));
            auto prepared = prepare();
            bool failed = false;
            {
                const FailingMemory memory(n, std::get<Fails>(GetParam()));
                step(prepared);
                failed = FailingMemory::has_failed();
            }
            check(prepared, failed);
            if (!failed || HasFailure()) return;
        }
    }
    static void expect_answers(Driver& driver) {
        const auto answer = driver.send(DRV_QUERYCONFIGURE);
        EXPECT_TRUE(answer) << answer.error().text();
    }

    TemporaryFolder folder_;
};

TEST_P(WorkersWithoutMemory, OpensOrFails) {
    Host host(options());
    auto beside = host.open(file("process_id"));
    ASSERT_TRUE(beside) << beside.error().text();
    const std::string name = file("counts");
    with_many_failures([] { return std::optional<Result<Driver>>(); },
                       [&](auto& opened) { opened.emplace(host.open(name)); },
                       [&](auto& opened, bool failed) {
                           EXPECT_TRUE(failed || *opened) << opened->error().text();
                           expect_answers(*beside);
                           auto again = host.open(name);
                           ASSERT_TRUE(again) << again.error().text();
                           expect_answers(*again);
                       });
}

TEST_P(WorkersWithoutMemory, SendsOrFails) {
    Host host(options());
    auto beside = host.open(file("process_id"));
    ASSERT_TRUE(beside) << beside.error().text();
    const WCHAR section[] = u"section";
    const WCHAR alias[] = u"alias";
    DRVCONFIGINFO structure{.dwDCISize = sizeof(DRVCONFIGINFO),
                            .lpszDCISectionName = section,
                            .lpszDCIAliasName = alias};
    with_many_failures([&] { return host.open(file("counts")); },
                       [&](Result<Driver>& driver) {
                           if (driver) {
                               static_cast<void>(driver->send(
                                   DRV_INSTALL, 0, reinterpret_cast<LPARAM>(&structure)));
                           }
                       },
                       [&](Result<Driver>& driver, bool) {
                           ASSERT_TRUE(driver) << driver.error().text();
                           expect_answers(*beside);
                           expect_answers(*driver);
                       });
}

TEST_P(WorkersWithoutMemory, EndsOrSaysSo) {
    struct Session {
        std::unique_ptr<Host> host;
        std::optional<Result<ExitReport>> report;
    };
    with_many_failures(
        [&] {
            Session session;
            session.host = std::make_unique<Host>(options());
            for (const auto* name : {"counts", "process_id"}) {
                auto driver = session.host->open(file(name));
                EXPECT_TRUE(driver) << driver.error().text();
                if (driver) static_cast<void>(driver->release());
            }
            return session;
        },
        [&](Session& session) {
            session.report.emplace(
                session.host->exit_session({.notify_timeout = 20s, .close_timeout = 20s}));
        },
        [&](Session& session, bool failed) {
            session.host.reset();
            if (failed) return;
            ASSERT_TRUE(*session.report) << session.report->error().text();
            EXPECT_TRUE((*session.report)->ended_well());
        });
}

std::string name_of_case(const testing::TestParamInfo<std::tuple<Build, Fails>>& tested) {
    const auto& [build, fails] = tested.param;
    return std::string(build.name) + (fails == Fails::once ? "Once" : "FromThereOn");
}
INSTANTIATE_TEST_SUITE_P(, WorkersWithoutMemory,
                         testing::Combine(builds_in_workers,
                                          testing::Values(Fails::once, Fails::from_there_on)),
                         name_of_case);

}  // namespace
}  // namespace instdrv::test

// Each step of a driver's life where one allocation of it fails, whichever: the step fails or
// succeeds as a whole, nothing of it is left, and whoever comes next finds everything as it was.
#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "failing_memory.hpp"
#include "told_driver.hpp"

namespace instdrv::test {
namespace {

using namespace std::chrono_literals;

// By the kind of drivers, and whether there is memory again at once.
class WithoutMemory : public testing::TestWithParam<std::tuple<bool, Fails>> {
protected:
    // Begins a session in which a step may fail, with a driver open that it is not about.
    struct Session {
        explicit Session(bool windows) : told{.windows = windows}, host(host_of_told(told)) {
            beside = open(beside_name).value_or(nullptr);
        }
        [[nodiscard]] Result<HDRVR> open(const std::string& file) const {
            return host->open_driver(file, {}, 1);
        }
        [[nodiscard]] Result<LRESULT> close(HDRVR handle) const {
            return host->life_cycle().close(handle, 0, 0, core::CloseMode::ask);
        }
        const std::string name = std::string(long_name) + "1";
        const std::string beside_name = std::string(long_name) + "2";
        Told told;
        std::shared_ptr<Host::Impl> host;
        HDRVR beside = nullptr;
    };

    // `prepare` has memory; `step` has none for its n-th allocation, n = 1, 2, 3 … until it needs
    // no more. Each in a session of its own, which has to end well. step(session) answers whether
    // it found what it needed.
    template <class Prepare, class Step>
    void with_every_failure(const Prepare& prepare, const Step& step) {
        const auto& [windows, fails] = GetParam();
        const auto places = places_used();
        for (std::size_t n = 1;; ++n) {
            SCOPED_TRACE("the allocation that fails: " + std::to_string(n));
            Session session(windows);
            const auto prepared = prepare(session);
            bool failed = false;
            bool done = false;
            {
                const FailingMemory memory(n, fails);
                done = step(session, prepared);
                failed = FailingMemory::has_failed();
            }
            if (!failed) {
                EXPECT_TRUE(done);
                return;
            }
            expect_all_well(session);
            session.host.reset();
            expect_nothing_left(session.told);
            EXPECT_EQ(places_used(), places) << "a handle is lost";
            if (HasFailure()) return;
        }
    }
    void with_every_failure(const std::function<bool(Session&)>& step) {
        with_every_failure([](Session&) { return 0; },
                           [&](Session& session, int) { return step(session); });
    }

private:
    // Of the table of handles, with more handles in use than any session here has. The table takes
    // what was given back before it grows.
    static std::uintptr_t places_used() {
        Told told;
        const auto host = host_of_told(told);
        std::uintptr_t last = 0;
        for (int i = 0; i < 10; ++i) {
            const auto handle = host->open_driver("next", {}, 0);
            if (handle) last = std::max(last, reinterpret_cast<std::uintptr_t>(*handle) & 0xFFFFFF);
        }
        return last;
    }
    static void expect_all_well(const Session& session) {
        for (const auto* name : {&session.name, &session.beside_name}) {
            const auto again = session.open(*name);
            ASSERT_TRUE(again) << again.error().text();
            EXPECT_EQ(core::send(*again, DRV_USER, 0, 0).value, 1);
        }
        const auto report =
            session.host->exit_session({.notify_timeout = 20s, .close_timeout = 20s});
        ASSERT_TRUE(report) << report.error().text();
        EXPECT_TRUE(report->ended_well());
        EXPECT_EQ(session.told.given_up, 0);
    }
    static void expect_nothing_left(const Told& told) {
        EXPECT_EQ(told.opened, told.close);
        EXPECT_EQ(told.destroyed, told.loaded);
    }
};

TEST_P(WithoutMemory, OpensOrFails) {
    with_every_failure([](Session& session) {
        const auto opened = session.open(session.name);
        if (!opened) {
            EXPECT_EQ(opened.error().code, ErrorCode::out_of_memory);
        }
        return opened.has_value();
    });
}

TEST_P(WithoutMemory, FailsToOpenWhatRefuses) {
    with_every_failure([](Session& session) {
        session.told.answer = [](UINT message) { return message == DRV_OPEN ? 0 : 1; };
        const auto opened = session.open(session.name);
        session.told.answer = [](UINT) { return 1; };
        EXPECT_FALSE(opened);
        return opened.error().code == ErrorCode::refused_open;
    });
}

TEST_P(WithoutMemory, LoadsOrFails) {
    with_every_failure(
        [](Session& session) { return session.host->load_driver(session.name, {}).has_value(); });
}

TEST_P(WithoutMemory, LeasesOrFails) {
    with_every_failure(
        [](Session&) {
            core::OpenRequest request;
            request.name = long_name;
            request.module.file = long_name;
            return request;
        },
        [](Session& session, const core::OpenRequest& request) {
            try {
                return session.host->life_cycle().lease(request).has_value();
            } catch (const std::bad_alloc&) {
                return false;  // nothing was begun
            }
        });
}

TEST_P(WithoutMemory, RefusesASendToWhatIsClosed) {
    with_every_failure([](Session& session) {
        const auto answer = core::send(nullptr, DRV_USER, 0, 0);
        EXPECT_EQ(answer.broken->code, ErrorCode::bad_handle);
        return core::send(session.beside, DRV_USER, 0, 0).broken == nullptr;
    });
}

HDRVR opened(const auto& session) { return session.open(session.name).value_or(nullptr); }

TEST_P(WithoutMemory, Closes) {
    with_every_failure(opened<Session>, [](Session& session, HDRVR handle) {
        const auto closed = session.close(handle);
        EXPECT_TRUE(closed) << "an end takes no memory";
        return closed.has_value();
    });
}

TEST_P(WithoutMemory, KeepsOpenWhatRefusesToClose) {
    with_every_failure(opened<Session>, [](Session& session, HDRVR handle) {
        session.told.answer = [](UINT message) { return message == DRV_CLOSE ? 0 : 1; };
        const auto closed = session.close(handle);
        session.told.answer = [](UINT) { return 1; };
        EXPECT_FALSE(closed);
        EXPECT_EQ(closed.error().code, ErrorCode::refused_close);
        return core::send(handle, DRV_USER, 0, 0).broken == nullptr;
    });
}

// Whatever fails of it: no driver is left.
TEST_P(WithoutMemory, ExitsOrSaysSo) {
    const auto& [windows, fails] = GetParam();
    for (std::size_t n = 1;; ++n) {
        SCOPED_TRACE("the allocation that fails: " + std::to_string(n));
        Session session(windows);
        ASSERT_TRUE(session.open(session.name));
        std::optional<FailingMemory> memory(std::in_place, n, fails);
        const auto report =
            session.host->exit_session({.notify_timeout = 20s, .close_timeout = 20s});
        const bool failed = FailingMemory::has_failed();
        session.host.reset();
        memory.reset();
        while (session.told.destroyed != session.told.loaded)  // what was given up: on its lane
            std::this_thread::yield();
        EXPECT_TRUE(session.told.opened == session.told.close || session.told.given_up > 0);
        if (!failed) {
            ASSERT_TRUE(report) << report.error().text();
            EXPECT_TRUE(report->ended_well());
            return;
        }
        if (HasFailure()) return;
    }
}

std::string name_of_kind(const testing::TestParamInfo<std::tuple<bool, Fails>>& tested) {
    const auto& [windows, fails] = tested.param;
    return std::string(windows ? "Windows" : "Native") +
           (fails == Fails::once ? "Once" : "FromThereOn");
}

INSTANTIATE_TEST_SUITE_P(Kinds, WithoutMemory,
                         testing::Combine(testing::Bool(),
                                          testing::Values(Fails::once, Fails::from_there_on)),
                         name_of_kind);

}  // namespace
}  // namespace instdrv::test

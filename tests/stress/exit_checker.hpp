// Watches a simulated exit from the drivers' side and says whether the promises are kept:
//
//   told       every driver that is alive and enabled is told exactly once, before any is closed
//   delay      one bad driver delays no other beyond what exit_run.hpp allows, and the whole ends
//              within the two timeouts
//   durable    the run is not done while a call has time left: what its handler writes, and its
//              unloading, come before the end. Drivers' writes themselves are not modelled; each is
//              taken to be durable when the handler that made it returns.
//   report     the report says of each driver what it was told, what it did, how long it took
//   order      the order of exit_plan.hpp is kept as far as exit_run.hpp promises it
//   ends       the run ends, and never waits for nothing
//
// It works the expected order out from the world by itself and shares no code with the plan.
#pragma once

#include <instdrv/exit.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/exit_plan.hpp"
#include "core/exit_run.hpp"

namespace instdrv::stress {

using TimePoint = core::ExitRun::TimePoint;

struct Violation {
    std::string promise;  // one of the words above
    std::string what;
};

class ExitChecker {
public:
    ExitChecker(const core::ExitWorld& world, const ExitOptions& options, TimePoint start);

    // A driver was called.
    void delivered(const core::ExitCall& call, TimePoint now);
    // It returned. Calls that were given up return without effect.
    void answered(const core::ExitCall& call, LRESULT answer, TimePoint now);
    void broke(const core::ExitCall& call, TimePoint now);
    // Something else than the exit closed an instance.
    void closed(std::size_t instance);
    // The host found the instance closed and did not call the driver.
    void gone(const core::ExitCall& call, TimePoint now);

    // The plan has nothing more to send at `now`, and every answer of that moment is in.
    void settled(TimePoint now, bool done);
    void ended(const ExitReport& report, TimePoint now);
    // The run did something else that it must not.
    void fail(std::string promise, std::string what);

    [[nodiscard]] const std::optional<Violation>& violation() const noexcept { return violation_; }

private:
    // To whom a call goes: instance, or module with `instance` empty; and what.
    struct Subject {
        std::size_t module = 0;
        std::optional<std::size_t> instance;
        UINT message = 0;
        bool hidden = false;
        auto operator<=>(const Subject&) const = default;
    };
    struct Record {
        TimePoint sent;
        TimePoint ended;
        ExitOutcome outcome = ExitOutcome::timed_out;
        LRESULT answer = 0;
    };
    struct Queue {
        std::optional<Subject> out;
        bool given_up = false;
    };

    static Subject subject_of(const core::ExitCall& call);
    [[nodiscard]] std::string text_of(const Subject& subject) const;
    void expect_order();
    [[nodiscard]] bool is_ready(std::size_t module) const;
    [[nodiscard]] Subject waited_for(std::size_t module) const;
    [[nodiscard]] bool may_get(const Subject& subject) const;
    // The next one of these that may still be sent; of one queue, if given.
    [[nodiscard]] const Subject* next(const std::vector<Subject>& expected,
                                      std::optional<std::size_t> queue = {}) const;
    [[nodiscard]] const Subject* next_for_free_queue(const std::vector<Subject>& expected) const;
    [[nodiscard]] bool any_out() const;
    [[nodiscard]] std::size_t queue_of(const Subject& s) const {
        return world_.modules[s.module].queue;
    }
    void finish(const core::ExitCall& call, ExitOutcome outcome, LRESULT answer, TimePoint now);
    void follow_phase(TimePoint now);
    void give_up(TimePoint now);
    void check_identity(const core::ExitCall& call);
    void check_notify(const Subject& subject);
    void check_close(const Subject& subject, TimePoint now);
    void check_nothing_waits(TimePoint now);
    void check_all_told();
    void check_driver(const ExitDriver& driver, std::size_t module,
                      std::optional<std::size_t> instance);
    void check_message(const ExitDriver& driver, const ExitMessage& message,
                       const Subject& subject);

    const core::ExitWorld& world_;
    ExitOptions options_;
    TimePoint start_;
    TimePoint notify_deadline_;
    std::optional<TimePoint> close_begin_;
    TimePoint half_;
    TimePoint close_deadline_;
    std::optional<TimePoint> look_again_by_;  // where somebody waits for half of the phase
    std::vector<Subject> notify_order_;
    std::vector<Subject> close_order_;
    std::vector<bool> alive_;  // modules
    std::vector<bool> open_;   // instances
    std::vector<Queue> queues_;
    std::map<Subject, Record> records_;
    std::optional<Violation> violation_;
};

}  // namespace instdrv::stress

#include "stress/session_simulator.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/round.hpp"
#include "session/course.hpp"
#include "stress/random.hpp"
#include "stress/simulated_instances.hpp"

namespace instdrv::stress {
namespace {

using session::End;

constexpr TimePoint start{std::chrono::hours(1)};
constexpr int announcements = 30;
constexpr Duration delay{200};  // what logind gives

// ---- a round over simulated drivers -------------------------------------------------------------

struct RoundResult {
    std::optional<Violation> violation;
    std::chrono::microseconds took{0};
};

class RoundSimulator {
public:
    RoundSimulator(const SimulatedWorld& world, const core::Round& round, TimePoint begin)
        : world_(world),
          round_(round),
          run_(core::run_of(round, world.world, begin)),
          instances_(world, begin),
          now_(begin) {}

    RoundResult run() {
        while (!run_.done()) {
            instances_.leave(now_);
            for (const auto& call : run_.take_ready(now_))
                send(call);
            const auto deadline = run_.next_deadline();
            if (!deadline) break;
            if (returns_.empty() || returns_.begin()->first > *deadline) {
                now_ = *deadline;
                run_.advance(now_);
            } else {
                now_ = returns_.begin()->first;
                deliver(returns_.extract(returns_.begin()).mapped());
            }
        }
        check_report();
        return result_;
    }

private:
    void send(const core::ExitCall& call) {
        if (!instances_.is_open(*call.instance)) return run_.gone(call.step, now_);
        const bool again = !told_.insert(*call.instance).second;
        const auto last = newest_left_.find(call.module);
        if (again || (last != newest_left_.end() && last->second < *call.instance)) {
            result_.violation = {"round", text_of(call) + " out of turn"};
        }
        newest_left_[call.module] = *call.instance;
        auto behaviour = world_.behaviour(call);
        if (behaviour.end == Behaviour::End::never) return;
        returns_.emplace(now_ + behaviour.takes, std::pair(call, behaviour));
    }

    void deliver(const std::pair<core::ExitCall, Behaviour>& returned) {
        const auto& [call, behaviour] = returned;
        if (behaviour.end == Behaviour::End::breaks) {
            run_.broke(call.step, {.code = ErrorCode::missing_import}, now_);
        } else {
            run_.answered(call.step, behaviour.answer, now_);
        }
    }

    void check_report() {
        const auto report = core::report_of(round_, run_);
        result_.took = report.took;
        if (report.took > round_.budget) {
            result_.violation = {"round", "it took more than its budget"};
        }
        if (report.drivers.size() != world_.world.instances.size()) {
            result_.violation = {"round", "its report has another number of drivers"};
        }
        for (const auto& driver : report.drivers) {
            const auto instance = reinterpret_cast<std::uintptr_t>(driver.instance) - 0x2000;
            const auto outcome = driver.message.outcome;
            const bool sent = outcome != ExitOutcome::not_sent && outcome != ExitOutcome::closed;
            const bool open = instances_.is_open(instance);
            if (sent != told_.contains(instance) || (outcome == ExitOutcome::closed && open)) {
                result_.violation = {"round", driver.name + " has an outcome it did not have"};
            }
        }
    }

    const SimulatedWorld& world_;
    const core::Round& round_;
    core::ExitRun run_;
    SimulatedInstances instances_;
    TimePoint now_;
    RoundResult result_;
    std::multimap<TimePoint, std::pair<core::ExitCall, Behaviour>> returns_;
    std::map<std::size_t, std::size_t> newest_left_;  // of a module: the last instance told
    std::set<std::size_t> told_;
};

// ---- a session ----------------------------------------------------------------------------------

class Session final : private session::Stage {
public:
    explicit Session(std::uint64_t seed)
        : random_(seed), world_(random_world(seed)), course_(*this) {}

    SessionSimulation run() {
        course_.start();
        for (int i = 0; i < announcements && !quit_ && !out_.violation; ++i) {
            wait(Duration(random_.below(400)));
            announce();
            settle();
        }
        finish();
        return std::move(out_);
    }

private:
    // ---- what is announced ----

    void announce() {
        switch (random_.below(quit_after_ == 0 ? 9 : 8)) {
            case 0:
            case 1: return sleep(true);
            case 2:
            case 3: return sleep(false);
            case 4: note("has slept"); return course_.machine_has_slept();
            case 5:
            case 6:
                note("shutdown");
                shutting_down_ = true;
                return course_.session_ends({.reason = ExitReason::session_end,
                                             .announced_by = "logind",
                                             .revocable = true});
            case 7:
                note("cancelled");
                shutting_down_ = false;
                return course_.end_cancelled();
            default:
                if (!random_.percent(20)) return;
                return terminate();
        }
    }

    void sleep(bool begins) {
        note(begins ? "sleeps" : "woke");
        asleep_ = begins;
        if (begins) {
            course_.machine_sleeps(session::Clock::time_point(now_ + delay));
        } else {
            course_.machine_woke();
        }
    }

    void terminate() {
        note("SIGTERM");
        ++quit_after_;
        course_.session_ends({.reason = ExitReason::signal, .announced_by = "SIGTERM"});
    }

    // ---- what the course has done ----

    void begin_exit(const End&) override {
        note("exit begins");
        require(!busy_, "alone", "an exit begins while something is under way");
        require(open_, "end", "drivers that have ended are to end again");
        const auto exit = simulate(world_, make_real_run, false);
        if (exit.violation) out_.violation = exit.violation;
        busy_ = Busy{.exit = true, .until = now_ + exit.report.took};
        request_sent_ = false;
    }

    void begin_power(PowerEvent event, std::optional<session::Clock::time_point> by) override {
        note(fmt::format("round {} begins", static_cast<int>(event)));
        require(!busy_, "alone", "a round begins while something is under way");
        require(open_, "sleep", "drivers that have ended are told of sleep");
        require(by.has_value() == (event == PowerEvent::suspend_request), "sleep",
                "somebody waits for the wrong round");
        if (event == PowerEvent::suspend_request) {
            require(!request_sent_, "sleep", "two requests without a resume between them");
            request_sent_ = true;
        } else if (event == PowerEvent::suspend_resume) {
            require(request_sent_, "sleep", "a resume without a request");
            request_sent_ = false;
        }
        const auto left = by ? std::chrono::floor<Duration>(*by - now_) : delay;
        const core::Round round{.message = DRV_POWER,
                                .lparam1 = static_cast<LPARAM>(event),
                                .budget = std::max(left, Duration(0))};
        const auto result = RoundSimulator(world_, round, now_).run();
        if (result.violation) out_.violation = result.violation;
        busy_ = Busy{.exit = false, .until = now_ + result.took};
    }

    void hold() override {
        note("hold");
        held_ = true;
    }
    void let_go() override {
        note("let go");
        require(!busy_, "held", "let go while something is under way");
        require(!open_ || asleep_, "held",
                "let go though drivers are open and the machine is awake");
        held_ = false;
    }
    void reopen() override {
        note("reopen");
        require(!open_ && !shutting_down_, "end", "opened again without a cancellation");
        world_ = random_world(random_.next());
        open_ = true;
    }
    void quit() override {
        note("quit");
        require(quit_after_ > 0, "end", "quits though the end can be taken back");
        require(!open_ && !busy_, "end", "quits before the drivers have ended");
        require(!quit_, "end", "quits twice");
        quit_ = true;
    }

    // ---- time ----

    void wait(Duration time) {
        const auto until = now_ + time;
        while (busy_ && busy_->until <= until && !out_.violation)
            complete();
        now_ = std::max(now_, until);
    }

    void complete() {
        const auto done = *std::exchange(busy_, std::nullopt);
        now_ = std::max(now_, done.until);
        if (done.exit) {
            note("exit done");
            open_ = false;
            course_.exit_done();
        } else {
            note("round done");
            course_.power_done();
        }
        settle();
    }

    // What must hold whenever nothing is going on.
    void settle() {
        if (busy_ || quit_) return;
        require(open_ != shutting_down_ || !open_, "end",
                "a shutdown was announced and nobody is told");
        require(held_ || !open_ || asleep_, "held", "nothing keeps the machine waiting");
        require(!held_ || open_, "held", "the machine waits for drivers that have ended");
        require(open_ || shutting_down_ || quit_after_ > 0, "end",
                "drivers ended and nobody knows why");
        if (open_ && !asleep_)
            require(!request_sent_, "sleep", "drivers were not told that it woke");
    }

    void finish() {
        if (!quit_ && !out_.violation) terminate();
        while (busy_ && !out_.violation)
            complete();
        require(quit_ || out_.violation, "end", "it does not quit after SIGTERM");
    }

    void require(bool holds, const char* promise, const char* what) {
        if (holds || out_.violation) return;
        out_.violation = {promise, what};
    }

    void note(const std::string& what) {
        ++out_.happened[what];
        const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - start);
        out_.trace += fmt::format("{:6} ms  {}\n", at.count(), what);
    }

    struct Busy {
        bool exit = false;
        TimePoint until;
    };

    Random random_;
    SimulatedWorld world_;
    session::Course course_;
    SessionSimulation out_;
    TimePoint now_ = start;
    std::optional<Busy> busy_;
    bool open_ = true;
    bool held_ = false;
    bool asleep_ = false;
    bool shutting_down_ = false;
    bool request_sent_ = false;
    bool quit_ = false;
    int quit_after_ = 0;
};

}  // namespace

SessionSimulation simulate_session(std::uint64_t seed) { return Session(seed).run(); }

}  // namespace instdrv::stress

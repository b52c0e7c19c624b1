#include "stress/exit_simulator.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "stress/simulated_instances.hpp"

namespace instdrv::stress {
namespace {

constexpr TimePoint start{std::chrono::hours(1)};
constexpr std::size_t most_rounds = 10000;

// A call that returns some time.
struct Return {
    TimePoint when;
    core::ExitCall call;
    Behaviour behaviour;
};

class Simulator {
public:
    Simulator(const SimulatedWorld& world, const MakeRun& make_run, bool with_trace)
        : world_(world),
          run_(make_run(world, start)),
          checker_(world.world, world.options, start),
          instances_(world, start),
          with_trace_(with_trace) {}

    Simulation run() {
        std::size_t rounds = 0;
        while (step() && !checker_.violation()) {
            if (++rounds > most_rounds) checker_.fail("ends", "the run goes on and on");
        }
        return {checker_.violation(), run_->report(), std::move(trace_)};
    }

private:
    // One moment of the exit; false: it was the last.
    bool step() {
        leave();
        send_all();
        checker_.settled(now_, run_->done());
        if (run_->done()) {
            end();
            return false;
        }
        const auto deadline = run_->next_deadline();
        const auto returning = next_return();
        const auto leaving = instances_.next_leave();
        if (deadline && leaving && *leaving < std::min(*deadline, returning.value_or(*deadline))) {
            now_ = std::max(now_, *leaving);
            return true;
        }
        if (!deadline && !returning) {
            checker_.fail("ends", "nothing is left to wait for, and the run is not done");
            return false;
        }
        if (returning && (!deadline || *returning <= *deadline)) {
            now_ = *returning;
            deliver_returns();
        } else {
            now_ = std::max(now_, *deadline);
            note("deadline");
            run_->advance(now_);
        }
        return true;
    }

    // Programs end when they like.
    void leave() {
        for (const auto instance : instances_.leave(now_)) {
            if (with_trace_) note(fmt::format("instance {} is closed by its holder", instance));
            checker_.closed(instance);
        }
    }

    void send_all() {
        for (auto calls = run_->take_ready(now_); !calls.empty(); calls = run_->take_ready(now_)) {
            for (const auto& call : calls)
                send(call);
        }
    }

    void send(const core::ExitCall& call) {
        if (call.instance && !instances_.is_open(*call.instance)) {
            note(call, ": closed by now");
            checker_.gone(call, now_);
            run_->gone(call.step, now_);
            return;
        }
        note(call, " ->");
        checker_.delivered(call, now_);
        auto behaviour = world_.behaviour(call);
        const auto wait = wait_before(call);
        if (!wait || behaviour.end == Behaviour::End::never) return;
        returns_.push_back({now_ + *wait + behaviour.takes, call, std::move(behaviour)});
    }

    // What the host waits for before the driver sees the call.
    std::optional<Duration> wait_before(const core::ExitCall& call) {
        if (call.message == DRV_CLOSE && call.instance)
            return instances_.shut(*call.instance, now_);
        if (call.message == DRV_DISABLE) return instances_.shut_module(call.module, now_);
        return Duration(0);
    }

    [[nodiscard]] std::optional<TimePoint> next_return() const {
        const auto first =
            std::min_element(returns_.begin(), returns_.end(),
                             [](const Return& a, const Return& b) { return a.when < b.when; });
        return first == returns_.end() ? std::nullopt : std::optional(first->when);
    }

    // All of this moment, so that the checker need not know in which order they come in.
    void deliver_returns() {
        const auto due = std::stable_partition(returns_.begin(), returns_.end(),
                                               [&](const Return& r) { return r.when > now_; });
        const std::vector<Return> now_due(due, returns_.end());
        returns_.erase(due, returns_.end());
        for (const auto& returned : now_due)
            deliver(returned);
    }

    void deliver(const Return& returned) {
        const auto& call = returned.call;
        for (const auto other : returned.behaviour.closes)
            close_other(call, other);
        if (returned.behaviour.end == Behaviour::End::breaks) {
            note(call, " broke off");
            checker_.broke(call, now_);
            run_->broke(call.step, {.code = ErrorCode::missing_import, .cause = "simulated"}, now_);
            return;
        }
        note(call, " <- {:#x}", returned.behaviour.answer);
        checker_.answered(call, returned.behaviour.answer, now_);
        run_->answered(call.step, returned.behaviour.answer, now_);
    }

    // CloseDriver from inside a handler. It would wait for calls of other threads in the instance,
    // so those are left alone.
    void close_other(const core::ExitCall& from, std::size_t instance) {
        const bool busy = std::any_of(returns_.begin(), returns_.end(), [&](const Return& r) {
            return r.call.instance == instance && r.call.step != from.step;
        });
        if (!instances_.is_open(instance) || instances_.is_entered(instance, now_) || busy) return;
        note(from, " closes instance {}", instance);
        instances_.close(instance);
        checker_.closed(instance);
    }

    void end() {
        note("done");
        const auto report = run_->report();
        checker_.ended(report, now_);
        while (const auto late = next_return()) {
            now_ = *late;
            for (const auto& returned : std::exchange(returns_, {})) {
                run_->answered(returned.call.step, returned.behaviour.answer, now_);
            }
        }
        if (run_->report().took != report.took) checker_.fail("report", "it changed after the end");
    }

    template <class... Arguments>
    void note(const core::ExitCall& call, fmt::format_string<Arguments...> what,
              Arguments&&... arguments) {
        if (with_trace_)
            note(text_of(call) + fmt::format(what, std::forward<Arguments>(arguments)...));
    }

    void note(const std::string& what) {
        if (!with_trace_) return;
        const auto at = std::chrono::duration_cast<std::chrono::microseconds>(now_ - start);
        trace_ += fmt::format("{:9.3f} ms  {}\n", static_cast<double>(at.count()) / 1000, what);
    }

    const SimulatedWorld& world_;
    std::unique_ptr<Run> run_;
    ExitChecker checker_;
    TimePoint now_ = start;
    SimulatedInstances instances_;
    std::vector<Return> returns_;
    bool with_trace_;
    std::string trace_;
};

}  // namespace

std::unique_ptr<Run> make_real_run(const SimulatedWorld& world, TimePoint now) {
    return std::make_unique<RealRun>(world, now);
}

Simulation simulate(const SimulatedWorld& world, const MakeRun& make_run, bool with_trace) {
    auto simulation = Simulator(world, make_run, with_trace).run();
    if (with_trace) simulation.trace.insert(0, world.text());
    return simulation;
}

}  // namespace instdrv::stress

// Runs an exit over a simulated world on virtual time and has it checked.
#pragma once

#include <instdrv/exit.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/exit_run.hpp"
#include "stress/exit_checker.hpp"
#include "stress/simulated_world.hpp"

namespace instdrv::stress {

// What the simulator drives: core::ExitRun, or one that is wrong on purpose (exit_mutants.hpp).
class Run {
public:
    virtual ~Run() = default;
    virtual std::vector<core::ExitCall> take_ready(TimePoint now) = 0;
    virtual void answered(std::size_t step, LRESULT answer, TimePoint now) = 0;
    virtual void broke(std::size_t step, Error error, TimePoint now) = 0;
    virtual void gone(std::size_t step, TimePoint now) = 0;
    virtual void advance(TimePoint now) = 0;
    [[nodiscard]] virtual std::optional<TimePoint> next_deadline() const = 0;
    [[nodiscard]] virtual bool done() const = 0;
    [[nodiscard]] virtual ExitReport report() const = 0;
};

// ExitRun as it is; mutants override what they spoil.
class RealRun : public Run {
public:
    RealRun(const SimulatedWorld& world, TimePoint now) : run_(world.world, world.options, now) {}
    std::vector<core::ExitCall> take_ready(TimePoint now) override { return run_.take_ready(now); }
    void answered(std::size_t step, LRESULT answer, TimePoint now) override {
        run_.answered(step, answer, now);
    }
    void broke(std::size_t step, Error error, TimePoint now) override {
        run_.broke(step, std::move(error), now);
    }
    void gone(std::size_t step, TimePoint now) override { run_.gone(step, now); }
    void advance(TimePoint now) override { run_.advance(now); }
    [[nodiscard]] std::optional<TimePoint> next_deadline() const override {
        return run_.next_deadline();
    }
    [[nodiscard]] bool done() const override { return run_.done(); }
    [[nodiscard]] ExitReport report() const override { return run_.report(); }

private:
    core::ExitRun run_;
};

using MakeRun = std::function<std::unique_ptr<Run>(const SimulatedWorld&, TimePoint)>;
std::unique_ptr<Run> make_real_run(const SimulatedWorld& world, TimePoint now);

struct Simulation {
    std::optional<Violation> violation;
    ExitReport report;
    std::string trace;  // what happened when, in lines; empty unless asked for
};

Simulation simulate(const SimulatedWorld& world, const MakeRun& make_run, bool with_trace);

}  // namespace instdrv::stress

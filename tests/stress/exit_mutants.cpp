#include "stress/exit_mutants.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <utility>

namespace instdrv::stress {
namespace {

// Each queue goes on to closing as soon as its own drivers are told. The real run is kept in the
// dark: it has no notify phase, and this class tells the drivers by itself.
class ClosesBeforeAllAreTold : public RealRun {
public:
    ClosesBeforeAllAreTold(const SimulatedWorld& world, TimePoint now)
        : RealRun(without_notify_time(world), now),
          calls_(core::calls_of(world.world, world.options)) {}

    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        if (std::exchange(told_, true)) return ready;
        for (const auto& call : calls_) {
            if (call.phase == ExitPhase::notify) ready.push_back(call);
        }
        return ready;
    }

private:
    static SimulatedWorld without_notify_time(SimulatedWorld world) {
        world.options.notify_timeout = {};
        return world;
    }
    std::vector<core::ExitCall> calls_;
    bool told_ = false;
};

class TellsTwice : public RealRun {
public:
    using RealRun::RealRun;
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        if (!ready.empty() && ready.front().message == DRV_EXITSESSION) {
            ready.push_back(ready.front());
        }
        return ready;
    }
};

// Answers in the place of the first driver.
class TellsOneTooFew : public RealRun {
public:
    using RealRun::RealRun;
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        if (ready.empty() || ready.front().message != DRV_EXITSESSION ||
            std::exchange(left_, true)) {
            return ready;
        }
        RealRun::answered(ready.front().step, 0, now);
        ready.erase(ready.begin());
        if (ready.empty()) return RealRun::take_ready(now);
        return ready;
    }

private:
    bool left_ = false;
};

// One thread for all queues: a hung driver keeps everybody waiting.
class OneAtATime : public RealRun {
public:
    using RealRun::RealRun;
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        for (const auto& call : RealRun::take_ready(now))
            queue_.push_back(call);
        if (out_ || queue_.empty()) return {};
        out_ = queue_.front().step;
        return {std::exchange(queue_, {queue_.begin() + 1, queue_.end()}).front()};
    }
    void answered(std::size_t step, LRESULT answer, TimePoint now) override {
        returned(step);
        RealRun::answered(step, answer, now);
    }
    void broke(std::size_t step, Error error, TimePoint now) override {
        returned(step);
        RealRun::broke(step, std::move(error), now);
    }
    void gone(std::size_t step, TimePoint now) override {
        returned(step);
        RealRun::gone(step, now);
    }

private:
    void returned(std::size_t step) {
        if (out_ == step) out_.reset();
    }
    std::deque<core::ExitCall> queue_;
    std::optional<std::size_t> out_;
};

// Has twice the time it was given.
class IsLate : public RealRun {
public:
    IsLate(const SimulatedWorld& world, TimePoint now) : RealRun(with_more_time(world), now) {}

private:
    static SimulatedWorld with_more_time(SimulatedWorld world) {
        world.options.notify_timeout *= 2;
        world.options.close_timeout *= 2;
        return world;
    }
};

// Its clock stands still.
class NeverGivesUp : public RealRun {
public:
    NeverGivesUp(const SimulatedWorld& world, TimePoint now) : RealRun(world, now), begin_(now) {}
    std::vector<core::ExitCall> take_ready(TimePoint) override {
        return RealRun::take_ready(begin_);
    }
    void answered(std::size_t step, LRESULT answer, TimePoint) override {
        RealRun::answered(step, answer, begin_);
    }
    void broke(std::size_t step, Error error, TimePoint) override {
        RealRun::broke(step, std::move(error), begin_);
    }
    void gone(std::size_t step, TimePoint) override { RealRun::gone(step, begin_); }
    void advance(TimePoint) override {}
    [[nodiscard]] std::optional<TimePoint> next_deadline() const override { return std::nullopt; }

private:
    TimePoint begin_;
};

// Does not wake its host at half of the close phase.
class SleepsOverTheHalf : public RealRun {
public:
    SleepsOverTheHalf(const SimulatedWorld& world, TimePoint now)
        : RealRun(world, now),
          end_(now + world.options.notify_timeout + world.options.close_timeout) {}
    [[nodiscard]] std::optional<TimePoint> next_deadline() const override {
        return told_ ? std::optional(end_) : RealRun::next_deadline();
    }
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        told_ = told_ || (!ready.empty() && ready.front().phase == ExitPhase::close);
        return ready;
    }

private:
    TimePoint end_;
    bool told_ = false;
};

// Takes a refusal for a reason to leave the module alone.
class StopsAtRefusals : public RealRun {
public:
    using RealRun::RealRun;
    void answered(std::size_t step, LRESULT answer, TimePoint now) override {
        if (answer != 0) return RealRun::answered(step, answer, now);
        RealRun::broke(step, {.code = ErrorCode::refused_close}, now);
    }
};

// Takes an instance that its program has closed for a reason to leave the module alone.
class StopsAtTheClosed : public RealRun {
public:
    using RealRun::RealRun;
    void gone(std::size_t step, TimePoint now) override {
        RealRun::broke(step, {.code = ErrorCode::bad_handle}, now);
    }
};

// Says done as soon as nothing is left to send.
class DoesNotWait : public RealRun {
public:
    using RealRun::RealRun;
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        freed_ = freed_ || std::any_of(ready.begin(), ready.end(), [](const core::ExitCall& call) {
                     return call.message == unloading_step;
                 });
        return ready;
    }
    [[nodiscard]] bool done() const override { return freed_ || RealRun::done(); }

private:
    bool freed_ = false;
};

// Reports what it would have liked.
class Embellishes : public RealRun {
public:
    using RealRun::RealRun;
    [[nodiscard]] ExitReport report() const override {
        auto report = RealRun::report();
        for (auto& driver : report.drivers) {
            for (auto& message : driver.messages) {
                if (message.outcome == ExitOutcome::timed_out)
                    message.outcome = ExitOutcome::answered;
            }
        }
        return report;
    }
};

// Leaves out of the report who was not told.
class Forgets : public RealRun {
public:
    using RealRun::RealRun;
    [[nodiscard]] ExitReport report() const override {
        auto report = RealRun::report();
        std::erase_if(report.drivers,
                      [](const ExitDriver& driver) { return driver.outcome() == "not told"; });
        return report;
    }
};

// Oldest first.
class Reverses : public RealRun {
public:
    Reverses(const SimulatedWorld& world, TimePoint now)
        : RealRun(reversed(world), now), count_(world.world.instances.size()) {}
    std::vector<core::ExitCall> take_ready(TimePoint now) override {
        auto ready = RealRun::take_ready(now);
        for (auto& call : ready) {
            if (call.instance) call.instance = count_ - 1 - *call.instance;
        }
        return ready;
    }

private:
    static SimulatedWorld reversed(SimulatedWorld world) {
        std::reverse(world.world.instances.begin(), world.world.instances.end());
        return world;
    }
    std::size_t count_;
};

template <class Wrong>
Mutant mutant(std::string_view name, std::string_view breaks) {
    return {name, breaks, [](const SimulatedWorld& world, TimePoint now) {
                return std::make_unique<Wrong>(world, now);
            }};
}

}  // namespace

std::span<const Mutant> mutants() {
    static const std::array all = {
        mutant<ClosesBeforeAllAreTold>("ClosesBeforeAllAreTold", "told"),
        mutant<TellsTwice>("TellsTwice", "told"),
        mutant<TellsOneTooFew>("TellsOneTooFew", "told"),
        mutant<OneAtATime>("OneAtATime", "delay"),
        mutant<IsLate>("IsLate", "delay"),
        mutant<NeverGivesUp>("NeverGivesUp", "ends"),
        mutant<SleepsOverTheHalf>("SleepsOverTheHalf", "delay"),
        mutant<StopsAtRefusals>("StopsAtRefusals", "delay"),
        mutant<StopsAtTheClosed>("StopsAtTheClosed", "delay"),
        mutant<DoesNotWait>("DoesNotWait", "durable"),
        mutant<Embellishes>("Embellishes", "report"),
        mutant<Forgets>("Forgets", "report"),
        mutant<Reverses>("Reverses", "order"),
    };
    return all;
}

}  // namespace instdrv::stress

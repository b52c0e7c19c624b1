#include "core/exit_run.hpp"

#include <algorithm>
#include <utility>

#include "messages/catalog.hpp"

namespace instdrv::core {
namespace {

// Far beyond any exit, and far from overflowing a TimePoint.
constexpr std::chrono::milliseconds longest_phase = std::chrono::hours(24 * 365);

std::chrono::milliseconds usable(std::chrono::milliseconds timeout) {
    return std::clamp(timeout, std::chrono::milliseconds(0), longest_phase);
}

bool refuses(UINT message, LRESULT answer) {
    return (message == DRV_CLOSE && answer == 0) || (message == DRV_POWER && answer == PWR_FAIL);
}

}  // namespace

ExitRun::ExitRun(const ExitWorld& world, const ExitOptions& options, TimePoint now)
    : ExitRun(world, options, calls_of(world, options), now) {}

ExitRun::ExitRun(ExitWorld world, const ExitOptions& options, const std::vector<ExitCall>& calls,
                 TimePoint now)
    : world_(std::move(world)),
      options_(options),
      started_(now),
      last_(now),
      deadline_(now + usable(options.notify_timeout)),
      end_(deadline_ + usable(options.close_timeout)) {
    for (const auto& module : world_.modules) {
        if (module.queue >= queues_.size()) queues_.resize(module.queue + 1);
    }
    for (const auto& call : calls) {
        queues_[call.queue].steps.push_back(call.step);
        ++open_in(call.phase);
        Step step;
        step.result.message = call.message;
        step.result.phase = call.phase;
        step.call = call;
        steps_.push_back(std::move(step));
    }
    for (std::size_t m = 0; m < world_.modules.size(); ++m) {
        if (world_.modules[m].enabled) continue;
        drop(queues_[world_.modules[m].queue], ErrorCode::broken, "an earlier call to it broke off",
             [m](const ExitCall& call) { return call.module == m; });
    }
    advance(now);
}

std::size_t& ExitRun::open_in(ExitPhase phase) {
    return phase == ExitPhase::notify ? open_notify_ : open_close_;
}

// ---- sending ------------------------------------------------------------------------------------

std::vector<ExitCall> ExitRun::take_ready(TimePoint now) {
    advance(now);
    if (phase_ == ExitPhase::close && now < in_order_until_) return take_next_in_order(now);
    std::vector<ExitCall> ready;
    for (auto& queue : queues_) {
        if (queue.out) continue;
        if (const auto step = next_waiting(queue)) ready.push_back(send(*step, now));
    }
    return ready;
}

std::vector<ExitCall> ExitRun::take_next_in_order(TimePoint now) {
    if (calls_out_ > 0) return {};
    while (in_order_ < steps_.size() && steps_[in_order_].state != State::waiting)
        ++in_order_;
    if (in_order_ == steps_.size()) return {};
    return {send(in_order_, now)};
}

std::optional<std::size_t> ExitRun::next_waiting(Queue& queue) const {
    while (queue.next < queue.steps.size() &&
           steps_[queue.steps[queue.next]].state != State::waiting) {
        ++queue.next;
    }
    if (queue.next == queue.steps.size()) return std::nullopt;
    const auto step = queue.steps[queue.next];
    if (steps_[step].call.phase != phase_) return std::nullopt;
    return step;
}

const ExitCall& ExitRun::send(std::size_t index, TimePoint now) {
    auto& step = steps_[index];
    step.state = State::out;
    step.sent = now;
    queues_[step.call.queue].out = index;
    ++calls_out_;
    return step.call;
}

// ---- ending calls -------------------------------------------------------------------------------

void ExitRun::answered(std::size_t index, LRESULT answer, TimePoint now) {
    auto* step = out_at(index, now);
    if (step == nullptr) return;
    step->result.answer = answer;
    end(*step, refuses(step->call.message, answer) ? ExitOutcome::refused : ExitOutcome::answered,
        now);
    enter_close_when_told(last_);
}

void ExitRun::broke(std::size_t index, Error error, TimePoint now) {
    auto* step = out_at(index, now);
    if (step == nullptr) return;
    const bool was_late = error.code == ErrorCode::timed_out;
    step->result.error = std::move(error);
    end(*step, was_late ? ExitOutcome::timed_out : ExitOutcome::failed, now);
    drop(queues_[step->call.queue], ErrorCode::broken, "an earlier call to it broke off",
         [m = step->call.module](const ExitCall& call) { return call.module == m; });
    enter_close_when_told(last_);
}

void ExitRun::gone(std::size_t index, TimePoint now) {
    auto* step = out_at(index, now);
    if (step == nullptr) return;
    end(*step, ExitOutcome::closed, now);
    const auto instance = step->call.instance;
    for (const auto other : queues_[step->call.queue].steps) {
        auto& later = steps_[other];
        if (!instance || later.call.instance != instance || later.state != State::waiting) continue;
        end(later, ExitOutcome::closed, now);
    }
    enter_close_when_told(last_);
}

// The step, if it is out and its phase's deadline has not passed.
ExitRun::Step* ExitRun::out_at(std::size_t index, TimePoint now) {
    if (!done() && now > deadline_) advance(now);
    if (index >= steps_.size() || steps_[index].state != State::out) return nullptr;
    last_ = std::max(last_, now);
    return &steps_[index];
}

void ExitRun::end(Step& step, ExitOutcome outcome, TimePoint now) {
    if (step.state == State::out) {
        queues_[step.call.queue].out.reset();
        --calls_out_;
        const auto took = std::max(now - step.sent, TimePoint::duration::zero());
        step.result.took = std::chrono::duration_cast<std::chrono::microseconds>(took);
    }
    step.state = State::ended;
    step.result.outcome = outcome;
    --open_in(step.call.phase);
}

template <class Belongs>
void ExitRun::drop(const Queue& queue, ErrorCode code, const char* cause, const Belongs& belongs) {
    for (const auto index : queue.steps) {
        auto& step = steps_[index];
        if (step.state != State::waiting || !belongs(step.call)) continue;
        step.dropped = {code, cause};
        end(step, ExitOutcome::not_sent, last_);
    }
}

// ---- time ---------------------------------------------------------------------------------------

void ExitRun::advance(TimePoint now) {
    if (done()) return;
    last_ = std::max(last_, now);
    enter_close_when_told(now);
    while (!done() && now >= deadline_) {
        expire(now);
        enter_close_when_told(now);
    }
}

void ExitRun::expire(TimePoint now) {
    for (auto& queue : queues_) {
        if (queue.out) {
            end(steps_[*queue.out], ExitOutcome::timed_out, now);
            drop(queue, ErrorCode::timed_out, "an earlier message to it was not answered in time",
                 [](const ExitCall&) { return true; });
        }
        drop(queue, ErrorCode::timed_out, "the time of the phase was used up",
             [phase = phase_](const ExitCall& call) { return call.phase == phase; });
    }
}

void ExitRun::enter_close_when_told(TimePoint now) {
    if (phase_ != ExitPhase::notify || open_notify_ > 0) return;
    phase_ = ExitPhase::close;
    deadline_ = std::min(now + usable(options_.close_timeout), end_);
    in_order_until_ = now + (deadline_ - now) / 2;
}

std::optional<ExitRun::TimePoint> ExitRun::next_deadline() const {
    if (done()) return std::nullopt;
    if (phase_ == ExitPhase::close && last_ < in_order_until_) return in_order_until_;
    return deadline_;
}

// ---- report -------------------------------------------------------------------------------------

namespace {

ExitDriver driver_of(const ExitModule& module, const ExitInstance* instance) {
    ExitDriver driver;
    driver.name = instance == nullptr ? module.name : instance->name;
    driver.file = module.file;
    driver.kind = module.kind;
    if (instance != nullptr) {
        driver.instance = instance->handle;
        driver.driver_id = instance->driver_id;
    }
    return driver;
}

void add(ExitDriver& driver, const std::vector<ExitMessage>& messages) {
    for (const auto& message : messages) {
        driver.took += message.took;
        driver.messages.push_back(message);
    }
}

}  // namespace

Error ExitRun::error_of(const Step& step) const {
    return {.code = step.dropped.code,
            .operation = "send " + messages::describe(step.call.message),
            .driver = world_.modules[step.call.module].file,
            .cause = step.dropped.cause};
}

ExitReport ExitRun::report() const {
    std::vector<std::vector<ExitMessage>> of_instance(world_.instances.size());
    std::vector<std::vector<ExitMessage>> of_module(world_.modules.size());
    for (const auto& step : steps_) {
        const auto& call = step.call;
        if (call.hidden || (call.waits && step.result.outcome == ExitOutcome::answered)) continue;
        auto& message = (call.instance ? of_instance[*call.instance] : of_module[call.module])
                            .emplace_back(step.result);
        if (step.dropped.cause != nullptr) message.error = error_of(step);
    }
    ExitReport report;
    report.options = options_;
    report.took = std::chrono::duration_cast<std::chrono::microseconds>(last_ - started_);
    std::vector<bool> seen(world_.modules.size());
    for (std::size_t i = world_.instances.size(); i-- > 0;) {
        const auto& instance = world_.instances[i];
        seen[instance.module] = true;
        auto& driver =
            report.drivers.emplace_back(driver_of(world_.modules[instance.module], &instance));
        add(driver, of_instance[i]);
        add(driver, of_module[instance.module]);
    }
    for (std::size_t m = world_.modules.size(); m-- > 0;) {
        const bool ended_elsewhere =
            world_.modules[m].state != ExitModuleState::ready && of_module[m].empty();
        if (seen[m] || ended_elsewhere) continue;
        add(report.drivers.emplace_back(driver_of(world_.modules[m], nullptr)), of_module[m]);
    }
    return report;
}

}  // namespace instdrv::core

// Carries session exits and rounds out on threads: one per lane, so that a driver which does not
// return holds up no other. A lane whose driver was given up keeps its thread, and with it what
// that thread still uses; everything the threads share is owned by all of them.
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/exit_run.hpp"
#include "core/round.hpp"
#include "host/impl.hpp"

namespace instdrv {
namespace {

using Clock = std::chrono::steady_clock;
using Snapshot = core::LifeCycle::ExitSnapshot;

struct Ended {
    core::ExitCall call;
    LRESULT answer = 0;
    std::optional<Error> error;
};

// What came back from the lanes, for the thread that runs the exit.
class Inbox {
public:
    void put(Ended ended) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(ended));
        arrived_.notify_one();
    }
    std::deque<Ended> take_until(Clock::time_point deadline) {
        std::unique_lock lock(mutex_);
        arrived_.wait_until(lock, deadline, [&] { return !waiting_.empty(); });
        return std::exchange(waiting_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Ended> waiting_;
};

using Carry = std::function<core::Answer(const core::ExitCall&)>;

// A thread that carries out calls one after another.
class Lane {
public:
    Lane(std::shared_ptr<Inbox> inbox, Carry carry) : shared_(std::make_shared<Shared>()) {
        thread_ = std::thread([shared = shared_, inbox = std::move(inbox),
                               carry = std::move(carry)] { run(*shared, *inbox, carry); });
    }
    Lane(Lane&&) noexcept = default;
    ~Lane() {
        if (!thread_.joinable()) return;
        bool returned = false;
        {
            const std::lock_guard lock(shared_->mutex);
            shared_->stop = true;
            returned = !shared_->busy;
            shared_->changed.notify_one();
        }
        if (returned) {
            thread_.join();
        } else {
            thread_.detach();
        }
    }

    void post(core::ExitCall call) {
        const std::lock_guard lock(shared_->mutex);
        shared_->calls.push_back(call);
        shared_->changed.notify_one();
    }

private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<core::ExitCall> calls;
        bool busy = false;
        bool stop = false;
    };

    static void run(Shared& shared, Inbox& inbox, const Carry& carry) {
        std::unique_lock lock(shared.mutex);
        for (;;) {
            shared.changed.wait(lock, [&] { return shared.stop || !shared.calls.empty(); });
            if (shared.stop) return;
            const core::ExitCall call = shared.calls.front();
            shared.calls.pop_front();
            shared.busy = true;
            lock.unlock();
            const core::Answer answer = carry(call);
            Ended ended{.call = call, .answer = answer.value, .error = std::nullopt};
            if (answer.broken != nullptr) ended.error = *answer.broken;
            lock.lock();
            // Before the answer is out: who reads it may be done, and then joins this thread.
            shared.busy = false;
            inbox.put(std::move(ended));
        }
    }

    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

void record(core::ExitRun& run, Ended ended) {
    const auto now = Clock::now();
    if (!ended.error) {
        run.answered(ended.call.step, ended.answer, now);
    } else if (ended.error->code == ErrorCode::bad_handle) {
        run.gone(ended.call.step, now);
    } else {
        run.broke(ended.call.step, std::move(*ended.error), now);
    }
}

// The modules whose last call has not come back when the exit is over.
class Outstanding {
public:
    void sent(const core::ExitCall& call) { modules_[call.step] = call.module; }
    void ended(const core::ExitCall& call) { modules_.erase(call.step); }
    [[nodiscard]] const std::unordered_map<std::size_t, std::size_t>& modules() const {
        return modules_;
    }

private:
    std::unordered_map<std::size_t, std::size_t> modules_;  // step to module
};

void carry_out(core::ExitRun& run, const Carry& carry, Outstanding& outstanding,
               const std::function<void(const Ended&)>& observer) {
    const auto inbox = std::make_shared<Inbox>();
    std::unordered_map<std::size_t, Lane> lanes;
    while (!run.done()) {
        for (const auto& call : run.take_ready(Clock::now())) {
            outstanding.sent(call);
            lanes.try_emplace(call.lane, inbox, carry).first->second.post(call);
        }
        const auto deadline = run.next_deadline();
        if (!deadline) break;
        for (auto& ended : inbox->take_until(*deadline)) {
            outstanding.ended(ended.call);
            observer(ended);
            record(run, std::move(ended));
        }
        run.advance(Clock::now());
    }
}

Status check_timeout(std::chrono::milliseconds timeout, const char* operation) {
    if (timeout.count() >= 0) return {};
    return failure(Error{.code = ErrorCode::invalid_argument,
                         .operation = operation,
                         .cause = "a timeout is negative"});
}

}  // namespace

Result<ExitReport> Host::Impl::exit_session(const ExitOptions& options,
                                            const ExitObserver& observer) {
    if (Status own = source_->owns_session("end the session"); !own) return failure(own.error());
    const auto shortest = std::min(options.notify_timeout, options.close_timeout);
    if (auto good = check_timeout(shortest, "end the session"); !good) {
        return failure(std::move(good).error());
    }
    if (!life_cycle_.begin_exit()) {
        return failure(Error{.code = ErrorCode::exiting,
                             .operation = "end the session",
                             .cause = "it has ended already, or is ending"});
    }
    const auto snapshot = std::make_shared<Snapshot>(life_cycle_.exit_snapshot(true));
    // The copies of this function in given-up lanes keep this object alive.
    const Carry carry = [self = shared_from_this(), snapshot](const core::ExitCall& call) {
        return self->life_cycle_.exit_call(call, snapshot->modules[call.module]);
    };
    const auto begun = std::min(options.begun.value_or(Clock::now()), Clock::now());
    core::ExitRun run(snapshot->world, options, begun);
    Outstanding outstanding;
    carry_out(run, carry, outstanding, [&](const Ended& ended) {
        if (!observer || ended.error || ended.call.hidden) return;
        observer({.file = snapshot->world.modules[ended.call.module].file,
                  .instance = ended.call.handle,
                  .message = ended.call.message});
    });
    for (const auto& [step, module] : outstanding.modules()) {
        life_cycle_.exit_abandon(snapshot->modules[module]);
    }
    auto report = run.report();
    // One that hangs may have used all the time there was; the others' files are few and small.
    constexpr std::chrono::milliseconds least{100};
    const auto end = begun + options.notify_timeout + options.close_timeout;
    if (Status flushed = source_->flush(std::max(end, Clock::now() + least)); !flushed) {
        report.not_flushed = std::move(flushed.error());
    }
    return report;
}

Result<RoundReport> Host::Impl::run_round(const core::Round& round) {
    if (Status own = source_->owns_session("send a message to all drivers"); !own) {
        return failure(own.error());
    }
    if (auto good = check_timeout(round.budget, "send a message to all drivers"); !good) {
        return failure(std::move(good).error());
    }
    const Carry carry = [self = shared_from_this()](const core::ExitCall& call) {
        return core::send(call.handle, call.message, call.lparam1, 0);
    };
    auto run = core::run_of(round, life_cycle_.exit_snapshot(false).world, Clock::now());
    Outstanding outstanding;
    carry_out(run, carry, outstanding, [](const Ended&) {});
    return core::report_of(round, run);
}

}  // namespace instdrv

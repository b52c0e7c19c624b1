// Carries session exits and rounds out on the threads of their modules, so that a driver which does
// not return holds up no other. A thread whose driver was given up keeps what it still uses:
// everything that threads share is owned by all of them.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "core/exit_run.hpp"
#include "core/no_memory.hpp"
#include "core/round.hpp"
#include "host/impl.hpp"
#include "supervisor/deadlines.hpp"

namespace instdrv {
namespace {

using Clock = std::chrono::steady_clock;
using Snapshot = core::LifeCycle::ExitSnapshot;
using ModuleThreads =
    std::vector<std::shared_ptr<WorkThread>>;  // by module; null: none could be made

struct Ended {
    core::ExitCall call;
    LRESULT answer = 0;
    std::optional<Error> error;
    Clock::time_point at;
};

// What came back from the threads, for the thread that runs the exit. It takes no memory once made.
class Inbox {
public:
    explicit Inbox(std::size_t calls) { waiting_.reserve(calls); }

    // Stamped here: how late the reader is changes nothing about when it came.
    void put(Ended ended) {
        const std::lock_guard lock(mutex_);
        ended.at = Clock::now();
        waiting_.push_back(std::move(ended));
        arrived_.notify_one();
    }
    // Puts all that came until now, which is what it returns, in the place of what is in `out`.
    Clock::time_point take_until(Clock::time_point deadline, std::vector<Ended>& out) {
        out.clear();
        std::unique_lock lock(mutex_);
        arrived_.wait_until(lock, deadline, [&] { return !waiting_.empty(); });
        waiting_.swap(out);
        return Clock::now();
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Ended> waiting_;
};

using Carry = std::function<core::Answer(const core::ExitCall&)>;
using Observe = std::function<void(const Ended&)>;

// On its module's thread. Whatever happens, something comes back.
Ended carry_one(const core::ExitCall& call, const Carry& carry) noexcept {
    Ended ended{.call = call, .answer = 0, .error = std::nullopt, .at = {}};
    try {
        const supervisor::EndingScope ending;
        const core::Answer answer = carry(call);
        ended.answer = answer.value;
        if (answer.broken != nullptr) ended.error = *answer.broken;
    } catch (const std::bad_alloc&) {
        ended.error = core::no_memory();
    }
    return ended;
}

void record(core::ExitRun& run, Ended ended) {
    if (!ended.error) {
        run.answered(ended.call.step, ended.answer, ended.at);
    } else if (ended.error->code == ErrorCode::bad_handle) {
        run.gone(ended.call.step, ended.at);
    } else {
        run.broke(ended.call.step, std::move(*ended.error), ended.at);
    }
}

// One exit or round under way.
class Execution {
public:
    Execution(core::ExitRun& run, Carry carry, ModuleThreads threads, Observe observe)
        : run_(run),
          carry_(std::make_shared<Carry>(std::move(carry))),
          threads_(std::move(threads)),
          observe_(std::move(observe)),
          inbox_(std::make_shared<Inbox>(run.size())) {
        came_.reserve(run.size());
    }

    void run() {
        while (!run_.done()) {
            bool posted = true;
            for (const auto& call : run_.take_ready(Clock::now()))
                posted = post(call) && posted;
            if (!posted) continue;  // what broke may have made way for others
            const auto deadline = run_.next_deadline();
            if (!deadline) return;
            const auto now = inbox_->take_until(*deadline, came_);
            for (auto& ended : came_) {
                if (observe_) observe_(ended);
                record(run_, std::move(ended));
            }
            run_.advance(now);
        }
    }

private:
    // False: it broke off instead.
    bool post(const core::ExitCall& call) {
        const auto& thread = threads_[call.module];
        try {
            if (thread != nullptr) {
                thread->post([call, inbox = inbox_, carry = carry_] {
                    inbox->put(carry_one(call, *carry));
                });
                return true;
            }
            run_.broke(call.step, no_thread(), Clock::now());
        } catch (const std::bad_alloc&) {
            run_.broke(call.step, core::no_memory(), Clock::now());
        }
        return false;
    }

    static Error no_thread() {
        return {.code = ErrorCode::out_of_memory, .cause = "the system has no thread for it"};
    }

    core::ExitRun& run_;
    std::shared_ptr<Carry> carry_;  // the copies of it in given-up threads keep alive what it uses
    ModuleThreads threads_;
    Observe observe_;
    std::shared_ptr<Inbox> inbox_;
    std::vector<Ended> came_;
};

// Shows an observer what has happened, on a thread of its own. It takes no memory once made.
class Showing {
public:
    Showing(const ExitObserver& observer, WorkThread* thread, const Snapshot& snapshot,
            std::size_t calls)
        : observer_(observer), snapshot_(snapshot) {
        if (!observer_ || thread == nullptr) return;
        waiting_.reserve(calls);
        thread->post([this] { show_all(); });
        shows_ = true;
    }
    // Returns when the observer has seen everything.
    ~Showing() {
        std::unique_lock lock(mutex_);
        over_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return !shows_; });
    }
    Showing(const Showing&) = delete;
    Showing& operator=(const Showing&) = delete;

    void show(const Ended& ended) {
        if (ended.error || ended.call.hidden || ended.call.waits) return;
        const std::lock_guard lock(mutex_);
        if (!shows_) return;
        waiting_.push_back(ended.call);
        changed_.notify_all();
    }

private:
    void show_all() {
        std::unique_lock lock(mutex_);
        for (std::size_t next = 0;; ++next) {
            changed_.wait(lock, [&] { return over_ || next < waiting_.size(); });
            if (next == waiting_.size()) break;
            const core::ExitCall call = waiting_[next];
            lock.unlock();
            observer_({.file = snapshot_.world.modules[call.module].file,
                       .instance = call.handle,
                       .message = call.message});
            lock.lock();
        }
        shows_ = false;
        changed_.notify_all();
    }

    const ExitObserver& observer_;
    const Snapshot& snapshot_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<core::ExitCall> waiting_;
    bool over_ = false;
    bool shows_ = false;  // the thread is at it
};

// Gives up what the exit has not ended, at the latest when it breaks off itself.
class GiveUpRest {
public:
    GiveUpRest(core::LifeCycle& life_cycle, const Snapshot& snapshot)
        : life_cycle_(life_cycle), snapshot_(snapshot) {}
    ~GiveUpRest() { give_up(); }
    GiveUpRest(const GiveUpRest&) = delete;
    GiveUpRest& operator=(const GiveUpRest&) = delete;

    void give_up() const {
        for (const auto& module : snapshot_.modules)
            life_cycle_.exit_abandon(module);
    }

private:
    core::LifeCycle& life_cycle_;
    const Snapshot& snapshot_;
};

Status check_timeout(std::chrono::milliseconds timeout, const char* operation) {
    if (timeout.count() >= 0) return {};
    return failure(Error{.code = ErrorCode::invalid_argument,
                         .operation = operation,
                         .cause = "a timeout is negative"});
}

ModuleThreads threads_of(const Snapshot& snapshot) {
    ModuleThreads threads;
    for (const auto& module : snapshot.modules)
        threads.push_back(module->thread);
    return threads;
}

// Of a round, whose calls may still be out when the next begins, or the exit.
ModuleThreads threads_for(const core::ExitWorld& world) {
    constexpr std::size_t stack = std::size_t{1} << 20;
    ModuleThreads threads(world.modules.size());
    for (const auto& instance : world.instances) {
        auto& thread = threads[instance.module];
        if (thread != nullptr) continue;
        if (auto started = WorkThread::start("instdrv-round", stack)) thread = *std::move(started);
    }
    return threads;
}

}  // namespace

Result<ExitReport> Host::Impl::exit_session(const ExitOptions& options,
                                            const ExitObserver& observer) {
    const auto called = Clock::now();
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
    const auto begun = std::min(options.begun.value_or(called), called);
    try {
        return end_drivers(options, observer, begun);
    } catch (const std::bad_alloc&) {
        // Drivers that had not ended by then were given up, or end with the host.
        return failure(core::no_memory());
    }
}

Result<ExitReport> Host::Impl::end_drivers(const ExitOptions& options, const ExitObserver& observer,
                                           std::chrono::steady_clock::time_point begun) {
    const auto snapshot = std::make_shared<Snapshot>(life_cycle_.exit_snapshot(true));
    const GiveUpRest rest(life_cycle_, *snapshot);
    const Carry carry = [self = shared_from_this(), snapshot](const core::ExitCall& call) {
        return self->life_cycle_.exit_call(call, snapshot->modules[call.module]);
    };
    core::ExitRun run(snapshot->world, options, begun);
    const auto thread = observers();  // none: nothing is loaded
    Showing showing(observer, thread.get(), *snapshot, run.size());
    Execution(run, carry, threads_of(*snapshot), [&](const Ended& ended) {
        showing.show(ended);
    }).run();
    rest.give_up();
    // One that hangs may have used all the time there was; the others' files are few and small.
    constexpr std::chrono::milliseconds least{100};
    const auto end = begun + options.notify_timeout + options.close_timeout;
    Status flushed = source_->flush(std::max(end, Clock::now() + least));
    auto report = run.report();  // which may be long
    if (!flushed) report.not_flushed = std::move(flushed).error();
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
    const auto world = life_cycle_.exit_snapshot(false).world;
    auto run = core::run_of(round, world, Clock::now());
    Execution(run, carry, threads_for(world), {}).run();
    return core::report_of(round, run);
}

}  // namespace instdrv

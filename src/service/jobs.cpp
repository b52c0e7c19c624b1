#include "service/jobs.hpp"

#include <atomic>
#include <cerrno>
#include <list>
#include <mutex>
#include <utility>

#include "base/event_fd.hpp"
#include "base/thread.hpp"

namespace instdrv::service {

struct Jobs::Shared {
    EventFd event;
    std::atomic<std::size_t> running = 0;
    std::mutex mutex;
    std::list<Action> actions;  // its end takes no memory, as that of a deque does
    bool closed = false;

    void put(Action action) {
        const std::lock_guard lock(mutex);
        if (closed) return;
        actions.push_back(std::move(action));
        event.set();
    }
};

Result<std::unique_ptr<Jobs>> Jobs::open(session::EventLoop& loop) {
    auto kept = WorkThread::start("exit", 0);
    if (!kept) return failure(std::move(kept).error());
    auto spare = WorkThread::start("jobs", 0);
    if (!spare) return failure(std::move(spare).error());
    auto shared = std::make_shared<Shared>();
    shared->event = EventFd::make();
    if (!shared->event) return failure(io_error("make an event", {}, errno));
    std::unique_ptr<Jobs> jobs(new Jobs(std::move(shared), *std::move(kept), *std::move(spare)));
    auto watch = loop.when_readable(jobs->shared_->event.get(),
                                    [self = jobs.get()] { self->run_actions(); });
    if (!watch) return failure(std::move(watch).error());
    jobs->watch_ = std::move(*watch);
    return jobs;
}

Jobs::~Jobs() {
    std::list<Action> dropped;  // destroyed without the lock
    const std::lock_guard lock(shared_->mutex);
    shared_->closed = true;
    dropped.swap(shared_->actions);
}

// Counted as running from now on.
std::function<void()> Jobs::job_of(Work work) {
    ++shared_->running;
    return [shared = shared_, work = std::make_shared<Work>(std::move(work))] {
        Action action = (*work)();
        *work = nullptr;  // what it owned goes before the loop hears of its end
        --shared->running;
        shared->put(std::move(action));
    };
}

void Jobs::start(Work work) {
    const auto job = job_of(std::move(work));
    if (!start_detached("job", 0, job)) spare_->post(job);
}

void Jobs::start_kept(Work work) { kept_->post(job_of(std::move(work))); }

Jobs::Post Jobs::post() const {
    return [shared = shared_](Action action) { shared->put(std::move(action)); };
}

std::size_t Jobs::running() const noexcept { return shared_->running; }

void Jobs::run_actions() {
    shared_->event.clear();
    std::list<Action> due;
    {
        const std::lock_guard lock(shared_->mutex);
        due.swap(shared_->actions);
    }
    for (const auto& action : due)
        action();
}

}  // namespace instdrv::service

#include "base/work_thread.hpp"

#include <condition_variable>
#include <list>
#include <mutex>
#include <utility>

#include "base/thread.hpp"

namespace instdrv {

struct WorkThread::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::list<Work> waiting;  // a deque takes memory even to be empty, and the end of one has none
    bool busy = false;
    bool stop = false;
};

WorkThread::WorkThread(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}

Result<std::shared_ptr<WorkThread>> WorkThread::start(std::string_view name,
                                                      std::size_t stack_bytes) {
    auto shared = std::make_shared<Shared>();
    std::shared_ptr<WorkThread> thread(new WorkThread(shared));
    Status started = start_detached(name, stack_bytes, [shared] { run(*shared); });
    if (!started) return failure(std::move(started.error()));
    return thread;
}

WorkThread::~WorkThread() {
    std::list<Work> dropped;  // destroyed without the lock
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    dropped.swap(shared_->waiting);
    shared_->changed.notify_all();
}

void WorkThread::post(Work work) {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting.push_back(std::move(work));
    shared_->changed.notify_all();
}

bool WorkThread::wait(Clock::time_point until) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_until(
        lock, until, [this] { return !shared_->busy && shared_->waiting.empty(); });
}

void WorkThread::run(Shared& shared) {
    std::unique_lock lock(shared.mutex);
    for (;;) {
        shared.changed.wait(lock, [&] { return shared.stop || !shared.waiting.empty(); });
        if (shared.stop) return;
        auto work = std::move(shared.waiting.front());
        shared.waiting.pop_front();
        shared.busy = true;
        lock.unlock();
        work();
        work = nullptr;  // what it owned may be the thread itself
        lock.lock();
        shared.busy = false;
        shared.changed.notify_all();
    }
}

}  // namespace instdrv

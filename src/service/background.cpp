#include "service/background.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

namespace instdrv::service {

struct Background::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Work> waiting;
    bool busy = false;
    bool stop = false;

    void run() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [this] { return stop || !waiting.empty(); });
            if (stop) return;
            Work work = std::move(waiting.front());
            waiting.pop_front();
            busy = true;
            lock.unlock();
            work();
            work = nullptr;
            lock.lock();
            busy = false;
            changed.notify_all();
        }
    }
};

Result<std::unique_ptr<Background>> Background::start(std::string_view name) {
    auto shared = std::make_shared<Shared>();
    auto thread = Thread::start(name, 0, [shared] { shared->run(); });
    if (!thread) return failure(std::move(thread.error()));
    return std::unique_ptr<Background>(new Background(std::move(shared), *std::move(thread)));
}

Background::~Background() {
    std::deque<Work> dropped;  // destroyed without the lock
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    dropped.swap(shared_->waiting);
    shared_->changed.notify_all();
    if (shared_->busy) thread_.detach();
}

void Background::put(Work work) {
    const std::lock_guard lock(shared_->mutex);
    shared_->waiting.push_back(std::move(work));
    shared_->changed.notify_all();
}

bool Background::wait(Clock::time_point until) {
    std::unique_lock lock(shared_->mutex);
    return shared_->changed.wait_until(
        lock, until, [this] { return !shared_->busy && shared_->waiting.empty(); });
}

}  // namespace instdrv::service

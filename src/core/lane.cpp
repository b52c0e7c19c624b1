#include "core/lane.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "base/thread.hpp"

namespace instdrv::core {

struct Lane::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Work> work;
    bool stop = false;
};

Lane::Lane(std::shared_ptr<Shared> shared) noexcept : shared_(std::move(shared)) {}

Result<std::shared_ptr<Lane>> Lane::start(std::string_view name, std::size_t stack_bytes) {
    auto shared = std::make_shared<Shared>();
    std::shared_ptr<Lane> lane(new Lane(shared));
    Status started = start_detached(name, stack_bytes, [shared] { run(*shared); });
    if (!started) return failure(std::move(started.error()));
    return lane;
}

Lane::~Lane() {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
    shared_->changed.notify_one();
}

void Lane::post(Work work) {
    const std::lock_guard lock(shared_->mutex);
    shared_->work.push_back(std::move(work));
    shared_->changed.notify_one();
}

void Lane::run(Shared& shared) {
    std::unique_lock lock(shared.mutex);
    for (;;) {
        shared.changed.wait(lock, [&] { return shared.stop || !shared.work.empty(); });
        if (shared.stop) return;
        auto work = std::move(shared.work.front());
        shared.work.pop_front();
        lock.unlock();
        work();
        work = nullptr;  // what it owned may be the lane itself
        lock.lock();
    }
}

}  // namespace instdrv::core

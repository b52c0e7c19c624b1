#include "core/module_loader.hpp"

#include <utility>

namespace instdrv::core {

std::shared_ptr<void> WorkerQuota::take(const std::shared_ptr<WorkerQuota>& from) {
    ++from->used_;
    std::shared_ptr<void> place(from.get(), [from](void*) { --from->used_; });
    return from->used_ <= from->most_ ? place : nullptr;
}

void LoadUnderWay::ended_by(std::function<void()> end) {
    std::unique_lock lock(mutex_);
    if (!abandoned_) {
        end_ = std::move(end);
        return;
    }
    lock.unlock();
    end();
}

void LoadUnderWay::abandon() {
    std::unique_lock lock(mutex_);
    if (std::exchange(abandoned_, true)) return;
    const auto end = std::exchange(end_, nullptr);
    lock.unlock();
    if (end) end();
}

}  // namespace instdrv::core

#include "core/module.hpp"

#include <new>
#include <utility>

namespace instdrv::core {

std::shared_ptr<void> WorkerQuota::take(const std::shared_ptr<WorkerQuota>& from) {
    ++from->used_;
    std::shared_ptr<void> place(from.get(), [from](void*) { --from->used_; });
    return from->used_ <= from->most_ ? place : nullptr;
}

std::shared_ptr<std::byte> Module::take_buffer(std::size_t size) {
    // Aligned for whatever a driver does with it.
    constexpr std::align_val_t alignment{64};
    auto* const memory = static_cast<std::byte*>(::operator new(size, alignment, std::nothrow));
    return {memory, [](std::byte* bytes) { ::operator delete(bytes, alignment); }};
}

Result<SharedChannel> Module::share() {
    return failure(Error{.code = ErrorCode::unsupported,
                         .operation = "share a driver",
                         .cause = "it runs in no worker, so no other process can reach it",
                         .advice = "Give it placement=worker in the configuration"});
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

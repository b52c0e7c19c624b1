#include "worker/mapped_parts.hpp"

#include <utility>

namespace instdrv::worker {
namespace {

Error no_room() {
    return {.code = ErrorCode::out_of_memory,
            .cause = "the programs that share the driver have no room for so much with it",
            .advice = "Send less at a time, or let programs end that share it"};
}

}  // namespace

bool PartsQuota::take(std::uint64_t bytes) noexcept {
    auto used = used_.load();
    do {
        if (bytes > most - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes));
    return true;
}

Result<std::span<std::byte>> MappedParts::add(std::uint64_t offset, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    if (size > region_.size() - bytes_ || !quota_.take(size)) return failure(no_room());
    auto part = region_.map_more(offset, size);
    if (!part) {
        quota_.give_back(size);
        return failure(std::move(part.error()));
    }
    bytes_ += size;
    return parts_.emplace_back(*std::move(part)).bytes();
}

}  // namespace instdrv::worker

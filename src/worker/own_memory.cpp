#include "worker/own_memory.hpp"

#include <utility>

namespace instdrv::worker {

OwnMemory::OwnMemory(const channel::Region& region, MappedParts& parts, bool is_clients)
    : region_(region), parts_(parts) {
    const auto memory = region.worker_arena();
    if (!is_clients) use(memory, reinterpret_cast<std::uintptr_t>(memory.data()));
}

void OwnMemory::use(std::span<std::byte> memory, std::uint64_t there) noexcept {
    begin_ = memory.data();
    there_ = there;
    arena_.emplace(memory);
}

Status OwnMemory::map() {
    const std::lock_guard lock(mutex_);
    if (arena_) return {};
    const auto place = region_.worker_arena();
    const auto offset = static_cast<std::uint64_t>(place.data() - region_.base());
    const auto memory = parts_.add(offset, place.size());
    if (!memory) return failure(memory.error());
    use(*memory, channel::client_worker_arena);
    return {};
}

Result<messages::Block> OwnMemory::take(std::size_t size) {
    if (Status mapped = map(); !mapped) return failure(std::move(mapped.error()));
    const auto piece = arena_->take(size);
    if (!piece) {
        return failure(Error{.code = ErrorCode::out_of_memory,
                             .cause = "its channel has no room for what it sends"});
    }
    return messages::Block{.here = piece->first(size),
                           .there = there_ + static_cast<std::uint64_t>(piece->data() - begin_)};
}

}  // namespace instdrv::worker

#include "worker/own_memory.hpp"

namespace instdrv::worker {

Result<messages::Block> OwnMemory::take(std::size_t size) {
    const auto piece = arena_.take(size);
    if (!piece) {
        return failure(Error{.code = ErrorCode::out_of_memory,
                             .cause = "its channel has no room for what it sends"});
    }
    return messages::Block{
        .here = piece->first(size),
        .there = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(piece->data()))};
}

}  // namespace instdrv::worker

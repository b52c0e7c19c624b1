#include "supervisor/channel_memory.hpp"

#include <fmt/format.h>

#include "supervisor/client.hpp"

namespace instdrv::supervisor {

ChannelMemory::ChannelMemory(const channel::Region& region, const channel::Start::Answer& facts)
    : region_(region), facts_(facts), arena_(region.supervisor_arena()) {}

std::uint64_t ChannelMemory::translated(const std::byte* here) const noexcept {
    return facts_.base + static_cast<std::uint64_t>(here - region_.base());
}

Result<messages::Block> ChannelMemory::take(std::size_t size) {
    const auto piece = arena_.take(size);
    if (!piece) {
        return failure(
            Error{.code = ErrorCode::out_of_memory,
                  .cause = fmt::format("its channel has no room for {} bytes more", size),
                  .advice = "Send less at a time"});
    }
    return messages::Block{.here = piece->first(size), .there = translated(piece->data())};
}

void ChannelMemory::give_back(const messages::Block& block) noexcept {
    arena_.give_back(block.here);
}

std::optional<std::uint64_t> ChannelMemory::there(std::uint64_t client_address,
                                                  std::uint64_t size) const {
    if (current_client().is_driver()) return std::nullopt;
    const auto* const here =
        reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(client_address));
    if (!arena_.contains(here, static_cast<std::size_t>(size))) return std::nullopt;
    return translated(here);
}

}  // namespace instdrv::supervisor

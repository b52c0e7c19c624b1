#include "supervisor/channel_memory.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "supervisor/client.hpp"

namespace instdrv::supervisor {
namespace {

constexpr std::size_t smallest_growth = std::size_t{1} << 20;

std::size_t end_of_arena(const channel::Region& region) noexcept {
    return channel::arena_offset + region.supervisor_arena().size();
}

Error no_room(std::size_t size) {
    return {.code = ErrorCode::out_of_memory,
            .cause = fmt::format("its channel has no room for {} bytes more", size),
            .advice = "Send less at a time"};
}

}  // namespace

ChannelMemory::ChannelMemory(const channel::Region& region, const channel::Start::Answer& facts,
                             MapMore map_more)
    : region_(region),
      facts_(facts),
      map_more_(std::move(map_more)),
      reach_(map_more_ ? std::min(channel::client_region_reach, end_of_arena(region))
                       : end_of_arena(region)) {
    pieces_[0].emplace(region.supervisor_arena().first(reach_ - channel::arena_offset), 0);
    count_ = 1;
}

std::span<const std::optional<ChannelMemory::Piece>> ChannelMemory::pieces() const noexcept {
    return std::span(pieces_).first(count_.load(std::memory_order_acquire));
}

std::span<std::optional<ChannelMemory::Piece>> ChannelMemory::pieces() noexcept {
    return std::span(pieces_).first(count_.load(std::memory_order_acquire));
}

std::uint64_t ChannelMemory::translated(const Piece& piece, const std::byte* here) const noexcept {
    const bool is_first = &piece == &*pieces_[0];
    const auto there = is_first ? facts_.base + channel::arena_offset : piece.there;
    return there + static_cast<std::uint64_t>(here - piece.begin);
}

std::optional<messages::Block> ChannelMemory::take_from_pieces(std::size_t size) {
    for (auto& piece : pieces()) {
        if (const auto taken = piece->arena.take(size)) {
            return messages::Block{.here = taken->first(size),
                                   .there = translated(*piece, taken->data())};
        }
    }
    return std::nullopt;
}

Result<messages::Block> ChannelMemory::take(std::size_t size) {
    if (const auto block = take_from_pieces(size)) return *block;
    const std::lock_guard lock(growing_);
    if (const auto block = take_from_pieces(size)) return *block;  // another thread let it grow
    if (Status grown = grow(size); !grown) return failure(std::move(grown.error()));
    if (const auto block = take_from_pieces(size)) return *block;
    return failure(no_room(size));
}

// Each piece is larger than the one before, so that there are few.
Status ChannelMemory::grow(std::size_t size) {
    constexpr auto page = channel::Region::page;
    const auto number = count_.load();
    const auto rest = end_of_arena(region_) - reach_;
    if (size > rest || rest == 0 || number == pieces_.size()) return failure(no_room(size));
    const auto needed = std::max((size + page - 1) / page * page, smallest_growth << (number - 1));
    const auto grown = std::min(needed, rest);
    const auto there = map_more_(reach_, grown);
    if (!there) return failure(there.error());
    pieces_[number].emplace(std::span(region_.base() + reach_, grown), *there);
    reach_ += grown;
    count_.store(number + 1, std::memory_order_release);
    return {};
}

void ChannelMemory::give_back(const messages::Block& block) noexcept {
    for (auto& piece : pieces()) {
        if (piece->arena.contains(block.here.data(), block.here.size())) {
            piece->arena.give_back(block.here);
        }
    }
}

std::optional<std::uint64_t> ChannelMemory::there(std::uint64_t client_address,
                                                  std::uint64_t size) const {
    if (current_client().is_driver()) return std::nullopt;
    const auto* const here =
        reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(client_address));
    for (const auto& piece : pieces()) {
        if (piece->arena.contains(here, static_cast<std::size_t>(size))) {
            return translated(*piece, here);
        }
    }
    return std::nullopt;
}

std::size_t ChannelMemory::in_use() const {
    std::size_t sum = 0;
    for (const auto& piece : pieces())
        sum += piece->arena.in_use();
    return sum;
}

}  // namespace instdrv::supervisor

// The supervisor's part of a channel's arena, from which messages take memory. A worker may have
// mapped only the beginning of a channel, as of a client's; when that is used up, it is asked to
// map more. [any thread]
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "channel/arena.hpp"
#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "messages/memory.hpp"

namespace instdrv::supervisor {

class ChannelMemory final : public messages::SharedMemory {
public:
    // Has the worker map a part of the region. Returns where it has it.
    using MapMore = std::function<Result<std::uint64_t>(std::uint64_t offset, std::uint64_t size)>;

    // Both outlive it. `facts` is filled in by the time memory is first taken. map_more: of a
    // client's channel; null: the worker has all of it.
    ChannelMemory(const channel::Region& region, const channel::Start::Answer& facts,
                  MapMore map_more);

    Result<messages::Block> take(std::size_t size) override;
    void give_back(const messages::Block& block) noexcept override;
    // Nothing for a driver's addresses: they are not of this process.
    std::optional<std::uint64_t> there(std::uint64_t client_address,
                                       std::uint64_t size) const override;

    [[nodiscard]] std::size_t in_use() const;

private:
    // A piece of the channel that the worker has mapped at once.
    struct Piece {
        Piece(std::span<std::byte> memory, std::uint64_t address)
            : begin(memory.data()), there(address), arena(memory) {}
        const std::byte* begin;
        std::uint64_t there;  // in the worker; the first piece's follows from its facts
        channel::Arena arena;
    };

    [[nodiscard]] std::span<const std::optional<Piece>> pieces() const noexcept;
    [[nodiscard]] std::span<std::optional<Piece>> pieces() noexcept;
    std::optional<messages::Block> take_from_pieces(std::size_t size);
    [[nodiscard]] std::uint64_t translated(const Piece& piece,
                                           const std::byte* here) const noexcept;
    Status grow(std::size_t size);

    const channel::Region& region_;
    const channel::Start::Answer& facts_;
    const MapMore map_more_;
    std::mutex growing_;
    std::array<std::optional<Piece>, 8> pieces_;
    std::atomic<std::size_t> count_{0};  // of the pieces, which stay
    std::size_t reach_;                  // of the region, as far as there are pieces; growing_
};

}  // namespace instdrv::supervisor

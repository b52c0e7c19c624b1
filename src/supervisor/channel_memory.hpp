// The supervisor's part of a channel's arena, as messages take memory from it. [any thread]
#pragma once

#include "channel/arena.hpp"
#include "channel/protocol.hpp"
#include "channel/region.hpp"
#include "messages/memory.hpp"

namespace instdrv::supervisor {

class ChannelMemory final : public messages::SharedMemory {
public:
    // Both outlive it. `facts` is filled in by the time memory is first taken.
    ChannelMemory(const channel::Region& region, const channel::Start::Answer& facts);

    Result<messages::Block> take(std::size_t size) override;
    void give_back(const messages::Block& block) noexcept override;
    // Nothing for a driver's addresses: they are not of this process.
    std::optional<std::uint64_t> there(std::uint64_t client_address,
                                       std::uint64_t size) const override;

    [[nodiscard]] std::size_t in_use() const { return arena_.in_use(); }

private:
    [[nodiscard]] std::uint64_t translated(const std::byte* here) const noexcept;

    const channel::Region& region_;
    const channel::Start::Answer& facts_;
    channel::Arena arena_;
};

}  // namespace instdrv::supervisor

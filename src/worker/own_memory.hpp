// The worker's part of a channel's arena: what a driver sends to other drivers and to its clients
// is copied there, because the other side can read no other memory of this process. [any thread]
#pragma once

#include <mutex>
#include <optional>

#include "channel/arena.hpp"
#include "channel/region.hpp"
#include "messages/memory.hpp"
#include "worker/mapped_parts.hpp"

namespace instdrv::worker {

class OwnMemory final : public messages::SharedMemory {
public:
    // Both arguments outlive the object. is_clients: a client's channel, of which the worker's part
    // is not mapped yet.
    OwnMemory(const channel::Region& region, MappedParts& parts, bool is_clients);

    Result<messages::Block> take(std::size_t size) override;
    void give_back(const messages::Block& block) noexcept override {
        arena_->give_back(block.here);
    }
    // A driver's buffers never lie in it.
    std::optional<std::uint64_t> there(std::uint64_t, std::uint64_t) const override {
        return std::nullopt;
    }

private:
    Status map();
    void use(std::span<std::byte> memory, std::uint64_t there) noexcept;

    const channel::Region& region_;
    MappedParts& parts_;
    std::mutex mutex_;
    std::optional<channel::Arena> arena_;  // mutex_, until it is there
    const std::byte* begin_ = nullptr;
    std::uint64_t there_ = 0;  // of its beginning
};

}  // namespace instdrv::worker

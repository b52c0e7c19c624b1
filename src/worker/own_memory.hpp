// The worker's part of the arena: what a driver sends to other drivers is copied there, because the
// supervisor reads nothing else of this process. [any thread]
#pragma once

#include "channel/arena.hpp"
#include "channel/region.hpp"
#include "messages/memory.hpp"

namespace instdrv::worker {

class OwnMemory final : public messages::SharedMemory {
public:
    explicit OwnMemory(const channel::Region& region) : arena_(region.worker_arena()) {}

    Result<messages::Block> take(std::size_t size) override;
    void give_back(const messages::Block& block) noexcept override { arena_.give_back(block.here); }
    // A driver's buffers never lie in it.
    std::optional<std::uint64_t> there(std::uint64_t, std::uint64_t) const override {
        return std::nullopt;
    }

private:
    channel::Arena arena_;
};

}  // namespace instdrv::worker

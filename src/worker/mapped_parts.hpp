// The parts of clients' channels that a worker has mapped, besides the beginning of each
// (channel/layout.hpp): parts that clients asked for, and parts for what drivers send them. They
// are bounded for each client and for all clients together, to leave address space for the drivers.
// [any thread]
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "channel/region.hpp"

namespace instdrv::worker {

// The quota of all clients together.
class PartsQuota {
public:
    static constexpr std::uint64_t most = std::uint64_t{512} << 20;  // bytes

    bool take(std::uint64_t bytes) noexcept;
    void give_back(std::uint64_t bytes) noexcept { used_ -= bytes; }

private:
    std::atomic<std::uint64_t> used_{0};
};

class MappedParts {
public:
    // Both outlive it.
    MappedParts(const channel::Region& region, PartsQuota& quota) noexcept
        : region_(region), quota_(quota) {}
    MappedParts(const MappedParts&) = delete;
    MappedParts& operator=(const MappedParts&) = delete;
    ~MappedParts() { quota_.give_back(bytes_); }

    // Until this is destroyed. See Region::map_more.
    Result<std::span<std::byte>> add(std::uint64_t offset, std::uint64_t size);

private:
    const channel::Region& region_;
    PartsQuota& quota_;
    std::mutex mutex_;
    std::uint64_t bytes_ = 0;
    std::vector<channel::Mapping> parts_;
};

}  // namespace instdrv::worker

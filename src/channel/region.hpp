// A channel's shared memory, mapped into this process.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/fd.hpp"
#include "channel/layout.hpp"

namespace instdrv::channel {

// Part of a region that is mapped beside it.
class Mapping {
public:
    Mapping(std::byte* base, std::size_t size) noexcept : bytes_(base, size) {}
    Mapping(Mapping&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    Mapping& operator=(Mapping&&) = delete;
    ~Mapping();
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return bytes_; }

private:
    std::span<std::byte> bytes_;
};

class Region {
public:
    static constexpr std::size_t page = 4096;

    // A new one, for a supervisor. It can be neither resized nor run, and takes memory only where
    // it was written to. `size` is rounded up to whole pages.
    static Result<Region> create(std::size_t size);
    // The region behind a descriptor, for a worker. Where its supervisor has it, if that place is
    // free here. Fails for anything that is no region of this version.
    static Result<Region> attach(const Fd& fd);
    // The same of a client's, for the worker: no more than client_region_reach of it is mapped, and
    // the region keeps `fd` to map more.
    static Result<Region> attach_client(Fd fd);

    Region(Region&& other) noexcept;
    Region& operator=(Region&& other) noexcept;
    ~Region();

    [[nodiscard]] const Fd& fd() const noexcept { return fd_; }
    [[nodiscard]] std::byte* base() const noexcept { return base_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }  // mapped or not
    [[nodiscard]] RegionHeader& header() const noexcept {
        return *reinterpret_cast<RegionHeader*>(base_);
    }
    // More of it, at an address of its own: `size` bytes from `offset` on, both whole pages.
    [[nodiscard]] Result<Mapping> map_more(std::uint64_t offset, std::uint64_t size) const;
    // index < lane_count
    [[nodiscard]] Lane& lane(std::size_t index) const noexcept {
        return reinterpret_cast<Lane*>(base_ + lanes_offset)[index];
    }
    [[nodiscard]] CrashArea& crash() const noexcept {
        return *reinterpret_cast<CrashArea*>(base_ + crash_offset);
    }
    // The memory for buffers of messages: the supervisor's part of the arena, and the worker's
    // part, an eighth, for what drivers themselves send.
    [[nodiscard]] std::span<std::byte> supervisor_arena() const noexcept {
        return {base_ + arena_offset, (size_ - arena_offset) / 8 * 7 / page * page};
    }
    [[nodiscard]] std::span<std::byte> worker_arena() const noexcept {
        const auto first = arena_offset + supervisor_arena().size();
        return {base_ + first, size_ - first};
    }
    [[nodiscard]] bool contains(const void* address, std::size_t size) const noexcept;

private:
    Region(Fd fd, std::byte* base, std::size_t size, std::size_t mapped) noexcept
        : fd_(std::move(fd)), base_(base), size_(size), mapped_(mapped) {}
    static Result<Region> attach(const Fd& fd, std::size_t reach);

    Fd fd_;  // a worker's own is closed: it needs it no more
    std::byte* base_ = nullptr;
    std::size_t size_ = 0;
    std::size_t mapped_ = 0;
};

}  // namespace instdrv::channel

// An allocator over a stretch of shared memory. Its bookkeeping lies outside of that memory, so
// that others who can write there cannot corrupt it. [any thread]
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <span>

namespace instdrv::channel {

class Arena {
public:
    static constexpr std::size_t alignment = 64;

    explicit Arena(std::span<std::byte> memory);
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // `size` bytes (at least one), aligned, with any content. std::nullopt if no free stretch is
    // large enough.
    std::optional<std::span<std::byte>> take(std::size_t size);
    // A piece that take() returned, once.
    void give_back(std::span<std::byte> piece) noexcept;

    [[nodiscard]] bool contains(const void* address, std::size_t size) const noexcept;
    [[nodiscard]] std::size_t in_use() const;  // bytes

private:
    using Stretches = std::map<std::size_t, std::size_t>;  // offset to size
    void add_free(Stretches::node_type stretch) noexcept;

    std::span<std::byte> memory_;
    mutable std::mutex mutex_;
    Stretches free_;
    Stretches taken_;
};

}  // namespace instdrv::channel

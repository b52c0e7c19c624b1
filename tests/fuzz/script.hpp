// What is left of an input: numbers and bytes that decide what a hostile side does next.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

namespace instdrv::fuzz {

// Zeros behind the end of the input.
class Script {
public:
    explicit Script(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    std::span<const std::uint8_t> take(std::size_t size) {
        const auto taken = bytes_.first(std::min(size, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        const auto bytes = take(size);
        if (!bytes.empty()) std::memcpy(&value, bytes.data(), bytes.size());
        return value;
    }
    // One of so many.
    std::size_t choice(std::size_t count) { return static_cast<std::size_t>(number(1)) % count; }

private:
    std::span<const std::uint8_t> bytes_;
};

}  // namespace instdrv::fuzz

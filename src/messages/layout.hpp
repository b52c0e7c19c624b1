// Computes where the fields of a declared structure lie, and reads and writes their numbers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "messages/declaration.hpp"

namespace instdrv::messages {

static_assert(std::endian::native == std::endian::little, "as Windows drivers are");

inline constexpr std::size_t most_fields = 24;

struct Layout {
    unsigned pointer = 8;  // bytes
    std::array<std::uint16_t, most_fields> offsets{};
    std::uint16_t size = 0;

    constexpr unsigned size_of(const Field& field) const noexcept {
        return field.size == pointer_sized ? pointer : field.size;
    }
};

// `natural` decides for Packing::either only.
constexpr Layout layout_of(const Structure& structure, unsigned pointer, bool natural = false) {
    const bool aligned =
        structure.packing == Packing::natural || (structure.packing == Packing::either && natural);
    Layout layout{.pointer = pointer};
    unsigned offset = 0;
    unsigned widest = 1;
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const Field& field = structure.fields[i];
        const unsigned size = layout.size_of(field);
        // Arrays here are of WCHAR or narrower ones that begin at a multiple of 2 anyway.
        const unsigned alignment = !aligned ? 1 : field.kind == Kind::bytes ? 2 : size;
        offset = (offset + alignment - 1) / alignment * alignment;
        layout.offsets.at(i) = static_cast<std::uint16_t>(offset);
        offset += size;
        widest = std::max(widest, alignment);
    }
    layout.size = static_cast<std::uint16_t>((offset + widest - 1) / widest * widest);
    return layout;
}

// `size` bytes of one layout as what they are in the other: the fields that are all there, and the
// part of an array that is.
std::uint32_t convert_size(const Structure& structure, const Layout& from, const Layout& to,
                           std::uint32_t size) noexcept;

// size is 1, 2, 4 or 8.
inline std::uint64_t load(std::span<const std::byte> bytes, std::size_t offset, unsigned size) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.subspan(offset, size).data(), size);
    return value;
}

inline void store(std::span<std::byte> bytes, std::size_t offset, unsigned size,
                  std::uint64_t value) {
    std::memcpy(bytes.subspan(offset, size).data(), &value, size);
}

// A signed number of a pointer's size as 64 bits, and the address in one.
constexpr std::uint64_t extend(std::uint64_t value, unsigned pointer) noexcept {
    if (pointer == 8) return value;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(value)));
}

constexpr std::uint64_t address_in(std::uint64_t value, unsigned pointer) noexcept {
    return pointer == 8 ? value : value & 0xFFFFFFFF;
}

// For a side with such pointers; nothing if the upper half is more than an extension of the lower.
constexpr std::optional<std::uint64_t> narrow(std::uint64_t value, unsigned pointer) noexcept {
    const std::uint64_t lower = value & 0xFFFFFFFF;
    if (pointer == 8) return value;
    if (value == lower || value == extend(lower, 4)) return lower;
    return std::nullopt;
}

}  // namespace instdrv::messages

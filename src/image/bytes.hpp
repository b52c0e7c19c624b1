// Reads numbers from the bytes of a file, with checked bounds and any alignment. Offsets have 64
// bits, so that sums of 32-bit fields cannot wrap round. All supported files and machines are
// little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace instdrv::image {

using Bytes = std::span<const std::byte>;

// Does [offset, offset + size) lie within `total`? Never overflows.
constexpr bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t total) noexcept {
    return offset <= total && size <= total - offset;
}

inline std::optional<Bytes> slice(Bytes bytes, std::uint64_t offset, std::uint64_t size) noexcept {
    if (!fits(offset, size, bytes.size())) return std::nullopt;
    return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

template <class T>
std::optional<T> read_at(Bytes bytes, std::uint64_t offset) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto source = slice(bytes, offset, sizeof(T));
    if (!source) return std::nullopt;
    T value;
    std::memcpy(&value, source->data(), sizeof value);
    return value;
}

inline std::string_view as_text(Bytes bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace instdrv::image

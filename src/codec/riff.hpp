// The basic parts of RIFF files: four-letter names and little-endian numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace instdrv::codec {

// A size that stands in the ds64 chunk of an RF64 file, or that a stream's writer could not know.
constexpr std::uint32_t unknown_size = 0xFFFFFFFF;

using ChunkName = std::array<char, 4>;

struct ChunkHeader {
    ChunkName name;
    std::uint32_t size;
    [[nodiscard]] bool is(std::string_view text) const noexcept {
        return std::string_view(name.data(), name.size()) == text;
    }
};
static_assert(sizeof(ChunkHeader) == 8);

// The content of a ds64 chunk, without its table.
#pragma pack(push, 4)
struct Ds64 {
    std::uint64_t riff_size;
    std::uint64_t data_size;
    std::uint64_t samples;
    std::uint32_t table_entries;
};
#pragma pack(pop)
static_assert(sizeof(Ds64) == 28);

template <class Value>
void append(std::vector<std::byte>& bytes, const Value& value) {
    const auto raw = std::as_bytes(std::span(&value, 1));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

inline void append(std::vector<std::byte>& bytes, std::string_view text) {
    const auto raw = std::as_bytes(std::span(text));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

}  // namespace instdrv::codec

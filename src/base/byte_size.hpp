// Parses amounts of bytes, such as "64M".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace instdrv {

// "4096", "64K", "64M", "2G", in any case; the units are powers of 1024. Nothing for any other text
// and for more than 64 bits.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

}  // namespace instdrv

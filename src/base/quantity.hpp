// Parses amounts of bytes and lengths of time, as people write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace instdrv {

// "4096", "64K", "64M", "2G", in any case; the units are powers of 1024. std::nullopt for any other
// text and for more than 64 bits.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

// "2s", "500ms", "1.5m"; a number alone counts seconds. std::nullopt for any other text, for
// negative times and for more than a day.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace instdrv

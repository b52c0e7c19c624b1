// Parses lengths of time, such as "500ms".
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace instdrv {

// "2s", "500ms", "1.5m"; a number alone counts seconds. Nothing for any other text, for negative
// times and for more than a day.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace instdrv

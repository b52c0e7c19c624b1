#include "base/duration.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace instdrv {
namespace {

constexpr double longest_duration_ms = 24.0 * 60 * 60 * 1000;

std::optional<double> milliseconds_per(std::string_view unit) {
    if (unit == "ms") return 1;
    if (unit.empty() || unit == "s") return 1000;
    if (unit == "m" || unit == "min") return 60'000;
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error != std::errc{}) return std::nullopt;
    const auto factor = milliseconds_per({rest, static_cast<std::size_t>(end - rest)});
    if (!factor) return std::nullopt;
    const double result = number * *factor;
    if (!(result >= 0 && result <= longest_duration_ms)) return std::nullopt;  // also refuses nan
    return std::chrono::milliseconds(static_cast<std::int64_t>(result));
}

}  // namespace instdrv

#include "base/quantity.hpp"

#include <charconv>
#include <limits>
#include <system_error>

namespace instdrv {
namespace {

// How many bits a unit moves a number to the left.
std::optional<int> shift_of(std::string_view unit) {
    if (unit.empty()) return 0;
    if (unit == "K" || unit == "k") return 10;
    if (unit == "M" || unit == "m") return 20;
    if (unit == "G" || unit == "g") return 30;
    return std::nullopt;
}

constexpr double longest_duration_ms = 24.0 * 60 * 60 * 1000;

std::optional<double> milliseconds_per(std::string_view unit) {
    if (unit == "ms") return 1;
    if (unit.empty() || unit == "s") return 1000;
    if (unit == "m" || unit == "min") return 60'000;
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return std::nullopt;
    const auto shift = shift_of({rest, static_cast<std::size_t>(end - rest)});
    if (!shift || number > std::numeric_limits<std::uint64_t>::max() >> *shift) return std::nullopt;
    return number << *shift;
}

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

#include "cli/checks.hpp"

#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "base/quantity.hpp"

namespace instdrv::cli {

std::string check_time(const std::string& value) {
    const auto duration = parse_duration(value);
    if (duration && duration->count() > 0) return {};
    return fmt::format(
        "'{}' is no time that a driver can be given; write it as 2s or 500ms, 1ms to 1440m", value);
}

std::string check_integer(const std::string& value) {
    if (parse_integer(value)) return {};
    return fmt::format("'{}' is no number of 64 bits; write it as 5, -1 or 0x1F", value);
}

std::string check_count_up_to(std::uint64_t most, const std::string& value) {
    const auto number = parse_integer(value);
    const bool positive = number && *number != 0 && !value.starts_with('-');
    if (positive && static_cast<std::uint64_t>(*number) <= most) return {};
    return fmt::format("'{}' is no number from 1 to {}", value, most);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    std::uint64_t magnitude = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, magnitude, hexadecimal ? 16 : 10);
    if (error != std::errc{} || rest != end) return std::nullopt;
    constexpr auto lowest = std::uint64_t{1} << 63;
    if (negative && magnitude > lowest) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

}  // namespace instdrv::cli

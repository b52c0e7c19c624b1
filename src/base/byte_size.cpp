#include "base/byte_size.hpp"

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

}  // namespace instdrv

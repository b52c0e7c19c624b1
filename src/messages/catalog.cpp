#include "messages/catalog.hpp"

#include <instdrv/exit.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace instdrv::messages {
namespace {

template <class Matches>
const Message* find(const Matches& matches) {
    const auto messages = all();
    const auto found = std::find_if(messages.begin(), messages.end(), matches);
    return found == messages.end() ? nullptr : &*found;
}

std::optional<UINT> parse_number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    UINT number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number, hexadecimal ? 16 : 10);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

// The beginning of a range, or a number in it: "DRV_USER", "DRV_USER+0x10".
std::optional<UINT> parse_in_range(std::string_view text) {
    constexpr std::pair<std::string_view, UINT> ranges[] = {{"DRV_RESERVED", DRV_RESERVED},
                                                            {"DRV_USER", DRV_USER}};
    const auto plus = text.find('+');
    for (const auto& [name, first] : ranges) {
        if (!equals_ignoring_case(text.substr(0, plus), name)) continue;
        if (plus == std::string_view::npos) return first;
        const auto offset = parse_number(text.substr(plus + 1));
        if (offset && *offset <= UINT32_MAX - first) return first + *offset;
    }
    return std::nullopt;
}

std::string text_of(const Message* message, UINT number) {
    return message == nullptr ? hex(number) : std::string(message->name);
}

}  // namespace

std::string_view name_of(Family family) noexcept {
    switch (family) {
        case Family::standard: return "standard";
        case Family::mci: return "mci";
        case Family::acm: return "acm";
        case Family::vfw: return "vfw";
    }
    return "unknown";
}

std::optional<UINT> parse(std::string_view text) {
    const auto* const named =
        find([&](const Message& message) { return equals_ignoring_case(message.name, text); });
    if (named != nullptr) return named->number;
    const auto in_range = parse_in_range(text);
    return in_range ? in_range : parse_number(text);
}

std::string describe(UINT number) {
    if (number == loading_step) return "load";
    if (number == unloading_step) return "unload";
    return text_of(find([&](const Message& message) { return message.number == number; }), number);
}

std::string describe(UINT number, Family family) {
    const auto* const own = find([&](const Message& message) {
        return message.family == family && message.number == number;
    });
    if (own != nullptr) return std::string(own->name);
    return text_of(find([&](const Message& message) {
                       return message.family == Family::standard && message.number == number;
                   }),
                   number);
}

}  // namespace instdrv::messages

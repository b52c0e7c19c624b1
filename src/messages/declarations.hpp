// The tables of the families of messages, each in a file of its own.
#pragma once

#include <algorithm>
#include <span>

#include "messages/declaration.hpp"

namespace instdrv::messages {

struct FamilyTable {
    std::span<const Declaration> messages;  // by number
    const Declaration& opening;             // DRV_OPEN, whose lParam2 is a matter of the family
    std::span<const Structure* const> structures;
};

extern const FamilyTable standard_table;
extern const FamilyTable mci_table;
extern const FamilyTable acm_table;
extern const FamilyTable vfw_table;

const FamilyTable& table_of(Family family) noexcept;

constexpr bool are_by_number(std::span<const Declaration> messages) {
    return std::ranges::is_sorted(messages, {}, &Declaration::number);
}

// lParam1 of DRV_OPEN.
inline constexpr Parameter open_text{
    .field = {.kind = Kind::text, .label = "text", .text_unit = 0}};

}  // namespace instdrv::messages

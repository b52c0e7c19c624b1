#include "messages/declarations.hpp"

#include <vector>

namespace instdrv::messages {
namespace {

constexpr Family families[] = {Family::standard, Family::mci, Family::acm, Family::vfw};

const Declaration* find_in(std::span<const Declaration> messages, UINT number) noexcept {
    const auto found = std::ranges::lower_bound(messages, number, {}, &Declaration::number);
    return found == messages.end() || found->number != number ? nullptr : &*found;
}

std::vector<Message> list() {
    std::vector<Message> messages;
    for (const Family family : families) {
        for (const Declaration& declaration : table_of(family).messages) {
            messages.push_back({declaration.name, declaration.number, family});
        }
    }
    return messages;
}

}  // namespace

const FamilyTable& table_of(Family family) noexcept {
    switch (family) {
        case Family::standard: return standard_table;
        case Family::mci: return mci_table;
        case Family::acm: return acm_table;
        case Family::vfw: return vfw_table;
    }
    return standard_table;
}

const Declaration* find_declaration(Family family, UINT number) noexcept {
    if (number == DRV_OPEN) return &table_of(family).opening;
    const Declaration* const own = find_in(table_of(family).messages, number);
    return own != nullptr ? own : find_in(standard_table.messages, number);
}

std::span<const Message> all() {
    // Never destroyed: threads that outlive main() still name messages.
    static const auto& messages = *new std::vector<Message>(list());
    return messages;
}

}  // namespace instdrv::messages

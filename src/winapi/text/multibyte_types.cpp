#include "winapi/text/multibyte_types.hpp"

#include <algorithm>

#include "winapi/text/code_page.hpp"
#include "winapi/text/letter_case.hpp"

namespace instdrv::winapi {
namespace {

bool is_second_byte(const CodePageTable& table, unsigned byte) {
    return std::ranges::any_of(table.pairs, [&](std::uint16_t row) {
        return row != 0 && code_page_rows()[row * row_size + byte] != replacement_character;
    });
}

unsigned char case_of(const CodePageTable& table, unsigned byte) {
    const char16_t unit = code_page_rows()[table.single_bytes * row_size + byte];
    if (upper_case(unit) != unit) return MultibyteTypes::lower;
    return lower_case(unit) != unit ? MultibyteTypes::upper : 0;
}

}  // namespace

void MultibyteTypes::choose(UINT code_page) {
    const CodePageTable* const table = find_table(code_page);
    code_page_ = code_page;
    double_byte_page_ = table != nullptr && table->most_bytes > 1 ? code_page : 0;
    types_.fill(0);
    for (unsigned byte = 0; byte <= 0xFF && table != nullptr; ++byte) {
        unsigned char type = byte >= 'A' ? case_of(*table, byte) : 0;
        if (is_lead_byte(code_page, static_cast<unsigned char>(byte))) type |= lead;
        if (double_byte_page_ != 0 && is_second_byte(*table, byte)) type |= trail;
        types_[byte + 1] = type;
    }
}

}  // namespace instdrv::winapi

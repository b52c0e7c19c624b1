#include "winapi/text/code_page.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/text/utf7.hpp"

namespace instdrv::winapi {
namespace {

bool is_surrogate(char16_t c) { return c >= 0xD800 && c <= 0xDFFF; }

bool has_lone_surrogate(std::u16string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_surrogate(text[i])) continue;
        const bool pair = text[i] < 0xDC00 && i + 1 < text.size() && is_surrogate(text[i + 1]) &&
                          text[i + 1] >= 0xDC00;
        if (!pair) return true;
        ++i;
    }
    return false;
}

bool is_unicode(UINT code_page) {
    return code_page == utf7_code_page || code_page == utf8_code_page;
}

bool is_lead(const CodePageTable& table, unsigned char byte) {
    for (std::size_t i = 0; table.lead_bytes[i] != 0; i += 2) {
        if (byte >= table.lead_bytes[i] && byte <= table.lead_bytes[i + 1]) return true;
    }
    return false;
}

std::size_t size_in(const CodePageTable& table, std::string_view text) {
    const bool is_pair = is_lead(table, static_cast<unsigned char>(text[0])) && text.size() > 1;
    return is_pair && text[1] != 0 ? 2 : 1;
}

// The entry of a number in a row; `index` names the row by the upper byte.
char16_t look_up(const RowIndex& index, unsigned number) {
    return code_page_rows()[index[number >> 8] * row_size + (number & 0xFF)];
}

// U+FFFD: no character.
char16_t unit_of(const CodePageTable& table, std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 2) {
        return look_up(table.pairs, first << 8U | static_cast<unsigned char>(character[1]));
    }
    return code_page_rows()[table.single_bytes * row_size + first];
}

bool is_placeholder(const CodePageTable& table, char16_t unit) {
    return table.first_placeholder != 0 && unit >= table.first_placeholder &&
           unit <= table.last_placeholder;
}

Decoded decode_with(const CodePageTable& table, std::string_view bytes) {
    Decoded result;
    result.text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t size = size_in(table, bytes);
        const char16_t unit = unit_of(table, bytes.substr(0, size));
        const bool is_single = size == 1;
        bytes.remove_prefix(size);
        if (unit == replacement_character) {
            result.text += table.unicode_default;
            result.all_valid = false;
            continue;
        }
        result.text += unit;
        if (is_single && is_placeholder(table, unit)) result.all_valid = false;
    }
    return result;
}

void append_character(std::string& bytes, char16_t character) {
    if (character > 0xFF) bytes += static_cast<char>(character >> 8);
    bytes += static_cast<char>(character & 0xFF);
}

Encoded encode_with(const CodePageTable& table, std::u16string_view text,
                    Substitution substitution) {
    Encoded result;
    result.bytes.reserve(text.size());
    for (const char16_t unit : text) {
        char16_t character = look_up(table.bytes, unit);
        if (character == 0 && substitution.best_fit) character = look_up(table.best_fit, unit);
        if (character != 0 || unit == 0) {
            append_character(result.bytes, character);
        } else {
            result.bytes += substitution.text;
            result.all_valid = false;
        }
    }
    return result;
}

}  // namespace

const CodePageTable* find_table(UINT code_page) noexcept {
    const auto tables = code_page_tables();
    const auto found = std::ranges::lower_bound(tables, code_page, {}, &CodePageTable::code_page);
    return found == tables.end() || found->code_page != code_page ? nullptr : &*found;
}

std::optional<UINT> resolve_code_page(UINT code_page) noexcept {
    switch (code_page) {
        case 0:  // CP_ACP
        case 2:  // CP_MACCP
            return ansi_code_page();
        case 1: return oem_code_page();
        case 3:  // CP_THREAD_ACP
            return thread_code_page();
        default: break;
    }
    const bool is_known = is_unicode(code_page) || find_table(code_page) != nullptr;
    return is_known ? std::optional(code_page) : std::nullopt;
}

UINT most_bytes_of(UINT code_page) noexcept {
    if (code_page == utf7_code_page) return 5;
    if (code_page == utf8_code_page) return 4;
    return find_table(code_page)->most_bytes;
}

bool is_lead_byte(UINT code_page, unsigned char byte) noexcept {
    const CodePageTable* const table = find_table(code_page);
    return table != nullptr && is_lead(*table, byte);
}

std::size_t character_size(UINT code_page, std::string_view text) noexcept {
    if (const CodePageTable* const table = find_table(code_page)) return size_in(*table, text);
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    const auto end = std::find_if_not(text.begin() + 1, text.end(), continues);
    return code_page == utf8_code_page ? static_cast<std::size_t>(end - text.begin()) : 1;
}

Decoded decode(UINT code_page, std::string_view bytes) {
    if (code_page == utf7_code_page) return {decode_utf7(bytes)};
    if (code_page != utf8_code_page) return decode_with(*find_table(code_page), bytes);
    Decoded result{to_utf16(bytes)};
    result.all_valid = result.text.find(replacement_character) == std::u16string::npos ||
                       to_utf8(result.text) == bytes;
    return result;
}

Encoded encode(UINT code_page, std::u16string_view text, Substitution substitution) {
    if (code_page == utf7_code_page) return {encode_utf7(text)};
    if (code_page == utf8_code_page) return {to_utf8(text), !has_lone_surrogate(text)};
    return encode_with(*find_table(code_page), text, substitution);
}

std::u16string decode_ansi(std::string_view bytes) { return decode(ansi_code_page(), bytes).text; }

std::size_t ansi_character_size(std::string_view text) noexcept {
    return character_size(ansi_code_page(), text);
}

std::u16string from_ansi(const char* text) {
    return text == nullptr ? std::u16string{} : decode_ansi(text);
}

std::string utf8_from_ansi(const char* text) { return to_utf8(from_ansi(text)); }

std::string to_ansi(std::u16string_view text) { return encode(ansi_code_page(), text).bytes; }

std::string utf8_from_wide(const char16_t* text) { return to_utf8(wide_view(text)); }

std::string ansi_from_utf8(std::string_view text) { return to_ansi(to_utf16(text)); }

std::string structure_of(std::string_view text) {
    std::string structure(text);
    const CodePageTable* const table = find_table(ansi_code_page());
    if (table == nullptr || table->most_bytes == 1) return structure;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = size_in(*table, text.substr(at));
        if (size > 1) structure.replace(at, size, size, '\x80');
        at += size;
    }
    return structure;
}

}  // namespace instdrv::winapi

#include "winapi/text/code_page.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "winapi/text/tables.hpp"

namespace instdrv::winapi {
namespace {

// Null: a page that is not known, or UTF-8.
const CodePageTable* table_of(UINT code_page) noexcept {
    const auto tables = code_page_tables();
    const auto found = std::ranges::find(tables, code_page, &CodePageTable::code_page);
    return found == tables.end() ? nullptr : &*found;
}

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

}  // namespace

std::optional<UINT> resolve_code_page(UINT code_page) noexcept {
    switch (code_page) {
        case 0:  // CP_ACP
        case 2:  // CP_MACCP
        case 3:  // CP_THREAD_ACP
            return ansi_code_page;
        case 1: return oem_code_page;
        default: break;
    }
    const bool is_known = code_page == utf8_code_page || table_of(code_page) != nullptr;
    return is_known ? std::optional(code_page) : std::nullopt;
}

Decoded decode(UINT code_page, std::string_view bytes) {
    if (code_page == utf8_code_page) {
        Decoded result{to_utf16(bytes)};
        result.all_valid = result.text.find(replacement_character) == std::u16string::npos ||
                           to_utf8(result.text) == bytes;
        return result;
    }
    Decoded result;
    result.text.reserve(bytes.size());
    const CodePageTable& table = *table_of(code_page);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char16_t decoded = byte < 0x80 ? char16_t{byte} : table.units[byte - 0x80U];
        result.all_valid = result.all_valid && decoded != replacement_character;
        result.text += decoded;
    }
    return result;
}

Encoded encode(UINT code_page, std::u16string_view text, std::string_view substitute) {
    if (code_page == utf8_code_page) return {to_utf8(text), !has_lone_surrogate(text)};
    Encoded result;
    result.bytes.reserve(text.size());
    const CodePageTable& table = *table_of(code_page);
    for (const char16_t c : text) {
        if (c < 0x80) {
            result.bytes += static_cast<char>(c);
            continue;
        }
        const auto found = std::ranges::lower_bound(table.bytes, c, {}, &CodePageTable::Pair::unit);
        if (found != table.bytes.end() && found->unit == c && c != replacement_character) {
            result.bytes += static_cast<char>(found->byte);
        } else {
            result.bytes += substitute;
            result.all_valid = false;
        }
    }
    return result;
}

std::u16string from_ansi(const char* text) {
    return text == nullptr ? std::u16string{} : decode(ansi_code_page, text).text;
}

std::string utf8_from_ansi(const char* text) { return to_utf8(from_ansi(text)); }

std::string to_ansi(std::u16string_view text) { return encode(ansi_code_page, text).bytes; }

std::string utf8_from_wide(const char16_t* text) { return to_utf8(wide_view(text)); }

std::string ansi_from_utf8(std::string_view text) { return to_ansi(to_utf16(text)); }

}  // namespace instdrv::winapi

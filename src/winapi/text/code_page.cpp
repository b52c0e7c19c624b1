#include "winapi/text/code_page.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace instdrv::winapi {
namespace {

constexpr char16_t replacement = 0xFFFD;

// The upper half of a single-byte code page, from byte 0x80 on.
using UpperHalf = std::array<char16_t, 128>;

// Bytes 0x80 to 0x9F of page 1252. The five that the page leaves open are the control characters of
// the same number.
// https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WindowsBestFit/bestfit1252.txt
constexpr std::array<char16_t, 32> cp1252_c1 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

constexpr UpperHalf latin1 = [] {
    UpperHalf half{};
    for (std::size_t i = 0; i < half.size(); ++i)
        half[i] = static_cast<char16_t>(0x80 + i);
    return half;
}();

constexpr UpperHalf cp1252 = [] {
    UpperHalf half = latin1;
    std::copy(cp1252_c1.begin(), cp1252_c1.end(), half.begin());
    return half;
}();

constexpr UpperHalf ascii = [] {
    UpperHalf half{};
    half.fill(replacement);
    return half;
}();

// https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/CP437.TXT
constexpr std::u16string_view cp437_text =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄"
    u"▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";
static_assert(cp437_text.size() == 128);

constexpr UpperHalf cp437 = [] {
    UpperHalf half{};
    std::copy(cp437_text.begin(), cp437_text.end(), half.begin());
    return half;
}();

const UpperHalf& upper_half(UINT code_page) {
    switch (code_page) {
        case 437: return cp437;
        case 20127: return ascii;
        case 28591: return latin1;
        default: return cp1252;
    }
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
        case 437:
        case 1252:
        case 20127:
        case 28591:
        case utf8_code_page: return code_page;
        default: return std::nullopt;
    }
}

Decoded decode(UINT code_page, std::string_view bytes) {
    if (code_page == utf8_code_page) {
        Decoded result{to_utf16(bytes)};
        result.all_valid =
            result.text.find(replacement) == std::u16string::npos || to_utf8(result.text) == bytes;
        return result;
    }
    Decoded result;
    result.text.reserve(bytes.size());
    const UpperHalf& upper = upper_half(code_page);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char16_t decoded = byte < 0x80 ? byte : upper[byte - 0x80];
        result.all_valid = result.all_valid && decoded != replacement;
        result.text += decoded;
    }
    return result;
}

Encoded encode(UINT code_page, std::u16string_view text, std::string_view substitute) {
    if (code_page == utf8_code_page) return {to_utf8(text), !has_lone_surrogate(text)};
    Encoded result;
    result.bytes.reserve(text.size());
    const UpperHalf& upper = upper_half(code_page);
    for (const char16_t c : text) {
        const auto found = std::find(upper.begin(), upper.end(), c);
        if (c < 0x80) {
            result.bytes += static_cast<char>(c);
        } else if (found != upper.end() && c != replacement) {
            result.bytes += static_cast<char>(0x80 + (found - upper.begin()));
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

// What kind of character something is, and its cases, in the "C" locale.
// https://learn.microsoft.com/cpp/c-runtime-library/character-classification
#include <array>

#include "winapi/abi.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

// The bits of Microsoft's ctype.h.
constexpr WORD UPPER = 0x1;
constexpr WORD LOWER = 0x2;
constexpr WORD DIGIT = 0x4;
constexpr WORD SPACE = 0x8;
constexpr WORD PUNCT = 0x10;
constexpr WORD CONTROL = 0x20;
constexpr WORD BLANK = 0x40;
constexpr WORD HEX = 0x80;
constexpr WORD ALPHA = 0x100 | UPPER | LOWER;
constexpr WORD alphabetic = 0x100;

constexpr WORD kind_of(int c) {
    if (c < 0 || c > 0x7F) return 0;
    if (c >= '0' && c <= '9') return DIGIT | HEX;
    const bool is_hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    const WORD hex = is_hex ? HEX : WORD{0};
    if (c >= 'A' && c <= 'Z') return static_cast<WORD>(UPPER | alphabetic | hex);
    if (c >= 'a' && c <= 'z') return static_cast<WORD>(LOWER | alphabetic | hex);
    if (c == ' ') return SPACE | BLANK;
    if (c == '\t') return SPACE | CONTROL | BLANK;
    if (is_blank_or_control_space(c)) return SPACE | CONTROL;
    return c < ' ' || c == 0x7F ? CONTROL : PUNCT;
}

// Entry 0 is for EOF (-1): drivers index the table with what a character function returned.
constexpr auto kinds = [] {
    std::array<WORD, 257> table{};
    for (std::size_t i = 1; i < table.size(); ++i)
        table[i] = kind_of(static_cast<int>(i) - 1);
    // MSVC's table does not call the tab BLANK: isblank tests for it besides.
    table['\t' + 1] = SPACE | CONTROL;
    return table;
}();
const WORD* const kinds_of_characters = kinds.data() + 1;

template <WORD wanted>
int WINFN_C is_kind(int c) {
    return kind_of(c) & wanted;
}

template <WORD wanted>
int WINFN_C is_wide_kind(WCHAR c) {
    return kind_of(c) & wanted;
}

constexpr WORD alphanumeric = ALPHA | DIGIT;
constexpr WORD graphic = ALPHA | DIGIT | PUNCT;

int WINFN_C is_printable(int c) { return c >= ' ' && c < 0x7F; }
int WINFN_C is_wide_printable(WCHAR c) { return is_printable(c); }
int WINFN_C is_ascii(int c) { return c >= 0 && c < 0x80; }
int WINFN_C is_identifier_start(int c) { return (kind_of(c) & ALPHA) != 0 || c == '_'; }
int WINFN_C is_identifier_part(int c) { return (kind_of(c) & alphanumeric) != 0 || c == '_'; }
int WINFN_C is_of_type(int c, int mask) { return kind_of(c) & mask; }
int WINFN_C is_wide_of_type(WCHAR c, WORD mask) { return kind_of(c) & mask; }
int WINFN_C to_lower(int c) { return lower_case(c); }
int WINFN_C to_upper(int c) { return upper_case(c); }
WCHAR WINFN_C wide_to_lower(WCHAR c) { return static_cast<WCHAR>(lower_case(c)); }
WCHAR WINFN_C wide_to_upper(WCHAR c) { return static_cast<WCHAR>(upper_case(c)); }
// The underscored forms shift without looking, as documented for the wrong case.
int WINFN_C shift_to_lower(int c) { return c + ('a' - 'A'); }
int WINFN_C shift_to_upper(int c) { return c - ('a' - 'A'); }
int WINFN_C to_ascii(int c) { return c & 0x7F; }
const WORD* WINFN_C kinds_function() { return kinds_of_characters; }

}  // namespace

std::span<const Export> character_exports() {
    const auto wide = [](std::string_view name, const void* address) {
        return Export{name, address, Coverage::partial, "ASCII characters only"};
    };
    static const Export table[] = {
        {"__isascii", address_of(is_ascii)},
        {"__iscsym", address_of(is_identifier_part)},
        {"__iscsymf", address_of(is_identifier_start)},
        {"__pctype_func", address_of(kinds_function)},
        {"__toascii", address_of(to_ascii)},
        {"_isctype", address_of(is_of_type)},
        {"_pctype", &kinds_of_characters},
        {"_tolower", address_of(shift_to_lower)},
        {"_toupper", address_of(shift_to_upper)},
        {"isalnum", address_of(is_kind<alphanumeric>)},
        {"isalpha", address_of(is_kind<ALPHA>)},
        {"isblank", address_of(is_kind<BLANK>)},
        {"iscntrl", address_of(is_kind<CONTROL>)},
        {"isdigit", address_of(is_kind<DIGIT>)},
        {"isgraph", address_of(is_kind<graphic>)},
        {"islower", address_of(is_kind<LOWER>)},
        {"isprint", address_of(is_printable)},
        {"ispunct", address_of(is_kind<PUNCT>)},
        {"isspace", address_of(is_kind<SPACE>)},
        {"isupper", address_of(is_kind<UPPER>)},
        wide("iswalnum", address_of(is_wide_kind<alphanumeric>)),
        wide("iswalpha", address_of(is_wide_kind<ALPHA>)),
        {"iswascii", address_of(is_ascii)},
        wide("iswblank", address_of(is_wide_kind<BLANK>)),
        wide("iswcntrl", address_of(is_wide_kind<CONTROL>)),
        wide("iswctype", address_of(is_wide_of_type)),
        wide("iswdigit", address_of(is_wide_kind<DIGIT>)),
        wide("iswgraph", address_of(is_wide_kind<graphic>)),
        wide("iswlower", address_of(is_wide_kind<LOWER>)),
        wide("iswprint", address_of(is_wide_printable)),
        wide("iswpunct", address_of(is_wide_kind<PUNCT>)),
        wide("iswspace", address_of(is_wide_kind<SPACE>)),
        wide("iswupper", address_of(is_wide_kind<UPPER>)),
        wide("iswxdigit", address_of(is_wide_kind<HEX>)),
        {"isxdigit", address_of(is_kind<HEX>)},
        {"tolower", address_of(to_lower)},
        {"toupper", address_of(to_upper)},
        wide("towlower", address_of(wide_to_lower)),
        wide("towupper", address_of(wide_to_upper)),
    };
    return table;
}

}  // namespace instdrv::winapi::crt

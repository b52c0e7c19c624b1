// What kind of character something is, and its cases, in the "C" locale.
// https://learn.microsoft.com/cpp/c-runtime-library/character-classification
#include <array>

#include "winapi/abi.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"

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
constexpr WORD alphanumeric = ALPHA | DIGIT;
constexpr WORD graphic = ALPHA | DIGIT | PUNCT;

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
int is_kind(int c) {
    return kind_of(c) & wanted;
}
CRT_EXPORT_AS("isalnum", in_crt | in_ntdll | with_locale, is_kind<alphanumeric>);
CRT_EXPORT_AS("isalpha", in_crt | in_ntdll | with_locale, is_kind<ALPHA>);
CRT_EXPORT_AS("isblank", in_crt, is_kind<BLANK>);
CRT_EXPORT_AS("iscntrl", in_crt | in_ntdll | with_locale, is_kind<CONTROL>);
CRT_EXPORT_AS("isdigit", in_crt | in_ntdll | with_locale, is_kind<DIGIT>);
CRT_EXPORT_AS("isgraph", in_crt | in_ntdll | with_locale, is_kind<graphic>);
CRT_EXPORT_AS("islower", in_crt | in_ntdll | with_locale, is_kind<LOWER>);
CRT_EXPORT_AS("ispunct", in_crt | in_ntdll | with_locale, is_kind<PUNCT>);
CRT_EXPORT_AS("isspace", in_crt | in_ntdll | with_locale, is_kind<SPACE>);
CRT_EXPORT_AS("isupper", in_crt | in_ntdll | with_locale, is_kind<UPPER>);
CRT_EXPORT_AS("isxdigit", in_crt | in_ntdll | with_locale, is_kind<HEX>);

template <WORD wanted>
int is_wide_kind(WCHAR c) {
    return kind_of(c) & wanted;
}
CRT_EXPORT_AS("iswalnum", in_crt | with_locale, is_wide_kind<alphanumeric>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswalpha", in_crt | in_ntdll | with_locale, is_wide_kind<ALPHA>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswblank", in_crt, is_wide_kind<BLANK>, Coverage::partial, "ASCII characters only");
CRT_EXPORT_AS("iswcntrl", in_crt | with_locale, is_wide_kind<CONTROL>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswdigit", in_crt | with_locale, is_wide_kind<DIGIT>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswgraph", in_crt | with_locale, is_wide_kind<graphic>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswlower", in_crt | with_locale, is_wide_kind<LOWER>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswpunct", in_crt | with_locale, is_wide_kind<PUNCT>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswspace", in_crt | with_locale, is_wide_kind<SPACE>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswupper", in_crt | with_locale, is_wide_kind<UPPER>, Coverage::partial,
              "ASCII characters only");
CRT_EXPORT_AS("iswxdigit", in_crt | with_locale, is_wide_kind<HEX>, Coverage::partial,
              "ASCII characters only");

int is_printable(int c) { return c >= ' ' && c < 0x7F; }
CRT_EXPORT_AS("isprint", in_crt | in_ntdll | with_locale, is_printable);
int is_wide_printable(WCHAR c) { return is_printable(c); }
CRT_EXPORT_AS("iswprint", in_crt | with_locale, is_wide_printable, Coverage::partial,
              "ASCII characters only");
int is_ascii(int c) { return c >= 0 && c < 0x80; }
CRT_EXPORT_AS("__isascii", in_crt | in_ntdll, is_ascii);
CRT_EXPORT_AS("iswascii", in_crt, is_ascii);
int is_identifier_start(int c) { return (kind_of(c) & ALPHA) != 0 || c == '_'; }
CRT_EXPORT_AS("__iscsymf", in_crt, is_identifier_start);
int is_identifier_part(int c) { return (kind_of(c) & alphanumeric) != 0 || c == '_'; }
CRT_EXPORT_AS("__iscsym", in_crt, is_identifier_part);
int _isctype(int c, int mask) { return kind_of(c) & mask; }
CRT_EXPORT(_isctype, in_crt | with_locale);
int is_wide_of_type(WCHAR c, WORD mask) { return kind_of(c) & mask; }
CRT_EXPORT_AS("iswctype", in_crt | in_ntdll | with_locale, is_wide_of_type, Coverage::partial,
              "ASCII characters only");
int to_lower(int c) { return lower_case(c); }
CRT_EXPORT_AS("tolower", in_crt | in_ntdll | with_locale, to_lower);
int to_upper(int c) { return upper_case(c); }
CRT_EXPORT_AS("toupper", in_crt | in_ntdll | with_locale, to_upper);
WCHAR wide_to_lower(WCHAR c) { return static_cast<WCHAR>(lower_case(c)); }
CRT_EXPORT_AS("towlower", in_crt | in_ntdll | with_locale, wide_to_lower, Coverage::partial,
              "ASCII characters only");
WCHAR wide_to_upper(WCHAR c) { return static_cast<WCHAR>(upper_case(c)); }
CRT_EXPORT_AS("towupper", in_crt | in_ntdll | with_locale, wide_to_upper, Coverage::partial,
              "ASCII characters only");
// The underscored forms shift without looking, as documented for the wrong case.
int shift_to_lower(int c) { return c + ('a' - 'A'); }
CRT_EXPORT_AS("_tolower", in_crt, shift_to_lower);
int shift_to_upper(int c) { return c - ('a' - 'A'); }
CRT_EXPORT_AS("_toupper", in_crt, shift_to_upper);
int to_ascii(int c) { return c & 0x7F; }
CRT_EXPORT_AS("__toascii", in_crt, to_ascii);
const WORD* kinds_function() { return kinds_of_characters; }
CRT_EXPORT_AS("__pctype_func", in_crt, kinds_function);

}  // namespace

EXPORT_ADDRESS("_pctype", in_crt, &kinds_of_characters);

}  // namespace instdrv::winapi::crt

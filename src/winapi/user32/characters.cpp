// CharUpper and its relatives. https://learn.microsoft.com/windows/win32/menurc/strings
#include <algorithm>
#include <cwctype>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::user32 {
namespace {

using Change = char16_t (*)(char16_t) noexcept;

// A character of the ANSI code page, changed as its UTF-16 form is.
template <Change change>
char changed(char c) {
    const char text[] = {c, 0};
    const std::u16string wide = from_ansi(text);
    if (wide.size() != 1) return c;
    const std::string narrow = to_ansi(std::u16string(1, change(wide[0])));
    return narrow.size() == 1 && narrow != "?" ? narrow[0] : c;
}

template <Change change>
WCHAR changed(WCHAR c) {
    return change(c);
}

template <Change change, class Char>
DWORD change_buffer(Char* text, DWORD length) {
    std::transform(text, text + length, text, [](Char c) { return changed<change>(c); });
    return length;
}
WINAPI_EXPORT_AS("CharLowerBuffA", in_user32, (change_buffer<lower_case, char>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharLowerBuffW", in_user32, (change_buffer<lower_case, WCHAR>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharUpperBuffA", in_user32, (change_buffer<upper_case, char>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharUpperBuffW", in_user32, (change_buffer<upper_case, WCHAR>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");

// A "pointer" below 65,536 is a character instead.
template <Change change, class Char>
Char* change_text(Char* text) {
    const auto number = reinterpret_cast<std::uintptr_t>(text);
    if (number > 0xFFFF) {
        change_buffer<change>(text, static_cast<DWORD>(std::char_traits<Char>::length(text)));
        return text;
    }
    const Char c = changed<change>(static_cast<Char>(number));
    return reinterpret_cast<Char*>(static_cast<std::uintptr_t>(std::make_unsigned_t<Char>(c)));
}
WINAPI_EXPORT_AS("CharLowerA", in_user32, (change_text<lower_case, char>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharLowerW", in_user32, (change_text<lower_case, WCHAR>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharUpperA", in_user32, (change_text<upper_case, char>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("CharUpperW", in_user32, (change_text<upper_case, WCHAR>), Coverage::partial,
                 "Latin, Greek and Cyrillic letters");

template <class Char>
Char* next(const Char* at) {
    return const_cast<Char*>(*at == 0 ? at : at + 1);
}
WINAPI_EXPORT_AS("CharNextA", in_user32, next<char>);
WINAPI_EXPORT_AS("CharNextW", in_user32, next<WCHAR>);

template <class Char>
Char* previous(const Char* start, const Char* at) {
    return const_cast<Char*>(at > start ? at - 1 : start);
}
WINAPI_EXPORT_AS("CharPrevA", in_user32, previous<char>);
WINAPI_EXPORT_AS("CharPrevW", in_user32, previous<WCHAR>);

WCHAR wide_of(WCHAR c) { return c; }
WCHAR wide_of(char c) {
    const char text[] = {c, 0};
    const std::u16string wide = from_ansi(text);
    return wide.empty() ? WCHAR{0} : wide[0];
}

bool is_upper(WCHAR c) { return lower_case(c) != c; }
bool is_lower(WCHAR c) { return upper_case(c) != c; }

template <class Char>
BOOL is_upper_character(Char c) {
    return is_upper(wide_of(c)) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharUpperA", in_user32, is_upper_character<char>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("IsCharUpperW", in_user32, is_upper_character<WCHAR>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
template <class Char>
BOOL is_lower_character(Char c) {
    return is_lower(wide_of(c)) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharLowerA", in_user32, is_lower_character<char>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("IsCharLowerW", in_user32, is_lower_character<WCHAR>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
template <class Char>
BOOL is_letter(Char c) {
    return is_upper(wide_of(c)) || is_lower(wide_of(c)) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharAlphaA", in_user32, is_letter<char>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("IsCharAlphaW", in_user32, is_letter<WCHAR>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
template <class Char>
BOOL is_letter_or_digit(Char c) {
    return (c >= '0' && c <= '9') || is_letter(c) != FALSE ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharAlphaNumericA", in_user32, is_letter_or_digit<char>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");
WINAPI_EXPORT_AS("IsCharAlphaNumericW", in_user32, is_letter_or_digit<WCHAR>, Coverage::partial,
                 "Latin, Greek and Cyrillic letters");

}  // namespace

}  // namespace instdrv::winapi::user32

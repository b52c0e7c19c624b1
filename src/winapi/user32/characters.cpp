// CharUpper and its relatives. https://learn.microsoft.com/windows/win32/menurc/strings
#include <algorithm>
#include <cwctype>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/letter_case.hpp"
#include "winapi/text_arguments.hpp"
#include "winapi/user32/topics.hpp"

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
DWORD WINFN change_buffer(Char* text, DWORD length) {
    std::transform(text, text + length, text, [](Char c) { return changed<change>(c); });
    return length;
}

// A "pointer" below 65,536 is a character instead.
template <Change change, class Char>
Char* WINFN change_text(Char* text) {
    const auto number = reinterpret_cast<std::uintptr_t>(text);
    if (number > 0xFFFF) {
        change_buffer<change>(text, static_cast<DWORD>(std::char_traits<Char>::length(text)));
        return text;
    }
    const Char c = changed<change>(static_cast<Char>(number));
    return reinterpret_cast<Char*>(static_cast<std::uintptr_t>(std::make_unsigned_t<Char>(c)));
}

template <class Char>
Char* WINFN next(const Char* at) {
    return const_cast<Char*>(*at == 0 ? at : at + 1);
}

template <class Char>
Char* WINFN previous(const Char* start, const Char* at) {
    return const_cast<Char*>(at > start ? at - 1 : start);
}

WCHAR wide_of(WCHAR c) { return c; }
WCHAR wide_of(char c) {
    const char text[] = {c, 0};
    const std::u16string wide = from_ansi(text);
    return wide.empty() ? WCHAR{0} : wide[0];
}

bool is_upper(WCHAR c) { return lower_case(c) != c; }
bool is_lower(WCHAR c) { return upper_case(c) != c; }

template <class Char>
BOOL WINFN is_upper_character(Char c) {
    return is_upper(wide_of(c)) ? TRUE : FALSE;
}
template <class Char>
BOOL WINFN is_lower_character(Char c) {
    return is_lower(wide_of(c)) ? TRUE : FALSE;
}
template <class Char>
BOOL WINFN is_letter(Char c) {
    return is_upper(wide_of(c)) || is_lower(wide_of(c)) ? TRUE : FALSE;
}
template <class Char>
BOOL WINFN is_letter_or_digit(Char c) {
    return (c >= '0' && c <= '9') || is_letter(c) != FALSE ? TRUE : FALSE;
}

}  // namespace

std::span<const Export> character_exports() {
    constexpr std::string_view alphabets = "Latin, Greek and Cyrillic letters";
    const auto letters = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::partial, alphabets};
    };
    static const Export table[] = {
        letters("CharLowerA", address_of(change_text<lower_case, char>)),
        letters("CharLowerBuffA", address_of(change_buffer<lower_case, char>)),
        letters("CharLowerBuffW", address_of(change_buffer<lower_case, WCHAR>)),
        letters("CharLowerW", address_of(change_text<lower_case, WCHAR>)),
        {"CharNextA", address_of(next<char>)},
        {"CharNextW", address_of(next<WCHAR>)},
        {"CharPrevA", address_of(previous<char>)},
        {"CharPrevW", address_of(previous<WCHAR>)},
        letters("CharUpperA", address_of(change_text<upper_case, char>)),
        letters("CharUpperBuffA", address_of(change_buffer<upper_case, char>)),
        letters("CharUpperBuffW", address_of(change_buffer<upper_case, WCHAR>)),
        letters("CharUpperW", address_of(change_text<upper_case, WCHAR>)),
        letters("IsCharAlphaA", address_of(is_letter<char>)),
        letters("IsCharAlphaNumericA", address_of(is_letter_or_digit<char>)),
        letters("IsCharAlphaNumericW", address_of(is_letter_or_digit<WCHAR>)),
        letters("IsCharAlphaW", address_of(is_letter<WCHAR>)),
        letters("IsCharLowerA", address_of(is_lower_character<char>)),
        letters("IsCharLowerW", address_of(is_lower_character<WCHAR>)),
        letters("IsCharUpperA", address_of(is_upper_character<char>)),
        letters("IsCharUpperW", address_of(is_upper_character<WCHAR>)),
    };
    return table;
}

}  // namespace instdrv::winapi::user32

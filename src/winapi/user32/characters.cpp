// CharUpper and its relatives. https://learn.microsoft.com/windows/win32/menurc/strings
#include <algorithm>
#include <string>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::user32 {
namespace {

using Change = char16_t (*)(char16_t) noexcept;

// A character of the ANSI code page becomes what its UTF-16 form does, where that takes as many
// bytes.
template <Change change>
void change_character(char* text, std::size_t size) {
    std::u16string wide = decode_ansi({text, size});
    if (wide.size() != 1) return;
    wide[0] = change(wide[0]);
    const Encoded narrow = encode(ansi_code_page(), wide, {.best_fit = false});
    if (narrow.all_valid && narrow.bytes.size() == size) std::ranges::copy(narrow.bytes, text);
}

template <Change change>
DWORD change_buffer(char* text, DWORD length) {
    for (std::size_t at = 0; at < length;) {
        const std::size_t size = ansi_character_size({text + at, length - at});
        change_character<change>(text + at, size);
        at += size;
    }
    return length;
}

template <Change change>
DWORD change_buffer(WCHAR* text, DWORD length) {
    std::transform(text, text + length, text, change);
    return length;
}

template <Change change, class Char>
DWORD change_counted(Char* text, DWORD length) {
    return change_buffer<change>(text, length);
}
WINAPI_EXPORT_AS("CharLowerBuffA", in_user32, (change_counted<lower_case, char>));
WINAPI_EXPORT_AS("CharLowerBuffW", in_user32, (change_counted<lower_case, WCHAR>));
WINAPI_EXPORT_AS("CharUpperBuffA", in_user32, (change_counted<upper_case, char>));
WINAPI_EXPORT_AS("CharUpperBuffW", in_user32, (change_counted<upper_case, WCHAR>));

// A "pointer" below 65,536 is a character instead.
template <Change change, class Char>
Char* change_text(Char* text) {
    const auto number = reinterpret_cast<std::uintptr_t>(text);
    if (number > 0xFFFF) {
        change_buffer<change>(text, static_cast<DWORD>(std::char_traits<Char>::length(text)));
        return text;
    }
    Char c = static_cast<Char>(number);
    change_buffer<change>(&c, 1);
    return reinterpret_cast<Char*>(static_cast<std::uintptr_t>(std::make_unsigned_t<Char>(c)));
}
WINAPI_EXPORT_AS("CharLowerA", in_user32, (change_text<lower_case, char>));
WINAPI_EXPORT_AS("CharLowerW", in_user32, (change_text<lower_case, WCHAR>));
WINAPI_EXPORT_AS("CharUpperA", in_user32, (change_text<upper_case, char>));
WINAPI_EXPORT_AS("CharUpperW", in_user32, (change_text<upper_case, WCHAR>));

char* next_in(UINT page, const char* at) {
    return const_cast<char*>(
        *at == 0 ? at : at + (is_lead_byte(page, static_cast<BYTE>(*at)) && at[1] != 0 ? 2 : 1));
}

char* CharNextA(const char* at) { return next_in(ansi_code_page(), at); }
WINAPI_EXPORT(CharNextA, in_user32);

char* CharNextExA(WORD code_page, const char* at, DWORD) {
    const auto page = resolve_code_page(code_page);
    return next_in(page.value_or(ansi_code_page()), at);
}
WINAPI_EXPORT(CharNextExA, in_user32);

WCHAR* CharNextW(const WCHAR* at) { return const_cast<WCHAR*>(*at == 0 ? at : at + 1); }
WINAPI_EXPORT(CharNextW, in_user32);

// What is a second byte is known from the start of the text only.
char* previous_in(UINT page, const char* start, const char* at) {
    const char* previous = start;
    for (const char* next = start; next < at && *next != 0;) {
        previous = next;
        next = next_in(page, next);
    }
    return const_cast<char*>(previous);
}

char* CharPrevA(const char* start, const char* at) {
    return previous_in(ansi_code_page(), start, at);
}
WINAPI_EXPORT(CharPrevA, in_user32);

char* CharPrevExA(WORD code_page, const char* start, const char* at, DWORD) {
    const auto page = resolve_code_page(code_page);
    return previous_in(page.value_or(ansi_code_page()), start, at);
}
WINAPI_EXPORT(CharPrevExA, in_user32);

WCHAR* CharPrevW(const WCHAR* start, const WCHAR* at) {
    return const_cast<WCHAR*>(at > start ? at - 1 : start);
}
WINAPI_EXPORT(CharPrevW, in_user32);

WCHAR wide_of(WCHAR c) { return c; }
WCHAR wide_of(char c) {
    const std::u16string wide = decode_ansi({&c, 1});
    return wide.empty() ? WCHAR{0} : wide[0];
}

// A bit of CT_CTYPE1.
bool has_type(WCHAR c, WORD type) { return (kind_of_unit(c).type1 & type) != 0; }

template <class Char>
BOOL is_upper_character(Char c) {
    return has_type(wide_of(c), 0x1) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharUpperA", in_user32, is_upper_character<char>);
WINAPI_EXPORT_AS("IsCharUpperW", in_user32, is_upper_character<WCHAR>);
template <class Char>
BOOL is_lower_character(Char c) {
    return has_type(wide_of(c), 0x2) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharLowerA", in_user32, is_lower_character<char>);
WINAPI_EXPORT_AS("IsCharLowerW", in_user32, is_lower_character<WCHAR>);
template <class Char>
BOOL is_letter(Char c) {
    return has_type(wide_of(c), 0x100) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharAlphaA", in_user32, is_letter<char>);
WINAPI_EXPORT_AS("IsCharAlphaW", in_user32, is_letter<WCHAR>);
template <class Char>
BOOL is_letter_or_digit(Char c) {
    return has_type(wide_of(c), 0x104) ? TRUE : FALSE;
}
WINAPI_EXPORT_AS("IsCharAlphaNumericA", in_user32, is_letter_or_digit<char>);
WINAPI_EXPORT_AS("IsCharAlphaNumericW", in_user32, is_letter_or_digit<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::user32

// One locale: English (United States).
// https://learn.microsoft.com/windows/win32/intl/national-language-support-functions
#include <algorithm>
#include <cstring>

#include "winapi/exports/export.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD english_us = 0x0409;
constexpr DWORD LCMAP_LOWERCASE = 0x100;
constexpr DWORD LCMAP_UPPERCASE = 0x200;

DWORD default_locale() { return english_us; }
WINAPI_EXPORT_AS("GetSystemDefaultLCID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetSystemDefaultLangID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetSystemDefaultUILanguage", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetThreadLocale", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultLCID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultLangID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultUILanguage", in_kernel32, default_locale);

BOOL SetThreadLocale(DWORD locale) {
    return locale == english_us ? TRUE : fail(ERROR_INVALID_PARAMETER, FALSE);
}
WINAPI_EXPORT(SetThreadLocale, in_kernel32, Coverage::partial, "English (United States) only");

BOOL IsValidLocale(DWORD locale, DWORD) { return locale == english_us ? TRUE : FALSE; }
WINAPI_EXPORT(IsValidLocale, in_kernel32, Coverage::partial, "English (United States) only");

template <class Character>
int give_text(const std::basic_string<Character>& text, Character* buffer, int size) {
    const auto length = static_cast<int>(text.size());
    if (size == 0) return length;
    if (length > size) return fail(ERROR_INSUFFICIENT_BUFFER, 0);
    std::copy(text.begin(), text.end(), buffer);
    return length;
}

template <class Character>
int LCMapString(DWORD, DWORD flags, const Character* text, int count, Character* buffer, int size) {
    const DWORD mapping = flags & (LCMAP_LOWERCASE | LCMAP_UPPERCASE);
    if (text == nullptr || count == 0 || size < 0) return fail(ERROR_INVALID_PARAMETER, 0);
    if (mapping == 0 || mapping == (LCMAP_LOWERCASE | LCMAP_UPPERCASE)) {
        return fail(ERROR_INVALID_FLAGS, 0);
    }
    using String = std::basic_string<Character>;
    const String source(text, count < 0 ? std::char_traits<Character>::length(text) + 1
                                        : static_cast<std::size_t>(count));
    std::u16string wide;
    if constexpr (sizeof(Character) == 1) {
        wide = decode(ansi_code_page, source).text;
    } else {
        wide = source;
    }
    std::transform(wide.begin(), wide.end(), wide.begin(),
                   mapping == LCMAP_UPPERCASE ? upper_case : lower_case);
    return give_text(in_face<Character>(std::u16string_view(wide)), buffer, size);
}
WINAPI_EXPORT_AS("LCMapStringA", in_kernel32, LCMapString<char>, Coverage::partial,
                 "upper and lower case of Latin, Greek and Cyrillic only");
WINAPI_EXPORT_AS("LCMapStringW", in_kernel32, LCMapString<WCHAR>, Coverage::partial,
                 "upper and lower case of Latin, Greek and Cyrillic only");

int LCMapStringEx(const WCHAR*, DWORD flags, const WCHAR* text, int count, WCHAR* buffer, int size,
                  void*, void*, LPARAM) {
    return LCMapString<WCHAR>(english_us, flags, text, count, buffer, size);
}
WINAPI_EXPORT(LCMapStringEx, in_kernel32, Coverage::partial,
              "upper and lower case of Latin, Greek and Cyrillic only");

// The values of a few LCTYPEs of winnls.h.
std::u16string_view locale_text(DWORD type) {
    switch (type & 0xFFFF) {
        case 0x0001: return u"0409";                     // LOCALE_ILANGUAGE
        case 0x0002: return u"English (United States)";  // LOCALE_SLANGUAGE
        case 0x0003: return u"ENU";                      // LOCALE_SABBREVLANGNAME
        case 0x0006: return u"United States";            // LOCALE_SCOUNTRY
        case 0x000B: return u"437";                      // LOCALE_IDEFAULTCODEPAGE
        case 0x000C: return u",";                        // LOCALE_SLIST
        case 0x000D: return u"1";                        // LOCALE_IMEASURE: US units
        case 0x000E: return u".";                        // LOCALE_SDECIMAL
        case 0x000F: return u",";                        // LOCALE_STHOUSAND
        case 0x0059: return u"en";                       // LOCALE_SISO639LANGNAME
        case 0x005A: return u"US";                       // LOCALE_SISO3166CTRYNAME
        case 0x005C: return u"en-US";                    // LOCALE_SNAME
        case 0x1001: return u"English";                  // LOCALE_SENGLANGUAGE
        case 0x1002: return u"United States";            // LOCALE_SENGCOUNTRY
        case 0x1004: return u"1252";                     // LOCALE_IDEFAULTANSICODEPAGE
        default: return {};
    }
}

template <class Character>
int GetLocaleInfo(DWORD, DWORD type, Character* buffer, int size) {
    constexpr DWORD LOCALE_RETURN_NUMBER = 0x20000000;
    const std::u16string_view text = locale_text(type);
    if (text.empty() || (type & LOCALE_RETURN_NUMBER) != 0) return fail(ERROR_INVALID_FLAGS, 0);
    auto value = in_face<Character>(text);
    value += Character{0};
    return give_text(value, buffer, size);
}
WINAPI_EXPORT_AS("GetLocaleInfoA", in_kernel32, GetLocaleInfo<char>, Coverage::partial,
                 "English (United States), and few of the LCTYPEs");
WINAPI_EXPORT_AS("GetLocaleInfoW", in_kernel32, GetLocaleInfo<WCHAR>, Coverage::partial,
                 "English (United States), and few of the LCTYPEs");

int GetLocaleInfoEx(const WCHAR*, DWORD type, WCHAR* buffer, int size) {
    return GetLocaleInfo<WCHAR>(english_us, type, buffer, size);
}
WINAPI_EXPORT(GetLocaleInfoEx, in_kernel32, Coverage::partial,
              "English (United States), and few of the LCTYPEs");

int GetDefaultLocaleName(WCHAR* buffer, int size) {
    return give_text(std::u16string(u"en-US") + u'\0', buffer, size);
}
WINAPI_EXPORT_AS("GetSystemDefaultLocaleName", in_kernel32, GetDefaultLocaleName);
WINAPI_EXPORT_AS("GetUserDefaultLocaleName", in_kernel32, GetDefaultLocaleName);

BOOL AreFileApisANSI() { return TRUE; }
WINAPI_EXPORT(AreFileApisANSI, in_kernel32);

constexpr DWORD CT_CTYPE1 = 1;

WORD character_type(char16_t c) {
    constexpr WORD upper = 0x1, lower = 0x2, digit = 0x4, space = 0x8, punctuation = 0x10,
                   control = 0x20, blank = 0x40, hex_digit = 0x80, alphabetic = 0x100,
                   defined = 0x200;
    WORD type = defined;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) type |= control;
    if ((c >= 9 && c <= 13) || c == u' ' || c == 0xA0) type |= space;
    if (c == 9 || c == u' ' || c == 0xA0) type |= blank;
    if (c >= u'0' && c <= u'9') type |= digit | hex_digit;
    if ((c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F')) type |= hex_digit;
    if (lower_case(c) != c) type |= upper | alphabetic;
    if (upper_case(c) != c || c == 0xDF) type |= lower | alphabetic;
    if (type == defined && c > u' ' && c < 0xC0) type |= punctuation;
    return type;
}

BOOL GetStringTypeW(DWORD kind, const WCHAR* text, int count, WORD* types) {
    if (kind != CT_CTYPE1 || text == nullptr || types == nullptr || count == 0) {
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    }
    const std::size_t length =
        count < 0 ? std::u16string_view(text).size() + 1 : static_cast<std::size_t>(count);
    std::transform(text, text + length, types, character_type);
    return TRUE;
}
WINAPI_EXPORT(GetStringTypeW, in_kernel32, Coverage::partial, "CT_CTYPE1 only");

BOOL GetStringTypeExA(DWORD, DWORD kind, const char* text, int count, WORD* types) {
    if (text == nullptr || count == 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const std::string_view bytes = count < 0
                                       ? std::string_view(text, std::string_view(text).size() + 1)
                                       : std::string_view(text, static_cast<std::size_t>(count));
    const std::u16string wide = decode(ansi_code_page, bytes).text;
    return GetStringTypeW(kind, wide.data(), static_cast<int>(wide.size()), types);
}
WINAPI_EXPORT_AS("GetStringTypeA", in_kernel32, GetStringTypeExA, Coverage::partial,
                 "CT_CTYPE1 only");
WINAPI_EXPORT(GetStringTypeExA, in_kernel32, Coverage::partial, "CT_CTYPE1 only");

BOOL GetStringTypeExW(DWORD, DWORD kind, const WCHAR* text, int count, WORD* types) {
    return GetStringTypeW(kind, text, count, types);
}
WINAPI_EXPORT(GetStringTypeExW, in_kernel32, Coverage::partial, "CT_CTYPE1 only");

}  // namespace

}  // namespace instdrv::winapi::kernel32

// Locales: those of base/windows_locale.hpp, of which the driver's own is the default.
// https://learn.microsoft.com/windows/win32/intl/national-language-support-functions
#include <algorithm>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD LCMAP_LOWERCASE = 0x100;
constexpr DWORD LCMAP_UPPERCASE = 0x200;

DWORD default_locale() { return DriverText::current().locale().id; }
WINAPI_EXPORT_AS("GetSystemDefaultLCID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetSystemDefaultLangID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetSystemDefaultUILanguage", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultLCID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultLangID", in_kernel32, default_locale);
WINAPI_EXPORT_AS("GetUserDefaultUILanguage", in_kernel32, default_locale);

// The locale of an LCID; null: not known. The order of sorting, above the language, does not count.
const WindowsLocale* locale_of(DWORD id) {
    constexpr DWORD neutral = 0, user_default = 0x400, system_default = 0x800, invariant = 0x7F;
    switch (id & 0xFFFF) {
        case neutral:
        case user_default:
        case system_default: return &DriverText::current().locale();
        case invariant: return find_locale(english_us_id);
        default: return find_locale(id & 0xFFFF);
    }
}

// Null and "" are the driver's, the invariant one is in English.
const WindowsLocale* locale_named(const WCHAR* name) {
    if (name == nullptr || *name == 0) return &DriverText::current().locale();
    return find_locale(std::string_view(to_utf8_text(name)));
}

DWORD GetThreadLocale() {
    const DWORD chosen = current_thread().teb().CurrentLocale;
    return chosen == 0 ? default_locale() : chosen;
}
WINAPI_EXPORT(GetThreadLocale, in_kernel32);

BOOL SetThreadLocale(DWORD id) {
    const WindowsLocale* const locale = locale_of(id);
    if (locale == nullptr) return fail(ERROR_INVALID_PARAMETER, FALSE);
    current_thread().teb().CurrentLocale = locale->id;
    return TRUE;
}
WINAPI_EXPORT(SetThreadLocale, in_kernel32, Coverage::partial,
              "the locales of docs/windows-text.md");

BOOL IsValidLocale(DWORD id, DWORD) { return locale_of(id) != nullptr ? TRUE : FALSE; }
WINAPI_EXPORT(IsValidLocale, in_kernel32, Coverage::partial, "the locales of docs/windows-text.md");

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
        wide = decode_ansi(source);
    } else {
        wide = source;
    }
    std::transform(wide.begin(), wide.end(), wide.begin(),
                   mapping == LCMAP_UPPERCASE ? upper_case : lower_case);
    return give_text(in_face<Character>(std::u16string_view(wide)), buffer, size);
}
WINAPI_EXPORT_AS("LCMapStringA", in_kernel32, LCMapString<char>, Coverage::partial,
                 "upper and lower case only");
WINAPI_EXPORT_AS("LCMapStringW", in_kernel32, LCMapString<WCHAR>, Coverage::partial,
                 "upper and lower case only");

int LCMapStringEx(const WCHAR*, DWORD flags, const WCHAR* text, int count, WCHAR* buffer, int size,
                  void*, void*, LPARAM) {
    return LCMapString<WCHAR>(0, flags, text, count, buffer, size);
}
WINAPI_EXPORT(LCMapStringEx, in_kernel32, Coverage::partial, "upper and lower case only");

// A few LCTYPEs of winnls.h.
enum LocaleType : DWORD {
    LOCALE_ILANGUAGE = 0x1,
    LOCALE_SLANGUAGE = 0x2,
    LOCALE_SABBREVLANGNAME = 0x3,
    LOCALE_SCOUNTRY = 0x6,
    LOCALE_IDEFAULTCODEPAGE = 0xB,
    LOCALE_SLIST = 0xC,
    LOCALE_IMEASURE = 0xD,
    LOCALE_SDECIMAL = 0xE,
    LOCALE_STHOUSAND = 0xF,
    LOCALE_SISO639LANGNAME = 0x59,
    LOCALE_SISO3166CTRYNAME = 0x5A,
    LOCALE_SNAME = 0x5C,
    LOCALE_SENGLANGUAGE = 0x1001,
    LOCALE_SENGCOUNTRY = 0x1002,
    LOCALE_IDEFAULTANSICODEPAGE = 0x1004,
};

// Of those that are numbers.
std::optional<DWORD> locale_number(const WindowsLocale& locale, DWORD type) {
    const bool is_drivers = &locale == &DriverText::current().locale();
    switch (type) {
        case LOCALE_ILANGUAGE: return locale.id;
        case LOCALE_IDEFAULTCODEPAGE: return is_drivers ? oem_code_page() : locale.oem_code_page;
        case LOCALE_IDEFAULTANSICODEPAGE: return is_drivers ? ansi_code_page() : locale.code_page;
        case LOCALE_IMEASURE: return locale.id == english_us_id ? 1 : 0;  // US units
        default: return std::nullopt;
    }
}

std::u16string locale_text(const WindowsLocale& locale, DWORD type) {
    if (const auto number = locale_number(locale, type)) {
        return to_utf16(type == LOCALE_ILANGUAGE ? fmt::format("{:04x}", *number)
                                                 : fmt::format("{}", *number));
    }
    switch (type) {
        case LOCALE_SLANGUAGE:
            return to_utf16(fmt::format("{} ({})", locale.language, locale.country));
        case LOCALE_SABBREVLANGNAME: return to_utf16(locale.abbreviation);
        case LOCALE_SENGCOUNTRY:
        case LOCALE_SCOUNTRY: return to_utf16(locale.country);
        case LOCALE_SLIST: return {locale.list};
        case LOCALE_SDECIMAL: return {locale.decimal};
        case LOCALE_STHOUSAND: return {locale.thousands};
        case LOCALE_SISO639LANGNAME: return to_utf16(locale.name.substr(0, 2));
        case LOCALE_SISO3166CTRYNAME: return to_utf16(locale.name.substr(locale.name.size() - 2));
        case LOCALE_SNAME: return to_utf16(locale.name);
        case LOCALE_SENGLANGUAGE: return to_utf16(locale.language);
        default: return {};
    }
}

// A number is stored as one, in as many characters as it takes.
template <class Character>
int give_number(DWORD number, Character* buffer, int size) {
    std::basic_string<Character> bytes(sizeof number / sizeof(Character), Character{0});
    std::memcpy(bytes.data(), &number, sizeof number);
    return give_text(bytes, buffer, size);
}

template <class Character>
int give_locale_info(const WindowsLocale* locale, DWORD flagged_type, Character* buffer, int size) {
    constexpr DWORD LOCALE_RETURN_NUMBER = 0x20000000;
    const DWORD type = flagged_type & 0xFFFF;
    if (locale == nullptr || size < 0 || (size > 0 && buffer == nullptr)) {
        return fail(ERROR_INVALID_PARAMETER, 0);
    }
    if ((flagged_type & LOCALE_RETURN_NUMBER) != 0) {
        const auto number = locale_number(*locale, type);
        return number ? give_number(*number, buffer, size) : fail(ERROR_INVALID_FLAGS, 0);
    }
    const std::u16string text = locale_text(*locale, type);
    if (text.empty()) return fail(ERROR_INVALID_FLAGS, 0);
    auto value = in_face<Character>(std::u16string_view(text));
    value += Character{0};
    return give_text(value, buffer, size);
}

template <class Character>
int GetLocaleInfo(DWORD id, DWORD type, Character* buffer, int size) {
    return give_locale_info(locale_of(id), type, buffer, size);
}
WINAPI_EXPORT_AS("GetLocaleInfoA", in_kernel32, GetLocaleInfo<char>, Coverage::partial,
                 "the locales of docs/windows-text.md in English, and few of the LCTYPEs");
WINAPI_EXPORT_AS("GetLocaleInfoW", in_kernel32, GetLocaleInfo<WCHAR>, Coverage::partial,
                 "the locales of docs/windows-text.md in English, and few of the LCTYPEs");

int GetLocaleInfoEx(const WCHAR* name, DWORD type, WCHAR* buffer, int size) {
    return give_locale_info(locale_named(name), type, buffer, size);
}
WINAPI_EXPORT(GetLocaleInfoEx, in_kernel32, Coverage::partial,
              "the locales of docs/windows-text.md in English, and few of the LCTYPEs");

int GetDefaultLocaleName(WCHAR* buffer, int size) {
    return give_text(to_utf16(DriverText::current().locale().name) + u'\0', buffer, size);
}
WINAPI_EXPORT_AS("GetSystemDefaultLocaleName", in_kernel32, GetDefaultLocaleName);
WINAPI_EXPORT_AS("GetUserDefaultLocaleName", in_kernel32, GetDefaultLocaleName);

BOOL AreFileApisANSI() { return TRUE; }
WINAPI_EXPORT(AreFileApisANSI, in_kernel32);

WORD type_of(char16_t unit, DWORD kind) {
    const CharacterKind types = kind_of_unit(unit);
    return kind == 1 ? types.type1 : kind == 2 ? types.type2 : types.type3;
}

BOOL GetStringTypeW(DWORD kind, const WCHAR* text, int count, WORD* types) {
    const bool is_kind = kind == 1 || kind == 2 || kind == 4;  // CT_CTYPE1 to CT_CTYPE3
    if (!is_kind || text == nullptr || types == nullptr || count == 0) {
        return fail(ERROR_INVALID_PARAMETER, FALSE);
    }
    const std::size_t length =
        count < 0 ? std::u16string_view(text).size() + 1 : static_cast<std::size_t>(count);
    std::transform(text, text + length, types, [&](char16_t c) { return type_of(c, kind); });
    return TRUE;
}
WINAPI_EXPORT(GetStringTypeW, in_kernel32, Coverage::partial,
              "CT_CTYPE3 has no diacritics, vowel marks and lexical marks");

BOOL GetStringTypeExA(DWORD, DWORD kind, const char* text, int count, WORD* types) {
    if (text == nullptr || count == 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const std::string_view bytes = count < 0
                                       ? std::string_view(text, std::string_view(text).size() + 1)
                                       : std::string_view(text, static_cast<std::size_t>(count));
    const std::u16string wide = decode_ansi(bytes);
    return GetStringTypeW(kind, wide.data(), static_cast<int>(wide.size()), types);
}
WINAPI_EXPORT_AS("GetStringTypeA", in_kernel32, GetStringTypeExA, Coverage::partial,
                 "CT_CTYPE3 has no diacritics, vowel marks and lexical marks");
WINAPI_EXPORT(GetStringTypeExA, in_kernel32, Coverage::partial,
              "CT_CTYPE3 has no diacritics, vowel marks and lexical marks");

BOOL GetStringTypeExW(DWORD, DWORD kind, const WCHAR* text, int count, WORD* types) {
    return GetStringTypeW(kind, text, count, types);
}
WINAPI_EXPORT(GetStringTypeExW, in_kernel32, Coverage::partial,
              "CT_CTYPE3 has no diacritics, vowel marks and lexical marks");

}  // namespace

}  // namespace instdrv::winapi::kernel32

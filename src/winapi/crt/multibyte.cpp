// Between narrow and wide text in the "C" locale (text_width.hpp), whatever the driver's code page.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/mbstowcs-mbstowcs-l
#include <algorithm>
#include <cerrno>

#include "winapi/crt/letters.hpp"
#include "winapi/crt/text_width.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr SIZE_T conversion_failed = ~SIZE_T{0};

// Converts up to `room` characters, the NUL included where it fits. A null target only counts.
template <class To, class From>
SIZE_T convert(To* to, const From* from, SIZE_T room) {
    if (from == nullptr) return fail_with(EINVAL, conversion_failed);
    for (SIZE_T i = 0; to == nullptr || i < room; ++i) {
        const char16_t code = code_of(from[i]);
        if (!fits<To>(code)) return fail_with(windows_EILSEQ, conversion_failed);
        if (to != nullptr) to[i] = static_cast<To>(code);
        if (code == 0) return i;
    }
    return room;
}
CRT_EXPORT_AS("mbstowcs", in_crt | in_ntdll | with_locale, (convert<WCHAR, char>));
CRT_EXPORT_AS("wcstombs", in_crt | in_ntdll | with_locale, (convert<char, WCHAR>));

// `*converted` counts the NUL.
template <class To, class From>
int convert_checked(SIZE_T* converted, To* to, SIZE_T room, const From* from, SIZE_T limit) {
    if (converted != nullptr) *converted = 0;
    if (from == nullptr || (to == nullptr) != (room == 0)) return fail_with(EINVAL, EINVAL);
    if (to == nullptr) {
        const SIZE_T length = convert<To>(nullptr, from, 0);
        if (length == conversion_failed) return error_number();
        if (converted != nullptr) *converted = length + 1;
        return 0;
    }
    const SIZE_T wanted = bounded_length(from, limit == truncate ? room : limit);
    const bool cut = wanted >= room;
    to[0] = 0;
    if (cut && limit != truncate) return fail_with(ERANGE, ERANGE);
    const SIZE_T length = cut ? room - 1 : wanted;
    if (convert(to, from, length) == conversion_failed) {
        to[0] = 0;
        return windows_EILSEQ;
    }
    to[length] = 0;
    if (converted != nullptr) *converted = length + 1;
    return cut ? STRUNCATE : 0;
}
CRT_EXPORT_AS("mbstowcs_s", in_crt | with_locale, (convert_checked<WCHAR, char>));
CRT_EXPORT_AS("wcstombs_s", in_crt | with_locale, (convert_checked<char, WCHAR>));

int to_wide_character(LPWSTR to, const char* from, SIZE_T room) {
    if (from == nullptr || room == 0) return 0;
    if (to != nullptr) *to = code_of(*from);
    return *from == 0 ? 0 : 1;
}
CRT_EXPORT_AS("mbtowc", in_crt | with_locale, to_wide_character);

int to_narrow_character(char* to, WCHAR c) {
    if (to == nullptr) return 0;
    if (!fits<char>(c)) return fail_with(windows_EILSEQ, -1);
    *to = static_cast<char>(c);
    return 1;
}
CRT_EXPORT_AS("wctomb", in_crt | with_locale, to_narrow_character);

int wctomb_s(int* length, char* to, SIZE_T room, WCHAR c) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const int converted = to_narrow_character(to, c);
    if (length != nullptr) *length = converted;
    return converted < 0 ? windows_EILSEQ : 0;
}
CRT_EXPORT(wctomb_s, in_crt | with_locale);

SIZE_T to_wide_restartable(LPWSTR to, const char* from, SIZE_T room, void*) {
    return static_cast<SIZE_T>(to_wide_character(to, from, room));
}
CRT_EXPORT_AS("mbrtowc", in_crt, to_wide_restartable);

SIZE_T to_narrow_restartable(char* to, WCHAR c, void*) {
    return to == nullptr ? 1 : static_cast<SIZE_T>(to_narrow_character(to, c));
}
CRT_EXPORT_AS("wcrtomb", in_crt, to_narrow_restartable);

// `*from` moves on, and becomes null where the text ended.
template <class To, class From>
SIZE_T convert_restartable(To* to, const From** from, SIZE_T room, void*) {
    if (from == nullptr || *from == nullptr) return fail_with(EINVAL, conversion_failed);
    const SIZE_T converted = convert(to, *from, room);
    if (to == nullptr || converted == conversion_failed) return converted;
    *from = converted < room ? nullptr : *from + converted;
    return converted;
}
CRT_EXPORT_AS("mbsrtowcs", in_crt, (convert_restartable<WCHAR, char>));
CRT_EXPORT_AS("wcsrtombs", in_crt, (convert_restartable<char, WCHAR>));

SIZE_T length_restartable(const char* text, SIZE_T room, void*) {
    return text == nullptr || room == 0 || *text == 0 ? 0 : 1;
}
CRT_EXPORT_AS("mbrlen", in_crt, length_restartable);

int isleadbyte(int) { return 0; }
CRT_EXPORT(isleadbyte, in_crt);

int character_length(const char* text, SIZE_T room) {
    return text == nullptr || room == 0 || *text == 0 ? 0 : 1;
}
CRT_EXPORT_AS("mblen", in_crt, character_length);

WCHAR widened(int c) {
    constexpr WCHAR wide_end = 0xFFFF;
    return c < 0 || c > 0xFF ? wide_end : static_cast<WCHAR>(c);
}
CRT_EXPORT_AS("btowc", in_crt, widened);

int narrowed(WCHAR c) { return fits<char>(c) ? c : -1; }
CRT_EXPORT_AS("wctob", in_crt, narrowed);

}  // namespace

}  // namespace instdrv::winapi::crt

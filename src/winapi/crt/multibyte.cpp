// Between narrow and wide text in the "C" locale (text_width.hpp), and the _mbs functions, for
// which a character is a byte.
// https://learn.microsoft.com/cpp/c-runtime-library/byte-classification
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/passed_on.hpp"
#include "winapi/crt/text_width.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr SIZE_T conversion_failed = ~SIZE_T{0};
constexpr SIZE_T truncate = ~SIZE_T{0};  // _TRUNCATE

// Converts up to `room` characters, the NUL included where it fits. A null target only counts.
template <class To, class From>
SIZE_T WINFN_C convert(To* to, const From* from, SIZE_T room) {
    if (from == nullptr) return fail_with(EINVAL, conversion_failed);
    for (SIZE_T i = 0; to == nullptr || i < room; ++i) {
        const char16_t code = code_of(from[i]);
        if (!fits<To>(code)) return fail_with(windows_EILSEQ, conversion_failed);
        if (to != nullptr) to[i] = static_cast<To>(code);
        if (code == 0) return i;
    }
    return room;
}

// `*converted` counts the NUL.
template <class To, class From>
int WINFN_C convert_checked(SIZE_T* converted, To* to, SIZE_T room, const From* from,
                            SIZE_T limit) {
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

int WINFN_C to_wide_character(LPWSTR to, const char* from, SIZE_T room) {
    if (from == nullptr || room == 0) return 0;
    if (to != nullptr) *to = code_of(*from);
    return *from == 0 ? 0 : 1;
}

int WINFN_C to_narrow_character(char* to, WCHAR c) {
    if (to == nullptr) return 0;
    if (!fits<char>(c)) return fail_with(windows_EILSEQ, -1);
    *to = static_cast<char>(c);
    return 1;
}

int WINFN_C to_narrow_character_checked(int* length, char* to, SIZE_T room, WCHAR c) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const int converted = to_narrow_character(to, c);
    if (length != nullptr) *length = converted;
    return converted < 0 ? windows_EILSEQ : 0;
}

SIZE_T WINFN_C to_wide_restartable(LPWSTR to, const char* from, SIZE_T room, void*) {
    return static_cast<SIZE_T>(to_wide_character(to, from, room));
}

SIZE_T WINFN_C to_narrow_restartable(char* to, WCHAR c, void*) {
    return to == nullptr ? 1 : static_cast<SIZE_T>(to_narrow_character(to, c));
}

// `*from` moves on, and becomes null where the text ended.
template <class To, class From>
SIZE_T WINFN_C convert_restartable(To* to, const From** from, SIZE_T room, void*) {
    if (from == nullptr || *from == nullptr) return fail_with(EINVAL, conversion_failed);
    const SIZE_T converted = convert(to, *from, room);
    if (to == nullptr || converted == conversion_failed) return converted;
    *from = converted < room ? nullptr : *from + converted;
    return converted;
}

SIZE_T WINFN_C length_restartable(const char* text, SIZE_T room, void*) {
    return text == nullptr || room == 0 || *text == 0 ? 0 : 1;
}

int WINFN_C is_lead_byte_of_locale(int) { return 0; }

int WINFN_C character_length(const char* text, SIZE_T room) {
    return text == nullptr || room == 0 || *text == 0 ? 0 : 1;
}

WCHAR WINFN_C widened(int c) {
    constexpr WCHAR wide_end = 0xFFFF;
    return c < 0 || c > 0xFF ? wide_end : static_cast<WCHAR>(c);
}

int WINFN_C narrowed(WCHAR c) { return fits<char>(c) ? c : -1; }

int WINFN_C is_lead_byte(unsigned) { return 0; }
const char* WINFN_C next_character(const char* at) { return at + 1; }
const char* WINFN_C previous_character(const char* start, const char* at) {
    return at > start ? at - 1 : nullptr;
}
int WINFN_C compare_cases_alike(const char* a, const char* b) {
    return compare_ignoring_case(a, b, SIZE_MAX);
}
int WINFN_C compare_cases_alike_bounded(const char* a, const char* b, SIZE_T limit) {
    return compare_ignoring_case(a, b, limit);
}

unsigned char lead_bytes[257] = {};
unsigned char* WINFN_C lead_byte_table() { return lead_bytes; }

}  // namespace

std::span<const Export> multibyte_exports() {
    constexpr std::string_view single = "code pages of one byte per character";
    using Text = const char*;
    const auto bytes = [&](Export same) {
        same.coverage = Coverage::partial;
        same.note = single;
        return same;
    };
    static const Export table[] = {
        {"__p__mbctype", address_of(lead_byte_table)},
        {"_ismbblead", address_of(is_lead_byte), Coverage::partial, single},
        {"_ismbbtrail", address_of(is_lead_byte), Coverage::partial, single},
        {"_ismbclegal", address_of(is_lead_byte), Coverage::partial, single},
        {"_mbctype", lead_bytes},
        {"_mbsdec", address_of(previous_character), Coverage::partial, single},
        {"_mbsicmp", address_of(compare_cases_alike), Coverage::partial, single},
        {"_mbsinc", address_of(next_character), Coverage::partial, single},
        {"_mbsnbicmp", address_of(compare_cases_alike_bounded), Coverage::partial, single},
        {"_mbsnicmp", address_of(compare_cases_alike_bounded), Coverage::partial, single},
        bytes(passed_on<char*(char*, Text), std::strcat>("_mbscat")),
        bytes(passed_on<Text(Text, int), std::strchr>("_mbschr")),
        bytes(passed_on<int(Text, Text), std::strcmp>("_mbscmp")),
        bytes(passed_on<char*(char*, Text), std::strcpy>("_mbscpy")),
        bytes(passed_on<SIZE_T(Text), std::strlen>("_mbslen")),
        bytes(passed_on<int(Text, Text, SIZE_T), std::strncmp>("_mbsncmp")),
        bytes(passed_on<char*(char*, Text, SIZE_T), std::strncpy>("_mbsnbcpy")),
        bytes(passed_on<char*(char*, Text, SIZE_T), std::strncpy>("_mbsncpy")),
        bytes(passed_on<Text(Text, int), std::strrchr>("_mbsrchr")),
        bytes(passed_on<Text(Text, Text), std::strstr>("_mbsstr")),
        {"btowc", address_of(widened)},
        {"isleadbyte", address_of(is_lead_byte_of_locale)},
        {"mblen", address_of(character_length)},
        {"mbrlen", address_of(length_restartable)},
        {"mbrtowc", address_of(to_wide_restartable)},
        {"mbsrtowcs", address_of(convert_restartable<WCHAR, char>)},
        {"mbstowcs", address_of(convert<WCHAR, char>)},
        {"mbstowcs_s", address_of(convert_checked<WCHAR, char>)},
        {"mbtowc", address_of(to_wide_character)},
        {"wcrtomb", address_of(to_narrow_restartable)},
        {"wcsrtombs", address_of(convert_restartable<char, WCHAR>)},
        {"wcstombs", address_of(convert<char, WCHAR>)},
        {"wcstombs_s", address_of(convert_checked<char, WCHAR>)},
        {"wctob", address_of(narrowed)},
        {"wctomb", address_of(to_narrow_character)},
        {"wctomb_s", address_of(to_narrow_character_checked)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

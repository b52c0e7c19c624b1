// The _mbs functions: characters of one or two bytes of the driver's ANSI code page, or of the one
// that it chose with _setmbcp. A pair counts as 256 times the first byte and the second one.
// https://learn.microsoft.com/cpp/c-runtime-library/single-byte-and-multibyte-character-sets
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "winapi/exports/export.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

MultibyteTypes& multibyte() { return DriverText::current().multibyte(); }

bool begins_pair(const char* at) {
    return multibyte().is(static_cast<unsigned char>(*at), MultibyteTypes::lead) && at[1] != 0;
}

const char* after_character(const char* at) { return at + (begins_pair(at) ? 2 : 1); }

unsigned character_at(const char* at) {
    const unsigned first = static_cast<unsigned char>(*at);
    return begins_pair(at) ? first << 8 | static_cast<unsigned char>(at[1]) : first;
}

// Of ASCII letters, and of those that are pairs.
unsigned changed_case(unsigned character, char16_t (*change)(char16_t) noexcept) {
    const UINT page = multibyte().double_byte_page();
    if (character < 0x80) return change(static_cast<char16_t>(character));
    if (character <= 0xFF || page == 0) return character;
    const char pair[] = {static_cast<char>(character >> 8), static_cast<char>(character)};
    std::u16string wide = decode(page, {pair, 2}).text;
    std::ranges::transform(wide, wide.begin(), change);
    const Encoded encoded = encode(page, wide, {.best_fit = false});
    if (!encoded.all_valid || encoded.bytes.size() != 2) return character;
    return static_cast<unsigned char>(encoded.bytes[0]) << 8U |
           static_cast<unsigned char>(encoded.bytes[1]);
}

unsigned as_it_is(unsigned character) { return character; }
unsigned without_case(unsigned character) { return changed_case(character, winapi::lower_case); }

using Seen = unsigned (*)(unsigned);

// Up to `characters` of them, and as many as lie within `bytes`.
template <Seen seen>
int compare_characters(const char* a, const char* b, SIZE_T characters, SIZE_T bytes) {
    for (; characters > 0; --characters) {
        const auto width = static_cast<SIZE_T>(after_character(a) - a);
        if (width > bytes) break;
        bytes -= width;
        const unsigned left = seen(character_at(a));
        const unsigned right = seen(character_at(b));
        if (left != right) return left < right ? -1 : 1;
        if (*a == 0) return 0;
        a = after_character(a);
        b = after_character(b);
    }
    return 0;
}

int _mbscmp(const char* a, const char* b) {
    return compare_characters<as_it_is>(a, b, SIZE_MAX, SIZE_MAX);
}
CRT_EXPORT(_mbscmp, in_crt);
int _mbsncmp(const char* a, const char* b, SIZE_T characters) {
    return compare_characters<as_it_is>(a, b, characters, SIZE_MAX);
}
CRT_EXPORT(_mbsncmp, in_crt);
int _mbsicmp(const char* a, const char* b) {
    return compare_characters<without_case>(a, b, SIZE_MAX, SIZE_MAX);
}
CRT_EXPORT(_mbsicmp, in_crt);
int _mbsnicmp(const char* a, const char* b, SIZE_T characters) {
    return compare_characters<without_case>(a, b, characters, SIZE_MAX);
}
CRT_EXPORT(_mbsnicmp, in_crt);
int _mbsnbicmp(const char* a, const char* b, SIZE_T bytes) {
    return compare_characters<without_case>(a, b, SIZE_MAX, bytes);
}
CRT_EXPORT(_mbsnbicmp, in_crt);

int _ismbblead(unsigned c) {
    return multibyte().is(static_cast<unsigned char>(c), MultibyteTypes::lead) ? 1 : 0;
}
CRT_EXPORT(_ismbblead, in_crt | with_locale);
int _ismbbtrail(unsigned c) {
    return multibyte().is(static_cast<unsigned char>(c), MultibyteTypes::trail) ? 1 : 0;
}
CRT_EXPORT(_ismbbtrail, in_crt);
int _ismbclegal(unsigned c) {
    return _ismbblead(c >> 8) != 0 && _ismbbtrail(c & 0xFF) != 0 ? 1 : 0;
}
CRT_EXPORT(_ismbclegal, in_crt);

const char* _mbsinc(const char* at) { return after_character(at); }
CRT_EXPORT(_mbsinc, in_crt);

const char* _mbsdec(const char* start, const char* at) {
    if (start == nullptr || at == nullptr || start >= at) return nullptr;
    const char* previous = start;
    for (const char* next = start; next < at && *next != 0; next = after_character(next))
        previous = next;
    return previous;
}
CRT_EXPORT(_mbsdec, in_crt);

SIZE_T _mbslen(const char* text) {
    SIZE_T count = 0;
    for (; *text != 0; text = after_character(text))
        ++count;
    return count;
}
CRT_EXPORT(_mbslen, in_crt);

const char* _mbschr(const char* text, unsigned c) {
    for (; *text != 0; text = after_character(text)) {
        if (character_at(text) == c) return text;
    }
    return c == 0 ? text : nullptr;
}
CRT_EXPORT(_mbschr, in_crt);

const char* _mbsrchr(const char* text, unsigned c) {
    const char* last = nullptr;
    for (; *text != 0; text = after_character(text)) {
        if (character_at(text) == c) last = text;
    }
    return c == 0 ? text : last;
}
CRT_EXPORT(_mbsrchr, in_crt);

const char* _mbsstr(const char* text, const char* wanted) {
    const std::size_t length = std::strlen(wanted);
    for (; std::strncmp(text, wanted, length) != 0; text = after_character(text)) {
        if (*text == 0) return nullptr;
    }
    return text;
}
CRT_EXPORT(_mbsstr, in_crt);

// `characters` of them; what is left of as many bytes becomes NUL.
char* _mbsncpy(char* to, const char* from, SIZE_T characters) {
    char* at = to;
    for (; characters > 0 && *from != 0; --characters) {
        const char* const next = after_character(from);
        at = std::copy(from, next, at);
        from = next;
    }
    std::fill_n(at, characters, '\0');
    return to;
}
CRT_EXPORT(_mbsncpy, in_crt);

// A pair of which there is room for the first byte alone is left out.
char* _mbsnbcpy(char* to, const char* from, SIZE_T bytes) {
    char* at = to;
    char* const end = to + bytes;
    while (*from != 0 && after_character(from) - from <= end - at) {
        const char* const next = after_character(from);
        at = std::copy(from, next, at);
        from = next;
    }
    std::fill(at, end, '\0');
    return to;
}
CRT_EXPORT(_mbsnbcpy, in_crt);

char* change_case_in(char* text, char16_t (*change)(char16_t) noexcept) {
    for (char* at = text; *at != 0;) {
        const unsigned character = changed_case(character_at(at), change);
        if (begins_pair(at)) *at++ = static_cast<char>(character >> 8);
        *at++ = static_cast<char>(character & 0xFF);
    }
    return text;
}
char* _mbslwr(char* text) { return change_case_in(text, winapi::lower_case); }
CRT_EXPORT(_mbslwr, in_crt);
char* _mbsupr(char* text) { return change_case_in(text, winapi::upper_case); }
CRT_EXPORT(_mbsupr, in_crt);

// 0: a page of one byte per character.
int _getmbcp() { return static_cast<int>(multibyte().double_byte_page()); }
CRT_EXPORT(_getmbcp, in_crt);

int _setmbcp(int code_page) {
    constexpr int single_bytes = 0, oem = -2, ansi = -3, of_the_locale = -4;
    switch (code_page) {
        case of_the_locale:  // "C"
        case single_bytes: multibyte().choose(0); return 0;
        case oem: multibyte().choose(oem_code_page()); return 0;
        case ansi: multibyte().choose(ansi_code_page()); return 0;
        default: break;
    }
    const auto page = resolve_code_page(static_cast<UINT>(code_page));
    const bool is_page = page && code_page > 3 && find_table(*page) != nullptr;
    if (!is_page) return fail_with(EINVAL, -1);
    multibyte().choose(*page);
    return 0;
}
CRT_EXPORT(_setmbcp, in_crt, Coverage::partial, "the code pages of docs/windows-text.md");

unsigned char* multibyte_table() { return multibyte().table(); }
CRT_EXPORT_AS("__p__mbctype", in_crt, multibyte_table);

}  // namespace

using Text = const char*;
EXPORT_ADDRESS("_mbctype", in_crt, multibyte_table());
CRT_EXPORT_AS("_mbscat", in_crt, (libc<char*(char*, Text)>(std::strcat)));
CRT_EXPORT_AS("_mbscpy", in_crt, (libc<char*(char*, Text)>(std::strcpy)));

}  // namespace instdrv::winapi::crt

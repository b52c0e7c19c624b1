// Wide strings, of 16-bit units.
// https://learn.microsoft.com/cpp/c-runtime-library/string-manipulation-crt
#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/heap.hpp"

namespace instdrv::winapi::crt {
namespace {

using View = std::u16string_view;
using Traits = std::char_traits<WCHAR>;

SIZE_T WINFN_C wide_length(LPCWSTR text) { return Traits::length(text); }

SIZE_T WINFN_C wide_bounded_length(LPCWSTR text, SIZE_T limit) {
    return text == nullptr ? 0 : bounded_length(text, limit);
}

LPWSTR WINFN_C wide_copy(LPWSTR to, LPCWSTR from) {
    return Traits::copy(to, from, Traits::length(from) + 1);
}

LPWSTR WINFN_C wide_append(LPWSTR to, LPCWSTR from) {
    wide_copy(to + Traits::length(to), from);
    return to;
}

LPWSTR WINFN_C wide_copy_bounded(LPWSTR to, LPCWSTR from, SIZE_T limit) {
    const SIZE_T length = bounded_length(from, limit);
    Traits::copy(to, from, length);
    std::fill(to + length, to + limit, WCHAR{0});
    return to;
}

LPWSTR WINFN_C wide_append_bounded(LPWSTR to, LPCWSTR from, SIZE_T limit) {
    const SIZE_T length = bounded_length(from, limit);
    LPWSTR const end = to + Traits::length(to);
    Traits::copy(end, from, length);
    end[length] = 0;
    return to;
}

int WINFN_C wide_compare_bounded(LPCWSTR a, LPCWSTR b, SIZE_T limit) {
    for (; limit > 0; --limit, ++a, ++b) {
        if (*a != *b) return *a < *b ? -1 : 1;
        if (*a == 0) break;
    }
    return 0;
}

int WINFN_C wide_compare(LPCWSTR a, LPCWSTR b) { return wide_compare_bounded(a, b, SIZE_MAX); }

int WINFN_C wide_compare_cases_alike(LPCWSTR a, LPCWSTR b) {
    return compare_ignoring_case(a, b, SIZE_MAX);
}

int WINFN_C wide_compare_cases_alike_bounded(LPCWSTR a, LPCWSTR b, SIZE_T limit) {
    return compare_ignoring_case(a, b, limit);
}

// Searches find the ending NUL, too, as C says.
LPCWSTR WINFN_C wide_find(LPCWSTR text, WCHAR c) {
    for (; *text != c; ++text) {
        if (*text == 0) return nullptr;
    }
    return text;
}

LPCWSTR WINFN_C wide_find_last(LPCWSTR text, WCHAR c) {
    const auto at = View(text, Traits::length(text) + 1).rfind(c);
    return at == View::npos ? nullptr : text + at;
}

LPCWSTR WINFN_C wide_find_text(LPCWSTR text, LPCWSTR wanted) {
    const auto at = View(text).find(View(wanted));
    return at == View::npos ? nullptr : text + at;
}

SIZE_T WINFN_C wide_span(LPCWSTR text, LPCWSTR accepted) {
    const auto at = View(text).find_first_not_of(View(accepted));
    return at == View::npos ? Traits::length(text) : at;
}

SIZE_T WINFN_C wide_span_without(LPCWSTR text, LPCWSTR rejected) {
    const auto at = View(text).find_first_of(View(rejected));
    return at == View::npos ? Traits::length(text) : at;
}

LPCWSTR WINFN_C wide_find_any(LPCWSTR text, LPCWSTR wanted) {
    const SIZE_T at = wide_span_without(text, wanted);
    return text[at] == 0 ? nullptr : text + at;
}

LPWSTR WINFN_C wide_token_from(LPWSTR text, LPCWSTR separators, LPWSTR* rest) {
    if (text == nullptr) text = *rest;
    if (text == nullptr) return nullptr;
    text += wide_span(text, separators);
    if (*text == 0) {
        *rest = nullptr;
        return nullptr;
    }
    LPWSTR const end = text + wide_span_without(text, separators);
    *rest = *end == 0 ? nullptr : end + 1;
    *end = 0;
    return text;
}

LPWSTR WINFN_C wide_token(LPWSTR text, LPCWSTR separators, LPWSTR* rest) {
    static thread_local LPWSTR own_rest = nullptr;
    return wide_token_from(text, separators, rest == nullptr ? &own_rest : rest);
}

LPWSTR WINFN_C wide_token_of_thread(LPWSTR text, LPCWSTR separators) {
    return wide_token(text, separators, nullptr);
}

LPWSTR WINFN_C wide_duplicate(LPCWSTR text) {
    if (text == nullptr) return nullptr;
    const std::size_t length = Traits::length(text) + 1;
    auto* const copy = static_cast<LPWSTR>(allocate(length * sizeof(WCHAR)));
    if (copy == nullptr) return fail_with<LPWSTR>(ENOMEM, nullptr);
    return Traits::copy(copy, text, length);
}

LPWSTR WINFN_C wide_to_lower(LPWSTR text) {
    for (LPWSTR at = text; *at != 0; ++at)
        *at = static_cast<WCHAR>(lower_case(*at));
    return text;
}

LPWSTR WINFN_C wide_to_upper(LPWSTR text) {
    for (LPWSTR at = text; *at != 0; ++at)
        *at = static_cast<WCHAR>(upper_case(*at));
    return text;
}

LPWSTR WINFN_C wide_reverse(LPWSTR text) {
    std::reverse(text, text + Traits::length(text));
    return text;
}

LPWSTR WINFN_C wide_fill(LPWSTR text, WCHAR c) {
    return Traits::assign(text, Traits::length(text), c);
}

LPWSTR WINFN_C wide_fill_bounded(LPWSTR text, WCHAR c, SIZE_T limit) {
    return Traits::assign(text, bounded_length(text, limit), c);
}

SIZE_T WINFN_C wide_transform(LPWSTR to, LPCWSTR from, SIZE_T room) {
    const std::size_t length = Traits::length(from);
    if (room > length) wide_copy(to, from);
    return length;
}

// The memory functions of wide text exist in ucrtbase's headers alone, but older DLLs export them.
LPCWSTR WINFN_C wide_memory_find(LPCWSTR block, WCHAR c, SIZE_T length) {
    return Traits::find(block, length, c);
}

}  // namespace

std::span<const Export> wide_text_exports() {
    constexpr std::string_view ascii = "ASCII letters only";
    constexpr std::string_view c_locale = "the \"C\" locale only";
    static const Export table[] = {
        {"_wcsdup", address_of(wide_duplicate)},
        {"_wcsicmp", address_of(wide_compare_cases_alike), Coverage::partial, ascii},
        {"_wcsicoll", address_of(wide_compare_cases_alike), Coverage::partial, c_locale},
        {"_wcslwr", address_of(wide_to_lower), Coverage::partial, ascii},
        {"_wcsncoll", address_of(wide_compare_bounded), Coverage::partial, c_locale},
        {"_wcsnicmp", address_of(wide_compare_cases_alike_bounded), Coverage::partial, ascii},
        {"_wcsnset", address_of(wide_fill_bounded)},
        {"_wcsrev", address_of(wide_reverse)},
        {"_wcsset", address_of(wide_fill)},
        {"_wcsupr", address_of(wide_to_upper), Coverage::partial, ascii},
        {"wcscat", address_of(wide_append)},
        {"wcschr", address_of(wide_find)},
        {"wcscmp", address_of(wide_compare)},
        {"wcscoll", address_of(wide_compare), Coverage::partial, c_locale},
        {"wcscpy", address_of(wide_copy)},
        {"wcscspn", address_of(wide_span_without)},
        {"wcslen", address_of(wide_length)},
        {"wcsncat", address_of(wide_append_bounded)},
        {"wcsncmp", address_of(wide_compare_bounded)},
        {"wcsncpy", address_of(wide_copy_bounded)},
        {"wcsnlen", address_of(wide_bounded_length)},
        {"wcspbrk", address_of(wide_find_any)},
        {"wcsrchr", address_of(wide_find_last)},
        {"wcsspn", address_of(wide_span)},
        {"wcsstr", address_of(wide_find_text)},
        {"wcstok_s", address_of(wide_token_from)},
        {"wcsxfrm", address_of(wide_transform), Coverage::partial, c_locale},
        {"wmemchr", address_of(wide_memory_find)},
    };
    return table;
}

// Before 2015, wcstok had no third parameter.
std::span<const Export> old_token_exports() {
    static const Export table[] = {{"wcstok", address_of(wide_token_of_thread)}};
    return table;
}

std::span<const Export> new_token_exports() {
    static const Export table[] = {{"wcstok", address_of(wide_token)}};
    return table;
}

}  // namespace instdrv::winapi::crt

// Wide strings, of 16-bit units.
// https://learn.microsoft.com/cpp/c-runtime-library/string-manipulation-crt
#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using WideView = std::u16string_view;
using WideTraits = std::char_traits<WCHAR>;

SIZE_T wide_length(LPCWSTR text) { return WideTraits::length(text); }
CRT_EXPORT_AS("wcslen", in_crt | in_ntdll, wide_length);

SIZE_T wide_bounded_length(LPCWSTR text, SIZE_T limit) {
    return text == nullptr ? 0 : bounded_length(text, limit);
}
CRT_EXPORT_AS("wcsnlen", in_crt, wide_bounded_length);

LPWSTR wide_copy(LPWSTR to, LPCWSTR from) {
    return WideTraits::copy(to, from, WideTraits::length(from) + 1);
}
CRT_EXPORT_AS("wcscpy", in_crt | in_ntdll, wide_copy);

LPWSTR wide_append(LPWSTR to, LPCWSTR from) {
    wide_copy(to + WideTraits::length(to), from);
    return to;
}
CRT_EXPORT_AS("wcscat", in_crt | in_ntdll, wide_append);

LPWSTR wide_copy_bounded(LPWSTR to, LPCWSTR from, SIZE_T limit) {
    const SIZE_T length = bounded_length(from, limit);
    WideTraits::copy(to, from, length);
    std::fill(to + length, to + limit, WCHAR{0});
    return to;
}
CRT_EXPORT_AS("wcsncpy", in_crt | in_ntdll, wide_copy_bounded);

LPWSTR wide_append_bounded(LPWSTR to, LPCWSTR from, SIZE_T limit) {
    const SIZE_T length = bounded_length(from, limit);
    LPWSTR const end = to + WideTraits::length(to);
    WideTraits::copy(end, from, length);
    end[length] = 0;
    return to;
}
CRT_EXPORT_AS("wcsncat", in_crt | in_ntdll, wide_append_bounded);

int wide_compare_bounded(LPCWSTR a, LPCWSTR b, SIZE_T limit) {
    for (; limit > 0; --limit, ++a, ++b) {
        if (*a != *b) return *a < *b ? -1 : 1;
        if (*a == 0) break;
    }
    return 0;
}
CRT_EXPORT_AS("_wcsncoll", in_crt, wide_compare_bounded, Coverage::partial,
              "the \"C\" locale only");
CRT_EXPORT_AS("wcsncmp", in_crt | in_ntdll, wide_compare_bounded);

int wide_compare(LPCWSTR a, LPCWSTR b) { return wide_compare_bounded(a, b, SIZE_MAX); }
CRT_EXPORT_AS("wcscmp", in_crt | in_ntdll, wide_compare);
CRT_EXPORT_AS("wcscoll", in_crt | with_locale, wide_compare, Coverage::partial,
              "the \"C\" locale only");

int wide_compare_cases_alike(LPCWSTR a, LPCWSTR b) { return compare_ignoring_case(a, b, SIZE_MAX); }
CRT_EXPORT_AS("_wcsicmp", in_crt | in_ntdll | with_locale, wide_compare_cases_alike,
              Coverage::partial, "ASCII letters only");
CRT_EXPORT_AS("_wcsicoll", in_crt | with_locale, wide_compare_cases_alike, Coverage::partial,
              "the \"C\" locale only");

int _wcsnicmp(LPCWSTR a, LPCWSTR b, SIZE_T limit) { return compare_ignoring_case(a, b, limit); }
CRT_EXPORT(_wcsnicmp, in_crt | in_ntdll | with_locale, Coverage::partial, "ASCII letters only");

// Searches find the ending NUL, too, as C says.
LPCWSTR wide_find(LPCWSTR text, WCHAR c) {
    for (; *text != c; ++text) {
        if (*text == 0) return nullptr;
    }
    return text;
}
CRT_EXPORT_AS("wcschr", in_crt | in_ntdll | in_vcruntime140, wide_find);

LPCWSTR wide_find_last(LPCWSTR text, WCHAR c) {
    const auto at = WideView(text, WideTraits::length(text) + 1).rfind(c);
    return at == WideView::npos ? nullptr : text + at;
}
CRT_EXPORT_AS("wcsrchr", in_crt | in_ntdll | in_vcruntime140, wide_find_last);

LPCWSTR wide_find_text(LPCWSTR text, LPCWSTR wanted) {
    const auto at = WideView(text).find(WideView(wanted));
    return at == WideView::npos ? nullptr : text + at;
}
CRT_EXPORT_AS("wcsstr", in_crt | in_ntdll | in_vcruntime140, wide_find_text);

SIZE_T wide_span(LPCWSTR text, LPCWSTR accepted) {
    const auto at = WideView(text).find_first_not_of(WideView(accepted));
    return at == WideView::npos ? WideTraits::length(text) : at;
}
CRT_EXPORT_AS("wcsspn", in_crt | in_ntdll, wide_span);

SIZE_T wide_span_without(LPCWSTR text, LPCWSTR rejected) {
    const auto at = WideView(text).find_first_of(WideView(rejected));
    return at == WideView::npos ? WideTraits::length(text) : at;
}
CRT_EXPORT_AS("wcscspn", in_crt | in_ntdll, wide_span_without);

LPCWSTR wide_find_any(LPCWSTR text, LPCWSTR wanted) {
    const SIZE_T at = wide_span_without(text, wanted);
    return text[at] == 0 ? nullptr : text + at;
}
CRT_EXPORT_AS("wcspbrk", in_crt | in_ntdll, wide_find_any);

LPWSTR wcstok_s(LPWSTR text, LPCWSTR separators, LPWSTR* rest) {
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
CRT_EXPORT(wcstok_s, in_crt);

LPWSTR wide_token(LPWSTR text, LPCWSTR separators, LPWSTR* rest) {
    static thread_local LPWSTR own_rest = nullptr;
    return wcstok_s(text, separators, rest == nullptr ? &own_rest : rest);
}
CRT_EXPORT_AS("wcstok", in_ucrtbase, wide_token);

LPWSTR wide_token_of_thread(LPWSTR text, LPCWSTR separators) {
    return wide_token(text, separators, nullptr);
}
CRT_EXPORT_AS("wcstok", in_msvcrt, wide_token_of_thread);

LPWSTR _wcsdup(LPCWSTR text) {
    if (text == nullptr) return nullptr;
    const std::size_t length = WideTraits::length(text) + 1;
    auto* const copy = static_cast<LPWSTR>(allocate(length * sizeof(WCHAR)));
    if (copy == nullptr) return fail_with<LPWSTR>(ENOMEM, nullptr);
    return WideTraits::copy(copy, text, length);
}
CRT_EXPORT(_wcsdup, in_crt);

LPWSTR _wcslwr(LPWSTR text) {
    for (LPWSTR at = text; *at != 0; ++at)
        *at = static_cast<WCHAR>(lower_case(*at));
    return text;
}
CRT_EXPORT(_wcslwr, in_crt | in_ntdll | with_locale, Coverage::partial, "ASCII letters only");

LPWSTR _wcsupr(LPWSTR text) {
    for (LPWSTR at = text; *at != 0; ++at)
        *at = static_cast<WCHAR>(upper_case(*at));
    return text;
}
CRT_EXPORT(_wcsupr, in_crt | in_ntdll | with_locale, Coverage::partial, "ASCII letters only");

LPWSTR _wcsrev(LPWSTR text) {
    std::reverse(text, text + WideTraits::length(text));
    return text;
}
CRT_EXPORT(_wcsrev, in_crt);

LPWSTR _wcsset(LPWSTR text, WCHAR c) {
    return WideTraits::assign(text, WideTraits::length(text), c);
}
CRT_EXPORT(_wcsset, in_crt);

LPWSTR _wcsnset(LPWSTR text, WCHAR c, SIZE_T limit) {
    return WideTraits::assign(text, bounded_length(text, limit), c);
}
CRT_EXPORT(_wcsnset, in_crt);

SIZE_T wide_transform(LPWSTR to, LPCWSTR from, SIZE_T room) {
    const std::size_t length = WideTraits::length(from);
    if (room > length) wide_copy(to, from);
    return length;
}
CRT_EXPORT_AS("wcsxfrm", in_crt | with_locale, wide_transform, Coverage::partial,
              "the \"C\" locale only");

// The memory functions of wide text exist in ucrtbase's headers alone, but older DLLs export them.
LPCWSTR wide_memory_find(LPCWSTR block, WCHAR c, SIZE_T length) {
    return WideTraits::find(block, length, c);
}
CRT_EXPORT_AS("wmemchr", in_crt, wide_memory_find);

}  // namespace

}  // namespace instdrv::winapi::crt

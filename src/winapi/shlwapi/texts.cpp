// Searches and numbers in texts. https://learn.microsoft.com/windows/win32/api/shlwapi/
#include <algorithm>
#include <string_view>

#include "winapi/crt/parse_number.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::shlwapi {
namespace {

template <class Char>
using View = std::basic_string_view<Char>;

char16_t folded(char c) { return lower_case(static_cast<unsigned char>(c)); }
char16_t folded(char16_t c) { return lower_case(c); }

template <class Char>
Char* find(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    const auto at = View<Char>(text).find(wanted);
    return at == View<Char>::npos ? nullptr : const_cast<Char*>(text) + at;
}
WINAPI_EXPORT_AS("StrStrA", in_shlwapi, find<char>);
WINAPI_EXPORT_AS("StrStrW", in_shlwapi, find<WCHAR>);

template <class Char>
Char* find_cases_alike(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    const View<Char> all(text);
    const View<Char> part(wanted);
    const auto at = std::search(all.begin(), all.end(), part.begin(), part.end(),
                                [](Char a, Char b) { return folded(a) == folded(b); });
    return at == all.end() ? nullptr : const_cast<Char*>(text) + (at - all.begin());
}
WINAPI_EXPORT_AS("StrStrIA", in_shlwapi, find_cases_alike<char>);
WINAPI_EXPORT_AS("StrStrIW", in_shlwapi, find_cases_alike<WCHAR>);

template <class Char>
Char* find_character(const Char* text, WORD c) {
    if (text == nullptr) return nullptr;
    const auto at = View<Char>(text).find(static_cast<Char>(c));
    return at == View<Char>::npos ? nullptr : const_cast<Char*>(text) + at;
}
WINAPI_EXPORT_AS("StrChrA", in_shlwapi, find_character<char>);
WINAPI_EXPORT_AS("StrChrW", in_shlwapi, find_character<WCHAR>);

template <class Char>
int to_int(const Char* text) {
    const auto parsed = crt::parse_integer(text, 10);
    return static_cast<int>(parsed.negative ? 0 - parsed.magnitude : parsed.magnitude);
}
WINAPI_EXPORT_AS("StrToIntA", in_shlwapi, to_int<char>);
WINAPI_EXPORT_AS("StrToIntW", in_shlwapi, to_int<WCHAR>);

template <class Char>
int compare_bounded(const Char* a, const Char* b, int limit) {
    for (; limit > 0; --limit, ++a, ++b) {
        const int difference = folded(*a) - folded(*b);
        if (difference != 0 || *a == 0) return difference;
    }
    return 0;
}
WINAPI_EXPORT_AS("StrCmpNIA", in_shlwapi, compare_bounded<char>);
WINAPI_EXPORT_AS("StrCmpNIW", in_shlwapi, compare_bounded<WCHAR>);

// Freed by LocalFree, which releases what this heap gave.
template <class Char>
Char* duplicate(const Char* text) {
    if (text == nullptr) return nullptr;
    const std::size_t length = std::char_traits<Char>::length(text) + 1;
    auto* const copy = static_cast<Char*>(allocate(length * sizeof(Char)));
    return copy == nullptr ? nullptr : std::char_traits<Char>::copy(copy, text, length);
}
WINAPI_EXPORT_AS("StrDupA", in_shlwapi, duplicate<char>);
WINAPI_EXPORT_AS("StrDupW", in_shlwapi, duplicate<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::shlwapi

// Searches and numbers in texts. https://learn.microsoft.com/windows/win32/api/shlwapi/
#include <algorithm>
#include <string_view>

#include "winapi/crt/parse_number.hpp"
#include "winapi/heap.hpp"
#include "winapi/letter_case.hpp"
#include "winapi/shlwapi/topics.hpp"
#include "winapi/text_arguments.hpp"

namespace instdrv::winapi::shlwapi {
namespace {

template <class Char>
using View = std::basic_string_view<Char>;

char16_t folded(char c) { return lower_case(static_cast<unsigned char>(c)); }
char16_t folded(char16_t c) { return lower_case(c); }

template <class Char>
Char* WINFN find(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    const auto at = View<Char>(text).find(wanted);
    return at == View<Char>::npos ? nullptr : const_cast<Char*>(text) + at;
}

template <class Char>
Char* WINFN find_cases_alike(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    const View<Char> all(text);
    const View<Char> part(wanted);
    const auto at = std::search(all.begin(), all.end(), part.begin(), part.end(),
                                [](Char a, Char b) { return folded(a) == folded(b); });
    return at == all.end() ? nullptr : const_cast<Char*>(text) + (at - all.begin());
}

template <class Char>
Char* WINFN find_character(const Char* text, WORD c) {
    if (text == nullptr) return nullptr;
    const auto at = View<Char>(text).find(static_cast<Char>(c));
    return at == View<Char>::npos ? nullptr : const_cast<Char*>(text) + at;
}

template <class Char>
int WINFN to_int(const Char* text) {
    const auto parsed = crt::parse_integer(text, 10);
    return static_cast<int>(parsed.negative ? 0 - parsed.magnitude : parsed.magnitude);
}

template <class Char>
int WINFN compare_bounded(const Char* a, const Char* b, int limit) {
    for (; limit > 0; --limit, ++a, ++b) {
        const int difference = folded(*a) - folded(*b);
        if (difference != 0 || *a == 0) return difference;
    }
    return 0;
}

// Freed by LocalFree, which releases what this heap gave.
template <class Char>
Char* WINFN duplicate(const Char* text) {
    if (text == nullptr) return nullptr;
    const std::size_t length = std::char_traits<Char>::length(text) + 1;
    auto* const copy = static_cast<Char*>(allocate(length * sizeof(Char)));
    return copy == nullptr ? nullptr : std::char_traits<Char>::copy(copy, text, length);
}

}  // namespace

std::span<const Export> text_exports() {
    static const Export table[] = {
        {"StrChrA", address_of(find_character<char>)},
        {"StrChrW", address_of(find_character<WCHAR>)},
        {"StrCmpNIA", address_of(compare_bounded<char>)},
        {"StrCmpNIW", address_of(compare_bounded<WCHAR>)},
        {"StrDupA", address_of(duplicate<char>)},
        {"StrDupW", address_of(duplicate<WCHAR>)},
        {"StrStrA", address_of(find<char>)},
        {"StrStrIA", address_of(find_cases_alike<char>)},
        {"StrStrIW", address_of(find_cases_alike<WCHAR>)},
        {"StrStrW", address_of(find<WCHAR>)},
        {"StrToIntA", address_of(to_int<char>)},
        {"StrToIntW", address_of(to_int<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::shlwapi

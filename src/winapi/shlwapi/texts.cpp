// Searches and numbers in texts. https://learn.microsoft.com/windows/win32/api/shlwapi/
#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "winapi/crt/parse_number.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"

namespace instdrv::winapi::shlwapi {
namespace {

template <class Char>
using View = std::basic_string_view<Char>;

// A text as the functions see it: one number per character, and where each begins.
struct Characters {
    std::u16string units;
    std::vector<std::size_t> starts;
};

Characters characters_of(View<char16_t> text) {
    Characters all{std::u16string(text), std::vector<std::size_t>(text.size())};
    std::iota(all.starts.begin(), all.starts.end(), std::size_t{0});
    return all;
}

// The second unit of a surrogate pair, which only UTF-8 has, begins where the first one does.
Characters characters_of(View<char> text) {
    Characters all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = ansi_character_size(text.substr(at));
        const std::u16string units = decode_ansi(text.substr(at, size));
        all.units += units;
        all.starts.insert(all.starts.end(), units.size(), at);
        at += size;
    }
    return all;
}

void fold(std::u16string& text) { std::ranges::transform(text, text.begin(), lower_case); }

template <class Char>
Char* place_of(const Char* text, const Characters& all, std::size_t at) {
    return at == std::u16string::npos ? nullptr : const_cast<Char*>(text) + all.starts[at];
}

template <class Char>
Char* find(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    const Characters all = characters_of(View<Char>(text));
    return place_of(text, all, all.units.find(characters_of(View<Char>(wanted)).units));
}
WINAPI_EXPORT_AS("StrStrA", in_shlwapi, find<char>);
WINAPI_EXPORT_AS("StrStrW", in_shlwapi, find<WCHAR>);

template <class Char>
Char* find_cases_alike(const Char* text, const Char* wanted) {
    if (text == nullptr || wanted == nullptr || *wanted == 0) return nullptr;
    Characters all = characters_of(View<Char>(text));
    std::u16string part = characters_of(View<Char>(wanted)).units;
    fold(all.units);
    fold(part);
    return place_of(text, all, all.units.find(part));
}
WINAPI_EXPORT_AS("StrStrIA", in_shlwapi, find_cases_alike<char>);
WINAPI_EXPORT_AS("StrStrIW", in_shlwapi, find_cases_alike<WCHAR>);

// A pair of bytes has the first one in the upper half.
template <class Char>
char16_t unit_of(WORD c) {
    if (sizeof(Char) > 1) return c;
    const char pair[] = {static_cast<char>(c >> 8), static_cast<char>(c)};
    const std::u16string units =
        decode_ansi(c > 0xFF ? View<char>(pair, 2) : View<char>(pair + 1, 1));
    return units.empty() ? char16_t{0} : units.front();
}

template <class Char>
Char* find_character(const Char* text, WORD c) {
    if (text == nullptr) return nullptr;
    const Characters all = characters_of(View<Char>(text));
    return place_of(text, all, all.units.find(unit_of<Char>(c)));
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
    const auto folded = [&](const Char* text) {
        const auto room = static_cast<std::size_t>(std::max(limit, 0));
        const auto* const end = std::find(text, text + room, Char{0});
        std::u16string units = characters_of(View<Char>(text, end)).units;
        fold(units);
        return units;
    };
    return folded(a).compare(folded(b));
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

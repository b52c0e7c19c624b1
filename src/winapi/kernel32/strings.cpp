// lstrcmp and its relatives, and comparisons.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lstrcmpw
// https://learn.microsoft.com/windows/win32/api/stringapiset/nf-stringapiset-comparestringw
#include <algorithm>

#include "winapi/exports/export.hpp"
#include "winapi/text/letter_case.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD NORM_IGNORECASE = 0x1;
constexpr DWORD LINGUISTIC_IGNORECASE = 0x10;
constexpr int CSTR_LESS_THAN = 1;
constexpr int CSTR_EQUAL = 2;
constexpr int CSTR_GREATER_THAN = 3;

template <class Character>
using View = std::basic_string_view<Character>;

template <class Character>
View<Character> view(const Character* text) {
    return text == nullptr ? View<Character>{} : View<Character>{text};
}

template <class Character>
LONG string_length(const Character* text) {
    return static_cast<LONG>(view(text).size());
}
WINAPI_EXPORT_AS("lstrlen", in_kernel32, string_length<char>);
WINAPI_EXPORT_AS("lstrlenA", in_kernel32, string_length<char>);
WINAPI_EXPORT_AS("lstrlenW", in_kernel32, string_length<WCHAR>);

template <class Character>
Character* copy_string(Character* target, const Character* source) {
    if (target == nullptr || source == nullptr) return nullptr;
    std::copy_n(source, view(source).size() + 1, target);
    return target;
}
WINAPI_EXPORT_AS("lstrcpy", in_kernel32, copy_string<char>);
WINAPI_EXPORT_AS("lstrcpyA", in_kernel32, copy_string<char>);
WINAPI_EXPORT_AS("lstrcpyW", in_kernel32, copy_string<WCHAR>);

template <class Character>
Character* copy_string_cut(Character* target, const Character* source, LONG size) {
    if (target == nullptr || source == nullptr || size <= 0) return nullptr;
    const auto length = std::min(view(source).size(), static_cast<std::size_t>(size) - 1);
    *std::copy_n(source, length, target) = Character{0};
    return target;
}
WINAPI_EXPORT_AS("lstrcpyn", in_kernel32, copy_string_cut<char>);
WINAPI_EXPORT_AS("lstrcpynA", in_kernel32, copy_string_cut<char>);
WINAPI_EXPORT_AS("lstrcpynW", in_kernel32, copy_string_cut<WCHAR>);

template <class Character>
Character* append_string(Character* target, const Character* source) {
    if (target == nullptr || source == nullptr) return nullptr;
    copy_string(target + view(target).size(), source);
    return target;
}
WINAPI_EXPORT_AS("lstrcat", in_kernel32, append_string<char>);
WINAPI_EXPORT_AS("lstrcatA", in_kernel32, append_string<char>);
WINAPI_EXPORT_AS("lstrcatW", in_kernel32, append_string<WCHAR>);

// A null pointer comes before every text.
template <class Character>
int compare(const Character* a, const Character* b, bool ignore_case) {
    if (a == nullptr || b == nullptr) return (a != nullptr ? 1 : 0) - (b != nullptr ? 1 : 0);
    const int order = compare_text(to_wide_text(a), to_wide_text(b), ignore_case);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

template <class Character>
int compare_strings(const Character* a, const Character* b) {
    return compare(a, b, false);
}
WINAPI_EXPORT_AS("lstrcmp", in_kernel32, compare_strings<char>, Coverage::partial,
                 "letters by number, without a language's own order");
WINAPI_EXPORT_AS("lstrcmpA", in_kernel32, compare_strings<char>, Coverage::partial,
                 "letters by number, without a language's own order");
WINAPI_EXPORT_AS("lstrcmpW", in_kernel32, compare_strings<WCHAR>, Coverage::partial,
                 "letters by number, without a language's own order");

template <class Character>
int compare_strings_ignoring_case(const Character* a, const Character* b) {
    return compare(a, b, true);
}
WINAPI_EXPORT_AS("lstrcmpi", in_kernel32, compare_strings_ignoring_case<char>, Coverage::partial,
                 "letters by number, without a language's own order");
WINAPI_EXPORT_AS("lstrcmpiA", in_kernel32, compare_strings_ignoring_case<char>, Coverage::partial,
                 "letters by number, without a language's own order");
WINAPI_EXPORT_AS("lstrcmpiW", in_kernel32, compare_strings_ignoring_case<WCHAR>, Coverage::partial,
                 "letters by number, without a language's own order");

template <class Character>
std::u16string counted_wide(const Character* text, int count) {
    std::basic_string<Character> copy =
        count < 0 ? std::basic_string<Character>(text)
                  : std::basic_string<Character>(text, static_cast<std::size_t>(count));
    if constexpr (sizeof(Character) == 1) {
        return decode_ansi(copy);
    } else {
        return copy;
    }
}

int as_answer(int order) {
    return order < 0 ? CSTR_LESS_THAN : order > 0 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

template <class Character>
int CompareString(DWORD, DWORD flags, const Character* a, int a_count, const Character* b,
                  int b_count) {
    if (a == nullptr || b == nullptr) return fail(ERROR_INVALID_PARAMETER, 0);
    const bool ignore_case = (flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)) != 0;
    return as_answer(compare_text(counted_wide(a, a_count), counted_wide(b, b_count), ignore_case));
}
WINAPI_EXPORT_AS("CompareStringA", in_kernel32, CompareString<char>, Coverage::partial,
                 "letters by number, without a language's own order");
WINAPI_EXPORT_AS("CompareStringW", in_kernel32, CompareString<WCHAR>, Coverage::partial,
                 "letters by number, without a language's own order");

int CompareStringEx(const WCHAR*, DWORD flags, const WCHAR* a, int a_count, const WCHAR* b,
                    int b_count, void*, void*, LPARAM) {
    return CompareString<WCHAR>(0, flags, a, a_count, b, b_count);
}
WINAPI_EXPORT(CompareStringEx, in_kernel32, Coverage::partial,
              "letters by number, without a language's own order");

// Compares the numbers of the characters, in upper case where case is ignored.
int CompareStringOrdinal(const WCHAR* a, int a_count, const WCHAR* b, int b_count,
                         BOOL ignore_case) {
    if (a == nullptr || b == nullptr) return fail(ERROR_INVALID_PARAMETER, 0);
    std::u16string left = counted_wide(a, a_count);
    std::u16string right = counted_wide(b, b_count);
    if (ignore_case != FALSE) {
        std::transform(left.begin(), left.end(), left.begin(), upper_case);
        std::transform(right.begin(), right.end(), right.begin(), upper_case);
    }
    return as_answer(left.compare(right));
}
WINAPI_EXPORT(CompareStringOrdinal, in_kernel32);

}  // namespace

}  // namespace instdrv::winapi::kernel32

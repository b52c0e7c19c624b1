// The string functions that are told how much room there is (strcpy_s and its relatives).
// https://learn.microsoft.com/cpp/c-runtime-library/security-features-in-the-crt
//
// They answer an error number, also kept in errno. Windows would call the invalid parameter
// handler, which ends the process unless a program replaced it; here the answer is all.
#include <algorithm>
#include <cerrno>
#include <string>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/letters.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

constexpr SIZE_T truncate = ~SIZE_T{0};  // _TRUNCATE

template <class Char>
using Traits = std::char_traits<Char>;

template <class Char>
int empty_and_fail(Char* to, int error) {
    to[0] = 0;
    return fail_with(error, error);
}

// Copies up to `limit` characters of `from` to `at`, where `room` characters are free, the NUL
// included. `to` is emptied on failure.
template <class Char>
int place(Char* to, Char* at, SIZE_T room, const Char* from, SIZE_T limit) {
    const SIZE_T length = bounded_length(from, limit == truncate ? room : limit);
    if (length < room) {
        Traits<Char>::copy(at, from, length);
        at[length] = 0;
        return 0;
    }
    if (limit != truncate) return empty_and_fail(to, ERANGE);
    Traits<Char>::copy(at, from, room - 1);
    at[room - 1] = 0;
    return STRUNCATE;
}

template <class Char>
int WINFN_C copy_bounded(Char* to, SIZE_T room, const Char* from, SIZE_T limit) {
    if (limit == 0 && to == nullptr && room == 0) return 0;
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    if (limit == 0) {
        to[0] = 0;
        return 0;
    }
    if (from == nullptr) return empty_and_fail(to, EINVAL);
    return place(to, to, room, from, limit);
}

template <class Char>
int WINFN_C append_bounded(Char* to, SIZE_T room, const Char* from, SIZE_T limit) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const SIZE_T used = bounded_length(to, room);
    if (used == room) return empty_and_fail(to, EINVAL);
    if (from == nullptr) return limit == 0 ? 0 : empty_and_fail(to, EINVAL);
    return place(to, to + used, room - used, from, limit);
}

template <class Char>
int WINFN_C copy_whole(Char* to, SIZE_T room, const Char* from) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    if (from == nullptr) return empty_and_fail(to, EINVAL);
    return place(to, to, room, from, truncate - 1);
}

template <class Char>
int WINFN_C append_whole(Char* to, SIZE_T room, const Char* from) {
    return append_bounded(to, room, from, truncate - 1);
}

template <class Char, int (*change)(int)>
int WINFN_C change_case(Char* text, SIZE_T room) {
    if (text == nullptr) return fail_with(EINVAL, EINVAL);
    const SIZE_T length = bounded_length(text, room);
    if (length == room) return room == 0 ? fail_with(EINVAL, EINVAL) : empty_and_fail(text, EINVAL);
    std::transform(text, text + length, text,
                   [](Char c) { return static_cast<Char>(change(code_of(c))); });
    return 0;
}

int lower(int c) { return lower_case(c); }
int upper(int c) { return upper_case(c); }

}  // namespace

std::span<const Export> bounded_text_exports() {
    constexpr std::string_view answer_only = "wrong arguments are answered, no handler is called";
    const auto partial = [&](std::string_view name, const void* address) {
        return Export{name, address, Coverage::partial, answer_only};
    };
    static const Export table[] = {
        partial("_strlwr_s", address_of(change_case<char, lower>)),
        partial("_strupr_s", address_of(change_case<char, upper>)),
        partial("_wcslwr_s", address_of(change_case<WCHAR, lower>)),
        partial("_wcsupr_s", address_of(change_case<WCHAR, upper>)),
        partial("strcat_s", address_of(append_whole<char>)),
        partial("strcpy_s", address_of(copy_whole<char>)),
        partial("strncat_s", address_of(append_bounded<char>)),
        partial("strncpy_s", address_of(copy_bounded<char>)),
        partial("wcscat_s", address_of(append_whole<WCHAR>)),
        partial("wcscpy_s", address_of(copy_whole<WCHAR>)),
        partial("wcsncat_s", address_of(append_bounded<WCHAR>)),
        partial("wcsncpy_s", address_of(copy_bounded<WCHAR>)),
    };
    return table;
}

}  // namespace instdrv::winapi::crt

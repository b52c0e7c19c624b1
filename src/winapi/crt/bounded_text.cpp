// The string functions that are told how much room there is (strcpy_s and its relatives).
// https://learn.microsoft.com/cpp/c-runtime-library/security-features-in-the-crt
//
// They answer an error number, also kept in errno. Windows would call the invalid parameter
// handler, which ends the process unless a program replaced it; here the answer is all.
#include <algorithm>
#include <cerrno>
#include <string>

#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

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
int copy_bounded(Char* to, SIZE_T room, const Char* from, SIZE_T limit) {
    if (limit == 0 && to == nullptr && room == 0) return 0;
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    if (limit == 0) {
        to[0] = 0;
        return 0;
    }
    if (from == nullptr) return empty_and_fail(to, EINVAL);
    return place(to, to, room, from, limit);
}
CRT_EXPORT_AS("strncpy_s", in_crt, copy_bounded<char>, Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("wcsncpy_s", in_crt, copy_bounded<WCHAR>, Coverage::partial,
              "wrong arguments are answered, no handler is called");

template <class Char>
int append_bounded(Char* to, SIZE_T room, const Char* from, SIZE_T limit) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    const SIZE_T used = bounded_length(to, room);
    if (used == room) return empty_and_fail(to, EINVAL);
    if (from == nullptr) return limit == 0 ? 0 : empty_and_fail(to, EINVAL);
    return place(to, to + used, room - used, from, limit);
}
CRT_EXPORT_AS("strncat_s", in_crt, append_bounded<char>, Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("wcsncat_s", in_crt, append_bounded<WCHAR>, Coverage::partial,
              "wrong arguments are answered, no handler is called");

template <class Char>
int copy_whole(Char* to, SIZE_T room, const Char* from) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    if (from == nullptr) return empty_and_fail(to, EINVAL);
    return place(to, to, room, from, truncate - 1);
}
CRT_EXPORT_AS("strcpy_s", in_crt, copy_whole<char>, Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("wcscpy_s", in_crt, copy_whole<WCHAR>, Coverage::partial,
              "wrong arguments are answered, no handler is called");

template <class Char>
int append_whole(Char* to, SIZE_T room, const Char* from) {
    return append_bounded(to, room, from, truncate - 1);
}
CRT_EXPORT_AS("strcat_s", in_crt, append_whole<char>, Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("wcscat_s", in_crt, append_whole<WCHAR>, Coverage::partial,
              "wrong arguments are answered, no handler is called");

template <class Char, int (*change)(int)>
int change_case(Char* text, SIZE_T room) {
    if (text == nullptr) return fail_with(EINVAL, EINVAL);
    const SIZE_T length = bounded_length(text, room);
    if (length == room) return room == 0 ? fail_with(EINVAL, EINVAL) : empty_and_fail(text, EINVAL);
    std::transform(text, text + length, text,
                   [](Char c) { return static_cast<Char>(change(code_of(c))); });
    return 0;
}

int lower(int c) { return lower_case(c); }
int upper(int c) { return upper_case(c); }

CRT_EXPORT_AS("_strlwr_s", in_crt | with_locale, (change_case<char, lower>), Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("_strupr_s", in_crt | with_locale, (change_case<char, upper>), Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("_wcslwr_s", in_crt | with_locale, (change_case<WCHAR, lower>), Coverage::partial,
              "wrong arguments are answered, no handler is called");
CRT_EXPORT_AS("_wcsupr_s", in_crt | with_locale, (change_case<WCHAR, upper>), Coverage::partial,
              "wrong arguments are answered, no handler is called");

}  // namespace

}  // namespace instdrv::winapi::crt

// sprintf and its relatives as msvcrt and ntdll export them.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/vsnprintf-vsnprintf-vsnprintf-l-vsnwprintf-vsnwprintf-l
#include <cerrno>
#include <climits>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/msvcrt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
int WINFN_C print_list_bounded(Char* buffer, SIZE_T room, const Char* format, VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    return format_into(buffer, room, PrintfOptions::msvcrt(), format, Arguments(list));
}

template <class Char>
int WINFN_C print_list(Char* buffer, const Char* format, VaList list) {
    return print_list_bounded(buffer, SIZE_T{INT_MAX} + 1, format, list);
}

template <class Char>
int WINFN_C print(Char* buffer, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list(buffer, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int WINFN_C print_bounded(Char* buffer, SIZE_T room, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_bounded(buffer, room, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int WINFN_C print_list_checked(Char* buffer, SIZE_T room, const Char* format, VaList list) {
    return format_into_checked(buffer, room, room, PrintfOptions::msvcrt(), format,
                               Arguments(list));
}

template <class Char>
int WINFN_C print_checked(Char* buffer, SIZE_T room, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_checked(buffer, room, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int WINFN_C print_list_limited(Char* buffer, SIZE_T room, SIZE_T limit, const Char* format,
                               VaList list) {
    return format_into_checked(buffer, room, limit, PrintfOptions::msvcrt(), format,
                               Arguments(list));
}

template <class Char>
int WINFN_C print_limited(Char* buffer, SIZE_T room, SIZE_T limit, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_limited(buffer, room, limit, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int WINFN_C count_list(const Char* format, VaList list) {
    if (format == nullptr) return fail_with(EINVAL, -1);
    PrintfOptions options = PrintfOptions::msvcrt();
    options.old_termination = false;
    return format_into<Char>(nullptr, 0, options, format, Arguments(list));
}

template <class Char>
int WINFN_C count(const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = count_list(format, list);
    INSTDRV_VA_END(list);
    return length;
}

// C99's, which newer versions of msvcrt.dll have besides.
int WINFN_C print_list_standard(char* buffer, SIZE_T room, const char* format, VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    PrintfOptions options = PrintfOptions::msvcrt();
    options.old_termination = false;
    options.standard_answer = true;
    return format_into(buffer, room, options, format, Arguments(list));
}

}  // namespace

std::span<const Export> text_printing_exports() {
    static const Export table[] = {
        {"_scprintf", address_of(count<char>)},
        {"_scwprintf", address_of(count<WCHAR>)},
        {"_snprintf", address_of(print_bounded<char>)},
        {"_snprintf_s", address_of(print_limited<char>)},
        {"_snwprintf", address_of(print_bounded<WCHAR>)},
        {"_snwprintf_s", address_of(print_limited<WCHAR>)},
        {"_swprintf", address_of(print<WCHAR>)},
        {"_vscprintf", address_of(count_list<char>)},
        {"_vscwprintf", address_of(count_list<WCHAR>)},
        {"_vsnprintf", address_of(print_list_bounded<char>)},
        {"_vsnprintf_s", address_of(print_list_limited<char>)},
        {"_vsnwprintf", address_of(print_list_bounded<WCHAR>)},
        {"_vsnwprintf_s", address_of(print_list_limited<WCHAR>)},
        {"_vswprintf", address_of(print_list<WCHAR>)},
        {"sprintf", address_of(print<char>)},
        {"sprintf_s", address_of(print_checked<char>)},
        {"swprintf", address_of(print<WCHAR>)},
        {"swprintf_s", address_of(print_checked<WCHAR>)},
        {"vsnprintf", address_of(print_list_standard)},
        {"vsprintf", address_of(print_list<char>)},
        {"vsprintf_s", address_of(print_list_checked<char>)},
        {"vswprintf", address_of(print_list<WCHAR>)},
        {"vswprintf_s", address_of(print_list_checked<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

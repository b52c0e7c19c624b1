// sprintf and its relatives as msvcrt and ntdll export them.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/vsnprintf-vsnprintf-vsnprintf-l-vsnwprintf-vsnwprintf-l
#include <cerrno>
#include <climits>

#include "winapi/crt/printf.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
int print_list_bounded(Char* buffer, SIZE_T room, const Char* format, VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    return format_into(buffer, room, PrintfOptions::msvcrt(), format, Arguments(list));
}
CRT_EXPORT_AS("_vsnprintf", in_msvcrt | in_ntdll, print_list_bounded<char>);
CRT_EXPORT_AS("_vsnwprintf", in_msvcrt | in_ntdll, print_list_bounded<WCHAR>);

template <class Char>
int print_list(Char* buffer, const Char* format, VaList list) {
    return print_list_bounded(buffer, SIZE_T{INT_MAX} + 1, format, list);
}
CRT_EXPORT_AS("_vswprintf", in_msvcrt, print_list<WCHAR>);
CRT_EXPORT_AS("vsprintf", in_msvcrt | in_ntdll, print_list<char>);
CRT_EXPORT_AS("vswprintf", in_msvcrt, print_list<WCHAR>);

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
int print_list_checked(Char* buffer, SIZE_T room, const Char* format, VaList list) {
    return format_into_checked(buffer, room, room, PrintfOptions::msvcrt(), format,
                               Arguments(list));
}
CRT_EXPORT_AS("vsprintf_s", in_msvcrt, print_list_checked<char>);
CRT_EXPORT_AS("vswprintf_s", in_msvcrt, print_list_checked<WCHAR>);

template <class Char>
int WINFN_C print_checked(Char* buffer, SIZE_T room, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_checked(buffer, room, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int print_list_limited(Char* buffer, SIZE_T room, SIZE_T limit, const Char* format, VaList list) {
    return format_into_checked(buffer, room, limit, PrintfOptions::msvcrt(), format,
                               Arguments(list));
}
CRT_EXPORT_AS("_vsnprintf_s", in_msvcrt, print_list_limited<char>);
CRT_EXPORT_AS("_vsnwprintf_s", in_msvcrt, print_list_limited<WCHAR>);

template <class Char>
int WINFN_C print_limited(Char* buffer, SIZE_T room, SIZE_T limit, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_limited(buffer, room, limit, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int count_list(const Char* format, VaList list) {
    if (format == nullptr) return fail_with(EINVAL, -1);
    PrintfOptions options = PrintfOptions::msvcrt();
    options.old_termination = false;
    return format_into<Char>(nullptr, 0, options, format, Arguments(list));
}
CRT_EXPORT_AS("_vscprintf", in_msvcrt, count_list<char>);
CRT_EXPORT_AS("_vscwprintf", in_msvcrt, count_list<WCHAR>);

template <class Char>
int WINFN_C count(const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = count_list(format, list);
    INSTDRV_VA_END(list);
    return length;
}

// C99's, which newer versions of msvcrt.dll have besides.
int print_list_standard(char* buffer, SIZE_T room, const char* format, VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    PrintfOptions options = PrintfOptions::msvcrt();
    options.old_termination = false;
    options.standard_answer = true;
    return format_into(buffer, room, options, format, Arguments(list));
}
CRT_EXPORT_AS("vsnprintf", in_msvcrt, print_list_standard);

}  // namespace

EXPORT_ADDRESS("_scprintf", in_msvcrt, (count<char>));
EXPORT_ADDRESS("_scwprintf", in_msvcrt, (count<WCHAR>));
EXPORT_ADDRESS("_snprintf", in_msvcrt | in_ntdll, (print_bounded<char>));
EXPORT_ADDRESS("_snprintf_s", in_msvcrt, (print_limited<char>));
EXPORT_ADDRESS("_snwprintf", in_msvcrt | in_ntdll, (print_bounded<WCHAR>));
EXPORT_ADDRESS("_snwprintf_s", in_msvcrt, (print_limited<WCHAR>));
EXPORT_ADDRESS("_swprintf", in_msvcrt, (print<WCHAR>));
EXPORT_ADDRESS("sprintf", in_msvcrt | in_ntdll, (print<char>));
EXPORT_ADDRESS("sprintf_s", in_msvcrt, (print_checked<char>));
EXPORT_ADDRESS("swprintf", in_msvcrt | in_ntdll, (print<WCHAR>));
EXPORT_ADDRESS("swprintf_s", in_msvcrt, (print_checked<WCHAR>));

}  // namespace instdrv::winapi::crt

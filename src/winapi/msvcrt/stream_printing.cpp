// fprintf and its relatives. https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <cerrno>

#include "winapi/crt/stream_access.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
int print_list_to_stream(StreamFace* face, const Char* format, VaList list) {
    if (format == nullptr) return fail_with(EINVAL, -1);
    return print_to(face, PrintfOptions::msvcrt(), format, Arguments(list));
}
CRT_EXPORT_AS("vfprintf", in_msvcrt, print_list_to_stream<char>);
CRT_EXPORT_AS("vfprintf_s", in_msvcrt, print_list_to_stream<char>);
CRT_EXPORT_AS("vfwprintf", in_msvcrt, print_list_to_stream<WCHAR>);
CRT_EXPORT_AS("vfwprintf_s", in_msvcrt, print_list_to_stream<WCHAR>);

template <class Char>
int WINFN_C print_to_stream(StreamFace* face, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_to_stream(face, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int print_list_to_output(const Char* format, VaList list) {
    return print_list_to_stream(Stream::standard(1), format, list);
}
CRT_EXPORT_AS("vprintf", in_msvcrt, print_list_to_output<char>);
CRT_EXPORT_AS("vprintf_s", in_msvcrt, print_list_to_output<char>);
CRT_EXPORT_AS("vwprintf", in_msvcrt, print_list_to_output<WCHAR>);
CRT_EXPORT_AS("vwprintf_s", in_msvcrt, print_list_to_output<WCHAR>);

template <class Char>
int WINFN_C print_to_output(const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_to_output(format, list);
    INSTDRV_VA_END(list);
    return length;
}

}  // namespace

EXPORT_ADDRESS("_cprintf", in_msvcrt, (print_to_output<char>));
EXPORT_ADDRESS("_cwprintf", in_msvcrt, (print_to_output<WCHAR>));
EXPORT_ADDRESS("fprintf", in_msvcrt, (print_to_stream<char>));
EXPORT_ADDRESS("fprintf_s", in_msvcrt, (print_to_stream<char>));
EXPORT_ADDRESS("fwprintf", in_msvcrt, (print_to_stream<WCHAR>));
EXPORT_ADDRESS("fwprintf_s", in_msvcrt, (print_to_stream<WCHAR>));
EXPORT_ADDRESS("printf", in_msvcrt, (print_to_output<char>));
EXPORT_ADDRESS("printf_s", in_msvcrt, (print_to_output<char>));
EXPORT_ADDRESS("wprintf", in_msvcrt, (print_to_output<WCHAR>));
EXPORT_ADDRESS("wprintf_s", in_msvcrt, (print_to_output<WCHAR>));

}  // namespace instdrv::winapi::crt

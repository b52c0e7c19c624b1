// The functions behind every printf and scanf of Microsoft's headers since 2015.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
#include <algorithm>
#include <cerrno>
#include <string>

#include "winapi/crt/letters.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/crt/scanf.hpp"
#include "winapi/crt/stream_access.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

using Locale = void*;  // ignored: there is only the "C" locale

template <class Char>
int print(ULONGLONG options, StreamFace* face, const Char* format, Locale, VaList list) {
    return print_to(face, PrintfOptions::from_bits(options), format, Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vfprintf", in_ucrtbase, print<char>);
CRT_EXPORT_AS("__stdio_common_vfprintf_p", in_ucrtbase, print<char>, Coverage::partial,
              "no positional arguments (%1$d)");
CRT_EXPORT_AS("__stdio_common_vfprintf_s", in_ucrtbase, print<char>);
CRT_EXPORT_AS("__stdio_common_vfwprintf", in_ucrtbase, print<WCHAR>);
CRT_EXPORT_AS("__stdio_common_vfwprintf_p", in_ucrtbase, print<WCHAR>, Coverage::partial,
              "no positional arguments (%1$d)");
CRT_EXPORT_AS("__stdio_common_vfwprintf_s", in_ucrtbase, print<WCHAR>);

template <class Char>
int print_text(ULONGLONG options, Char* buffer, SIZE_T room, const Char* format, Locale,
               VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    return format_into(buffer, room, PrintfOptions::from_bits(options), format, Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vsprintf", in_ucrtbase, print_text<char>);
CRT_EXPORT_AS("__stdio_common_vswprintf", in_ucrtbase, print_text<WCHAR>);

template <class Char>
int print_text_checked(ULONGLONG options, Char* buffer, SIZE_T room, const Char* format, Locale,
                       VaList list) {
    return format_into_checked(buffer, room, room, PrintfOptions::from_bits(options), format,
                               Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vsprintf_p", in_ucrtbase, print_text_checked<char>, Coverage::partial,
              "no positional arguments (%1$d)");
CRT_EXPORT_AS("__stdio_common_vsprintf_s", in_ucrtbase, print_text_checked<char>);
CRT_EXPORT_AS("__stdio_common_vswprintf_p", in_ucrtbase, print_text_checked<WCHAR>,
              Coverage::partial, "no positional arguments (%1$d)");
CRT_EXPORT_AS("__stdio_common_vswprintf_s", in_ucrtbase, print_text_checked<WCHAR>);

template <class Char>
int print_text_limited(ULONGLONG options, Char* buffer, SIZE_T room, SIZE_T limit,
                       const Char* format, Locale, VaList list) {
    return format_into_checked(buffer, room, limit, PrintfOptions::from_bits(options), format,
                               Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vsnprintf_s", in_ucrtbase, print_text_limited<char>);
CRT_EXPORT_AS("__stdio_common_vsnwprintf_s", in_ucrtbase, print_text_limited<WCHAR>);

template <class Char>
int scan_stream(ULONGLONG options, StreamFace* face, const Char* format, Locale, VaList list) {
    return scan_from(face, ScanfOptions::from_bits(options), format, Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vfscanf", in_ucrtbase, scan_stream<char>);
CRT_EXPORT_AS("__stdio_common_vfwscanf", in_ucrtbase, scan_stream<WCHAR>);

template <class Char>
int scan_text(ULONGLONG options, const Char* text, SIZE_T limit, const Char* format, Locale,
              VaList list) {
    if (text == nullptr || format == nullptr) return fail_with(EINVAL, -1);
    TextInput<Char> input({text, bounded_length(text, limit)});
    return scan<Char>(input, ScanfOptions::from_bits(options), format, Arguments(list));
}
CRT_EXPORT_AS("__stdio_common_vsscanf", in_ucrtbase, scan_text<char>);
CRT_EXPORT_AS("__stdio_common_vswscanf", in_ucrtbase, scan_text<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::crt

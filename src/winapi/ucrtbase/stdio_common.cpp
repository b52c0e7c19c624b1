// The functions behind every printf and scanf of Microsoft's headers since 2015.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
#include <algorithm>
#include <cerrno>
#include <string>

#include "winapi/crt/letters.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/crt/scanf.hpp"
#include "winapi/crt/stream_access.hpp"
#include "winapi/ucrtbase/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

using Locale = void*;  // ignored: there is only the "C" locale

template <class Char>
int WINFN_C print(ULONGLONG options, StreamFace* face, const Char* format, Locale, VaList list) {
    return print_to(face, PrintfOptions::from_bits(options), format, Arguments(list));
}

template <class Char>
int WINFN_C print_text(ULONGLONG options, Char* buffer, SIZE_T room, const Char* format, Locale,
                       VaList list) {
    if (format == nullptr || (buffer == nullptr && room != 0)) return fail_with(EINVAL, -1);
    return format_into(buffer, room, PrintfOptions::from_bits(options), format, Arguments(list));
}

template <class Char>
int WINFN_C print_text_checked(ULONGLONG options, Char* buffer, SIZE_T room, const Char* format,
                               Locale, VaList list) {
    return format_into_checked(buffer, room, room, PrintfOptions::from_bits(options), format,
                               Arguments(list));
}

template <class Char>
int WINFN_C print_text_limited(ULONGLONG options, Char* buffer, SIZE_T room, SIZE_T limit,
                               const Char* format, Locale, VaList list) {
    return format_into_checked(buffer, room, limit, PrintfOptions::from_bits(options), format,
                               Arguments(list));
}

template <class Char>
int WINFN_C scan_stream(ULONGLONG options, StreamFace* face, const Char* format, Locale,
                        VaList list) {
    return scan_from(face, ScanfOptions::from_bits(options), format, Arguments(list));
}

template <class Char>
int WINFN_C scan_text(ULONGLONG options, const Char* text, SIZE_T limit, const Char* format, Locale,
                      VaList list) {
    if (text == nullptr || format == nullptr) return fail_with(EINVAL, -1);
    TextInput<Char> input({text, bounded_length(text, limit)});
    return scan<Char>(input, ScanfOptions::from_bits(options), format, Arguments(list));
}

}  // namespace

std::span<const Export> stdio_common_exports() {
    constexpr std::string_view no_positions = "no positional arguments (%1$d)";
    static const Export table[] = {
        {"__stdio_common_vfprintf", address_of(print<char>)},
        {"__stdio_common_vfprintf_p", address_of(print<char>), Coverage::partial, no_positions},
        {"__stdio_common_vfprintf_s", address_of(print<char>)},
        {"__stdio_common_vfscanf", address_of(scan_stream<char>)},
        {"__stdio_common_vfwprintf", address_of(print<WCHAR>)},
        {"__stdio_common_vfwprintf_p", address_of(print<WCHAR>), Coverage::partial, no_positions},
        {"__stdio_common_vfwprintf_s", address_of(print<WCHAR>)},
        {"__stdio_common_vfwscanf", address_of(scan_stream<WCHAR>)},
        {"__stdio_common_vsnprintf_s", address_of(print_text_limited<char>)},
        {"__stdio_common_vsnwprintf_s", address_of(print_text_limited<WCHAR>)},
        {"__stdio_common_vsprintf", address_of(print_text<char>)},
        {"__stdio_common_vsprintf_p", address_of(print_text_checked<char>), Coverage::partial,
         no_positions},
        {"__stdio_common_vsprintf_s", address_of(print_text_checked<char>)},
        {"__stdio_common_vsscanf", address_of(scan_text<char>)},
        {"__stdio_common_vswprintf", address_of(print_text<WCHAR>)},
        {"__stdio_common_vswprintf_p", address_of(print_text_checked<WCHAR>), Coverage::partial,
         no_positions},
        {"__stdio_common_vswprintf_s", address_of(print_text_checked<WCHAR>)},
        {"__stdio_common_vswscanf", address_of(scan_text<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

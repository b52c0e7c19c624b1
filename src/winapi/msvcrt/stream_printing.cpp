// fprintf and its relatives. https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <cerrno>

#include "winapi/crt/stream_access.hpp"
#include "winapi/msvcrt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
int WINFN_C print_list_to_stream(StreamFace* face, const Char* format, VaList list) {
    if (format == nullptr) return fail_with(EINVAL, -1);
    return print_to(face, PrintfOptions::msvcrt(), format, Arguments(list));
}

template <class Char>
int WINFN_C print_to_stream(StreamFace* face, const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_to_stream(face, format, list);
    INSTDRV_VA_END(list);
    return length;
}

template <class Char>
int WINFN_C print_list_to_output(const Char* format, VaList list) {
    return print_list_to_stream(Stream::standard(1), format, list);
}

template <class Char>
int WINFN_C print_to_output(const Char* format, ...) {
    VaList list;
    INSTDRV_VA_START(list, format);
    const int length = print_list_to_output(format, list);
    INSTDRV_VA_END(list);
    return length;
}

}  // namespace

std::span<const Export> stream_printing_exports() {
    static const Export table[] = {
        {"_cprintf", address_of(print_to_output<char>)},
        {"_cwprintf", address_of(print_to_output<WCHAR>)},
        {"fprintf", address_of(print_to_stream<char>)},
        {"fprintf_s", address_of(print_to_stream<char>)},
        {"fwprintf", address_of(print_to_stream<WCHAR>)},
        {"fwprintf_s", address_of(print_to_stream<WCHAR>)},
        {"printf", address_of(print_to_output<char>)},
        {"printf_s", address_of(print_to_output<char>)},
        {"vfprintf", address_of(print_list_to_stream<char>)},
        {"vfprintf_s", address_of(print_list_to_stream<char>)},
        {"vfwprintf", address_of(print_list_to_stream<WCHAR>)},
        {"vfwprintf_s", address_of(print_list_to_stream<WCHAR>)},
        {"vprintf", address_of(print_list_to_output<char>)},
        {"vprintf_s", address_of(print_list_to_output<char>)},
        {"vwprintf", address_of(print_list_to_output<WCHAR>)},
        {"vwprintf_s", address_of(print_list_to_output<WCHAR>)},
        {"wprintf", address_of(print_to_output<WCHAR>)},
        {"wprintf_s", address_of(print_to_output<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

// sscanf, fscanf and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/sscanf-sscanf-l-swscanf-swscanf-l
#include <cerrno>

#include "winapi/crt/stream_access.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

template <bool sized>
constexpr ScanfOptions options{.sized_text = sized};

template <bool sized, class Char>
int WINFN_C scan_text(const Char* text, const Char* format, ...) {
    if (text == nullptr || format == nullptr) return fail_with(EINVAL, -1);
    VaList list;
    INSTDRV_VA_START(list, format);
    TextInput<Char> input(text);
    const int stored = scan<Char>(input, options<sized>, format, Arguments(list));
    INSTDRV_VA_END(list);
    return stored;
}

template <class Char>
int WINFN_C scan_text_bounded(const Char* text, SIZE_T length, const Char* format, ...) {
    if (text == nullptr || format == nullptr) return fail_with(EINVAL, -1);
    VaList list;
    INSTDRV_VA_START(list, format);
    TextInput<Char> input({text, length});
    const int stored = scan<Char>(input, options<false>, format, Arguments(list));
    INSTDRV_VA_END(list);
    return stored;
}

template <bool sized, class Char>
int WINFN_C scan_stream(StreamFace* face, const Char* format, ...) {
    if (format == nullptr) return fail_with(EINVAL, -1);
    VaList list;
    INSTDRV_VA_START(list, format);
    const int stored = scan_from(face, options<sized>, format, Arguments(list));
    INSTDRV_VA_END(list);
    return stored;
}

// Standard input is empty.
template <class Char>
int WINFN_C scan_input(const Char*, ...) {
    return Stream::end;
}

}  // namespace

EXPORT_ADDRESS("_snscanf", in_msvcrt, (scan_text_bounded<char>));
EXPORT_ADDRESS("_snwscanf", in_msvcrt, (scan_text_bounded<WCHAR>));
EXPORT_ADDRESS("fscanf", in_msvcrt, (scan_stream<false, char>));
EXPORT_ADDRESS("fscanf_s", in_msvcrt, (scan_stream<true, char>));
EXPORT_ADDRESS("fwscanf", in_msvcrt, (scan_stream<false, WCHAR>));
EXPORT_ADDRESS("fwscanf_s", in_msvcrt, (scan_stream<true, WCHAR>));
EXPORT_ADDRESS("scanf", in_msvcrt, (scan_input<char>));
EXPORT_ADDRESS("scanf_s", in_msvcrt, (scan_input<char>));
EXPORT_ADDRESS("sscanf", in_msvcrt | in_ntdll, (scan_text<false, char>));
EXPORT_ADDRESS("sscanf_s", in_msvcrt, (scan_text<true, char>));
EXPORT_ADDRESS("swscanf", in_msvcrt, (scan_text<false, WCHAR>));
EXPORT_ADDRESS("swscanf_s", in_msvcrt, (scan_text<true, WCHAR>));
EXPORT_ADDRESS("wscanf", in_msvcrt, (scan_input<WCHAR>));
EXPORT_ADDRESS("wscanf_s", in_msvcrt, (scan_input<WCHAR>));

}  // namespace instdrv::winapi::crt

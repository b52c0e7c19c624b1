// sscanf, fscanf and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/sscanf-sscanf-l-swscanf-swscanf-l
#include <cerrno>

#include "winapi/crt/stream_access.hpp"
#include "winapi/msvcrt/topics.hpp"

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

std::span<const Export> scanning_exports() {
    static const Export table[] = {
        {"_snscanf", address_of(scan_text_bounded<char>)},
        {"_snwscanf", address_of(scan_text_bounded<WCHAR>)},
        {"fscanf", address_of(scan_stream<false, char>)},
        {"fscanf_s", address_of(scan_stream<true, char>)},
        {"fwscanf", address_of(scan_stream<false, WCHAR>)},
        {"fwscanf_s", address_of(scan_stream<true, WCHAR>)},
        {"scanf", address_of(scan_input<char>)},
        {"scanf_s", address_of(scan_input<char>)},
        {"sscanf", address_of(scan_text<false, char>)},
        {"sscanf_s", address_of(scan_text<true, char>)},
        {"swscanf", address_of(scan_text<false, WCHAR>)},
        {"swscanf_s", address_of(scan_text<true, WCHAR>)},
        {"wscanf", address_of(scan_input<WCHAR>)},
        {"wscanf_s", address_of(scan_input<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

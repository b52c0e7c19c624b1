#include "winapi/crt/stream_access.hpp"

#include "winapi/crt/text_width.hpp"

namespace instdrv::winapi::crt {

template <>
int get_from<char>(Stream& stream) {
    return stream.get();
}

template <>
int get_from<char16_t>(Stream& stream) {
    const int low = stream.get();
    if (low == Stream::end || stream.is_text()) return low;
    const int high = stream.get();
    return high == Stream::end ? Stream::end : low | (high << 8);
}

template <>
int put_to<char>(Stream& stream, char c) {
    return stream.put(c);
}

template <>
int put_to<char16_t>(Stream& stream, char16_t c) {
    if (stream.is_text()) {
        if (!fits<char>(c)) return fail_with(windows_EILSEQ, Stream::end);
        return stream.put(static_cast<char>(c)) == Stream::end ? Stream::end : c;
    }
    const bool written = stream.put(static_cast<char>(c & 0xFF)) != Stream::end &&
                         stream.put(static_cast<char>(c >> 8)) != Stream::end;
    return written ? c : Stream::end;
}

template <>
int unget_to<char>(Stream& stream, int c) {
    return c == Stream::end ? c : stream.unget(c & 0xFF);
}

template <>
int unget_to<char16_t>(Stream& stream, int c) {
    if (c == Stream::end) return c;
    if (!stream.is_text() && stream.unget((c >> 8) & 0xFF) == Stream::end) return Stream::end;
    return stream.unget(c & 0xFF) == Stream::end ? Stream::end : c;
}

template <>
void StreamOutput<char>::write(std::string_view text) {
    if (stream_.write(text.data(), text.size()) != text.size()) failed_ = true;
}

template <>
void StreamOutput<char16_t>::write(std::u16string_view text) {
    for (const char16_t c : text) {
        if (put_to(stream_, c) == Stream::end) failed_ = true;
    }
}

template <class Char>
int print_to(const StreamFace* face, const PrintfOptions& options, const Char* format,
             Arguments arguments) {
    return with_stream(face, -1, [&](Stream& stream) {
        StreamOutput<Char> output(stream);
        const int length = format_to<Char>(output, options, format, arguments);
        return output.failed() ? -1 : length;
    });
}

template <class Char>
int scan_from(const StreamFace* face, const ScanfOptions& options, const Char* format,
              Arguments arguments) {
    return with_stream(face, -1, [&](Stream& stream) {
        StreamInput<Char> input(stream);
        return scan<Char>(input, options, format, arguments);
    });
}

template int print_to(const StreamFace*, const PrintfOptions&, const char*, Arguments);
template int print_to(const StreamFace*, const PrintfOptions&, const char16_t*, Arguments);
template int scan_from(const StreamFace*, const ScanfOptions&, const char*, Arguments);
template int scan_from(const StreamFace*, const ScanfOptions&, const char16_t*, Arguments);

}  // namespace instdrv::winapi::crt

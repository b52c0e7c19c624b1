// Reading and writing FILEs. https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "winapi/crt/stream_access.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

SIZE_T read_items(void* buffer, SIZE_T size, SIZE_T count, StreamFace* face) {
    SIZE_T total = 0;
    if (size == 0 || count == 0) return 0;
    if (__builtin_mul_overflow(size, count, &total)) return fail_with(EINVAL, SIZE_T{0});
    return with_stream(face, SIZE_T{0},
                       [&](Stream& stream) { return stream.read(buffer, total) / size; });
}
CRT_EXPORT_AS("_fread_nolock", in_crt, read_items, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("fread", in_crt, read_items);

SIZE_T fread_s(void* buffer, SIZE_T room, SIZE_T size, SIZE_T count, StreamFace* face) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(size, count, &total) || total > room) {
        if (buffer != nullptr) std::memset(buffer, 0, room);
        return fail_with(ERANGE, SIZE_T{0});
    }
    return read_items(buffer, size, count, face);
}
CRT_EXPORT(fread_s, in_crt);

SIZE_T write_items(const void* items, SIZE_T size, SIZE_T count, StreamFace* face) {
    SIZE_T total = 0;
    if (size == 0 || count == 0) return 0;
    if (__builtin_mul_overflow(size, count, &total)) return fail_with(EINVAL, SIZE_T{0});
    return with_stream(face, SIZE_T{0},
                       [&](Stream& stream) { return stream.write(items, total) / size; });
}
CRT_EXPORT_AS("_fwrite_nolock", in_crt, write_items, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("fwrite", in_crt, write_items);

template <class Char>
constexpr auto wide_end = static_cast<std::conditional_t<sizeof(Char) == 1, int, WCHAR>>(-1);

// Narrow functions answer an int, wide ones a wint_t of 16 bits: both all ones at the end.
template <class Char>
using Code = std::conditional_t<sizeof(Char) == 1, int, WCHAR>;

template <class Char>
Code<Char> get_character(StreamFace* face) {
    return with_stream(face, wide_end<Char>, [](Stream& stream) {
        return static_cast<Code<Char>>(get_from<Char>(stream));
    });
}
CRT_EXPORT_AS("_getc_nolock", in_crt, get_character<char>, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("_getwc_nolock", in_crt, get_character<WCHAR>, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("fgetc", in_crt, get_character<char>);
CRT_EXPORT_AS("fgetwc", in_crt, get_character<WCHAR>);
CRT_EXPORT_AS("getc", in_crt, get_character<char>);
CRT_EXPORT_AS("getwc", in_crt, get_character<WCHAR>);

template <class Char>
Code<Char> put_character(Code<Char> c, StreamFace* face) {
    return with_stream(face, wide_end<Char>, [&](Stream& stream) {
        return static_cast<Code<Char>>(put_to(stream, static_cast<Char>(c)));
    });
}
CRT_EXPORT_AS("_putc_nolock", in_crt, put_character<char>, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("_putwc_nolock", in_crt, put_character<WCHAR>, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("fputc", in_crt, put_character<char>);
CRT_EXPORT_AS("fputwc", in_crt, put_character<WCHAR>);
CRT_EXPORT_AS("putc", in_crt, put_character<char>);
CRT_EXPORT_AS("putwc", in_crt, put_character<WCHAR>);

template <class Char>
Code<Char> unget_character(Code<Char> c, StreamFace* face) {
    if (c == wide_end<Char>) return c;
    return with_stream(face, wide_end<Char>, [&](Stream& stream) {
        return static_cast<Code<Char>>(unget_to<Char>(stream, c));
    });
}
CRT_EXPORT_AS("_ungetc_nolock", in_crt, unget_character<char>, Coverage::partial,
              "locks the stream all the same");
CRT_EXPORT_AS("ungetc", in_crt, unget_character<char>);
CRT_EXPORT_AS("ungetwc", in_crt, unget_character<WCHAR>);

template <class Char>
Code<Char> get_from_input() {
    return get_character<Char>(Stream::standard(0));
}
CRT_EXPORT_AS("_fgetchar", in_crt, get_from_input<char>);
CRT_EXPORT_AS("_fgetwchar", in_crt, get_from_input<WCHAR>);
CRT_EXPORT_AS("getchar", in_crt, get_from_input<char>);
CRT_EXPORT_AS("getwchar", in_crt, get_from_input<WCHAR>);

template <class Char>
Code<Char> put_to_output(Code<Char> c) {
    return put_character<Char>(c, Stream::standard(1));
}
CRT_EXPORT_AS("_fputchar", in_crt, put_to_output<char>);
CRT_EXPORT_AS("_fputwchar", in_crt, put_to_output<WCHAR>);
CRT_EXPORT_AS("putchar", in_crt, put_to_output<char>);
CRT_EXPORT_AS("putwchar", in_crt, put_to_output<WCHAR>);

template <class Char>
Char* get_line(Char* to, int room, StreamFace* face) {
    if (to == nullptr || room <= 0) return fail_with<Char*>(EINVAL, nullptr);
    return with_stream(face, static_cast<Char*>(nullptr), [&](Stream& stream) -> Char* {
        Char* at = to;
        while (at + 1 < to + room) {
            const int c = get_from<Char>(stream);
            if (c == Stream::end) break;
            *at++ = static_cast<Char>(c);
            if (c == '\n') break;
        }
        const bool nothing = at == to && room > 1;
        *at = 0;
        return nothing ? nullptr : to;
    });
}
CRT_EXPORT_AS("fgets", in_crt, get_line<char>);
CRT_EXPORT_AS("fgetws", in_crt, get_line<WCHAR>);

template <class Char>
int put_text(const Char* text, StreamFace* face) {
    return with_stream(face, Stream::end, [&](Stream& stream) {
        StreamOutput<Char> output(stream);
        output.write(text);
        return output.failed() ? Stream::end : 0;
    });
}
CRT_EXPORT_AS("fputs", in_crt, put_text<char>);
CRT_EXPORT_AS("fputws", in_crt, put_text<WCHAR>);

template <class Char>
int put_line(const Char* text) {
    StreamFace* const out = Stream::standard(1);
    if (put_text(text, out) == Stream::end) return Stream::end;
    return put_character<Char>('\n', out) == wide_end<Char> ? Stream::end : 0;
}
CRT_EXPORT_AS("_putws", in_crt, put_line<WCHAR>);
CRT_EXPORT_AS("puts", in_crt, put_line<char>);

// Standard input is empty.
char* get_input_line(char*) { return nullptr; }
CRT_EXPORT_AS("gets", in_crt, get_input_line);

int _getw(StreamFace* face) {
    int word = 0;
    return read_items(&word, sizeof word, 1, face) == 1 ? word : Stream::end;
}
CRT_EXPORT(_getw, in_crt);

int _putw(int word, StreamFace* face) {
    return write_items(&word, sizeof word, 1, face) == 1 ? word : Stream::end;
}
CRT_EXPORT(_putw, in_crt);

// What the macros of old headers call when the buffer that they see is empty: always.
int _filbuf(StreamFace* face) { return get_character<char>(face); }
CRT_EXPORT(_filbuf, in_crt);
int _flsbuf(int c, StreamFace* face) { return put_character<char>(c, face); }
CRT_EXPORT(_flsbuf, in_crt);

void print_error(const char* text) {
    std::string line = text == nullptr || *text == 0 ? "" : std::string(text) + ": ";
    line += ::strerror(error_number());
    put_text(line.append("\n").c_str(), Stream::standard(2));
}
CRT_EXPORT_AS("perror", in_crt, print_error);

}  // namespace

}  // namespace instdrv::winapi::crt

// Reading and writing FILEs. https://learn.microsoft.com/cpp/c-runtime-library/stream-i-o
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "winapi/crt/stream_access.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

SIZE_T WINFN_C read_items(void* buffer, SIZE_T size, SIZE_T count, StreamFace* face) {
    SIZE_T total = 0;
    if (size == 0 || count == 0) return 0;
    if (__builtin_mul_overflow(size, count, &total)) return fail_with(EINVAL, SIZE_T{0});
    return with_stream(face, SIZE_T{0},
                       [&](Stream& stream) { return stream.read(buffer, total) / size; });
}

SIZE_T WINFN_C read_items_bounded(void* buffer, SIZE_T room, SIZE_T size, SIZE_T count,
                                  StreamFace* face) {
    SIZE_T total = 0;
    if (__builtin_mul_overflow(size, count, &total) || total > room) {
        if (buffer != nullptr) std::memset(buffer, 0, room);
        return fail_with(ERANGE, SIZE_T{0});
    }
    return read_items(buffer, size, count, face);
}

SIZE_T WINFN_C write_items(const void* items, SIZE_T size, SIZE_T count, StreamFace* face) {
    SIZE_T total = 0;
    if (size == 0 || count == 0) return 0;
    if (__builtin_mul_overflow(size, count, &total)) return fail_with(EINVAL, SIZE_T{0});
    return with_stream(face, SIZE_T{0},
                       [&](Stream& stream) { return stream.write(items, total) / size; });
}

template <class Char>
constexpr auto wide_end = static_cast<std::conditional_t<sizeof(Char) == 1, int, WCHAR>>(-1);

// Narrow functions answer an int, wide ones a wint_t of 16 bits: both all ones at the end.
template <class Char>
using Code = std::conditional_t<sizeof(Char) == 1, int, WCHAR>;

template <class Char>
Code<Char> WINFN_C get_character(StreamFace* face) {
    return with_stream(face, wide_end<Char>, [](Stream& stream) {
        return static_cast<Code<Char>>(get_from<Char>(stream));
    });
}

template <class Char>
Code<Char> WINFN_C put_character(Code<Char> c, StreamFace* face) {
    return with_stream(face, wide_end<Char>, [&](Stream& stream) {
        return static_cast<Code<Char>>(put_to(stream, static_cast<Char>(c)));
    });
}

template <class Char>
Code<Char> WINFN_C unget_character(Code<Char> c, StreamFace* face) {
    if (c == wide_end<Char>) return c;
    return with_stream(face, wide_end<Char>, [&](Stream& stream) {
        return static_cast<Code<Char>>(unget_to<Char>(stream, c));
    });
}

template <class Char>
Code<Char> WINFN_C get_from_input() {
    return get_character<Char>(Stream::standard(0));
}

template <class Char>
Code<Char> WINFN_C put_to_output(Code<Char> c) {
    return put_character<Char>(c, Stream::standard(1));
}

template <class Char>
Char* WINFN_C get_line(Char* to, int room, StreamFace* face) {
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

template <class Char>
int WINFN_C put_text(const Char* text, StreamFace* face) {
    return with_stream(face, Stream::end, [&](Stream& stream) {
        StreamOutput<Char> output(stream);
        output.write(text);
        return output.failed() ? Stream::end : 0;
    });
}

template <class Char>
int WINFN_C put_line(const Char* text) {
    StreamFace* const out = Stream::standard(1);
    if (put_text(text, out) == Stream::end) return Stream::end;
    return put_character<Char>('\n', out) == wide_end<Char> ? Stream::end : 0;
}

// Standard input is empty.
char* WINFN_C get_input_line(char*) { return nullptr; }

int WINFN_C get_word(StreamFace* face) {
    int word = 0;
    return read_items(&word, sizeof word, 1, face) == 1 ? word : Stream::end;
}

int WINFN_C put_word(int word, StreamFace* face) {
    return write_items(&word, sizeof word, 1, face) == 1 ? word : Stream::end;
}

// What the macros of old headers call when the buffer that they see is empty: always.
int WINFN_C fill_buffer(StreamFace* face) { return get_character<char>(face); }
int WINFN_C flush_buffer(int c, StreamFace* face) { return put_character<char>(c, face); }

void WINFN_C print_error(const char* text) {
    std::string line = text == nullptr || *text == 0 ? "" : std::string(text) + ": ";
    line += ::strerror(error_number());
    put_text(line.append("\n").c_str(), Stream::standard(2));
}

}  // namespace

std::span<const Export> stream_text_exports() {
    constexpr std::string_view not_locked = "locks the stream all the same";
    static const Export table[] = {
        {"_fgetchar", address_of(get_from_input<char>)},
        {"_fgetwchar", address_of(get_from_input<WCHAR>)},
        {"_filbuf", address_of(fill_buffer)},
        {"_flsbuf", address_of(flush_buffer)},
        {"_fputchar", address_of(put_to_output<char>)},
        {"_fputwchar", address_of(put_to_output<WCHAR>)},
        {"_fread_nolock", address_of(read_items), Coverage::partial, not_locked},
        {"_fwrite_nolock", address_of(write_items), Coverage::partial, not_locked},
        {"_getc_nolock", address_of(get_character<char>), Coverage::partial, not_locked},
        {"_getw", address_of(get_word)},
        {"_getwc_nolock", address_of(get_character<WCHAR>), Coverage::partial, not_locked},
        {"_putc_nolock", address_of(put_character<char>), Coverage::partial, not_locked},
        {"_putw", address_of(put_word)},
        {"_putwc_nolock", address_of(put_character<WCHAR>), Coverage::partial, not_locked},
        {"_putws", address_of(put_line<WCHAR>)},
        {"_ungetc_nolock", address_of(unget_character<char>), Coverage::partial, not_locked},
        {"fgetc", address_of(get_character<char>)},
        {"fgets", address_of(get_line<char>)},
        {"fgetwc", address_of(get_character<WCHAR>)},
        {"fgetws", address_of(get_line<WCHAR>)},
        {"fputc", address_of(put_character<char>)},
        {"fputs", address_of(put_text<char>)},
        {"fputwc", address_of(put_character<WCHAR>)},
        {"fputws", address_of(put_text<WCHAR>)},
        {"fread", address_of(read_items)},
        {"fread_s", address_of(read_items_bounded)},
        {"fwrite", address_of(write_items)},
        {"getc", address_of(get_character<char>)},
        {"getchar", address_of(get_from_input<char>)},
        {"gets", address_of(get_input_line)},
        {"getwc", address_of(get_character<WCHAR>)},
        {"getwchar", address_of(get_from_input<WCHAR>)},
        {"perror", address_of(print_error)},
        {"putc", address_of(put_character<char>)},
        {"putchar", address_of(put_to_output<char>)},
        {"puts", address_of(put_line<char>)},
        {"putwc", address_of(put_character<WCHAR>)},
        {"putwchar", address_of(put_to_output<WCHAR>)},
        {"ungetc", address_of(unget_character<char>)},
        {"ungetwc", address_of(unget_character<WCHAR>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

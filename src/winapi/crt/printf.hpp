// The engine behind every printf: formats as Microsoft's runtimes do, over a Microsoft va_list.
//
// Differences from the host's printf that drivers rely on: l means 32 bits, I64 and I32 prefixes,
// wide text has 16-bit units, %S and %C mean the other width, and a wide format's %s means wide
// text unless asked otherwise. %n is refused: the call fails. Text changes its width as the "C"
// locale has it, unless asked otherwise: codes below 256 are the same, others cannot be narrowed
// and make the call fail.
// https://learn.microsoft.com/cpp/c-runtime-library/format-specification-syntax-printf-and-wprintf-functions
#pragma once

#include <cstdint>
#include <string_view>

#include "winapi/crt/arguments.hpp"
#include "winapi/crt/number_text.hpp"

namespace instdrv::winapi::crt {

// What the option bits of the __stdio_common functions ask for.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
struct PrintfOptions {
    bool old_termination = false;  // a full buffer is not terminated, too much answers -1
    bool standard_answer = false;  // too much answers the whole length
    bool iso_wide_text = false;    // %s of a wide format is narrow text, as C99 says
    bool ansi_text = false;        // text changes its width by the driver's ANSI code page
    RealStyle real;

    static PrintfOptions from_bits(std::uint64_t bits) noexcept;
    // What msvcrt.dll's own functions do.
    static PrintfOptions msvcrt() noexcept;
};

// Where the text goes.
template <class Char>
class Output {
public:
    virtual ~Output() = default;
    virtual void write(std::basic_string_view<Char> text) = 0;
};

// Answers the number of characters written, or -1: %n, text that cannot be narrowed, or more than
// INT_MAX characters.
template <class Char>
int format_to(Output<Char>& output, const PrintfOptions& options, const Char* format,
              Arguments arguments);

// Formats into `room` characters at `buffer`, with the termination and answer that `options` ask
// for. A null buffer only counts.
template <class Char>
int format_into(Char* buffer, std::size_t room, const PrintfOptions& options, const Char* format,
                Arguments arguments);

// The functions that end in _s. At most `limit` characters are kept (cut_at_end: as many as fit),
// and cutting answers -1. Text that fits the limit but not the buffer is a failure: the buffer is
// emptied, errno is ERANGE and the answer -1.
constexpr std::size_t cut_at_end = ~std::size_t{0};  // _TRUNCATE
template <class Char>
int format_into_checked(Char* buffer, std::size_t room, std::size_t limit,
                        const PrintfOptions& options, const Char* format, Arguments arguments);

}  // namespace instdrv::winapi::crt

// Reads numbers at the beginning of a text as strtol and strtod do.
#pragma once

#include <cstddef>
#include <cstdint>

namespace instdrv::winapi::crt {

struct ParsedInteger {
    std::uint64_t magnitude = 0;
    bool negative = false;
    bool overflow = false;   // does not fit 64 bits
    std::size_t length = 0;  // characters read, leading blanks included; 0: there is no number
};
// `base` is 2 to 36, or 0 for C's prefixes.
template <class Char>
ParsedInteger parse_integer(const Char* text, unsigned base) noexcept;

struct ParsedReal {
    double value = 0;
    bool out_of_range = false;  // then the value is an infinity or 0
    std::size_t length = 0;     // as above
};
template <class Char>
ParsedReal parse_real(const Char* text);

// "12.5e-3", "0x1p-2", "inf" or "nan" without sign, as a number.
ParsedReal real_of(const char* first, const char* last) noexcept;

}  // namespace instdrv::winapi::crt

// Parses one conversion of a printf format, such as "%-8.3I64d".
// https://learn.microsoft.com/cpp/c-runtime-library/format-specification-syntax-printf-and-wprintf-functions
#pragma once

#include <cstdint>

#include "winapi/crt/arguments.hpp"

namespace instdrv::winapi::crt {

// Prefixes that tell the size of an argument.
enum class Length {
    none,
    byte,      // hh
    half,      // h: 16 bits, or narrow text
    wide,      // l, w: 32 bits as Windows' long has, or wide text
    int32,     // I32
    int64,     // ll, I64, j
    pointer,   // I, z, t
    extended,  // L: long double, which is double
};

struct Conversion {
    bool left = false;
    bool plus = false;
    bool space = false;
    bool alternate = false;
    bool zero = false;
    int width = 0;
    int precision = -1;  // none given
    Length length = Length::none;
    char16_t type = 0;  // 0: the format ended
};

// Reads a length prefix. Shared with scanf.
template <class Char>
Length read_length(const Char*& at);

// Reads what follows a '%', taking the arguments of '*'. `at` ends behind the type.
template <class Char>
Conversion read_conversion(const Char*& at, Arguments& arguments);

}  // namespace instdrv::winapi::crt

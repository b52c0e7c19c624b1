// Writes numbers as printf does.
#pragma once

#include <cstdint>
#include <string>

#include "winapi/crt/conversion.hpp"

namespace instdrv::winapi::crt {

struct NumberText {
    std::string prefix;  // sign and "0x": zeros that fill the width come after it
    std::string digits;
    bool zero_fill = false;  // fill the width by zeros instead of blanks
};

// How the runtimes differ in floating-point numbers.
struct RealStyle {
    bool msvcrt = false;                 // "1.#INF", ties away from zero
    bool three_digit_exponents = false;  // "1e+005"
};

NumberText signed_text(const Conversion& conversion, std::int64_t value);
// Types u, o, x, X and p.
NumberText unsigned_text(const Conversion& conversion, std::uint64_t value);
// Types e, f, g, a and their capitals.
NumberText real_text(const Conversion& conversion, double value, const RealStyle& style);

}  // namespace instdrv::winapi::crt

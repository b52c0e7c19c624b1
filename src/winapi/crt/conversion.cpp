#include "winapi/crt/conversion.hpp"

#include <climits>

#include "winapi/crt/text_width.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
bool is_digit(Char c) {
    return c >= '0' && c <= '9';
}

template <class Char>
bool read_flag(Char c, Conversion& conversion) {
    switch (c) {
        case '-': return conversion.left = true;
        case '+': return conversion.plus = true;
        case ' ': return conversion.space = true;
        case '#': return conversion.alternate = true;
        case '0': return conversion.zero = true;
        default: return false;
    }
}

template <class Char>
int read_number(const Char*& at) {
    std::int64_t value = 0;
    for (; is_digit(*at); ++at) {
        if (value <= INT_MAX) value = value * 10 + (*at - '0');
    }
    return value > INT_MAX ? INT_MAX : static_cast<int>(value);
}

template <class Char>
void read_width(const Char*& at, Conversion& conversion, Arguments& arguments) {
    if (*at != '*') {
        conversion.width = read_number(at);
        return;
    }
    ++at;
    const int width = arguments.int32();
    if (width < 0) conversion.left = true;
    conversion.width = width < 0 ? (width == INT_MIN ? INT_MAX : -width) : width;
}

template <class Char>
void read_precision(const Char*& at, Conversion& conversion, Arguments& arguments) {
    if (*at != '.') return;
    ++at;
    if (*at == '*') {
        ++at;
        const int precision = arguments.int32();
        conversion.precision = precision < 0 ? -1 : precision;
    } else {
        conversion.precision = read_number(at);
    }
}

// What follows an 'I'. Neither 32 nor 64: a pointer-sized number, where a type follows.
template <class Char>
Length read_size(const Char*& at) {
    if (at[0] == '3' && at[1] == '2') return at += 2, Length::int32;
    if (at[0] == '6' && at[1] == '4') return at += 2, Length::int64;
    return Length::pointer;
}

}  // namespace

template <class Char>
Length read_length(const Char*& at) {
    switch (*at) {
        case 'h': ++at; return *at == 'h' ? (++at, Length::byte) : Length::half;
        case 'l': ++at; return *at == 'l' ? (++at, Length::int64) : Length::wide;
        case 'w': ++at; return Length::wide;
        case 'L': ++at; return Length::extended;
        case 'j': ++at; return Length::int64;
        case 'z':
        case 't': ++at; return Length::pointer;
        case 'I':
            if (is_digit(at[1]) && !(at[1] == '3' && at[2] == '2') &&
                !(at[1] == '6' && at[2] == '4')) {
                return Length::none;
            }
            ++at;
            return read_size(at);
        default: return Length::none;
    }
}

template <class Char>
Conversion read_conversion(const Char*& at, Arguments& arguments) {
    Conversion conversion;
    while (read_flag(*at, conversion))
        ++at;
    read_width(at, conversion, arguments);
    read_precision(at, conversion, arguments);
    conversion.length = read_length(at);
    conversion.type = code_of(*at);
    if (*at != 0) ++at;
    return conversion;
}

template Length read_length(const char*&);
template Length read_length(const char16_t*&);
template Conversion read_conversion(const char*&, Arguments&);
template Conversion read_conversion(const char16_t*&, Arguments&);

}  // namespace instdrv::winapi::crt

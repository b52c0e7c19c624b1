#include "winapi/crt/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace instdrv::winapi::crt {
namespace {

bool is_capital(char16_t type) { return type >= 'A' && type <= 'Z'; }

char lower(char16_t type) {
    return static_cast<char>(is_capital(type) ? type + ('a' - 'A') : type);
}

void to_capitals(std::string& text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    }
}

std::string sign_text(const Conversion& conversion, bool negative) {
    if (negative) return "-";
    if (conversion.plus) return "+";
    return conversion.space ? " " : "";
}

std::string integer_digits(const Conversion& conversion, std::uint64_t value, int base) {
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, base).ptr;
    std::string digits(buffer.data(), end);
    if (value == 0 && conversion.precision == 0) digits.clear();
    const auto wanted = static_cast<std::size_t>(std::max(conversion.precision, 0));
    if (digits.size() < wanted) digits.insert(0, wanted - digits.size(), '0');
    return digits;
}

bool fills_integer_with_zeros(const Conversion& conversion) {
    return conversion.zero && !conversion.left && conversion.precision < 0;
}

// to_chars is printf with exact digits, and unlike printf it does not ask the host's locale.
std::string exact_text(double magnitude, std::chars_format format, int precision) {
    constexpr std::size_t longest_integer_part = 330;
    std::string text(longest_integer_part + static_cast<std::size_t>(precision), '\0');
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), magnitude, format, precision).ptr;
    text.resize(static_cast<std::size_t>(end - text.data()));
    return text;
}

// What '#' asks of type g: the digits that it would drop at the end.
std::string general_with_zeros(double magnitude, int precision) {
    precision = std::max(precision, 1);
    std::string scientific = exact_text(magnitude, std::chars_format::scientific, precision - 1);
    const int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);
    if (exponent < -4 || exponent >= precision) return scientific;
    return exact_text(magnitude, std::chars_format::fixed, precision - 1 - exponent);
}

std::string real_digits(char type, double magnitude, int precision, bool alternate) {
    switch (type) {
        case 'a': return exact_text(magnitude, std::chars_format::hex, precision);
        case 'e': return exact_text(magnitude, std::chars_format::scientific, precision);
        case 'f': return exact_text(magnitude, std::chars_format::fixed, precision);
        default:
            return alternate ? general_with_zeros(magnitude, precision)
                             : exact_text(magnitude, std::chars_format::general, precision);
    }
}

void insert_point(std::string& digits) {
    if (digits.find('.') == std::string::npos) {
        digits.insert(std::min(digits.find_first_of("ep"), digits.size()), ".");
    }
}

// How many decimals "%.*e" needs to show the digits that a conversion keeps.
int kept_decimals(char type, int precision, double magnitude) {
    if (type == 'e') return precision;
    if (type == 'g') return std::max(precision, 1) - 1;
    const int exponent = magnitude == 0 ? 0 : static_cast<int>(std::floor(std::log10(magnitude)));
    return precision + exponent;
}

// to_chars rounds an exact tie to the even digit, msvcrt away from zero. Its neighbour away from
// zero rounds as the tie should.
double nudge_tie(char type, int precision, double magnitude) {
    constexpr int beyond = 20;
    const int decimals = kept_decimals(type, precision, magnitude);
    if (type == 'a' || decimals < -1 || decimals > 60) return magnitude;
    const std::string exact =
        exact_text(magnitude, std::chars_format::scientific, decimals + 1 + beyond);
    // "d.ddd5000...e+xx": the digit that decides, behind the kept ones.
    const std::size_t decider = decimals < 0 ? 0 : static_cast<std::size_t>(decimals) + 2;
    const std::string rest = exact.substr(decider, exact.find('e') - decider);
    const bool tie = rest[0] == '5' && rest.find_first_not_of("0.", 1) == std::string::npos;
    return tie ? std::nextafter(magnitude, HUGE_VAL) : magnitude;
}

void widen_exponent(std::string& text) {
    const auto at = text.find('e');
    if (at != std::string::npos && text.size() - at == 4) text.insert(at + 2, "0");
}

// "1.#INF" with the conversion's precision kept, as msvcrt writes what is not a number.
std::string msvcrt_special(char type, int precision, double value) {
    std::string text = std::isinf(value) ? "1.#INF" : std::signbit(value) ? "1.#IND" : "1.#QNAN";
    if (type == 'g') return text;
    const auto wanted = static_cast<std::size_t>(precision) + 2;
    if (text.size() < wanted) text.append(wanted - text.size(), '0');
    if (type == 'e') text += "e+000";
    return text;
}

std::string special(double value) {
    if (std::isinf(value)) return "inf";
    return std::signbit(value) ? "nan(ind)" : "nan";
}

}  // namespace

NumberText signed_text(const Conversion& conversion, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return {sign_text(conversion, value < 0),
            integer_digits(conversion, value < 0 ? 0 - bits : bits, 10),
            fills_integer_with_zeros(conversion)};
}

NumberText unsigned_text(const Conversion& conversion, std::uint64_t value) {
    const bool hexadecimal = lower(conversion.type) == 'x' || conversion.type == 'p';
    const bool octal = conversion.type == 'o';
    NumberText text;
    text.digits = integer_digits(conversion, value, hexadecimal ? 16 : octal ? 8 : 10);
    text.zero_fill = fills_integer_with_zeros(conversion);
    if (conversion.alternate && hexadecimal && value != 0) text.prefix = "0x";
    if (conversion.alternate && octal && !text.digits.starts_with('0')) text.digits.insert(0, "0");
    if (conversion.type == 'X') to_capitals(text.prefix);
    if (conversion.type == 'X' || conversion.type == 'p') to_capitals(text.digits);
    return text;
}

NumberText real_text(const Conversion& conversion, double value, const RealStyle& style) {
    const char type = lower(conversion.type);
    constexpr int all_hexadecimal_digits = 13;
    const int precision = conversion.precision >= 0 ? conversion.precision
                          : type == 'a'             ? all_hexadecimal_digits
                                                    : 6;
    NumberText text;
    text.prefix = sign_text(conversion, std::signbit(value));
    text.zero_fill = conversion.zero && !conversion.left;
    if (!std::isfinite(value)) {
        text.digits = style.msvcrt ? msvcrt_special(type, precision, value) : special(value);
        text.zero_fill = text.zero_fill && style.msvcrt;
    } else {
        const double magnitude = std::fabs(value);
        text.digits =
            real_digits(type, style.msvcrt ? nudge_tie(type, precision, magnitude) : magnitude,
                        precision, conversion.alternate);
        if (conversion.alternate) insert_point(text.digits);
        if (style.three_digit_exponents) widen_exponent(text.digits);
        if (type == 'a') text.prefix += "0x";
    }
    if (is_capital(conversion.type)) {
        to_capitals(text.digits);
        to_capitals(text.prefix);
    }
    return text;
}

}  // namespace instdrv::winapi::crt

#include "winapi/crt/parse_number.hpp"

#include <charconv>
#include <climits>
#include <cmath>
#include <string>
#include <string_view>

#include "winapi/crt/letters.hpp"

namespace instdrv::winapi::crt {
namespace {

template <class Char>
const Char* skip_space(const Char* at) {
    while (is_blank_or_control_space(code_of(*at)))
        ++at;
    return at;
}

template <class Char>
bool read_sign(const Char*& at) {
    const bool negative = *at == '-';
    if (negative || *at == '+') ++at;
    return negative;
}

unsigned digit_of(char16_t c) {
    if (c >= '0' && c <= '9') return c - unsigned{'0'};
    const int letter = lower_case(c);
    return letter >= 'a' && letter <= 'z' ? static_cast<unsigned>(letter - 'a') + 10 : UINT_MAX;
}

template <class Char>
bool is_hexadecimal_prefix(const Char* at) {
    return at[0] == '0' && lower_case(code_of(at[1])) == 'x' && digit_of(code_of(at[2])) < 16;
}

template <class Char>
std::size_t word_length(const Char* at, std::string_view word) {
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (lower_case(code_of(at[i])) != word[i]) return 0;
    }
    return word.size();
}

template <class Char>
void take_digits(const Char*& at, unsigned base, std::string& taken) {
    for (; digit_of(code_of(*at)) < base; ++at)
        taken.push_back(static_cast<char>(*at));
}

// An exponent counts only with digits behind it.
template <class Char>
void take_exponent(const Char*& at, char letter, std::string& taken) {
    if (lower_case(code_of(*at)) != letter) return;
    const Char* digits = at + 1;
    std::string exponent(1, letter);
    if (*digits == '-') exponent += '-';
    if (*digits == '-' || *digits == '+') ++digits;
    if (digit_of(code_of(*digits)) >= 10) return;
    take_digits(digits, 10, exponent);
    taken += exponent;
    at = digits;
}

template <class Char>
std::string take_real(const Char*& at) {
    for (const std::string_view word : {"infinity", "inf", "nan"}) {
        if (const std::size_t length = word_length(at, word); length != 0) {
            at += length;
            return std::string(word);
        }
    }
    const bool hexadecimal = is_hexadecimal_prefix(at);
    const unsigned base = hexadecimal ? 16 : 10;
    std::string taken;
    if (hexadecimal) {
        taken = "0x";
        at += 2;
    }
    const std::size_t prefix = taken.size();
    const Char* rest = at;
    take_digits(rest, base, taken);
    if (*rest == '.') {
        taken += '.';
        take_digits(++rest, base, taken);
    }
    if (taken.find_first_of("0123456789abcdefABCDEF", prefix) == std::string::npos) return {};
    take_exponent(rest, hexadecimal ? 'p' : 'e', taken);
    at = rest;
    return taken;
}

}  // namespace

template <class Char>
ParsedInteger parse_integer(const Char* text, unsigned base) noexcept {
    ParsedInteger result;
    if (base == 1 || base > 36) return result;
    const Char* at = skip_space(text);
    result.negative = read_sign(at);
    if ((base == 0 || base == 16) && is_hexadecimal_prefix(at)) {
        at += 2;
        base = 16;
    } else if (base == 0) {
        base = *at == '0' ? 8 : 10;
    }
    const Char* const digits = at;
    for (; digit_of(code_of(*at)) < base; ++at) {
        result.overflow =
            __builtin_mul_overflow(result.magnitude, base, &result.magnitude) ||
            __builtin_add_overflow(result.magnitude, digit_of(code_of(*at)), &result.magnitude) ||
            result.overflow;
    }
    if (at != digits) result.length = static_cast<std::size_t>(at - text);
    return result;
}

ParsedReal real_of(const char* first, const char* last) noexcept {
    const bool hexadecimal = last - first > 2 && first[0] == '0' && first[1] == 'x';
    if (hexadecimal) first += 2;
    ParsedReal result;
    const auto parsed =
        std::from_chars(first, last, result.value,
                        hexadecimal ? std::chars_format::hex : std::chars_format::general);
    result.out_of_range = parsed.ec == std::errc::result_out_of_range;
    if (result.out_of_range) {
        const std::string_view text(first, static_cast<std::size_t>(last - first));
        const bool tiny = text.find('-') != std::string_view::npos ||
                          text.find_first_of("123456789") > text.find('.');
        result.value = tiny ? 0 : HUGE_VAL;
    }
    return result;
}

template <class Char>
ParsedReal parse_real(const Char* text) {
    const Char* at = skip_space(text);
    const bool negative = read_sign(at);
    const std::string digits = take_real(at);
    if (digits.empty()) return {};
    ParsedReal result = real_of(digits.data(), digits.data() + digits.size());
    if (negative) result.value = -result.value;
    result.length = static_cast<std::size_t>(at - text);
    return result;
}

template ParsedInteger parse_integer(const char*, unsigned) noexcept;
template ParsedInteger parse_integer(const char16_t*, unsigned) noexcept;
template ParsedReal parse_real(const char*);
template ParsedReal parse_real(const char16_t*);

}  // namespace instdrv::winapi::crt

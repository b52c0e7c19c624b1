// Numbers from text and back. https://learn.microsoft.com/cpp/c-runtime-library/data-conversion
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <type_traits>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/parse_number.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

// Windows' long has 32 bits.
template <class Number>
Number clamped(const ParsedInteger& parsed) {
    using Limits = std::numeric_limits<Number>;
    if constexpr (std::is_signed_v<Number>) {
        const auto limit = static_cast<std::uint64_t>(Limits::max()) + (parsed.negative ? 1 : 0);
        if (parsed.overflow || parsed.magnitude > limit) {
            return fail_with(ERANGE, parsed.negative ? Limits::min() : Limits::max());
        }
    } else if (parsed.overflow || parsed.magnitude > Limits::max()) {
        return fail_with(ERANGE, Limits::max());
    }
    return static_cast<Number>(parsed.negative ? 0 - parsed.magnitude : parsed.magnitude);
}

template <class Char, class Number>
Number WINFN_C to_integer(const Char* text, const Char** end, int base) {
    if (text == nullptr || base < 0 || base == 1 || base > 36) {
        if (end != nullptr) *end = text;
        return fail_with(EINVAL, Number{0});
    }
    const ParsedInteger parsed = parse_integer(text, static_cast<unsigned>(base));
    if (end != nullptr) *end = text + parsed.length;
    return clamped<Number>(parsed);
}

template <class Char, class Number>
Number WINFN_C plain_integer(const Char* text) {
    return text == nullptr ? fail_with(EINVAL, Number{0})
                           : clamped<Number>(parse_integer(text, 10));
}

template <class Char, class Number>
Number WINFN_C to_real(const Char* text, const Char** end) {
    const ParsedReal parsed = parse_real(text);
    if (end != nullptr) *end = text + parsed.length;
    if (parsed.out_of_range) error_number() = ERANGE;
    return static_cast<Number>(parsed.value);
}

template <class Char>
double WINFN_C plain_real(const Char* text) {
    return text == nullptr ? fail_with(EINVAL, 0.0) : to_real<Char, double>(text, nullptr);
}

// Only base 10 has negative numbers; in others the bits are shown.
template <class Number>
std::string digits_of(Number value, int base) {
    char buffer[72];
    const auto end = base == 10
                         ? std::to_chars(buffer, std::end(buffer), value)
                         : std::to_chars(buffer, std::end(buffer),
                                         static_cast<std::make_unsigned_t<Number>>(value), base);
    return {buffer, end.ptr};
}

template <class Char, class Number>
Char* WINFN_C integer_text(Number value, Char* to, int base) {
    const std::string digits = base < 2 || base > 36 ? "" : digits_of(value, base);
    *std::copy(digits.begin(), digits.end(), to) = 0;
    return to;
}

template <class Char, class Number>
int WINFN_C integer_text_bounded(Number value, Char* to, SIZE_T room, int base) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    if (base < 2 || base > 36) return fail_with(EINVAL, EINVAL);
    const std::string digits = digits_of(value, base);
    if (digits.size() >= room) return fail_with(ERANGE, ERANGE);
    *std::copy(digits.begin(), digits.end(), to) = 0;
    return 0;
}

char* WINFN_C general_text(double value, int digits, char* to) {
    Conversion conversion;
    conversion.type = 'g';
    conversion.precision = digits;
    const NumberText text = real_text(conversion, value, PrintfOptions::msvcrt().real);
    const std::string whole = text.prefix + text.digits;
    *std::copy(whole.begin(), whole.end(), to) = 0;
    return to;
}

// _ecvt and _fcvt answer a buffer of the thread's.
char* decimal_digits(double value, int scientific_decimals, bool fixed, int decimals, int* point,
                     int* sign) {
    static thread_local std::string digits;
    Conversion conversion;
    conversion.type = fixed ? 'f' : 'e';
    conversion.precision = fixed ? std::max(decimals, 0) : std::max(scientific_decimals, 0);
    const std::string text = real_text(conversion, std::fabs(value), {}).digits;
    digits.clear();
    for (const char c : text) {
        if (c == 'e') break;
        if (c != '.') digits.push_back(c);
    }
    *sign = std::signbit(value) ? 1 : 0;
    if (fixed) {
        *point = static_cast<int>(std::min(text.find('.'), text.size()));
        while (digits.size() > 1 && digits.front() == '0' && *point > 0) {
            digits.erase(0, 1);
            --*point;
        }
    } else {
        *point = value == 0 ? 0 : std::atoi(text.c_str() + text.find('e') + 1) + 1;
    }
    return digits.data();
}

char* WINFN_C exponent_digits(double value, int count, int* point, int* sign) {
    return decimal_digits(value, count - 1, false, 0, point, sign);
}

char* WINFN_C fixed_digits(double value, int decimals, int* point, int* sign) {
    return decimal_digits(value, 0, true, decimals, point, sign);
}

}  // namespace

std::span<const Export> number_exports() {
    static const Export table[] = {
        {"_atoi64", address_of(plain_integer<char, LONGLONG>)},
        {"_ecvt", address_of(exponent_digits)},
        {"_fcvt", address_of(fixed_digits)},
        {"_gcvt", address_of(general_text)},
        {"_i64toa", address_of(integer_text<char, LONGLONG>)},
        {"_i64toa_s", address_of(integer_text_bounded<char, LONGLONG>)},
        {"_i64tow", address_of(integer_text<WCHAR, LONGLONG>)},
        {"_i64tow_s", address_of(integer_text_bounded<WCHAR, LONGLONG>)},
        {"_itoa", address_of(integer_text<char, LONG>)},
        {"_itoa_s", address_of(integer_text_bounded<char, LONG>)},
        {"_itow", address_of(integer_text<WCHAR, LONG>)},
        {"_itow_s", address_of(integer_text_bounded<WCHAR, LONG>)},
        {"_ltoa", address_of(integer_text<char, LONG>)},
        {"_ltoa_s", address_of(integer_text_bounded<char, LONG>)},
        {"_ltow", address_of(integer_text<WCHAR, LONG>)},
        {"_ltow_s", address_of(integer_text_bounded<WCHAR, LONG>)},
        {"_strtoi64", address_of(to_integer<char, LONGLONG>)},
        {"_strtoui64", address_of(to_integer<char, ULONGLONG>)},
        {"_ui64toa", address_of(integer_text<char, ULONGLONG>)},
        {"_ui64toa_s", address_of(integer_text_bounded<char, ULONGLONG>)},
        {"_ui64tow", address_of(integer_text<WCHAR, ULONGLONG>)},
        {"_ui64tow_s", address_of(integer_text_bounded<WCHAR, ULONGLONG>)},
        {"_ultoa", address_of(integer_text<char, DWORD>)},
        {"_ultoa_s", address_of(integer_text_bounded<char, DWORD>)},
        {"_ultow", address_of(integer_text<WCHAR, DWORD>)},
        {"_ultow_s", address_of(integer_text_bounded<WCHAR, DWORD>)},
        {"_wcstoi64", address_of(to_integer<WCHAR, LONGLONG>)},
        {"_wcstoui64", address_of(to_integer<WCHAR, ULONGLONG>)},
        {"_wtof", address_of(plain_real<WCHAR>)},
        {"_wtoi", address_of(plain_integer<WCHAR, LONG>)},
        {"_wtoi64", address_of(plain_integer<WCHAR, LONGLONG>)},
        {"_wtol", address_of(plain_integer<WCHAR, LONG>)},
        {"atof", address_of(plain_real<char>)},
        {"atoi", address_of(plain_integer<char, LONG>)},
        {"atol", address_of(plain_integer<char, LONG>)},
        {"atoll", address_of(plain_integer<char, LONGLONG>)},
        {"strtod", address_of(to_real<char, double>)},
        {"strtof", address_of(to_real<char, float>)},
        {"strtoimax", address_of(to_integer<char, LONGLONG>)},
        {"strtol", address_of(to_integer<char, LONG>)},
        {"strtoll", address_of(to_integer<char, LONGLONG>)},
        {"strtoul", address_of(to_integer<char, DWORD>)},
        {"strtoull", address_of(to_integer<char, ULONGLONG>)},
        {"strtoumax", address_of(to_integer<char, ULONGLONG>)},
        {"wcstod", address_of(to_real<WCHAR, double>)},
        {"wcstof", address_of(to_real<WCHAR, float>)},
        {"wcstol", address_of(to_integer<WCHAR, LONG>)},
        {"wcstoll", address_of(to_integer<WCHAR, LONGLONG>)},
        {"wcstoul", address_of(to_integer<WCHAR, DWORD>)},
        {"wcstoull", address_of(to_integer<WCHAR, ULONGLONG>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

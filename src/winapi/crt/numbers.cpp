// Numbers from text and back. https://learn.microsoft.com/cpp/c-runtime-library/data-conversion
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <type_traits>

#include "winapi/crt/parse_number.hpp"
#include "winapi/crt/printf.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

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
Number to_integer(const Char* text, const Char** end, int base) {
    if (text == nullptr || base < 0 || base == 1 || base > 36) {
        if (end != nullptr) *end = text;
        return fail_with(EINVAL, Number{0});
    }
    const ParsedInteger parsed = parse_integer(text, static_cast<unsigned>(base));
    if (end != nullptr) *end = text + parsed.length;
    return clamped<Number>(parsed);
}
CRT_EXPORT_AS("_strtoi64", in_crt | with_locale, (to_integer<char, LONGLONG>));
CRT_EXPORT_AS("_strtoui64", in_crt | with_locale, (to_integer<char, ULONGLONG>));
CRT_EXPORT_AS("_wcstoi64", in_crt | with_locale, (to_integer<WCHAR, LONGLONG>));
CRT_EXPORT_AS("_wcstoui64", in_crt | with_locale, (to_integer<WCHAR, ULONGLONG>));
CRT_EXPORT_AS("strtoimax", in_crt, (to_integer<char, LONGLONG>));
CRT_EXPORT_AS("strtol", in_crt | in_ntdll | with_locale, (to_integer<char, LONG>));
CRT_EXPORT_AS("strtoll", in_crt, (to_integer<char, LONGLONG>));
CRT_EXPORT_AS("strtoul", in_crt | in_ntdll | with_locale, (to_integer<char, DWORD>));
CRT_EXPORT_AS("strtoull", in_crt, (to_integer<char, ULONGLONG>));
CRT_EXPORT_AS("strtoumax", in_crt, (to_integer<char, ULONGLONG>));
CRT_EXPORT_AS("wcstol", in_crt | in_ntdll | with_locale, (to_integer<WCHAR, LONG>));
CRT_EXPORT_AS("wcstoll", in_crt, (to_integer<WCHAR, LONGLONG>));
CRT_EXPORT_AS("wcstoul", in_crt | in_ntdll | with_locale, (to_integer<WCHAR, DWORD>));
CRT_EXPORT_AS("wcstoull", in_crt, (to_integer<WCHAR, ULONGLONG>));

template <class Char, class Number>
Number plain_integer(const Char* text) {
    return text == nullptr ? fail_with(EINVAL, Number{0})
                           : clamped<Number>(parse_integer(text, 10));
}
CRT_EXPORT_AS("_atoi64", in_crt | with_locale, (plain_integer<char, LONGLONG>));
CRT_EXPORT_AS("_wtoi", in_crt | in_ntdll | with_locale, (plain_integer<WCHAR, LONG>));
CRT_EXPORT_AS("_wtoi64", in_crt | with_locale, (plain_integer<WCHAR, LONGLONG>));
CRT_EXPORT_AS("_wtol", in_crt | in_ntdll | with_locale, (plain_integer<WCHAR, LONG>));
CRT_EXPORT_AS("atoi", in_crt | in_ntdll | with_locale, (plain_integer<char, LONG>));
CRT_EXPORT_AS("atol", in_crt | in_ntdll | with_locale, (plain_integer<char, LONG>));
CRT_EXPORT_AS("atoll", in_crt, (plain_integer<char, LONGLONG>));

template <class Char, class Number>
Number to_real(const Char* text, const Char** end) {
    const ParsedReal parsed = parse_real(text);
    if (end != nullptr) *end = text + parsed.length;
    if (parsed.out_of_range) error_number() = ERANGE;
    return static_cast<Number>(parsed.value);
}
CRT_EXPORT_AS("strtod", in_crt | with_locale, (to_real<char, double>));
CRT_EXPORT_AS("strtof", in_crt, (to_real<char, float>));
CRT_EXPORT_AS("wcstod", in_crt | with_locale, (to_real<WCHAR, double>));
CRT_EXPORT_AS("wcstof", in_crt, (to_real<WCHAR, float>));

template <class Char>
double plain_real(const Char* text) {
    return text == nullptr ? fail_with(EINVAL, 0.0) : to_real<Char, double>(text, nullptr);
}
CRT_EXPORT_AS("_wtof", in_crt | with_locale, plain_real<WCHAR>);
CRT_EXPORT_AS("atof", in_crt | with_locale, plain_real<char>);

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
Char* integer_text(Number value, Char* to, int base) {
    const std::string digits = base < 2 || base > 36 ? "" : digits_of(value, base);
    *std::copy(digits.begin(), digits.end(), to) = 0;
    return to;
}
CRT_EXPORT_AS("_i64toa", in_crt, (integer_text<char, LONGLONG>));
CRT_EXPORT_AS("_i64tow", in_crt, (integer_text<WCHAR, LONGLONG>));
CRT_EXPORT_AS("_itoa", in_crt | in_ntdll, (integer_text<char, LONG>));
CRT_EXPORT_AS("_itow", in_crt | in_ntdll, (integer_text<WCHAR, LONG>));
CRT_EXPORT_AS("_ltoa", in_crt, (integer_text<char, LONG>));
CRT_EXPORT_AS("_ltow", in_crt, (integer_text<WCHAR, LONG>));
CRT_EXPORT_AS("_ui64toa", in_crt | in_ntdll, (integer_text<char, ULONGLONG>));
CRT_EXPORT_AS("_ui64tow", in_crt, (integer_text<WCHAR, ULONGLONG>));
CRT_EXPORT_AS("_ultoa", in_crt | in_ntdll, (integer_text<char, DWORD>));
CRT_EXPORT_AS("_ultow", in_crt | in_ntdll, (integer_text<WCHAR, DWORD>));

template <class Char, class Number>
int integer_text_bounded(Number value, Char* to, SIZE_T room, int base) {
    if (to == nullptr || room == 0) return fail_with(EINVAL, EINVAL);
    to[0] = 0;
    if (base < 2 || base > 36) return fail_with(EINVAL, EINVAL);
    const std::string digits = digits_of(value, base);
    if (digits.size() >= room) return fail_with(ERANGE, ERANGE);
    *std::copy(digits.begin(), digits.end(), to) = 0;
    return 0;
}
CRT_EXPORT_AS("_i64toa_s", in_crt, (integer_text_bounded<char, LONGLONG>));
CRT_EXPORT_AS("_i64tow_s", in_crt, (integer_text_bounded<WCHAR, LONGLONG>));
CRT_EXPORT_AS("_itoa_s", in_crt, (integer_text_bounded<char, LONG>));
CRT_EXPORT_AS("_itow_s", in_crt, (integer_text_bounded<WCHAR, LONG>));
CRT_EXPORT_AS("_ltoa_s", in_crt, (integer_text_bounded<char, LONG>));
CRT_EXPORT_AS("_ltow_s", in_crt, (integer_text_bounded<WCHAR, LONG>));
CRT_EXPORT_AS("_ui64toa_s", in_crt, (integer_text_bounded<char, ULONGLONG>));
CRT_EXPORT_AS("_ui64tow_s", in_crt, (integer_text_bounded<WCHAR, ULONGLONG>));
CRT_EXPORT_AS("_ultoa_s", in_crt, (integer_text_bounded<char, DWORD>));
CRT_EXPORT_AS("_ultow_s", in_crt, (integer_text_bounded<WCHAR, DWORD>));

char* _gcvt(double value, int digits, char* to) {
    Conversion conversion;
    conversion.type = 'g';
    conversion.precision = digits;
    const NumberText text = real_text(conversion, value, PrintfOptions::msvcrt().real);
    const std::string whole = text.prefix + text.digits;
    *std::copy(whole.begin(), whole.end(), to) = 0;
    return to;
}
CRT_EXPORT(_gcvt, in_crt);

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

char* _ecvt(double value, int count, int* point, int* sign) {
    return decimal_digits(value, count - 1, false, 0, point, sign);
}
CRT_EXPORT(_ecvt, in_crt);

char* _fcvt(double value, int decimals, int* point, int* sign) {
    return decimal_digits(value, 0, true, decimals, point, sign);
}
CRT_EXPORT(_fcvt, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt

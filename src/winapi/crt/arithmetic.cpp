// Integers: absolute values, divisions, rotations, random numbers.
// https://learn.microsoft.com/cpp/c-runtime-library/math-and-floating-point-support
#include <bit>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

#include <sys/random.h>

#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

// The smallest number has no counterpart and stays itself.
template <class Number>
Number absolute(Number value) {
    const auto bits = static_cast<std::make_unsigned_t<Number>>(value);
    return static_cast<Number>(value < 0 ? 0 - bits : bits);
}
CRT_EXPORT_AS("_abs64", in_crt, absolute<LONGLONG>);
CRT_EXPORT_AS("abs", in_crt | in_ntdll, absolute<LONG>);
CRT_EXPORT_AS("imaxabs", in_crt, absolute<LONGLONG>);
CRT_EXPORT_AS("labs", in_crt | in_ntdll, absolute<LONG>);
CRT_EXPORT_AS("llabs", in_crt, absolute<LONGLONG>);

template <class Number>
struct Division {
    Number quotient;
    Number remainder;
};

#if defined(__i386__)
// Windows returns a structure of eight bytes in registers, and has the caller take the address of a
// larger one's place off the stack. System V does neither.
std::uint64_t WINFN_C divide_words(LONG numerator, LONG denominator) {
    return std::bit_cast<std::uint64_t>(
        Division<LONG>{numerator / denominator, numerator % denominator});
}
[[gnu::callee_pop_aggregate_return(0)]] Division<LONGLONG> WINFN_C
divide_quads(LONGLONG numerator, LONGLONG denominator) {
    return {numerator / denominator, numerator % denominator};
}
#else
template <class Number>
Division<Number> WINFN_C divide(Number numerator, Number denominator) {
    return {numerator / denominator, numerator % denominator};
}
constexpr auto* divide_words = divide<LONG>;
constexpr auto* divide_quads = divide<LONGLONG>;
#endif
EXPORT_ADDRESS("div", in_crt, divide_words);
EXPORT_ADDRESS("ldiv", in_crt, divide_words);
EXPORT_ADDRESS("lldiv", in_crt, divide_quads);

template <class Number>
Number rotate_left(Number value, int count) {
    return std::rotl(value, count);
}
CRT_EXPORT_AS("_lrotl", in_crt, rotate_left<DWORD>);
CRT_EXPORT_AS("_rotl", in_crt, rotate_left<DWORD>);
CRT_EXPORT_AS("_rotl64", in_crt, rotate_left<ULONGLONG>);
template <class Number>
Number rotate_right(Number value, int count) {
    return std::rotr(value, count);
}
CRT_EXPORT_AS("_lrotr", in_crt, rotate_right<DWORD>);
CRT_EXPORT_AS("_rotr", in_crt, rotate_right<DWORD>);
CRT_EXPORT_AS("_rotr64", in_crt, rotate_right<ULONGLONG>);

WORD _byteswap_ushort(WORD value) { return __builtin_bswap16(value); }
CRT_EXPORT(_byteswap_ushort, in_crt);
DWORD _byteswap_ulong(DWORD value) { return __builtin_bswap32(value); }
CRT_EXPORT(_byteswap_ulong, in_crt);
ULONGLONG _byteswap_uint64(ULONGLONG value) { return __builtin_bswap64(value); }
CRT_EXPORT(_byteswap_uint64, in_crt);

// Microsoft's sequence, which programs of the same seed rely on; each thread has its own.
thread_local DWORD random_state = 1;

void seed_random(unsigned seed) { random_state = seed; }
CRT_EXPORT_AS("srand", in_crt, seed_random);

int next_random() {
    random_state = random_state * 214013 + 2531011;
    return static_cast<int>((random_state >> 16) & 0x7FFF);
}
CRT_EXPORT_AS("rand", in_crt, next_random);

int rand_s(unsigned* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    return ::getrandom(value, sizeof *value, 0) == sizeof *value ? 0 : fail_with(ENOMEM, ENOMEM);
}
CRT_EXPORT(rand_s, in_crt);

void _swab(const char* from, char* to, int count) {
    for (int i = 0; i + 1 < count; i += 2) {
        const char first = from[i];
        to[i] = from[i + 1];
        to[i + 1] = first;
    }
}
CRT_EXPORT(_swab, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt

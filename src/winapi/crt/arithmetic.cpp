// Integers: absolute values, divisions, rotations, random numbers.
// https://learn.microsoft.com/cpp/c-runtime-library/math-and-floating-point-support
#include <bit>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

#include <sys/random.h>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

// The smallest number has no counterpart and stays itself.
template <class Number>
Number WINFN_C absolute(Number value) {
    const auto bits = static_cast<std::make_unsigned_t<Number>>(value);
    return static_cast<Number>(value < 0 ? 0 - bits : bits);
}

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

template <class Number>
Number WINFN_C rotate_left(Number value, int count) {
    return std::rotl(value, count);
}
template <class Number>
Number WINFN_C rotate_right(Number value, int count) {
    return std::rotr(value, count);
}

WORD WINFN_C swap_16(WORD value) { return __builtin_bswap16(value); }
DWORD WINFN_C swap_32(DWORD value) { return __builtin_bswap32(value); }
ULONGLONG WINFN_C swap_64(ULONGLONG value) { return __builtin_bswap64(value); }

// Microsoft's sequence, which programs of the same seed rely on; each thread has its own.
thread_local DWORD random_state = 1;

void WINFN_C seed_random(unsigned seed) { random_state = seed; }

int WINFN_C next_random() {
    random_state = random_state * 214013 + 2531011;
    return static_cast<int>((random_state >> 16) & 0x7FFF);
}

int WINFN_C system_random(unsigned* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    return ::getrandom(value, sizeof *value, 0) == sizeof *value ? 0 : fail_with(ENOMEM, ENOMEM);
}

void WINFN_C swap_bytes(const char* from, char* to, int count) {
    for (int i = 0; i + 1 < count; i += 2) {
        const char first = from[i];
        to[i] = from[i + 1];
        to[i + 1] = first;
    }
}

}  // namespace

std::span<const Export> arithmetic_exports() {
    static const Export table[] = {
        {"_abs64", address_of(absolute<LONGLONG>)},
        {"_byteswap_uint64", address_of(swap_64)},
        {"_byteswap_ulong", address_of(swap_32)},
        {"_byteswap_ushort", address_of(swap_16)},
        {"_lrotl", address_of(rotate_left<DWORD>)},
        {"_lrotr", address_of(rotate_right<DWORD>)},
        {"_rotl", address_of(rotate_left<DWORD>)},
        {"_rotl64", address_of(rotate_left<ULONGLONG>)},
        {"_rotr", address_of(rotate_right<DWORD>)},
        {"_rotr64", address_of(rotate_right<ULONGLONG>)},
        {"_swab", address_of(swap_bytes)},
        {"abs", address_of(absolute<LONG>)},
        {"div", address_of(divide_words)},
        {"imaxabs", address_of(absolute<LONGLONG>)},
        {"labs", address_of(absolute<LONG>)},
        {"ldiv", address_of(divide_words)},
        {"llabs", address_of(absolute<LONGLONG>)},
        {"lldiv", address_of(divide_quads)},
        {"rand", address_of(next_random)},
        {"rand_s", address_of(system_random)},
        {"srand", address_of(seed_random)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

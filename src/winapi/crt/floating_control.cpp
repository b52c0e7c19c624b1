// The floating-point control and status words, as far as SSE has them.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/control87-controlfp-control87-2
#include <xmmintrin.h>

#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

// A bit of Microsoft's portable words and where MXCSR has it.
struct Bit {
    unsigned portable;
    unsigned mxcsr;
};
constexpr Bit masks[] = {
    {0x10, 0x0080},     // invalid
    {0x80000, 0x0100},  // denormal
    {0x08, 0x0200},     // zero divide
    {0x04, 0x0400},     // overflow
    {0x02, 0x0800},     // underflow
    {0x01, 0x1000},     // inexact
};
constexpr Bit statuses[] = {
    {0x10, 0x01}, {0x80000, 0x02}, {0x08, 0x04}, {0x04, 0x08}, {0x02, 0x10}, {0x01, 0x20},
};
constexpr Bit roundings[] = {{0x100, 0x2000}, {0x200, 0x4000}};
constexpr Bit denormals[] = {{0x01000000, 0x8040}};  // flush both results and operands

template <std::size_t count>
unsigned to_portable(unsigned mxcsr, const Bit (&bits)[count]) {
    unsigned word = 0;
    for (const Bit& bit : bits) {
        if ((mxcsr & bit.mxcsr) == bit.mxcsr) word |= bit.portable;
    }
    return word;
}

template <std::size_t count>
unsigned with_portable(unsigned mxcsr, unsigned word, const Bit (&bits)[count]) {
    for (const Bit& bit : bits) {
        mxcsr = (word & bit.portable) != 0 ? mxcsr | bit.mxcsr : mxcsr & ~bit.mxcsr;
    }
    return mxcsr;
}

unsigned control_word() {
    const unsigned mxcsr = _mm_getcsr();
    return to_portable(mxcsr, masks) | to_portable(mxcsr, roundings) |
           to_portable(mxcsr, denormals);
}

unsigned _control87(unsigned value, unsigned mask) {
    const unsigned word = (control_word() & ~mask) | (value & mask);
    unsigned mxcsr = with_portable(_mm_getcsr(), word, masks);
    mxcsr = with_portable(mxcsr, word, roundings);
    _mm_setcsr(with_portable(mxcsr, word, denormals));
    return word;
}
CRT_EXPORT(_control87, in_crt, Coverage::partial,
           "SSE's control word only, not the x87's precision");

// _controlfp leaves the denormal exception alone.
unsigned _controlfp(unsigned value, unsigned mask) {
    constexpr unsigned denormal_exception = 0x80000;
    return _control87(value, mask & ~denormal_exception);
}
CRT_EXPORT(_controlfp, in_crt, Coverage::partial,
           "SSE's control word only, not the x87's precision");

int _controlfp_s(unsigned* current, unsigned value, unsigned mask) {
    const unsigned word = _controlfp(value, mask);
    if (current != nullptr) *current = word;
    return 0;
}
CRT_EXPORT(_controlfp_s, in_crt, Coverage::partial,
           "SSE's control word only, not the x87's precision");

unsigned _statusfp() { return to_portable(_mm_getcsr(), statuses); }
CRT_EXPORT(_statusfp, in_crt);

unsigned _clearfp() {
    const unsigned before = _statusfp();
    _mm_setcsr(with_portable(_mm_getcsr(), 0, statuses));
    return before;
}
CRT_EXPORT(_clearfp, in_crt);

void _fpreset() {
    constexpr unsigned windows_default = 0x1F80;
    _mm_setcsr(windows_default);
}
CRT_EXPORT(_fpreset, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt

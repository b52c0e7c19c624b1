// The floating-point control and status words, as far as SSE has them.
// https://learn.microsoft.com/cpp/c-runtime-library/reference/control87-controlfp-control87-2
#include <xmmintrin.h>

#include "winapi/abi.hpp"
#include "winapi/crt/topics.hpp"

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

unsigned WINFN_C control(unsigned value, unsigned mask) {
    const unsigned word = (control_word() & ~mask) | (value & mask);
    unsigned mxcsr = with_portable(_mm_getcsr(), word, masks);
    mxcsr = with_portable(mxcsr, word, roundings);
    _mm_setcsr(with_portable(mxcsr, word, denormals));
    return word;
}

// _controlfp leaves the denormal exception alone.
unsigned WINFN_C control_portably(unsigned value, unsigned mask) {
    constexpr unsigned denormal_exception = 0x80000;
    return control(value, mask & ~denormal_exception);
}

int WINFN_C control_checked(unsigned* current, unsigned value, unsigned mask) {
    const unsigned word = control_portably(value, mask);
    if (current != nullptr) *current = word;
    return 0;
}

unsigned WINFN_C status() { return to_portable(_mm_getcsr(), statuses); }

unsigned WINFN_C clear_status() {
    const unsigned before = status();
    _mm_setcsr(with_portable(_mm_getcsr(), 0, statuses));
    return before;
}

void WINFN_C reset() {
    constexpr unsigned windows_default = 0x1F80;
    _mm_setcsr(windows_default);
}

}  // namespace

std::span<const Export> floating_control_exports() {
    constexpr std::string_view sse_only = "SSE's control word only, not the x87's precision";
    static const Export table[] = {
        {"_clearfp", address_of(clear_status)},
        {"_control87", address_of(control), Coverage::partial, sse_only},
        {"_controlfp", address_of(control_portably), Coverage::partial, sse_only},
        {"_controlfp_s", address_of(control_checked), Coverage::partial, sse_only},
        {"_fpreset", address_of(reset)},
        {"_statusfp", address_of(status)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

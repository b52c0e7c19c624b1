// Calls of the printf family that are made twice: by our engine in the tests, and under Wine by
// printf_oracle.cpp. Arguments are the words a Microsoft va_list points to.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace cases {

using Slot = std::uint64_t;

inline Slot number(std::int64_t value) { return static_cast<Slot>(value); }
inline Slot real(double value) {
    Slot slot = 0;
    std::memcpy(&slot, &value, sizeof slot);
    return slot;
}
inline Slot text(const char* value) { return reinterpret_cast<Slot>(value); }
inline Slot wide(const char16_t* value) { return reinterpret_cast<Slot>(value); }

struct Case {
    const char* format;
    std::vector<Slot> arguments;
    std::size_t room = 200;    // the buffer's size, in characters
    bool msvcrt_only = false;  // ucrtbase is documented to differ from what Wine's does
};

// Bits of the first parameter of __stdio_common_vsprintf.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
inline const std::vector<std::uint64_t>& option_sets() {
    static const std::vector<std::uint64_t> sets = {0, 1, 2, 4, 8 | 16, 2 | 4 | 16};
    return sets;
}

inline std::vector<Case> integer_cases() {
    const auto n = number;
    return {
        {"plain text", {}},
        {"100%%", {}},
        {"%d|%i|%u", {n(0), n(-1), n(-1)}},
        {"%5d|%-5d|%05d|%+d|% d|%+ d", {n(42), n(42), n(42), n(42), n(42), n(42)}},
        {"%-05d|%+05d|% 05d|%05d", {n(42), n(42), n(42), n(-42)}},
        {"%.0d|%.0d|%.3d|%5.3d|%-5.3d", {n(0), n(1), n(7), n(7), n(7)}},
        {"%x|%X|%#x|%#X|%#x|%o|%#o|%#o", {n(255), n(255), n(255), n(255), n(0), n(8), n(8), n(0)}},
        {"%#.0x|%#5x|%#05x|%#-8x|%.5x|%#.5x", {n(0), n(1), n(1), n(1), n(31), n(31)}},
        {"%hd|%hu|%hx", {n(70000), n(70000), n(-1)}},
        {"%ld|%lu|%lx", {n(-5000000000), n(5000000000), n(-1)}},
        {"%lld|%llu|%llx", {n(-5000000000), n(-1), n(-2)}},
        {"%I64d|%I64u|%I64x", {n(INT64_MIN), n(-1), n(-2)}},
        {"%I32d|%I32u|%I32x", {n(-5000000000), n(-1), n(-2)}},
        {"%Id|%Iu|%Ix", {n(-5), n(5), n(-2)}},
        {"%zd|%zu|%td|%jd", {n(-5000000000), n(-1), n(-5000000000), n(-5000000000)}},
        {"%*d|%-*d|%*d", {n(6), n(1), n(6), n(1), n(-6), n(1)}},
        {"%.*d|%.*d|%*.*d", {n(3), n(1), n(-3), n(1), n(6), n(3), n(1)}},
        {"%p|%20p|%-20p|", {n(0x1234abcd), n(0x1234abcd), n(0)}},
        {"%d", {n(INT32_MIN)}},
        {"%lld", {n(INT64_MIN)}},
    };
}

inline std::vector<Case> text_cases() {
    const auto n = number;
    return {
        {"%c|%5c|%-5c|", {n('a'), n('b'), n('c')}},
        {"%hc|%lc|%C|%wc", {n('a'), n('b'), n('c'), n('d')}},
        {"%hs|%10hs|%-10hs|%.2hs|",
         {text("narrow"), text("narrow"), text("narrow"), text("narrow")}},
        {"%ls|%10ls|%-10ls|%.2ls|", {wide(u"wide"), wide(u"wide"), wide(u"wide"), wide(u"wide")}},
        {"%ws|%ws", {wide(u"w"), wide(nullptr)}},
        {"%hs|%ls|%.3hs", {text(nullptr), wide(nullptr), text(nullptr)}},
        {"%.0hs|%.*hs|%.*hs", {text("gone"), n(-1), text("all"), n(2), text("all")}},
        {"%ls", {wide(u"\u00e4\u00f6")}},
        {"%010hs|%-010hs", {text("zeros"), text("zeros")}},
        {"%lc|", {n(0xe4)}},
        {"%hs", {text("\xe4\xf6")}},
        {"%hs%hs", {text("longer than the buffer"), text("!")}, 10},
        {"%hs", {text("12345")}, 5},
        {"%hs", {text("1234")}, 5},
        {"%hs", {text("")}, 1},
        {"%hs", {text("x")}, 1},
        {"%d", {n(123456)}, 3},
        {"%c%c", {n(0), n('x')}},
    };
}

inline std::vector<Case> real_cases() {
    const auto r = real;
    return {
        {"%f|%f|%.0f|%.10f", {r(3.14159), r(2.5), r(2.6), r(1.0 / 3)}},
        {"%e|%E|%.0e|%.3e|%#.0e", {r(12345.678), r(1e-300), r(5), r(1e100), r(5)}},
        {"%g|%G|%.3g|%g|%g|%#g", {r(100000), r(1e-10), r(1234.5), r(1e6), r(0.0001), r(1)}},
        {"%g|%g|%g", {r(0.00001), r(123456789.0), r(0.1)}},
        {"%10.3f|%-10.3f|%010.3f|%+.2f|% .2f", {r(3.14159), r(3.14159), r(-3.14159), r(1), r(1)}},
        {"%f|%f|%.3f|%e|%g", {r(0), r(-0.0), r(1e15), r(0), r(0)}},
        {"%f|%f|%f", {r(1e300 * 1e10), r(-1e300 * 1e10), r(1e22)}},
        {"%e|%g|%E|%G", {r(1e300 * 1e10), r(1e300 * 1e10), r(1e300 * 1e10), r(-1e300 * 1e10)}},
        {"%10f|%010f|%+f|% f",
         {r(1e300 * 1e10), r(1e300 * 1e10), r(1e300 * 1e10), r(1e300 * 1e10)}},
        {"%Lf|%lf|%Le", {r(1.5), r(2.5), r(3.5)}},
        {"%.15g|%.17g", {r(0.1), r(0.1)}},
        {"%.3f|%.2f|%.0f|%.0f", {r(0.0005), r(1.005), r(0.51), r(1.5)}},
        {"%.0f|%.1f|%.2f|%.3g|%.0e", {r(0.5), r(0.25), r(-2.125), r(1024.5), r(2.5)}, 200, true},
        {"%.0f|%.0f|%.1e|%g", {r(2.5), r(-4.5), r(1.25), r(1000000.5)}, 200, true},
        {"%#.0f|%#g|%#.3g", {r(3), r(3), r(3)}},
        {"%*.*f", {number(12), number(4), r(2.0 / 3)}},
        {"%g|%g|%g", {r(999999.6), r(9999996), r(0.000099999951)}},
    };
}

inline std::vector<Case> odd_cases() {
    const auto n = number;
    return {
        {"%", {}},  {"%5", {}},        {"%y", {n(1)}},  {"abc%", {}},
        {"%-", {}}, {"%I63d", {n(1)}}, {"%ll", {n(1)}}, {"%d%y%d", {n(1), n(2), n(3)}},
        {"", {}},   {"", {}, 0},       {"x", {}, 0},
    };
}

inline std::vector<Case> all_cases() {
    std::vector<Case> all = integer_cases();
    for (const auto& more : {text_cases(), real_cases(), odd_cases()}) {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

}  // namespace cases

#include "winapi/text/letter_case.hpp"

#include <algorithm>

namespace instdrv::winapi {
namespace {

bool between(char16_t c, char16_t first, char16_t last) { return c >= first && c <= last; }

// Upper and lower case alternate in these; where upper case is odd, the parity is turned round.
bool is_paired_even(char16_t c) {
    return between(c, 0x100, 0x137) || between(c, 0x14A, 0x177) || between(c, 0x460, 0x481) ||
           between(c, 0x48A, 0x4BF) || between(c, 0x4D0, 0x52F) || between(c, 0x1E00, 0x1E95) ||
           between(c, 0x1EA0, 0x1EFF);
}
bool is_paired_odd(char16_t c) { return between(c, 0x139, 0x148) || between(c, 0x179, 0x17E); }

char16_t moved(char16_t c, int distance) { return static_cast<char16_t>(c + distance); }

}  // namespace

char16_t upper_case(char16_t c) noexcept {
    if (between(c, u'a', u'z')) return moved(c, -32);
    if (c < 0x80) return c;
    if (between(c, 0xE0, 0xFE) && c != 0xF7) return moved(c, -32);
    if (c == 0xFF) return 0x178;
    if (c == 0x131) return c;
    if (is_paired_even(c)) return moved(c, -(c & 1));
    if (is_paired_odd(c)) return moved(c, (c & 1) - 1);
    if (between(c, 0x3B1, 0x3C9) && c != 0x3C2) return moved(c, -32);
    if (between(c, 0x430, 0x44F)) return moved(c, -32);
    if (between(c, 0x450, 0x45F)) return moved(c, -80);
    return c;
}

char16_t lower_case(char16_t c) noexcept {
    if (between(c, u'A', u'Z')) return moved(c, 32);
    if (c < 0x80) return c;
    if (between(c, 0xC0, 0xDE) && c != 0xD7) return moved(c, 32);
    if (c == 0x178) return 0xFF;
    if (c == 0x130) return c;
    if (is_paired_even(c)) return moved(c, 1 - (c & 1));
    if (is_paired_odd(c)) return moved(c, c & 1);
    if (between(c, 0x391, 0x3A9) && c != 0x3A2) return moved(c, 32);
    if (between(c, 0x410, 0x42F)) return moved(c, 32);
    if (between(c, 0x400, 0x40F)) return moved(c, 80);
    return c;
}

int compare_text(std::u16string_view a, std::u16string_view b, bool ignore_case) noexcept {
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i) {
        const int difference = upper_case(a[i]) - upper_case(b[i]);
        if (difference != 0) return difference;
    }
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (ignore_case) return 0;
    for (std::size_t i = 0; i < shared; ++i) {
        if (a[i] != b[i]) return a[i] == lower_case(a[i]) ? -1 : 1;
    }
    return 0;
}

}  // namespace instdrv::winapi

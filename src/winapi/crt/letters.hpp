// Letters and their cases as the runtimes' "C" locale has them: ASCII's, whatever the host's
// locale.
#pragma once

#include <cstddef>
#include <string_view>

#include "winapi/crt/text_width.hpp"

namespace instdrv::winapi::crt {

constexpr int lower_case(int c) noexcept { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; }
constexpr int upper_case(int c) noexcept { return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c; }
constexpr bool is_blank_or_control_space(int c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// How a compares with b, up to `limit` characters or the end, cases alike: negative, 0, positive.
template <class Char>
int compare_ignoring_case(const Char* a, const Char* b, std::size_t limit) noexcept {
    for (; limit > 0; --limit, ++a, ++b) {
        const int difference = lower_case(code_of(*a)) - lower_case(code_of(*b));
        if (difference != 0 || *a == 0) return difference;
    }
    return 0;
}

constexpr std::size_t truncate = ~std::size_t{0};  // _TRUNCATE: as many as there is room for

template <class Char>
std::size_t bounded_length(const Char* text, std::size_t limit) noexcept {
    std::size_t length = 0;
    while (length < limit && text[length] != 0)
        ++length;
    return length;
}

}  // namespace instdrv::winapi::crt

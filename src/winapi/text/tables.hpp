// What the build knows of characters (make_tables.cpp) of code pages and of letter case: constant
// data, so that a driver's text depends neither on the locale nor on the conversions of the machine
// that it runs on, and none of it is made when a program starts.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

// What stands for what is no character.
constexpr char16_t replacement_character = 0xFFFD;

// A code page of single bytes, of which the lower half is ASCII.
struct CodePageTable {
    struct Pair {
        char16_t unit;
        std::uint8_t byte;
    };
    UINT code_page;
    std::array<char16_t, 128> units;  // of bytes from 0x80 on; U+FFFD where there is none
    std::array<Pair, 128> bytes;      // sorted by unit, those of U+FFFD last
};
// Sorted by their number.
std::span<const CodePageTable> code_page_tables() noexcept;

// The units first, first + step, ... last, whose other case is `distance` further, modulo 2^16.
struct CaseRange {
    char16_t first;
    char16_t last;
    std::uint16_t distance;
    std::uint16_t step;  // 1 or 2
};
// Sorted, and none reaches into the next. The first is of what has an upper case, the second of
// what has a lower one.
std::span<const CaseRange> upper_case_ranges() noexcept;
std::span<const CaseRange> lower_case_ranges() noexcept;

}  // namespace instdrv::winapi

// Tables of code pages, letter case and kinds of characters, which the build makes (make_tables/).
// Constant data, so that a driver's text depends neither on the locale nor on the
// conversions of the machine that it runs on, and none of it is made when a program starts.
//
// The tables have two levels: an index names a row of 256 entries, and rows that are alike are
// there once.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

// Stands for text that is no character.
constexpr char16_t replacement_character = 0xFFFD;

constexpr std::size_t row_size = 256;
// By the upper or the first byte: the row that the other byte looks in.
using RowIndex = std::array<std::uint16_t, 256>;

// A code page of one or two bytes per character, of which the lower half is ASCII.
struct CodePageTable {
    UINT code_page;
    UINT most_bytes;  // of a character
    // Of lead bytes, the first and the last of each range; zeros follow, as in Windows' CPINFO.
    std::array<BYTE, 12> lead_bytes;
    // Replaces bytes that are no character.
    char16_t unicode_default;
    // Bytes of 0x80 and more that the page leaves open, and which become private characters and
    // back as on Windows: those from the first one to the last one. Both 0: there are none.
    char16_t first_placeholder;
    char16_t last_placeholder;
    // Rows of units, U+FFFD where there is no character: of single bytes; by the lead byte, of the
    // second one (row 0 has no character).
    std::uint16_t single_bytes;
    RowIndex pairs;
    // Rows of bytes by the upper byte of a unit, a pair as 256 * first + second; 0: not there.
    RowIndex bytes;
    // The same for units that the page lacks but has something like.
    RowIndex best_fit;
};
// Sorted by their number.
std::span<const CodePageTable> code_page_tables() noexcept;
// The rows of all of them, one after the other. Row 0 is of U+FFFD, row 1 of zeros.
const char16_t* code_page_rows() noexcept;

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

// GetStringType's answers about a unit.
struct CharacterKind {
    WORD type1;  // C1_*: letter, digit, space, ...
    WORD type2;  // C2_*: its direction
    WORD type3;  // C3_*: scripts and widths
};
CharacterKind kind_of_unit(char16_t unit) noexcept;

}  // namespace instdrv::winapi

// Code pages as Windows has them: iconv's characters, with the differences of page_sources.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace instdrv::text_tables {

// Bytes that users may fill: rows of lead bytes, columns of second bytes (0x7F is none). Those that
// iconv leaves open are the units from `unit` on.
struct UserArea {
    std::uint8_t first_row, last_row;
    std::vector<std::pair<std::uint8_t, std::uint8_t>> columns;
    std::uint16_t unit;
};

struct Exception {
    std::uint16_t bytes;
    std::uint16_t unit;  // 0xFFFD: none
};

struct PageSource {
    unsigned number;
    const char* name;                           // as iconv knows it
    std::vector<std::uint8_t> lead_bytes = {};  // first and last of ranges
    bool has_controls = false;       // open bytes from 0x80 to 0x9F are the controls of that number
    std::uint16_t placeholders = 0;  // open bytes are the units from here on; 0: they stay open
    std::vector<Exception> instead = {};    // of iconv's
    std::vector<Exception> preferred = {};  // of two ways to write a unit, against iconv
    std::vector<UserArea> areas = {};
    std::uint16_t unicode_default = u'?';
    bool has_best_fit = false;
};
// In the order of their numbers.
std::span<const PageSource> page_sources();

struct Page {
    std::map<std::uint16_t, std::uint16_t> units;  // of bytes; a pair is 256 * first + second
    std::map<std::uint16_t, std::uint16_t> bytes;  // of units
    std::pair<std::uint16_t, std::uint16_t> placeholders{0, 0};  // first and last unit
};
Page read_page(const PageSource& source);

}  // namespace instdrv::text_tables

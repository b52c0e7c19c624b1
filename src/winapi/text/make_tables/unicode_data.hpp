// UnicodeData.txt, of the package unicode-data: one line per character.
// https://www.unicode.org/reports/tr44/#UnicodeData.txt
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace instdrv::text_tables {

struct Character {
    std::string category;                      // "Lu"; empty: no character has this number
    std::string direction;                     // "L"
    std::string decomposition_tag;             // "<wide>"; empty: canonical, or none
    std::vector<std::uint32_t> decomposition;  // one step; empty: none
    std::uint32_t upper = 0;                   // 0: itself
    std::uint32_t lower = 0;

    [[nodiscard]] bool is_mark() const { return category.starts_with('M'); }
};

// Those of the first plane, by their number.
std::vector<Character> read_unicode_data(const std::filesystem::path& file);

}  // namespace instdrv::text_tables

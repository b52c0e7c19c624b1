#include "winapi/text/make_tables/writers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <tuple>

#include "winapi/text/make_tables/row_pool.hpp"

namespace instdrv::text_tables {
namespace {

constexpr std::uint32_t units = 0x10000;

struct Range {
    unsigned first;
    unsigned last;
    unsigned distance;
    unsigned step;
};

// The same distance from unit to unit, or from every second one.
std::vector<Range> ranges_of(const std::vector<std::pair<unsigned, unsigned>>& pairs) {
    std::vector<Range> ranges;
    for (const auto& [from, to] : pairs) {
        const unsigned distance = (to - from) & 0xFFFF;
        Range* const before = ranges.empty() ? nullptr : &ranges.back();
        const unsigned step = before == nullptr ? 0 : from - before->last;
        const bool goes_on = before != nullptr && before->distance == distance && step <= 2 &&
                             (before->first == before->last || before->step == step);
        if (goes_on) {
            before->last = from;
            before->step = step;
        } else {
            ranges.push_back({from, from, distance, 1});
        }
    }
    return ranges;
}

using Case = std::uint32_t Character::*;

// Units that are each other's other case. Those of which only the one names the other (the long s,
// the dotless i, the final sigma) have none: changing them would not be undone by changing back.
void write_case(std::ostream& out, const std::vector<Character>& characters, const char* name,
                Case there, Case back) {
    std::vector<std::pair<unsigned, unsigned>> pairs;
    for (std::uint32_t from = 0; from < units; ++from) {
        const std::uint32_t to = characters[from].*there;
        if (to != 0 && to < units && characters[to].*back == from) pairs.emplace_back(from, to);
    }
    out << "constexpr CaseRange " << name << "[] = {\n";
    for (const Range& range : ranges_of(pairs)) {
        out << "    {" << range.first << ", " << range.last << ", " << range.distance << ", "
            << range.step << "},\n";
    }
    out << "};\n";
}

bool is_between(std::uint32_t unit, std::uint32_t first, std::uint32_t last) {
    return unit >= first && unit <= last;
}

// The bits of winnls.h:
// https://learn.microsoft.com/windows/win32/api/stringapiset/nf-stringapiset-getstringtypew
unsigned type1_of(std::uint32_t unit, const Character& character) {
    constexpr unsigned upper = 0x1, lower = 0x2, digit = 0x4, space = 0x8, punctuation = 0x10,
                       control = 0x20, blank = 0x40, hexadecimal = 0x80, letter = 0x100,
                       defined = 0x200;
    const std::string_view category = character.category;
    if (category.empty()) return 0;
    unsigned type = defined;
    if (category == "Lu" || category == "Lt") type |= upper;
    if (category == "Ll") type |= lower;
    if (category.front() == 'L') type |= letter;
    if (category == "Nd") type |= digit;
    if (category.front() == 'P' || category.front() == 'S') type |= punctuation;
    if (category == "Cc") type |= control;
    if (category.front() == 'Z' || is_between(unit, 9, 13)) type |= space;
    if (category == "Zs" || unit == 9) type |= blank;
    if (is_between(unit, '0', '9') || is_between(unit | 0x20, 'a', 'f')) type |= hexadecimal;
    return type;
}

unsigned type2_of(const Character& character) {
    constexpr std::pair<std::string_view, unsigned> directions[] = {
        {"L", 1},  {"R", 2},  {"AL", 2}, {"EN", 3}, {"ES", 4},  {"ET", 5},
        {"AN", 6}, {"CS", 7}, {"B", 8},  {"S", 9},  {"WS", 10}, {"ON", 11},
    };
    for (const auto& [name, type] : directions) {
        if (character.direction == name) return type;
    }
    return 0;
}

bool is_ideograph(std::uint32_t unit) {
    return is_between(unit, 0x3005, 0x3007) || is_between(unit, 0x3400, 0x4DBF) ||
           is_between(unit, 0x4E00, 0x9FFF) || is_between(unit, 0xF900, 0xFAFF);
}

unsigned type3_of(std::uint32_t unit, const Character& character) {
    constexpr unsigned non_spacing = 0x1, symbol = 0x8, katakana = 0x10, hiragana = 0x20,
                       half_width = 0x40, full_width = 0x80, ideograph = 0x100, kashida = 0x200,
                       letter = 0x8000;
    const std::string_view category = character.category;
    if (category.empty()) return 0;
    const std::string_view tag = character.decomposition_tag;
    unsigned type = 0;
    if (category == "Mn") type |= non_spacing;
    if (category.front() == 'P' || category.front() == 'S') type |= symbol;
    if (category.front() == 'L') type |= letter;
    if (is_between(unit, 0x3041, 0x309F)) type |= hiragana;
    if (is_between(unit, 0x30A0, 0x30FF) || is_between(unit, 0x31F0, 0x31FF) ||
        is_between(unit, 0xFF66, 0xFF9F)) {
        type |= katakana;
    }
    if (tag == "<narrow>" || is_between(unit, 0x20, 0x7E)) type |= half_width;
    if (tag == "<wide>" || is_between(unit, 0x3000, 0x30FF)) type |= full_width;
    if (is_ideograph(unit)) type |= ideograph;
    if (unit == 0x0640) type |= kashida;
    return type;
}

}  // namespace

void write_case_tables(std::ostream& out, const std::vector<Character>& characters) {
    write_case(out, characters, "upper", &Character::upper, &Character::lower);
    write_case(out, characters, "lower", &Character::lower, &Character::upper);
}

void write_kind_tables(std::ostream& out, const std::vector<Character>& characters) {
    using Kind = std::tuple<unsigned, unsigned, unsigned>;
    std::map<Kind, std::uint16_t> numbers;
    std::vector<Kind> kinds;
    RowPool rows;
    Index index{};
    for (std::uint32_t upper = 0; upper < 256; ++upper) {
        Row row{};
        for (std::uint32_t low = 0; low < 256; ++low) {
            const std::uint32_t unit = upper << 8 | low;
            const Character& character = characters[unit];
            const Kind kind(type1_of(unit, character), type2_of(character),
                            type3_of(unit, character));
            const auto [place, is_new] =
                numbers.emplace(kind, static_cast<std::uint16_t>(kinds.size()));
            if (is_new) kinds.push_back(kind);
            row[low] = place->second;
        }
        index[upper] = rows.add(row);
    }
    out << "constexpr CharacterKind kinds[] = {\n";
    for (const auto& [type1, type2, type3] : kinds)
        out << "    {" << type1 << ", " << type2 << ", " << type3 << "},\n";
    out << "};\nconstexpr std::uint16_t kind_index[] = {";
    write_numbers(out, index);
    out << "};\nconstexpr std::uint8_t kind_rows[] = {\n";
    for (const Row& row : rows.rows()) {
        write_numbers(out, row);
        out << '\n';
    }
    out << "};\n";
}

}  // namespace instdrv::text_tables

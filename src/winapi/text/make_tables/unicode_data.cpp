#include "winapi/text/make_tables/unicode_data.hpp"

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace instdrv::text_tables {
namespace {

constexpr std::uint32_t plane_size = 0x10000;
constexpr std::size_t fields_of_a_line = 15;

using Fields = std::array<std::string, fields_of_a_line>;

Fields split_line(const std::string& line) {
    Fields fields;
    std::istringstream stream(line);
    for (std::string& field : fields)
        std::getline(stream, field, ';');
    return fields;
}

std::uint32_t number_of(const std::string& text) {
    return text.empty() ? 0 : static_cast<std::uint32_t>(std::stoul(text, nullptr, 16));
}

Character character_of(const Fields& fields) {
    Character character{.category = fields[2],
                        .direction = fields[4],
                        .decomposition_tag = {},
                        .decomposition = {},
                        .upper = number_of(fields[12]),
                        .lower = number_of(fields[13])};
    std::istringstream parts(fields[5]);
    for (std::string part; parts >> part;) {
        if (part.starts_with('<')) {
            character.decomposition_tag = part;
        } else {
            character.decomposition.push_back(number_of(part));
        }
    }
    return character;
}

}  // namespace

std::vector<Character> read_unicode_data(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<Character> characters(plane_size);
    std::uint32_t first_of_range = 0;
    for (std::string line; std::getline(stream, line);) {
        const Fields fields = split_line(line);
        const std::uint32_t number = number_of(fields[0]);
        if (number >= plane_size) break;
        if (fields[1].ends_with(", First>")) first_of_range = number;
        const bool ends_range = fields[1].ends_with(", Last>");
        for (auto at = ends_range ? first_of_range : number; at <= number; ++at)
            characters[at] = character_of(fields);
    }
    if (characters['A'].lower != 'a') {
        throw std::runtime_error(file.string() + " is not the UnicodeData.txt of Unicode");
    }
    return characters;
}

}  // namespace instdrv::text_tables

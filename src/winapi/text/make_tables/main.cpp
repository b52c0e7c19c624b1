// Writes the source of tables.hpp's tables from what the machine that builds knows: iconv(3) for
// code pages, UnicodeData.txt for letters.
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "winapi/text/make_tables/unicode_data.hpp"
#include "winapi/text/make_tables/writers.hpp"

namespace {

constexpr const char* head = R"(// Made by instdrv-make-text-tables.
#include "winapi/text/tables.hpp"

// Clang's limit of a literal, which no compiler has.
#pragma GCC diagnostic ignored "-Woverlength-strings"

namespace instdrv::winapi {
namespace {

)";

constexpr const char* functions = R"(
}  // namespace

std::span<const CodePageTable> code_page_tables() noexcept { return pages; }
const char16_t* code_page_rows() noexcept { return page_rows; }
std::span<const CaseRange> upper_case_ranges() noexcept { return upper; }
std::span<const CaseRange> lower_case_ranges() noexcept { return lower; }
CharacterKind kind_of_unit(char16_t unit) noexcept {
    return kinds[kind_rows[kind_index[unit >> 8] * row_size + (unit & 0xFF)]];
}

}  // namespace instdrv::winapi
)";

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 3) {
        throw std::runtime_error("usage: instdrv-make-text-tables UnicodeData.txt FILE");
    }
    const auto characters = instdrv::text_tables::read_unicode_data(argv[1]);
    std::ofstream file(argv[2]);
    file << head;
    instdrv::text_tables::write_page_tables(file, characters);
    instdrv::text_tables::write_case_tables(file, characters);
    instdrv::text_tables::write_kind_tables(file, characters);
    file << functions;
    file.close();
    return file ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
}

#include "winapi/text/make_tables/writers.hpp"

#include <map>

#include "winapi/text/make_tables/best_fit.hpp"
#include "winapi/text/make_tables/page_reader.hpp"
#include "winapi/text/make_tables/row_pool.hpp"

namespace instdrv::text_tables {
namespace {

constexpr std::uint16_t nothing = 0xFFFD;

Row filled(std::uint16_t number) {
    Row row;
    row.fill(number);
    return row;
}

// Of numbers by their upper and lower byte; what is not there is that of the row `empty`.
Index index_of(const std::map<std::uint16_t, std::uint16_t>& numbers, std::uint16_t empty,
               std::uint16_t empty_row, RowPool& rows) {
    std::map<unsigned, Row> parts;
    for (const auto& [key, value] : numbers)
        parts.try_emplace(key >> 8, filled(empty)).first->second[key & 0xFF] = value;
    Index index;
    index.fill(empty_row);
    for (const auto& [upper, row] : parts)
        index[upper] = rows.add(row);
    return index;
}

void write_index(std::ostream& out, const Index& index) {
    out << "     {";
    write_numbers(out, index);
    out << "},\n";
}

void write_page(std::ostream& out, const PageSource& source,
                const std::vector<Character>& characters, RowPool& rows) {
    const Page page = read_page(source);
    // A lead byte is none of a pair's: the row of single bytes is that of the upper byte 0.
    Index units = index_of(page.units, nothing, 0, rows);
    const std::uint16_t single_bytes = units[0];
    units[0] = 0;
    const auto fits = source.has_best_fit ? best_fit_of(page, characters)
                                          : std::map<std::uint16_t, std::uint16_t>{};
    out << "    {" << source.number << ", " << (source.lead_bytes.empty() ? 1 : 2) << ", {";
    write_numbers(out, source.lead_bytes);
    out << "}, " << source.unicode_default << ", " << page.placeholders.first << ", "
        << page.placeholders.second << ", " << single_bytes << ",\n";
    write_index(out, units);
    write_index(out, index_of(page.bytes, 0, 1, rows));
    write_index(out, index_of(fits, 0, 1, rows));
    out << "    },\n";
}

// A literal costs the compiler far less than as many numbers.
void write_row(std::ostream& out, const Row& row) {
    constexpr char digits[] = "0123456789ABCDEF";
    out << "    u\"";
    for (const std::uint16_t number : row) {
        out << "\\x";
        for (const int shift : {12, 8, 4, 0})
            out << digits[number >> shift & 0xF];
    }
    out << "\"\n";
}

}  // namespace

void write_page_tables(std::ostream& out, const std::vector<Character>& characters) {
    RowPool rows;
    rows.add(filled(nothing));
    rows.add(filled(0));
    out << "constexpr CodePageTable pages[] = {\n";
    for (const PageSource& source : page_sources())
        write_page(out, source, characters, rows);
    out << "};\nconstexpr char16_t page_rows[] =\n";
    for (const Row& row : rows.rows())
        write_row(out, row);
    out << "    ;\n";
}

}  // namespace instdrv::text_tables

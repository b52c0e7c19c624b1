// Tables for people and, from the same rows, JSON for programs.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/console.hpp"

namespace instdrv::cli {

// One cell: what a person reads, and what --json says.
struct Cell {
    using Value = std::variant<std::nullptr_t, std::string, std::int64_t, std::uint64_t>;

    std::string text;
    Value value;
    Tone tone = Tone::plain;

    Cell(std::string shown, Tone tone_of_it = Tone::plain)
        : text(std::move(shown)), value(text), tone(tone_of_it) {}
    Cell(std::string_view shown, Tone tone_of_it = Tone::plain)
        : Cell(std::string(shown), tone_of_it) {}
    Cell(const char* shown, Tone tone_of_it = Tone::plain) : Cell(std::string(shown), tone_of_it) {}

    // Where the two differ, such as a number with a unit.
    static Cell of(std::string shown, std::integral auto meant, Tone tone = Tone::plain) {
        Cell cell(std::move(shown), tone);
        if constexpr (std::signed_integral<decltype(meant)>) {
            cell.value = std::int64_t{meant};
        } else {
            cell.value = std::uint64_t{meant};
        }
        return cell;
    }
    static Cell of(std::string shown, std::nullptr_t, Tone tone = Tone::plain) {
        Cell cell(std::move(shown), tone);
        cell.value = nullptr;
        return cell;
    }
    // Nothing there: a dash, null in JSON.
    static Cell absent() { return of("-", nullptr, Tone::faint); }
};

enum class Align { left, right };

struct Column {
    std::string key;    // the member's name in JSON, such as "driver_id"
    std::string title;  // the heading
    Align align = Align::left;
    // Cut in the middle where the terminal is too narrow. A column that is not is never cut.
    bool may_shrink = false;
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add_row(std::vector<Cell> cells);  // as many cells as columns
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    // Aligned columns with a heading, two blanks between, a newline after each row, no blanks at
    // the ends. width: columns of the terminal, 0 for no limit.
    [[nodiscard]] std::string text(std::size_t width, bool colour) const;
    // An array with an object per row.
    [[nodiscard]] nlohmann::json json() const;

private:
    [[nodiscard]] std::vector<std::size_t> column_widths(std::size_t limit) const;

    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

// Writes the table to console.out, as text or as JSON.
void print(Console& console, const Table& table, bool as_json);
// Writes JSON to console.out, indented, with a newline. Text that is not UTF-8 is repaired.
void print(Console& console, const nlohmann::json& json);

// Columns a UTF-8 text takes on a terminal: 0 for combining marks, 2 for wide characters.
std::size_t display_width(std::string_view text);
// The text cut to at most `width` columns (at least 1), "…" in the middle of what it keeps.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace instdrv::cli

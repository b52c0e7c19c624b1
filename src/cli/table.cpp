#include "cli/table.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace instdrv::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 12;  // no column is cut below this

std::string padded(const Cell& cell, const Column& column, std::size_t width, bool colour) {
    const auto text = shortened(visible(cell.text), width);
    const std::string fill(width - display_width(text), ' ');
    const auto shown = painted(text, cell.tone, colour);
    return column.align == Align::right ? fill + shown : shown + fill;
}

nlohmann::json json_of(const Cell& cell) {
    return std::visit([](const auto& value) { return nlohmann::json(value); }, cell.value);
}

std::string without_trailing_blanks(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace

void Table::add_row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }

std::vector<std::size_t> Table::column_widths(std::size_t limit) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = display_width(columns_[i].title);
        for (const auto& row : rows_) {
            width = std::max(width, display_width(visible(row[i].text)));
        }
        widths.push_back(width);
    }
    const auto total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
    std::size_t excess = limit != 0 && total > limit ? total - limit : 0;
    // The widest gives first, so that short columns stay whole.
    while (excess > 0) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (!columns_[i].may_shrink || widths[i] <= narrowest) continue;
            if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
        }
        if (widest == widths.size()) break;
        --widths[widest];
        --excess;
    }
    return widths;
}

std::string Table::text(std::size_t width, bool colour) const {
    const auto widths = column_widths(width);
    std::string result;
    const auto add_line = [&](const auto& cell_at) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i != 0) line.append(gap, ' ');
            line += padded(cell_at(i), columns_[i], widths[i], colour);
        }
        result += without_trailing_blanks(std::move(line)) + "\n";
    };
    add_line([&](std::size_t i) { return Cell(columns_[i].title, Tone::strong); });
    for (const auto& row : rows_) {
        add_line([&](std::size_t i) -> const Cell& { return row[i]; });
    }
    return result;
}

nlohmann::json Table::json() const {
    auto result = nlohmann::json::array();
    for (const auto& row : rows_) {
        auto object = nlohmann::json::object();
        for (std::size_t i = 0; i < columns_.size(); ++i)
            object[columns_[i].key] = json_of(row[i]);
        result.push_back(std::move(object));
    }
    return result;
}

void print(Console& console, const Table& table, bool as_json) {
    if (as_json) {
        print(console, table.json());
    } else {
        fmt::print(console.out, "{}", table.text(console.width, console.out_colour));
    }
}

void print(Console& console, const nlohmann::json& json) {
    fmt::print(console.out, "{}\n", json_text(json, 2));
}

}  // namespace instdrv::cli

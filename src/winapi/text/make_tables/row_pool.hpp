// Rows of 256 numbers, of which each is kept once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <ostream>
#include <vector>

namespace instdrv::text_tables {

using Row = std::array<std::uint16_t, 256>;
using Index = std::array<std::uint16_t, 256>;

class RowPool {
public:
    std::uint16_t add(const Row& row) {
        const auto [place, is_new] =
            numbers_.emplace(row, static_cast<std::uint16_t>(rows_.size()));
        if (is_new) rows_.push_back(row);
        return place->second;
    }
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }

private:
    std::map<Row, std::uint16_t> numbers_;
    std::vector<Row> rows_;
};

template <class Numbers>
void write_numbers(std::ostream& out, const Numbers& numbers) {
    for (const auto number : numbers)
        out << static_cast<unsigned>(number) << ',';
}

}  // namespace instdrv::text_tables

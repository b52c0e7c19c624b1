#include "base/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"

namespace instdrv {
namespace {

constexpr std::size_t least_beginning = 3;  // characters that a name is known by, dashes aside

bool begins(std::string_view name, std::string_view word) {
    const auto first = word.find_first_not_of('-');
    return first != std::string_view::npos && word.size() - first >= least_beginning &&
           ascii_lower(name).starts_with(ascii_lower(word));
}

}  // namespace

// The optimal string alignment distance: row i holds the distances of one's first i characters from
// each beginning of the other.
std::size_t edit_distance(std::string_view one, std::string_view other) {
    const auto a = ascii_lower(one), b = ascii_lower(other);
    std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = std::exchange(last, row);
    }
    return last[b.size()];
}

std::string did_you_mean(std::string_view word, std::span<const std::string> names) {
    const std::string* nearest = nullptr;
    std::size_t least = 0;
    for (const auto& name : names) {
        const auto distance = begins(name, word) ? 1 : edit_distance(word, name);
        const auto letters = name.size() - std::min(name.find_first_not_of('-'), name.size());
        if (distance > (letters + 2) / 3) continue;
        if (nearest == nullptr || distance < least) nearest = &name, least = distance;
    }
    return nearest == nullptr ? std::string{} : fmt::format("; did you mean {}?", *nearest);
}

}  // namespace instdrv

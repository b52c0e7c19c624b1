#include "winapi/text/letter_case.hpp"

#include <algorithm>
#include <iterator>
#include <span>

#include "winapi/text/tables.hpp"

namespace instdrv::winapi {
namespace {

char16_t changed(char16_t c, std::span<const CaseRange> ranges) noexcept {
    const auto after = std::ranges::upper_bound(ranges, c, {}, &CaseRange::first);
    if (after == ranges.begin()) return c;
    const CaseRange& range = *std::prev(after);
    const bool is_in = c <= range.last && (c - range.first) % range.step == 0;
    return is_in ? static_cast<char16_t>(c + range.distance) : c;
}

}  // namespace

char16_t upper_case(char16_t c) noexcept {
    if (c >= u'a' && c <= u'z') return static_cast<char16_t>(c - 32);
    return c < 0x80 ? c : changed(c, upper_case_ranges());
}

char16_t lower_case(char16_t c) noexcept {
    if (c >= u'A' && c <= u'Z') return static_cast<char16_t>(c + 32);
    return c < 0x80 ? c : changed(c, lower_case_ranges());
}

int compare_text(std::u16string_view a, std::u16string_view b, bool ignore_case) noexcept {
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i) {
        const int difference = upper_case(a[i]) - upper_case(b[i]);
        if (difference != 0) return difference;
    }
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    if (ignore_case) return 0;
    for (std::size_t i = 0; i < shared; ++i) {
        if (a[i] != b[i]) return a[i] == lower_case(a[i]) ? -1 : 1;
    }
    return 0;
}

}  // namespace instdrv::winapi

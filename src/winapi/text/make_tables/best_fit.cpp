#include "winapi/text/make_tables/best_fit.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace instdrv::text_tables {
namespace {

struct Pair {
    char16_t unit;
    char16_t like;
};
constexpr Pair listed_pairs[] = {
    // quotation marks and accents
    {u'\u00A8', u'"'},
    {u'\u00AB', u'"'},
    {u'\u00B4', u'\''},
    {u'\u00B8', u','},
    {u'\u00BB', u'"'},
    {u'\u02B9', u'\''},
    {u'\u02BA', u'"'},
    {u'\u02BC', u'\''},
    {u'\u02C6', u'^'},
    {u'\u02CA', u'\''},
    {u'\u02CB', u'`'},
    {u'\u02DC', u'~'},
    {u'\u2018', u'\''},
    {u'\u2019', u'\''},
    {u'\u201A', u','},
    {u'\u201B', u'\''},
    {u'\u201C', u'"'},
    {u'\u201D', u'"'},
    {u'\u201E', u'"'},
    {u'\u201F', u'"'},
    {u'\u2032', u'\''},
    {u'\u2033', u'"'},
    {u'\u2035', u'`'},
    {u'\u2039', u'\''},
    {u'\u203A', u'\''},
    {u'\u301D', u'"'},
    {u'\u301E', u'"'},
    // lines, dots, signs
    {u'\u00A2', u'c'},
    {u'\u00A5', u'Y'},
    {u'\u00A9', u'c'},
    {u'\u00AD', u'-'},
    {u'\u00AE', u'r'},
    {u'\u00AF', u'-'},
    {u'\u00B0', u'o'},
    {u'\u00B7', u'.'},
    {u'\u00D7', u'x'},
    {u'\u02C9', u'\u00AF'},
    {u'\u2010', u'-'},
    {u'\u2012', u'-'},
    {u'\u2013', u'-'},
    {u'\u2014', u'-'},
    {u'\u2015', u'-'},
    {u'\u2020', u'+'},
    {u'\u2022', u'\u00B7'},
    {u'\u2026', u'.'},
    {u'\u203E', u'\u00AF'},
    {u'\u2122', u'T'},
    {u'\u2212', u'-'},
    {u'\u2219', u'\u00B7'},
    {u'\u223C', u'~'},
    {u'\u2248', u'~'},
    {u'\u22C5', u'\u00B7'},
    {u'\u301C', u'~'},
    {u'\u03BC', u'\u00B5'},
    // letters that decompose into nothing
    {u'\u00C6', u'A'},
    {u'\u00D0', u'D'},
    {u'\u00D8', u'O'},
    {u'\u00DE', u'T'},
    {u'\u00DF', u's'},
    {u'\u00E6', u'a'},
    {u'\u00F0', u'd'},
    {u'\u00F8', u'o'},
    {u'\u00FE', u't'},
    {u'\u0110', u'D'},
    {u'\u0111', u'd'},
    {u'\u0126', u'H'},
    {u'\u0127', u'h'},
    {u'\u0131', u'i'},
    {u'\u0138', u'k'},
    {u'\u0141', u'L'},
    {u'\u0142', u'l'},
    {u'\u014A', u'N'},
    {u'\u014B', u'n'},
    {u'\u0152', u'O'},
    {u'\u0153', u'o'},
    {u'\u0166', u'T'},
    {u'\u0167', u't'},
    {u'\u018F', u'E'},
    {u'\u0192', u'f'},
    {u'\u0259', u'e'},
    {u'\u03B2', u'\u00DF'},
    {u'\u1E9E', u'\u00DF'},
};

constexpr std::uint32_t negating_overlay = 0x0338;
constexpr std::u16string_view never_given = u"\\/:*?<>|";

class Finder {
public:
    Finder(const Page& page, const std::vector<Character>& characters)
        : page_(page), characters_(characters) {}

    // No chain is longer, and one that went in a circle would end.
    std::optional<std::uint16_t> find(std::uint32_t unit, int steps = 8) const {
        const auto next = steps == 0 ? std::nullopt : like(unit);
        if (!next || *next > 0xFFFF) return {};
        const auto found = page_.bytes.find(static_cast<std::uint16_t>(*next));
        if (found == page_.bytes.end()) return find(*next, steps - 1);
        const bool is_given =
            *next >= u' ' && never_given.find(static_cast<char16_t>(*next)) == never_given.npos;
        return is_given ? std::optional(found->second) : std::nullopt;
    }

private:
    [[nodiscard]] std::optional<std::uint32_t> like(std::uint32_t unit) const {
        const auto* const pair = std::ranges::find(listed_pairs, unit, &Pair::unit);
        if (pair != std::end(listed_pairs)) return pair->like;
        const auto& parts = characters_[unit].decomposition;
        if (parts.empty()) return {};
        const bool leaves_one = std::all_of(parts.begin() + 1, parts.end(), [&](auto part) {
            return part <= 0xFFFF && part != negating_overlay && characters_[part].is_mark();
        });
        return leaves_one ? std::optional(parts.front()) : std::nullopt;
    }

    const Page& page_;
    const std::vector<Character>& characters_;
};

}  // namespace

std::map<std::uint16_t, std::uint16_t> best_fit_of(const Page& page,
                                                   const std::vector<Character>& characters) {
    const Finder finder(page, characters);
    std::map<std::uint16_t, std::uint16_t> fits;
    for (std::uint32_t unit = 0x80; unit <= 0xFFFF; ++unit) {
        const auto number = static_cast<std::uint16_t>(unit);
        if (page.bytes.contains(number)) continue;
        if (const auto bytes = finder.find(unit)) fits[number] = *bytes;
    }
    return fits;
}

}  // namespace instdrv::text_tables

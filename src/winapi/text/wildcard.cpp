#include "winapi/text/wildcard.hpp"

#include "base/text.hpp"

namespace instdrv::winapi {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The text without its first character, which may have several bytes.
std::string_view after_first(std::string_view text) {
    text.remove_prefix(1);
    while (!text.empty() && is_continuation(text.front()))
        text.remove_prefix(1);
    return text;
}

}  // namespace

bool matches_wildcard(std::string_view name, std::string_view pattern) noexcept {
    if (pattern == "*.*") return true;
    // Where the last '*' stands and what it has taken so far: it takes more when the rest fails.
    std::string_view star_pattern;
    std::string_view star_name;
    bool star_seen = false;
    while (!name.empty()) {
        if (!pattern.empty() && pattern.front() == '*') {
            pattern.remove_prefix(1);
            star_pattern = pattern;
            star_name = name;
            star_seen = true;
        } else if (!pattern.empty() && pattern.front() == '?') {
            name = after_first(name);
            pattern.remove_prefix(1);
        } else if (!pattern.empty() && ascii_lower(pattern.front()) == ascii_lower(name.front())) {
            name.remove_prefix(1);
            pattern.remove_prefix(1);
        } else if (star_seen) {
            star_name = after_first(star_name);
            name = star_name;
            pattern = star_pattern;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of("*?") == std::string_view::npos;
}

}  // namespace instdrv::winapi

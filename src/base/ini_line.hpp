// Splits lines of INI files as Windows' profile functions do, in UTF-8 or in UTF-16.
//
// Blanks and tabs around names and values do not count. A line that begins with ';' is a comment; a
// ';' further on is not. The rest is left to the reader: which lines it refuses, which of two
// sections with one name counts, what quotation marks mean.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getprivateprofilestringw
#pragma once

#include <algorithm>
#include <string_view>

namespace instdrv {

enum class IniLineKind {
    nothing,  // an empty line or a comment
    section,  // "[name]"
    entry,    // "name=value"
    other,
};

template <class Char>
struct IniLine {
    using View = std::basic_string_view<Char>;

    IniLineKind kind = IniLineKind::nothing;
    View name{};         // of the section or the entry; may be empty
    View value{};        // of the entry
    bool closed = true;  // false: a section's line that has no ']', whose name goes to its end
};

template <class Char>
std::basic_string_view<Char> trim_ini(std::basic_string_view<Char> text) {
    const auto is_blank = [](Char c) { return c == Char{' '} || c == Char{'\t'}; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

template <class Char>
IniLine<Char> ini_line(std::basic_string_view<Char> line) {
    const auto text = trim_ini(line);
    if (text.empty() || text.front() == Char{';'}) return {};
    if (text.front() == Char{'['}) {
        const auto end = text.find(Char{']'});
        return {.kind = IniLineKind::section,
                .name = trim_ini(text.substr(1, end == text.npos ? end : end - 1)),
                .closed = end != text.npos};
    }
    const auto equals = text.find(Char{'='});
    if (equals == text.npos) return {.kind = IniLineKind::other};
    return {.kind = IniLineKind::entry,
            .name = trim_ini(text.substr(0, equals)),
            .value = trim_ini(text.substr(equals + 1))};
}

// Takes the next line from the front of `text`, without its end: CR, LF or both.
template <class Char>
std::basic_string_view<Char> take_ini_line(std::basic_string_view<Char>& text) {
    constexpr Char ends[] = {'\r', '\n'};
    const auto end = std::min(text.find_first_of(ends, 0, 2), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(end);
    if (text.size() >= 2 && text[0] == ends[0] && text[1] == ends[1]) text.remove_prefix(1);
    if (!text.empty()) text.remove_prefix(1);
    return line;
}

// Up to a Ctrl-Z, the end as old editors wrote it.
template <class Char>
std::basic_string_view<Char> without_end_mark(std::basic_string_view<Char> text) {
    return text.substr(0, text.find(Char{'\x1A'}));
}

}  // namespace instdrv

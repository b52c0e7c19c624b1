// Reads INI files by the rules of Windows' profile functions.
//
// base/ini_line.hpp says what is a comment, a name and a value. Names of sections and keys are
// compared without regard to case. A line without '=' is ignored, and so is text after the ']' of a
// header. Of sections with the same name only the first counts, and so does the first of several
// keys with the same name. A value between single quotes loses them; double quotes stay, because a
// driver's name may need them.
//
// Text is UTF-8, with or without a byte order mark, or UTF-16LE with one. Lines end with CR, LF or
// both; a Ctrl-Z ends the file, as old editors wrote it.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace instdrv::catalog {

struct IniEntry {
    std::string section;  // as its header is written
    std::string key;
    std::string value;
    std::size_t line = 0;  // from 1
};

struct IniSection {
    std::string name;      // as its header is written
    std::size_t line = 0;  // from 1
};

// An Error of code `configuration` whose cause begins with the line.
Error error_at(std::size_t line, std::string_view cause, std::string advice);

class Ini {
public:
    static constexpr std::size_t longest_file = std::size_t{4} << 20;  // bytes
    static constexpr std::size_t longest_line = 8192;                  // bytes, as UTF-8

    // Fails with configuration, the line in the cause: a control character (a binary file), a line
    // that is not UTF-8 and no comment, a line or file that is too long, text before the first
    // section, a header without ']' or name, an entry without a key.
    static Result<Ini> parse(std::span<const std::byte> content);

    // In the order of the file, without those that a first one hides.
    [[nodiscard]] const std::vector<IniEntry>& entries() const noexcept { return entries_; }
    // Those that count, in the order of the file.
    [[nodiscard]] const std::vector<IniSection>& sections() const noexcept { return sections_; }
    // Null where there is none.
    [[nodiscard]] const IniEntry* find(std::string_view section, std::string_view key) const;

private:
    void add(IniEntry entry);

    std::vector<IniSection> sections_;
    std::vector<IniEntry> entries_;
    std::unordered_map<std::string, std::size_t> index_;  // section and key in lower case
};

}  // namespace instdrv::catalog

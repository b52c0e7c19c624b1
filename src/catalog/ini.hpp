// INI files by the rules of Windows' profile functions.
//
// Names of sections and keys are compared without regard to case; white space around names and
// values does not count; a line that begins with ';' is a comment, and a ';' further on is not; a
// line without
// '=' means nothing; a section that occurs again continues the first; of two equal keys the first
// counts. A value between single quotes loses them. Double quotes stay, because a driver's name may
// need them.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getprivateprofilestringw
//
// Text is UTF-8, with or without a byte order mark, or UTF-16LE with one. Lines end with CR, LF or
// both; a Ctrl-Z ends the file, as old editors wrote it.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::catalog {

struct IniEntry {
    std::string section;  // as its header is written
    std::string key;
    std::string value;
    std::size_t line = 0;  // from 1
};

class Ini {
public:
    static constexpr std::size_t longest_file = std::size_t{4} << 20;  // bytes
    static constexpr std::size_t longest_line = 8192;                  // bytes, as UTF-8

    // Fails with configuration, the line in the cause: a control character (a binary file), text
    // that is not UTF-8 outside of comments, a line that is too long, a section header without its
    // ']' or with no name, an entry before the first section, an entry without a key.
    static Result<Ini> parse(std::span<const std::byte> content);

    // In the order of the file, without entries that repeat an earlier one.
    [[nodiscard]] const std::vector<IniEntry>& entries() const noexcept { return entries_; }
    // Null where there is none.
    [[nodiscard]] const IniEntry* find(std::string_view section,
                                       std::string_view key) const noexcept;

private:
    std::vector<IniEntry> entries_;
};

}  // namespace instdrv::catalog

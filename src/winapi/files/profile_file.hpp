// The text of an INI file as Windows' profile functions read and change it. Pure: the file itself
// is read and written elsewhere.
//
// base/ini_line.hpp says what is a comment, a name and a value. Names are compared without regard
// to case; the first section or key of a name counts. Lines that are not changed stay as they are.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-getprivateprofilestringw
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::winapi {

class ProfileFile {
public:
    ProfileFile() = default;
    explicit ProfileFile(std::u16string_view text);

    // In the ANSI code page, or UTF-16LE where the file begins with its byte order mark; it is
    // written as it was read.
    static ProfileFile parse(std::span<const std::byte> content);
    [[nodiscard]] std::vector<std::byte> content() const;

    [[nodiscard]] std::vector<std::u16string> sections() const;
    // Without those that are empty or have no '='.
    [[nodiscard]] std::vector<std::u16string> keys(std::u16string_view section) const;
    // "key=value" lines without comments.
    [[nodiscard]] std::vector<std::u16string> lines(std::u16string_view section) const;
    // A value, without the quotation marks that may stand around it. std::nullopt if there is none.
    [[nodiscard]] std::optional<std::u16string> find(std::u16string_view section,
                                                     std::u16string_view key) const;

    // Section and key are made where they are missing.
    void set(std::u16string_view section, std::u16string_view key, std::u16string_view value);
    void remove(std::u16string_view section, std::u16string_view key);
    void remove_section(std::u16string_view section);
    // The section has these lines and no others.
    void replace_section(std::u16string_view section, std::span<const std::u16string> lines);

private:
    struct Range {
        std::size_t header;  // index of the line
        std::size_t end;     // one past the section's last line
    };
    [[nodiscard]] std::optional<Range> locate(std::u16string_view section) const;
    // The line of a key; npos where there is none.
    [[nodiscard]] std::size_t locate(const Range& range, std::u16string_view key) const;
    Range add_section(std::u16string_view section);

    std::vector<std::u16string> lines_;
    bool is_utf16_ = false;
};

// One change of an INI file, as a value and as a record of its journal.
struct ProfileChange {
    enum class Kind : char16_t { set = u's', remove = u'r', remove_section = u'R', replace = u'p' };

    Kind kind = Kind::set;
    std::u16string section;
    // Key and value to set, the key to remove, or the lines of the section. No text holds a NUL.
    std::vector<std::u16string> texts;

    void apply(ProfileFile& file) const;
    [[nodiscard]] std::string record() const;
    // std::nullopt if `record` is no record of a change.
    static std::optional<ProfileChange> from_record(std::string_view record);
};

}  // namespace instdrv::winapi

// One change of an INI file, as a value and as a record of its journal. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "winapi/profile_file.hpp"

namespace instdrv::winapi {

struct ProfileChange {
    enum class Kind : char16_t { set = u's', remove = u'r', remove_section = u'R', replace = u'p' };

    Kind kind = Kind::set;
    std::u16string section;
    // Key and value to set, the key to remove, or the lines of the section. No text holds a NUL.
    std::vector<std::u16string> texts;

    void apply(ProfileFile& file) const;
    [[nodiscard]] std::string record() const;
    // Nothing: it is no record of a change.
    static std::optional<ProfileChange> from_record(std::string_view record);
};

}  // namespace instdrv::winapi

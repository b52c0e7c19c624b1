#include "winapi/profile_change.hpp"

#include <algorithm>
#include <cstring>

namespace instdrv::winapi {

void ProfileChange::apply(ProfileFile& file) const {
    switch (kind) {
        case Kind::set: return file.set(section, texts[0], texts[1]);
        case Kind::remove: return file.remove(section, texts[0]);
        case Kind::remove_section: return file.remove_section(section);
        case Kind::replace: return file.replace_section(section, texts);
    }
}

// The kind, then each text with a NUL behind it, in UTF-16.
std::string ProfileChange::record() const {
    std::u16string units(1, static_cast<char16_t>(kind));
    units.append(section).push_back(u'\0');
    for (const std::u16string& text : texts)
        units.append(text).push_back(u'\0');
    return {reinterpret_cast<const char*>(units.data()), units.size() * sizeof(char16_t)};
}

std::optional<ProfileChange> ProfileChange::from_record(std::string_view record) {
    std::u16string units(record.size() / sizeof(char16_t), u'\0');
    std::memcpy(units.data(), record.data(), units.size() * sizeof(char16_t));
    if (units.size() < 2 || units.back() != u'\0') return std::nullopt;
    ProfileChange change{.kind = static_cast<Kind>(units.front()), .section = {}, .texts = {}};
    for (std::u16string_view rest = std::u16string_view(units).substr(1); !rest.empty();) {
        const auto end = rest.find(u'\0');
        change.texts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    change.section = std::move(change.texts.front());
    change.texts.erase(change.texts.begin());
    switch (change.kind) {
        case Kind::set: return change.texts.size() == 2 ? std::optional(change) : std::nullopt;
        case Kind::remove: return change.texts.size() == 1 ? std::optional(change) : std::nullopt;
        case Kind::remove_section:
        case Kind::replace: return change;
    }
    return std::nullopt;
}

}  // namespace instdrv::winapi

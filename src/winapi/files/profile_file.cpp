#include "winapi/files/profile_file.hpp"

#include <algorithm>
#include <cstring>

#include "base/ini_line.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/text/letter_case.hpp"

namespace instdrv::winapi {
namespace {

using View = std::u16string_view;

constexpr std::size_t none = View::npos;
constexpr char16_t byte_order_mark = 0xFEFF;

bool same_name(View a, View b) { return compare_text(trim_ini(a), trim_ini(b), true) == 0; }

bool is_header(View line) { return ini_line(line).kind == IniLineKind::section; }

View header_name(View line) { return ini_line(line).name; }

bool is_entry(View line) {
    const auto parsed = ini_line(line);
    return parsed.kind == IniLineKind::entry && !parsed.name.empty();
}

View key_of(View line) { return ini_line(line).name; }
View value_of(View line) { return ini_line(line).value; }

View without_quotes(View value) {
    const bool quoted = value.size() >= 2 && (value.front() == u'"' || value.front() == u'\'') &&
                        value.front() == value.back();
    return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

ProfileFile::ProfileFile(std::u16string_view text) {
    text = without_end_mark(text);
    while (!text.empty())
        lines_.emplace_back(take_ini_line(text));
}

ProfileFile ProfileFile::parse(std::span<const std::byte> content) {
    std::u16string units(content.size() / 2, u'\0');
    if (!units.empty()) std::memcpy(units.data(), content.data(), units.size() * 2);
    if (units.starts_with(byte_order_mark)) {
        ProfileFile file{View(units).substr(1)};
        file.is_utf16_ = true;
        return file;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(content.data()), content.size());
    return ProfileFile(decode_ansi(bytes));
}

std::vector<std::byte> ProfileFile::content() const {
    std::u16string text = is_utf16_ ? std::u16string(1, byte_order_mark) : std::u16string{};
    for (const std::u16string& line : lines_)
        text += line + u"\r\n";
    const std::string ansi = is_utf16_ ? std::string{} : to_ansi(text);
    const auto bytes = is_utf16_ ? std::as_bytes(std::span(text)) : std::as_bytes(std::span(ansi));
    return {bytes.begin(), bytes.end()};
}

std::optional<ProfileFile::Range> ProfileFile::locate(View section) const {
    const auto is_this = [&](const std::u16string& line) {
        return is_header(line) && same_name(header_name(line), section);
    };
    const auto header = std::find_if(lines_.begin(), lines_.end(), is_this);
    if (header == lines_.end()) return std::nullopt;
    const auto end = std::find_if(header + 1, lines_.end(), is_header);
    return Range{static_cast<std::size_t>(header - lines_.begin()),
                 static_cast<std::size_t>(end - lines_.begin())};
}

std::size_t ProfileFile::locate(const Range& range, View key) const {
    for (std::size_t i = range.header + 1; i < range.end; ++i) {
        if (is_entry(lines_[i]) && same_name(key_of(lines_[i]), key)) return i;
    }
    return none;
}

std::vector<std::u16string> ProfileFile::sections() const {
    std::vector<std::u16string> names;
    for (const std::u16string& line : lines_) {
        if (is_header(line)) names.emplace_back(header_name(line));
    }
    return names;
}

std::vector<std::u16string> ProfileFile::keys(View section) const {
    std::vector<std::u16string> names;
    for (const std::u16string& line : lines(section)) {
        if (is_entry(line)) names.emplace_back(key_of(line));
    }
    return names;
}

std::vector<std::u16string> ProfileFile::lines(View section) const {
    std::vector<std::u16string> found;
    const auto range = locate(section);
    if (!range) return found;
    for (std::size_t i = range->header + 1; i < range->end; ++i) {
        if (is_entry(lines_[i])) {
            found.push_back(std::u16string(key_of(lines_[i])) + u'=');
            found.back() += value_of(lines_[i]);
        }
    }
    return found;
}

std::optional<std::u16string> ProfileFile::find(View section, View key) const {
    const auto range = locate(section);
    const std::size_t line = range ? locate(*range, key) : none;
    if (line == none) return std::nullopt;
    return std::u16string(without_quotes(value_of(lines_[line])));
}

ProfileFile::Range ProfileFile::add_section(View section) {
    if (!lines_.empty() && !lines_.back().empty()) lines_.emplace_back();
    lines_.push_back(u'[' + std::u16string(trim_ini(section)) + u']');
    return {lines_.size() - 1, lines_.size()};
}

void ProfileFile::set(View section, View key, View value) {
    const auto found = locate(section);
    const Range range = found ? *found : add_section(section);
    std::u16string line = std::u16string(trim_ini(key)) + u'=' + std::u16string(value);
    const std::size_t old = locate(range, key);
    if (old != none) {
        lines_[old] = std::move(line);
        return;
    }
    // Before the blank lines that set the next section off.
    std::size_t place = range.end;
    while (place > range.header + 1 && trim_ini(View(lines_[place - 1])).empty())
        --place;
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(place), std::move(line));
}

void ProfileFile::remove(View section, View key) {
    const auto range = locate(section);
    const std::size_t line = range ? locate(*range, key) : none;
    if (line != none) lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(line));
}

void ProfileFile::remove_section(View section) {
    const auto range = locate(section);
    if (!range) return;
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(range->header),
                 lines_.begin() + static_cast<std::ptrdiff_t>(range->end));
}

void ProfileFile::replace_section(View section, std::span<const std::u16string> lines) {
    auto range = locate(section);
    if (!range) range = add_section(section);
    const auto begin = lines_.begin() + static_cast<std::ptrdiff_t>(range->header) + 1;
    const auto end = lines_.begin() + static_cast<std::ptrdiff_t>(range->end);
    const auto place = lines_.erase(begin, end);
    lines_.insert(place, lines.begin(), lines.end());
}

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

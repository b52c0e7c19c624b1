#include "catalog/ini.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/ini_line.hpp"
#include "base/text.hpp"

namespace instdrv::catalog {

Error error_at(std::size_t line, std::string_view cause, std::string advice) {
    return {.code = ErrorCode::configuration,
            .operation = "read the configuration",
            .driver = {},
            .cause = fmt::format("line {}: {}", line, cause),
            .advice = std::move(advice)};
}

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::string_view utf16le_mark = "\xFF\xFE";
constexpr std::string_view utf16be_mark = "\xFE\xFF";

std::u16string from_little_endian(std::string_view bytes) {
    std::u16string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto low = static_cast<unsigned char>(bytes[i]);
        const auto high = static_cast<unsigned char>(bytes[i + 1]);
        text += static_cast<char16_t>(low | high << 8);
    }
    return text;
}

// The text without its byte order mark, up to a Ctrl-Z.
Result<std::string> decode(std::string_view bytes) {
    std::string text;
    if (bytes.starts_with(utf16be_mark)) {
        return failure(error_at(1, "the text is UTF-16 in big-endian order",
                                "Save it as UTF-8 or as UTF-16LE."));
    }
    if (bytes.starts_with(utf16le_mark)) {
        text = to_utf8(from_little_endian(bytes.substr(utf16le_mark.size())));
    } else {
        text = bytes.substr(bytes.starts_with(utf8_mark) ? utf8_mark.size() : 0);
    }
    text.resize(without_end_mark(std::string_view(text)).size());
    return text;
}

bool is_utf8(std::string_view text) { return to_utf8(to_utf16(text)) == text; }

std::string_view without_single_quotes(std::string_view value) {
    const bool quoted = value.size() >= 2 && value.front() == '\'' && value.back() == '\'';
    return quoted ? value.substr(1, value.size() - 2) : value;
}

// What one line says, as the parser goes down the file.
class Parser {
public:
    // Calls `begun` for the header of each section that counts, and `found` for each entry of one.
    template <class Begun, class Found>
    Status line(std::string_view raw, const Begun& begun, const Found& found) {
        ++number_;
        if (auto status = check(raw); !status) return status;
        const IniLine<char> parsed = ini_line(raw);
        if (parsed.kind == IniLineKind::nothing) return {};
        if (!is_utf8(raw)) return error("the text is not UTF-8", "Save the file as UTF-8.");
        if (parsed.kind == IniLineKind::section) return header(parsed, begun);
        if (!in_section_) {
            return error(
                "there is text before the first [section]",
                "Is this a system.ini? Entries belong below a section such as [drivers32].");
        }
        return entry(parsed, found);
    }

private:
    Status error(std::string_view cause, std::string advice) const {
        return failure(error_at(number_, cause, std::move(advice)));
    }

    Status check(std::string_view raw) const {
        if (raw.size() > Ini::longest_line) {
            return error(fmt::format("longer than {} bytes", Ini::longest_line),
                         "Shorten it; is this a system.ini?");
        }
        const auto control = std::find_if(raw.begin(), raw.end(), [](char c) {
            return static_cast<unsigned char>(c) < ' ' && c != '\t';
        });
        if (control == raw.end()) return {};
        return error(fmt::format("a control character ({:#04x}), so this is no text file",
                                 static_cast<unsigned char>(*control)),
                     "Name a system.ini in UTF-8, or in UTF-16LE with a byte order mark.");
    }

    template <class Begun>
    Status header(const IniLine<char>& line, const Begun& begun) {
        if (!line.closed) return error("a section header without ']'", "Write it as [name].");
        section_ = line.name;
        if (section_.empty()) return error("a section without a name", "Write it as [name].");
        in_section_ = true;
        counts_ = sections_.insert(ascii_lower(section_)).second;
        if (counts_) begun(IniSection{.name = section_, .line = number_});
        return {};
    }

    template <class Found>
    Status entry(const IniLine<char>& line, const Found& found) const {
        if (line.kind != IniLineKind::entry || !counts_) return {};
        if (line.name.empty()) return error("an entry without a name", "Write it as name=value.");
        found(IniEntry{.section = section_,
                       .key = std::string(line.name),
                       .value = std::string(without_single_quotes(line.value)),
                       .line = number_});
        return {};
    }

    std::size_t number_ = 0;
    std::string section_;
    bool in_section_ = false;
    bool counts_ = false;
    std::unordered_set<std::string> sections_;
};

// No text has a NUL in it by then.
std::string index_key(std::string_view section, std::string_view key) {
    return ascii_lower(section) + '\0' + ascii_lower(key);
}

}  // namespace

Result<Ini> Ini::parse(std::span<const std::byte> content) {
    if (content.size() > longest_file) {
        return failure(error_at(1, fmt::format("the file is longer than {} bytes", longest_file),
                                "Is this a system.ini?"));
    }
    const auto decoded = decode({reinterpret_cast<const char*>(content.data()), content.size()});
    if (!decoded) return failure(decoded.error());
    Ini ini;
    Parser parser;
    for (std::string_view text = *decoded; !text.empty();) {
        const auto status = parser.line(
            take_ini_line(text),
            [&ini](IniSection section) { ini.sections_.push_back(std::move(section)); },
            [&ini](IniEntry entry) { ini.add(std::move(entry)); });
        if (!status) return failure(status.error());
    }
    return ini;
}

void Ini::add(IniEntry entry) {
    if (index_.emplace(index_key(entry.section, entry.key), entries_.size()).second) {
        entries_.push_back(std::move(entry));
    }
}

const IniEntry* Ini::find(std::string_view section, std::string_view key) const {
    const auto found = index_.find(index_key(section, key));
    return found == index_.end() ? nullptr : &entries_[found->second];
}

}  // namespace instdrv::catalog

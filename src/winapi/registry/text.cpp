#include "winapi/registry/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace instdrv::winapi::registry {
namespace {

constexpr std::string_view first_line = "Windows Registry Editor Version 5.00";

bool is_plain(std::u16string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char16_t c) { return c < u' ' || c == 0x7F; }) &&
           to_utf16(to_utf8(text)) == text;
}

std::string quoted_text(std::u16string_view text) {
    std::string result = "\"";
    for (const char c : to_utf8(text)) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result += '"';
}

std::string hex_text(const Value& value) {
    std::string result = value.type == REG_BINARY ? "hex:" : fmt::format("hex({:x}):", value.type);
    constexpr std::size_t longest_line = 76;
    std::size_t column = result.size();
    for (std::size_t i = 0; i < value.data.size(); ++i) {
        if (i != 0) result += ',';
        if (column > longest_line) {
            result += "\\\n  ";
            column = 2;
        }
        result += fmt::format("{:02x}", value.data[i]);
        column += 3;
    }
    return result;
}

std::string data_text(const Value& value) {
    if (value.type == REG_DWORD && value.data.size() == sizeof(DWORD)) {
        DWORD number = 0;
        std::memcpy(&number, value.data.data(), sizeof number);
        return fmt::format("dword:{:08x}", number);
    }
    if (value.type == REG_SZ) {
        const std::u16string text = text_of(value);
        if (is_plain(text) && text_data(text) == value.data) return quoted_text(text);
    }
    return hex_text(value);
}

std::string entry_text(std::u16string_view name, std::string_view data) {
    return fmt::format("{}={}\n", name.empty() ? "@" : quoted_text(name), data);
}

std::string joined(const Path& path) {
    std::u16string text;
    for (const std::u16string& name : path) {
        if (!text.empty()) text += u'\\';
        text += name;
    }
    return to_utf8(text);
}

void write_key(const Key& key, const std::u16string& path, std::string& out) {
    if (!path.empty()) {
        out += fmt::format("\n[{}]\n", to_utf8(path));
        for (const auto& [name, value] : key.values)
            out += entry_text(name, data_text(value));
    }
    for (const auto& [name, child] : key.keys) {
        std::u16string below = path;
        if (!path.empty()) below += u'\\';
        write_key(child, below.append(name), out);
    }
}

// The bytes as UTF-8 without a byte order mark.
std::string decoded(std::span<const std::byte> bytes) {
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\xEF\xBB\xBF")) return text.substr(3);
    if (!text.starts_with("\xFF\xFE")) return text;
    std::u16string wide(text.size() / 2 - 1, u'\0');
    std::memcpy(wide.data(), text.data() + 2, wide.size() * sizeof(char16_t));
    return to_utf8(wide);
}

class Parser {
public:
    Parser(Key& root, std::string text, const std::string& file)
        : root_(root), text_(std::move(text)), file_(file) {}

    Status read_file() {
        if (next_line() != first_line) return error("it does not begin as a registry file does");
        return read_changes();
    }

    Status read_changes() {
        while (!rest().empty()) {
            const std::string line = next_line();
            if (line.empty() || line.starts_with(';')) continue;
            const bool read = line.starts_with('[') ? read_key(line) : read_value(line);
            if (!read) return error(problem_);
        }
        return {};
    }

private:
    std::string_view rest() const { return std::string_view(text_).substr(position_); }

    std::string physical_line() {
        const auto end = std::min(rest().find('\n'), rest().size());
        std::string_view line = rest().substr(0, end);
        position_ += std::min(end + 1, rest().size());
        ++line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        return std::string(trim(line));
    }

    // A list of bytes goes on where a line ends with a backslash.
    std::string next_line() {
        std::string line = physical_line();
        while (line.ends_with('\\') && !line.starts_with('[') && !line.starts_with(';') &&
               !rest().empty()) {
            line.pop_back();
            line += physical_line();
        }
        return line;
    }

    tl::unexpected<Error> error(std::string_view problem) const {
        return failure({.code = ErrorCode::configuration,
                        .operation = "read the registry",
                        .driver = file_,
                        .cause = fmt::format("line {}: {}", line_, problem)});
    }

    bool fail(std::string_view problem) {
        problem_ = problem;
        return false;
    }

    bool read_key(std::string_view line) {
        if (!line.ends_with(']')) return fail("a key without its closing bracket");
        line = line.substr(1, line.size() - 2);
        const bool deletion = line.starts_with('-');
        if (deletion) line.remove_prefix(1);
        Path path = split_path(to_utf16(line));
        if (path.empty()) return fail("a key without a name");
        if (path.size() > deepest_key) return fail("a key that lies too deep");
        const auto too_long = [](const auto& name) { return name.size() > longest_key_name; };
        if (std::any_of(path.begin(), path.end(), too_long))
            return fail("a key's name is too long");
        if (!deletion) {
            key_ = &make_key(root_, path);
            return true;
        }
        const std::u16string last = std::move(path.back());
        path.pop_back();
        if (Key* const parent = find_key(root_, path)) {
            if (const auto found = parent->keys.find(last); found != parent->keys.end()) {
                parent->keys.erase(found);
            }
        }
        key_ = nullptr;
        return true;
    }

    bool read_value(std::string_view line) {
        if (key_ == nullptr) return fail("a value that belongs to no key");
        std::string name;
        if (line.starts_with('@')) {
            line.remove_prefix(1);
        } else if (!read_quoted(line, name)) {
            return false;
        }
        const std::u16string wide_name = to_utf16(name);
        if (wide_name.size() > longest_value_name) return fail("a value's name is too long");
        line = trim(line);
        if (!line.starts_with('=')) return fail("a value without '='");
        line = trim(line.substr(1));
        if (line == "-") {
            key_->values.erase(wide_name);
            return true;
        }
        auto value = read_data(line);
        if (!value) return false;
        key_->values[wide_name] = std::move(*value);
        return true;
    }

    // Takes "..." from the front.
    bool read_quoted(std::string_view& line, std::string& text) {
        if (!line.starts_with('"')) return fail("neither a key nor a value");
        for (std::size_t i = 1; i < line.size(); ++i) {
            if (line[i] == '"') {
                line.remove_prefix(i + 1);
                return true;
            }
            if (line[i] == '\\' && i + 1 < line.size()) ++i;
            text += line[i];
        }
        return fail("a text without its closing quote");
    }

    std::optional<Value> read_data(std::string_view data) {
        if (data.starts_with('"')) return read_text(data);
        if (data.starts_with("dword:")) return read_number(data.substr(6));
        if (data.starts_with("hex:")) return read_bytes(REG_BINARY, data.substr(4));
        if (data.starts_with("hex(")) return read_typed(data.substr(4));
        fail("a value of unknown kind");
        return std::nullopt;
    }

    std::optional<Value> read_text(std::string_view data) {
        std::string text;
        if (!read_quoted(data, text)) return std::nullopt;
        if (!trim(data).empty()) return fail("something behind a text"), std::nullopt;
        return Value{REG_SZ, text_data(to_utf16(text))};
    }

    template <class Number>
    static bool read_hex(std::string_view text, Number& number) {
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number, 16);
        return read.ec == std::errc{} && read.ptr == text.data() + text.size();
    }

    std::optional<Value> read_number(std::string_view text) {
        DWORD number = 0;
        if (!read_hex(text, number)) return fail("a number that is none"), std::nullopt;
        Value value{REG_DWORD, std::vector<std::uint8_t>(sizeof number)};
        std::memcpy(value.data.data(), &number, sizeof number);
        return value;
    }

    std::optional<Value> read_typed(std::string_view text) {
        DWORD type = 0;
        const auto end = text.find("):");
        if (end == std::string_view::npos || !read_hex(text.substr(0, end), type)) {
            return fail("bytes of an unknown type"), std::nullopt;
        }
        return read_bytes(type, text.substr(end + 2));
    }

    std::optional<Value> read_bytes(DWORD type, std::string_view text) {
        Value value{type, {}};
        text = trim(text);
        while (!text.empty()) {
            const auto end = std::min(text.find(','), text.size());
            std::uint8_t byte = 0;
            if (!read_hex(trim(text.substr(0, end)), byte)) {
                return fail("a byte that is none"), std::nullopt;
            }
            value.data.push_back(byte);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return value;
    }

    Key& root_;
    std::string text_;
    const std::string& file_;
    std::size_t position_ = 0;
    int line_ = 0;
    std::string_view problem_;
    Key* key_ = nullptr;
};

}  // namespace

std::string to_text(const Key& root) {
    std::string text = std::string(first_line) + "\n";
    write_key(root, u"", text);
    return text;
}

Result<Key> parse_text(std::span<const std::byte> bytes, const std::string& file) {
    Key root;
    if (Status read = Parser(root, decoded(bytes), file).read_file(); !read) {
        return failure(std::move(read.error()));
    }
    return root;
}

std::string new_key_text(const Path& path) { return fmt::format("[{}]\n", joined(path)); }

std::string removed_key_text(const Path& path) { return fmt::format("[-{}]\n", joined(path)); }

std::string value_text(const Path& path, std::u16string_view name, const Value& value) {
    return new_key_text(path) + entry_text(name, data_text(value));
}

std::string removed_value_text(const Path& path, std::u16string_view name) {
    return new_key_text(path) + entry_text(name, "-");
}

Status apply_changes(Key& root, std::string text, const std::string& file) {
    return Parser(root, std::move(text), file).read_changes();
}

}  // namespace instdrv::winapi::registry

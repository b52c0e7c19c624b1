#include <algorithm>
#include <cwchar>
#include <vector>

#include <locale.h>

#include "cli/table.hpp"

namespace instdrv::cli {
namespace {

// wcwidth follows the thread's locale, and the C locale knows ASCII alone.
class Utf8Locale {
public:
    Utf8Locale() : previous_(uselocale(utf8())) {}
    ~Utf8Locale() { uselocale(previous_); }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

private:
    static locale_t utf8() {
        static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return locale;
    }
    locale_t previous_;
};

struct Character {
    std::string_view bytes;
    std::size_t width;
};

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t announced_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    if (byte >= 0xF0) return 4;
    if (byte >= 0xE0) return 3;
    if (byte >= 0xC0) return 2;
    return 1;
}

// The bytes of one character; fewer than its first byte announces where it is cut off.
std::string_view sequence_at(std::string_view text, std::size_t at) {
    const auto end = std::min(text.size(), at + announced_length(text[at]));
    std::size_t next = at + 1;
    while (next < end && continues(text[next]))
        ++next;
    return text.substr(at, next - at);
}

char32_t decoded(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 1) return lead;
    char32_t value = lead & (0x7Fu >> bytes.size());
    for (const char c : bytes.substr(1))
        value = value << 6 | (static_cast<unsigned char>(c) & 0x3F);
    return value;
}

std::vector<Character> characters_of(std::string_view text) {
    const Utf8Locale locale;
    std::vector<Character> characters;
    for (std::size_t at = 0; at < text.size();) {
        const auto bytes = sequence_at(text, at);
        const int width = wcwidth(static_cast<wchar_t>(decoded(bytes)));
        characters.push_back({bytes, width < 0 ? 1 : static_cast<std::size_t>(width)});
        at += bytes.size();
    }
    return characters;
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (const auto& character : characters_of(text))
        width += character.width;
    return width;
}

std::string shortened(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string(text);
    const auto characters = characters_of(text);
    const std::size_t kept = width - 1;
    std::string head;
    std::size_t head_width = 0;
    for (const auto& [bytes, columns] : characters) {
        if (head_width + columns > kept / 2) break;
        head += bytes;
        head_width += columns;
    }
    std::string tail;
    std::size_t tail_width = 0;
    for (auto it = characters.rbegin(); it != characters.rend(); ++it) {
        if (tail_width + it->width > kept - head_width) break;
        tail.insert(0, it->bytes);
        tail_width += it->width;
    }
    return head + "…" + tail;
}

}  // namespace instdrv::cli

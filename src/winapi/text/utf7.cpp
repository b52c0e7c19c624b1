#include "winapi/text/utf7.hpp"

#include <cstdint>

#include "winapi/text/tables.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_direct(char16_t c) {
    const bool is_letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
    const bool is_digit = c >= u'0' && c <= u'9';
    constexpr std::u16string_view others(u"\0\t\n\r '(),-./:?", 14);
    return is_letter || is_digit || others.find(c) != std::u16string_view::npos;
}

// The units of a shift, without the characters around it.
class ShiftReader {
public:
    explicit ShiftReader(std::u16string& to) : to_(to) {}

    void take(unsigned digit) {
        bits_ = bits_ << 6 | digit;
        count_ += 6;
        if (count_ < 16) return;
        count_ -= 16;
        to_ += static_cast<char16_t>(bits_ >> count_ & 0xFFFF);
    }

private:
    std::u16string& to_;
    std::uint32_t bits_ = 0;
    unsigned count_ = 0;  // of bits that are no unit yet
};

// Takes what follows a '+', with the '-' that ends it.
void read_shift(std::string_view& bytes, std::u16string& to) {
    if (bytes.starts_with('-')) {
        to += u'+';
    } else {
        ShiftReader reader(to);
        for (; !bytes.empty(); bytes.remove_prefix(1)) {
            const auto digit = digits.find(bytes.front());
            if (digit == std::string_view::npos) break;
            reader.take(static_cast<unsigned>(digit));
        }
    }
    if (bytes.starts_with('-')) bytes.remove_prefix(1);
}

void write_shift(std::u16string_view units, std::string& to) {
    to += '+';
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char16_t unit : units) {
        bits = bits << 16 | unit;
        for (count += 16; count >= 6; count -= 6)
            to += digits[bits >> (count - 6) & 0x3F];
    }
    if (count > 0) to += digits[bits << (6 - count) & 0x3F];
    to += '-';
}

}  // namespace

std::u16string decode_utf7(std::string_view bytes) {
    std::u16string text;
    while (!bytes.empty()) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (byte == '+') {
            read_shift(bytes, text);
        } else {
            text += byte < 0x80 ? char16_t{byte} : replacement_character;
        }
    }
    return text;
}

std::string encode_utf7(std::u16string_view text) {
    std::string bytes;
    while (!text.empty()) {
        std::size_t direct = 0;
        while (direct < text.size() && is_direct(text[direct]))
            bytes += static_cast<char>(text[direct++]);
        text.remove_prefix(direct);
        if (text.starts_with(u'+')) {
            bytes += "+-";
            text.remove_prefix(1);
            continue;
        }
        std::size_t shifted = 0;
        while (shifted < text.size() && !is_direct(text[shifted]) && text[shifted] != u'+')
            ++shifted;
        if (shifted > 0) write_shift(text.substr(0, shifted), bytes);
        text.remove_prefix(shifted);
    }
    return bytes;
}

}  // namespace instdrv::winapi

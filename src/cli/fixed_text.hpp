// Texts that are built from constants at compile time, so that a default is written once and the
// text that mentions it cannot differ.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace instdrv::cli {

// A constant one lives as long as the program, and so do the views of it.
class FixedText {
public:
    // Does not compile where the text is longer than there is room.
    consteval FixedText with(std::string_view text) const {
        FixedText longer = *this;
        for (const char c : text)
            longer.chars_.at(longer.size_++) = c;
        return longer;
    }
    // As options take it: "2s", "500ms".
    consteval FixedText with(std::chrono::milliseconds time) const {
        const bool is_whole = time.count() % 1000 == 0;
        const FixedText number = with_digits(is_whole ? time.count() / 1000 : time.count());
        return number.with(is_whole ? "s" : "ms");
    }

    // NOLINTNEXTLINE(google-explicit-constructor): it is a text
    constexpr operator std::string_view() const { return {chars_.data(), size_}; }

private:
    consteval FixedText with_digits(std::chrono::milliseconds::rep number) const {
        const FixedText before = number < 10 ? *this : with_digits(number / 10);
        const char digit = static_cast<char>('0' + number % 10);
        return before.with({&digit, 1});
    }

    std::array<char, 160> chars_{};
    std::size_t size_ = 0;
};

}  // namespace instdrv::cli

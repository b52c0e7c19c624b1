// The two faces of Windows' text functions: char in the ANSI code page, WCHAR in UTF-16. Functions
// that exist in both are templates over the character and work on UTF-8 or UTF-16 inside.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "winapi/code_page.hpp"

namespace instdrv::winapi {

// A NUL-terminated argument; null is empty.
inline std::string to_utf8_text(const char* text) { return utf8_from_ansi(text); }
inline std::string to_utf8_text(const char16_t* text) { return utf8_from_wide(text); }
inline std::u16string to_wide_text(const char* text) { return from_ansi(text); }
inline std::u16string to_wide_text(const char16_t* text) { return std::u16string(wide_view(text)); }

// A text in the caller's face.
template <class Character>
std::basic_string<Character> in_face(std::u16string_view text) {
    if constexpr (sizeof(Character) == 1) {
        return to_ansi(text);
    } else {
        return std::u16string(text);
    }
}
template <class Character>
std::basic_string<Character> in_face(std::string_view utf8) {
    return in_face<Character>(std::u16string_view(to_utf16(utf8)));
}

}  // namespace instdrv::winapi

// Text arguments in the two forms of Windows' functions: char in the ANSI code page, WCHAR in
// UTF-16. Functions that exist in both are templates over the character and work on UTF-8 or UTF-16
// inside. This header converts arguments to that, and results into a caller's buffer.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/last_error.hpp"

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

// GetTempPath's way: the length without the NUL where the text fits; else the size needed with the
// NUL, and the buffer is untouched. `size` counts characters.
template <class Character>
DWORD give_text_or_size(std::basic_string_view<Character> text, Character* buffer, DWORD size) {
    if (buffer == nullptr || text.size() >= size) return static_cast<DWORD>(text.size() + 1);
    *std::copy(text.begin(), text.end(), buffer) = Character{0};
    return static_cast<DWORD>(text.size());
}

// GetModuleFileName's way: what does not fit is cut off, always with a NUL behind it.
// ERROR_INSUFFICIENT_BUFFER then, and the answer is `size`.
template <class Character>
DWORD give_text_cut(std::basic_string_view<Character> text, Character* buffer, DWORD size) {
    if (buffer == nullptr || size == 0) return 0;
    if (text.size() < size) {
        set_last_error(ERROR_SUCCESS);
        return give_text_or_size(text, buffer, size);
    }
    *std::copy_n(text.begin(), size - 1, buffer) = Character{0};
    return fail(ERROR_INSUFFICIENT_BUFFER, size);
}

}  // namespace instdrv::winapi

// Handing texts out through a caller's buffer, in the ways that Windows functions do it.
#pragma once

#include <algorithm>
#include <string_view>

#include "winapi/last_error.hpp"

namespace instdrv::winapi {

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

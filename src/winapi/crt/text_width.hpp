// Narrow and wide text as the runtimes' "C" locale relates them: codes below 256 are the same in
// both, others have no narrow form.
#pragma once

#include <string>
#include <string_view>

namespace instdrv::winapi::crt {

// A character as its code, where plain char may be signed.
constexpr char16_t code_of(char c) noexcept { return static_cast<unsigned char>(c); }
constexpr char16_t code_of(char16_t c) noexcept { return c; }

template <class Char>
constexpr bool fits(char16_t code) noexcept {
    return sizeof(Char) == sizeof(char16_t) || code <= 0xFF;
}

}  // namespace instdrv::winapi::crt

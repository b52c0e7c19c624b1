// UTF-7, for code page 65000. https://www.rfc-editor.org/rfc/rfc2152
#pragma once

#include <string>
#include <string_view>

namespace instdrv::winapi {

// Accepts everything: a shift without units adds nothing, bits that are left over are dropped, and
// bytes of 0x80 and more become U+FFFD.
std::u16string decode_utf7(std::string_view bytes);
// Letters, digits, space, line ends, tabs, NUL and '(),-./:? (RFC 2152's set D) as they are, '+'
// as "+-", and all else in shifts, each ended by '-'.
std::string encode_utf7(std::u16string_view text);

}  // namespace instdrv::winapi

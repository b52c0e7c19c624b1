// Conversions between UTF-16 and the code pages that drivers use. docs/windows-text.md tells of the
// pages; the ANSI and the OEM one are settings of each driver (driver_text.hpp).
// https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/text/tables.hpp"

namespace instdrv::winapi {

constexpr UINT utf7_code_page = 65000;
constexpr UINT utf8_code_page = 65001;

// CP_ACP, CP_OEMCP, CP_MACCP and CP_THREAD_ACP to the page they mean for the driver that the
// calling thread acts for; others unchanged. std::nullopt for a code page that is not supported.
std::optional<UINT> resolve_code_page(UINT code_page) noexcept;

// "932 (ANSI/OEM - Japanese, Shift-JIS)", in ASCII, as GetCPInfoEx gives it. `code_page` is one
// that resolve_code_page gave.
std::string code_page_name(UINT code_page);

// Null: a page that is not known, or one of Unicode's.
const CodePageTable* find_table(UINT code_page) noexcept;

// The most bytes of a character. `code_page` is one that resolve_code_page gave.
UINT most_bytes_of(UINT code_page) noexcept;
bool is_lead_byte(UINT code_page, unsigned char byte) noexcept;
// The size in bytes of the first character; never past the end or a NUL. The text is not empty.
std::size_t character_size(UINT code_page, std::string_view text) noexcept;

struct Decoded {
    std::u16string text;
    bool all_valid = true;  // false: some bytes are no character
};
// `code_page` is one that resolve_code_page gave. Bytes that are no character become U+FFFD in
// UTF-7 and UTF-8, and the page's own default in the others (CodePageTable::unicode_default).
Decoded decode(UINT code_page, std::string_view bytes);

struct Substitution {
    std::string_view text = "?";
    bool best_fit = true;  // a character that the page lacks may become one like it
};
struct Encoded {
    std::string bytes;
    bool all_valid = true;  // false: something was replaced by the substitute (UTF-8: by U+FFFD)
};
Encoded encode(UINT code_page, std::u16string_view text, Substitution substitution = {});

// The text arguments of A functions, in the driver's ANSI code page, to this project's own UTF-8
// and UTF-16, and back. A null pointer is an empty text.
std::u16string decode_ansi(std::string_view bytes);
std::size_t ansi_character_size(std::string_view text) noexcept;
std::u16string from_ansi(const char* text);
std::string utf8_from_ansi(const char* text);
std::string to_ansi(std::u16string_view text);
std::string ansi_from_utf8(std::string_view text);
std::string utf8_from_wide(const char16_t* text);

// A text of the ANSI code page, with each byte of a double-byte character replaced by 0x80: of as
// many bytes, and what is '\\' in it is a backslash. In UTF-16 that is the text itself.
std::string structure_of(std::string_view text);
inline std::u16string structure_of(std::u16string_view text) { return std::u16string(text); }

}  // namespace instdrv::winapi

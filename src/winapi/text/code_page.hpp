// Text between UTF-16 and the code pages that drivers use: 1252 (the ANSI code page here), 437 (the
// OEM one), 28591 (Latin-1), 20127 (ASCII) and 65001 (UTF-8).
// https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

constexpr UINT ansi_code_page = 1252;
constexpr UINT oem_code_page = 437;
constexpr UINT utf8_code_page = 65001;

// CP_ACP, CP_OEMCP, CP_MACCP and CP_THREAD_ACP to the page they mean here; others unchanged.
// Nothing: a code page that is not supported.
std::optional<UINT> resolve_code_page(UINT code_page) noexcept;

struct Decoded {
    std::u16string text;
    bool all_valid = true;  // false: something was replaced by U+FFFD
};
// `code_page` is one that resolve_code_page gave.
Decoded decode(UINT code_page, std::string_view bytes);

struct Encoded {
    std::string bytes;
    bool all_valid = true;  // false: something was replaced by `substitute` (UTF-8: by U+FFFD)
};
Encoded encode(UINT code_page, std::u16string_view text, std::string_view substitute = "?");

// The text arguments of A functions, in the ANSI code page, to this project's own UTF-8 and UTF-16,
// and back. A null pointer is an empty text.
std::u16string from_ansi(const char* text);
std::string utf8_from_ansi(const char* text);
std::string to_ansi(std::u16string_view text);
std::string ansi_from_utf8(std::string_view text);
std::string utf8_from_wide(const char16_t* text);

}  // namespace instdrv::winapi

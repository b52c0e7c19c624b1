// UTF-16 and UTF-8, and the few text operations that Windows names need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv {

// Both replace what is not valid (a lone surrogate, a broken sequence) by U+FFFD.
std::string to_utf8(std::u16string_view text);
std::u16string to_utf16(std::string_view text);

// A NUL-terminated UTF-16 string from foreign memory; empty for a null pointer.
std::u16string_view wide_view(const char16_t* text) noexcept;

// Windows compares file names and aliases without regard to case. ASCII letters only: driver names
// and configuration entries are ASCII.
char ascii_lower(char c) noexcept;
std::string ascii_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

std::string_view trim(std::string_view text) noexcept;  // blanks and tabs at both ends

// Without empty parts. separators: each of its characters is one.
std::vector<std::string> split(std::string_view text, std::string_view separators);

// One line that cannot steer a terminal, whatever bytes it is made of: control characters but tabs,
// marks that turn the direction of writing, and bytes that are not UTF-8 as "\x1b".
std::string visible(std::string_view line);

// "0x2001", for messages and handles in reports.
std::string hex(unsigned long long value);

}  // namespace instdrv

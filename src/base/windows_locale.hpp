// The locales and code pages of Windows that a driver can be given.
// https://learn.microsoft.com/windows/win32/intl/code-page-identifiers
// https://learn.microsoft.com/openspecs/windows_protocols/ms-lcid/
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace instdrv {

struct WindowsLocale {
    std::string_view name;  // "ja-JP"
    std::uint16_t id;       // LCID
    std::uint16_t code_page;
    std::uint16_t oem_code_page;
    char16_t decimal;
    char16_t thousands;
    char16_t list;                  // separates the items of a list
    std::string_view abbreviation;  // "JPN"
    std::string_view language;      // "Japanese"
    std::string_view country;       // "Japan"
};

// Sorted by their names.
std::span<const WindowsLocale> windows_locales() noexcept;
constexpr std::uint16_t english_us_id = 0x0409;
// Null: none of them.
const WindowsLocale* find_locale(std::uint32_t id) noexcept;
const WindowsLocale* find_locale(std::string_view name) noexcept;  // in any case

// The pages that a driver can have as its ANSI or OEM one, sorted.
std::span<const std::uint16_t> windows_code_pages() noexcept;
// The OEM code page that Windows combines with an ANSI one.
std::uint16_t oem_code_page_beside(std::uint16_t code_page) noexcept;

// The code pages and the locale (its LCID) of a driver's texts.
struct TextSettings {
    std::uint16_t code_page = 1252;
    std::uint16_t oem_code_page = 437;
    std::uint16_t locale = english_us_id;
};
// Fills in what is not given: both pages from the locale, the OEM page from another ANSI page.
TextSettings text_settings(std::optional<std::uint16_t> code_page,
                           std::optional<std::uint16_t> oem_code_page,
                           std::optional<std::uint16_t> locale) noexcept;
// Whether there are such pages and such a locale.
bool is_known(const TextSettings& settings) noexcept;

}  // namespace instdrv

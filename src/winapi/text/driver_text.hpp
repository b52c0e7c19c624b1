// The code pages and the locale of a driver: those of its settings (code_page=, oem_code_page=,
// locale=), else 1252, 437 and en-US.
#pragma once

#include "base/windows_locale.hpp"
#include "winapi/abi.hpp"
#include "winapi/text/multibyte_types.hpp"

namespace instdrv::winapi {

class DriverText {
public:
    DriverText() : DriverText(TextSettings{}) {}
    explicit DriverText(const TextSettings& settings);
    DriverText(const DriverText&) = delete;
    DriverText& operator=(const DriverText&) = delete;
    ~DriverText() = default;

    // That of the driver that the calling thread acts for; else one with the usual settings.
    static DriverText& current() noexcept;

    [[nodiscard]] UINT ansi_code_page() const noexcept { return settings_.code_page; }
    [[nodiscard]] UINT oem_code_page() const noexcept { return settings_.oem_code_page; }
    [[nodiscard]] const WindowsLocale& locale() const noexcept { return *locale_; }
    // The page of the C runtimes' functions of multibyte text; _setmbcp changes it.
    [[nodiscard]] MultibyteTypes& multibyte() noexcept { return multibyte_; }

private:
    const TextSettings settings_;
    const WindowsLocale* const locale_;
    MultibyteTypes multibyte_;
};

inline UINT ansi_code_page() noexcept { return DriverText::current().ansi_code_page(); }
// The ANSI page of the locale that SetThreadLocale chose for the thread, else the driver's.
UINT thread_code_page() noexcept;
inline UINT oem_code_page() noexcept { return DriverText::current().oem_code_page(); }

}  // namespace instdrv::winapi

// The Windows that this layer says it is: Windows 10, version 22H2.
// https://learn.microsoft.com/windows/win32/sysinfo/operating-system-version
#pragma once

#include "winapi/abi.hpp"

namespace instdrv::winapi {

constexpr DWORD windows_major_version = 10;
constexpr DWORD windows_minor_version = 0;
constexpr WORD windows_build = 19045;
constexpr DWORD windows_platform = 2;  // VER_PLATFORM_WIN32_NT

}  // namespace instdrv::winapi

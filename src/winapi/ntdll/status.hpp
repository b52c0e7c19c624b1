// The NTSTATUS codes that this layer returns.
// https://learn.microsoft.com/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55
#pragma once

#include "winapi/abi.hpp"

namespace instdrv::winapi {

constexpr LONG as_status(DWORD code) { return static_cast<LONG>(code); }

constexpr LONG STATUS_SUCCESS = 0;
constexpr LONG STATUS_BUFFER_OVERFLOW = as_status(0x80000005);
constexpr LONG STATUS_NOT_IMPLEMENTED = as_status(0xC0000002);
constexpr LONG STATUS_ACCESS_VIOLATION = as_status(0xC0000005);
constexpr LONG STATUS_INVALID_HANDLE = as_status(0xC0000008);
constexpr LONG STATUS_INVALID_PARAMETER = as_status(0xC000000D);
constexpr LONG STATUS_NO_SUCH_FILE = as_status(0xC000000F);
constexpr LONG STATUS_NO_MEMORY = as_status(0xC0000017);
constexpr LONG STATUS_ACCESS_DENIED = as_status(0xC0000022);
constexpr LONG STATUS_OBJECT_NAME_NOT_FOUND = as_status(0xC0000034);
constexpr LONG STATUS_NOT_SUPPORTED = as_status(0xC00000BB);
constexpr LONG STATUS_NAME_TOO_LONG = as_status(0xC0000106);

}  // namespace instdrv::winapi

// The INI files of the driver that the thread acts for: read when asked, written at once and as a
// whole. A file without a folder lies in C:\windows. [any thread]
#pragma once

#include <functional>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/profile_file.hpp"

namespace instdrv::winapi {

// An empty file where there is none, or it cannot be read.
ProfileFile read_profile(std::string_view windows_path);

// Reads, changes and writes under one lock. The Windows error code; the old file stays after a
// failure.
DWORD change_profile(std::string_view windows_path,
                     const std::function<void(ProfileFile&)>& change);

}  // namespace instdrv::winapi

// Recognises the DLLs that come with Wine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace instdrv {

// Wine's own DLLs carry the words "Wine builtin DLL" after their MS-DOS header. The first 96 bytes
// of the file are enough.
bool is_wine_builtin(std::span<const std::byte> file_start) noexcept;
// True if the file is a DLL that comes with Wine. Reads only the start of the file; false also if
// it cannot be read.
bool is_wine_builtin(const std::filesystem::path& file);

}  // namespace instdrv

// Finds files by the names that Windows programs write.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace instdrv::catalog {

// What follows the last slash, backslash or drive letter.
std::string_view last_part(std::string_view name) noexcept;

// The first regular file of that name in the folders, in their order: as it is written, else by
// each part's name without regard to case. Backslashes are separators too. Of a name that begins
// with a drive letter or a backslash only the last part is used. A name that begins with a slash is
// taken as it is. Empty where there is none.
std::optional<std::filesystem::path> find_file(std::string_view name,
                                               std::span<const std::filesystem::path> folders);

}  // namespace instdrv::catalog

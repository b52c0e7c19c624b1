// Matches Windows' file name patterns: '*' any text, '?' any one character or none at the end, case
// ignored. "*.*" means every name, also one without a dot.
// https://learn.microsoft.com/windows/win32/fileio/naming-a-file
#pragma once

#include <string_view>

namespace instdrv::winapi {

bool matches_wildcard(std::string_view name, std::string_view pattern) noexcept;

}  // namespace instdrv::winapi

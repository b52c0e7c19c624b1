// Tells the sections of a system.ini that have a meaning from unknown ones.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/ini.hpp"

namespace instdrv::catalog {

// Of a section [instdrv.NAME].
inline constexpr std::string_view settings_prefix = "instdrv.";

// [drivers32], [drivers], [mci32] and [mci].
bool is_driver_section(std::string_view name);

// A line for each section that neither instdrv nor Windows knows: somebody may have meant another.
std::vector<std::string> warnings_of(const std::vector<IniSection>& sections);

}  // namespace instdrv::catalog

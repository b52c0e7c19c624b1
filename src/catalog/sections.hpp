// The sections of a system.ini: which names have a meaning, and the settings of [instdrv.NAME].
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "catalog/ini.hpp"

namespace instdrv::catalog {

// The beginning of the name of a section [instdrv.NAME].
inline constexpr std::string_view settings_prefix = "instdrv.";

// Is it [drivers32], [drivers], [mci32] or [mci]?
bool is_driver_section(std::string_view name);

// A warning for each section that neither instdrv nor Windows knows, with a suggestion.
std::vector<std::string> warnings_of(const std::vector<IniSection>& sections);

// Is it a setting that exists, with a value it can have? The Error names the line.
Status check_setting(const IniEntry& entry);
// Adds a setting that was checked, unless an earlier one said it already.
void take_setting(const IniEntry& entry, DriverSettings& settings);

}  // namespace instdrv::catalog

// The entries of a [instdrv.NAME] section.
#pragma once

#include <instdrv/error.hpp>

#include "catalog/catalog.hpp"

namespace instdrv::catalog {

// Is it a setting that exists, with a value it can have? The Error names the line.
Status check_setting(const IniEntry& entry);
// Adds a setting that was checked, unless an earlier one said it already.
void take_setting(const IniEntry& entry, DriverSettings& settings);

}  // namespace instdrv::catalog

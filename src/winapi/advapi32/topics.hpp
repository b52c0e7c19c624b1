// The topics of advapi32: each is one source file of this folder.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::advapi32 {

std::span<const Export> registry_key_exports();
std::span<const Export> registry_value_exports();
std::span<const Export> security_exports();

}  // namespace instdrv::winapi::advapi32

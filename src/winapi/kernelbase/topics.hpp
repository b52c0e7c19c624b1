// What kernelbase exports besides kernel32's functions.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

// PathCombineW and its relatives: kernelbase and shlwapi.
std::span<const Export> path_name_exports();

}  // namespace instdrv::winapi

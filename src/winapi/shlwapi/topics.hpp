// The topics of shlwapi, besides the path functions that kernelbase has too
// (kernelbase/topics.hpp).
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::shlwapi {

std::span<const Export> path_exports();
std::span<const Export> text_exports();

}  // namespace instdrv::winapi::shlwapi

// The topics of kernel32: each is one source file of this folder and the table of what it exports.
// kernelbase exports the same functions.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

std::span<const Export> heap_exports();

// All of them, sorted.
std::span<const Export> kernel32_exports();

}  // namespace instdrv::winapi

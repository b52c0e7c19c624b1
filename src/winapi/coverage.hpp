// The page of the documentation that lists every Windows function drivers can import.
#pragma once

#include <span>
#include <string>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

// Markdown, the same for the same tables.
std::string coverage_page(std::span<const Dll> dlls);

}  // namespace instdrv::winapi

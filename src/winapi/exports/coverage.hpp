// Writes the page of the documentation that lists every Windows function drivers can import.
#pragma once

#include <string>

#include "winapi/exports/provided.hpp"

namespace instdrv::winapi {

// Markdown, the same for the same tables: what amd64 has, and what is different on i386.
std::string coverage_page(const Provided& amd64, const Provided& i386);

}  // namespace instdrv::winapi

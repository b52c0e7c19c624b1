// Writes manual pages from the commands' data.
#pragma once

#include <string>

#include "cli/command.hpp"

namespace instdrv::cli {

// A page in roff, for man(1). path: the names that lead to the command, "acm convert"; of the
// program itself none.
std::string manual_page(const Command& command, const std::string& path);

// What its page is called: "instdrv-acm-convert".
std::string page_name(const std::string& path);

}  // namespace instdrv::cli

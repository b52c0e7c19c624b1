// Splits a driver's name from the text after it, in the argument of OpenDriver and behind an alias
// in a system.ini.
#pragma once

#include <instdrv/error.hpp>

#include <string>
#include <string_view>

namespace instdrv::catalog {

struct DriverName {
    std::string name;      // an alias or a file, never empty
    std::string text;      // the parameter text; empty where there is none (DRV_OPEN gets NULL)
    bool is_path = false;  // a file at once, no alias: there is a slash or backslash in it
};

// Splits "file text" at the first space. Spaces before the name and between name and text do not
// count, later ones belong to the text; a TAB separates nothing. A name that begins with a double
// quote ends at the next one, so that paths with spaces can be written; after it comes a space or
// the end. Fails with invalid_argument for an empty name, a quote left open, and a NUL character.
// https://learn.microsoft.com/windows/win32/api/mmiscapi/nf-mmiscapi-opendriver
Result<DriverName> parse_driver_name(std::string_view text);

}  // namespace instdrv::catalog

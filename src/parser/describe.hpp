// Describes a file from its bytes. Runs in the parser process.
#pragma once

#include <instdrv/error.hpp>

#include "image/bytes.hpp"
#include "parser/driver_file.hpp"

namespace instdrv::parser {

// Fails for what is no image at all. A table that is damaged is a warning, and the obstacle.
Result<DriverFile> describe_driver(image::Bytes file);

}  // namespace instdrv::parser

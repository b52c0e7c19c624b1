// A small driver image that has every table there is: for tests of all stages together.
#pragma once

#include "image_builder.hpp"

namespace instdrv::pe::test {

// Exports DriverProc, a forwarder and an ordinal; imports and delay-imports by name and ordinal;
// has relocations, TLS with callbacks, unwind data (x86-64), strings and version information.
ImageSpec rich_image(Machine machine);

}  // namespace instdrv::pe::test

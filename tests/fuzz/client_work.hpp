// A client that does what clients do with a driver: opens it, sends it messages of one family with
// structures, buffers and callbacks, and closes it. It believes what the driver answers only as far
// as the messages' descriptions do.
#pragma once

#include <cstdint>

#include "core/module.hpp"

namespace instdrv::fuzz {

// Sends DRV_OPEN as the instance `hdrvr`; false if it was refused.
bool open_as(core::Module& module, HDRVR hdrvr, unsigned family);
// Messages of the family it was opened as.
void work_with(core::Module& module, HDRVR hdrvr, unsigned family);

}  // namespace instdrv::fuzz

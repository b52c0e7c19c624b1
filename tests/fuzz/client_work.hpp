// A client that does what clients do with a driver: opens it, sends it messages of one family with
// structures, buffers and callbacks, and closes it. It believes what the driver answers only as far
// as the messages' descriptions do.
#pragma once

#include <string_view>

#include "core/module.hpp"

namespace instdrv::fuzz {

// What a driver of the family is opened from.
std::string_view section_of(unsigned family);
// Sends DRV_OPEN to an instance; false if it was refused.
bool open_as(core::Module& module, const core::Target& target, unsigned family);
// Messages of the family it was opened as.
void work_with(core::Module& module, const core::Target& target, unsigned family);

}  // namespace instdrv::fuzz

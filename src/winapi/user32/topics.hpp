// The topics of user32: each is one source file of this folder. There are no windows here, so
// window functions answer their documented failure.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::user32 {

std::span<const Export> character_exports();
std::span<const Export> message_box_exports();
std::span<const Export> message_queue_exports();
std::span<const Export> string_exports();
std::span<const Export> system_exports();
std::span<const Export> window_exports();

}  // namespace instdrv::winapi::user32

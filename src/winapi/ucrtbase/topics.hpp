// What ucrtbase exports besides the functions that both runtimes share (crt/topics.hpp).
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::crt {

std::span<const Export> stdio_common_exports();

}  // namespace instdrv::winapi::crt

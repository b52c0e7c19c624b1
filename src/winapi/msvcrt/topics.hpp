// What msvcrt exports besides the functions that both runtimes share (crt/topics.hpp).
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::crt {

// sprintf and its relatives, which ntdll exports as well.
std::span<const Export> text_printing_exports();
std::span<const Export> stream_printing_exports();
std::span<const Export> scanning_exports();

}  // namespace instdrv::winapi::crt

// The topics of winmm: each is one source file of this folder.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::winmm {

std::span<const Export> driver_exports();
std::span<const Export> joystick_exports();
std::span<const Export> mci_exports();
std::span<const Export> midi_exports();
std::span<const Export> mixer_exports();
std::span<const Export> mmio_exports();
std::span<const Export> sound_exports();
std::span<const Export> timer_exports();
std::span<const Export> wave_exports();

}  // namespace instdrv::winapi::winmm

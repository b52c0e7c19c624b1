// The parts of inspect_file by kind of file. Each adds what it finds to the inspection.
#pragma once

#include "cli/inspection.hpp"
#include "image/bytes.hpp"

namespace instdrv::cli {

void inspect_pe(image::Bytes file, Inspection& inspection);
void inspect_elf(image::Bytes file, Inspection& inspection);

// A part that could not be read: a warning, and the obstacle if there was none yet.
void note_damage(Inspection& inspection, const Error& error);

}  // namespace instdrv::cli

// The parts of inspect_file by kind of file. Each adds what it finds to the inspection. Workers of
// both machine sizes open drivers, so a file's own machine is never the obstacle.
#pragma once

#include "cli/inspection.hpp"
#include "image/bytes.hpp"
#include "image/probe.hpp"

namespace instdrv::cli {

void inspect_pe(image::Bytes file, image::Kind kind, Inspection& inspection);
void inspect_elf(image::Bytes file, image::Kind kind, Inspection& inspection);

// A part that could not be read: a warning, and the obstacle if there was none yet.
void note_damage(Inspection& inspection, const Error& error);

}  // namespace instdrv::cli

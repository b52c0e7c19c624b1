// The parts of describe_driver by kind of file. Each adds what it finds.
#pragma once

#include <instdrv/error.hpp>

#include "image/bytes.hpp"
#include "parser/driver_file.hpp"

namespace instdrv::parser {

void describe_pe(image::Bytes bytes, DriverFile& file);
void describe_elf(image::Bytes bytes, DriverFile& file);

// A part that could not be read: a warning, and the obstacle if there was none yet.
void note_damage(DriverFile& file, const Error& error);

}  // namespace instdrv::parser

// Runs all stages in a row: everything that must hold before a file is mapped.
#pragma once

#include <instdrv/error.hpp>

#include "image/pe/image_view.hpp"

namespace instdrv::pe {

// A DLL that can be mapped: for `machine`, not an EXE, not managed (.NET) code, and with every
// table (relocations, imports, delay imports, exports, TLS, unwind data) whole. Else an Error of
// code bad_image or wrong_machine with one clear sentence. Damaged resources are no obstacle: they
// are data that a driver may never touch. The view refers to `file`.
Result<ImageView> validate_dll(Bytes file, Machine machine = native_machine());

// Such a DLL that also exports DriverProc as code.
Result<ImageView> validate_driver(Bytes file, Machine machine = native_machine());

}  // namespace instdrv::pe

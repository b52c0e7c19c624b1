// Opens mmio files, and keeps the I/O procedures that drivers install.
#pragma once

#include <memory>
#include <string>

#include "winapi/winmm/mmio_file.hpp"

namespace instdrv::winapi::winmm {

// Null: `error` says why.
std::unique_ptr<MmioDevice> open_disk_device(const std::string& path, DWORD flags, MMRESULT& error);
// The driver's own procedure, called as it is documented. `name` is UTF-16, as PE drivers of today
// get it.
std::unique_ptr<MmioDevice> open_procedure_device(MmioInfo& info, const std::u16string& name,
                                                  MMRESULT& error);
LRESULT call_procedure(MmioInfo& info, UINT message, LPARAM lparam1, LPARAM lparam2);

// mmioInstallIOProc: null where there is none of that name.
const void* install_procedure(FourCC name, const void* procedure, DWORD flags);
const void* find_procedure(FourCC name);

MMRESULT mmio_error_of(DWORD windows_error);

}  // namespace instdrv::winapi::winmm

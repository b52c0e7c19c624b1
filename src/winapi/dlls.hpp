// The DLLs of ours. Each function returns the one object of its DLL, made on first use, and lives
// in the folder of that name.
#pragma once

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

const Dll& advapi32_dll();
const Dll& kernel32_dll();
const Dll& kernelbase_dll();
const Dll& msacm32_dll();
const Dll& msvcrt_dll();
const Dll& ntdll_dll();
const Dll& shlwapi_dll();
const Dll& ucrtbase_dll();
const Dll& user32_dll();
const Dll& vcruntime140_dll();
const Dll& version_dll();
const Dll& winmm_dll();

}  // namespace instdrv::winapi

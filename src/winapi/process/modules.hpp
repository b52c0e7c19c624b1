// The HMODULEs without a loaded file: those of the process's own program and of the DLLs that
// instdrv provides. Each is the address of a read-only page that begins with the headers of an
// image without sections, so that code which looks at a module's headers finds some.
#pragma once

#include <string>
#include <string_view>

#include "winapi/abi.hpp"
#include "winapi/exports/export_table.hpp"

namespace instdrv::winapi {

// C:\windows\system32 is the folder of every module, see paths.hpp.
constexpr std::u16string_view main_module_path = u"C:\\windows\\system32\\instdrv.exe";

HMODULE main_module();  // GetModuleHandle(NULL)
HMODULE handle_of(const Dll& dll);
const Dll* dll_of(HMODULE module);  // null: not a DLL of ours

// A module by the name that LoadLibrary and GetModuleHandle take: one of ours, or a loaded file.
// Null: there is none.
HMODULE find_module(std::string_view name);

// "C:\windows\system32\msadp32.acm"; empty: no such module.
std::u16string path_of(HMODULE module);

// What GetProcAddress answers, for modules of both kinds.
const void* find_symbol(HMODULE module, const pe::Symbol& symbol);

}  // namespace instdrv::winapi

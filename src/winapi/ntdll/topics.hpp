// The topics of ntdll, as kernel32/topics.hpp has them. kernel32 exports some of them, too.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

// RaiseException, RtlUnwindEx, vectored handlers and so on: kernel32, kernelbase and ntdll.
std::span<const Export> exception_exports();
// __C_specific_handler: also in msvcrt.dll and vcruntime140.dll.
std::span<const Export> language_handler_exports();
// RtlMoveMemory and its relatives: kernel32 and ntdll.
std::span<const Export> rtl_memory_exports();
std::span<const Export> rtl_string_exports();
std::span<const Export> rtl_system_exports();

}  // namespace instdrv::winapi

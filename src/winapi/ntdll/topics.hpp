// The topics of ntdll, as kernel32/topics.hpp has them. kernel32 exports some of them, too.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

// RaiseException, RtlUnwindEx and so on, and vectored handlers and their like: kernel32 and ntdll.
std::span<const Export> exception_exports();
std::span<const Export> exception_handler_exports();
// __C_specific_handler, on i386 _except_handler3 and its like: also in msvcrt.dll and
// vcruntime140.dll.
std::span<const Export> language_handler_exports();
// RtlMoveMemory and its relatives: kernel32 and ntdll.
std::span<const Export> rtl_memory_exports();
std::span<const Export> rtl_string_exports();
std::span<const Export> rtl_system_exports();
#if defined(__i386__)
// _alldiv, _chkstk and other calls that compilers make by themselves.
std::span<const Export> compiler_exports();
#endif

}  // namespace instdrv::winapi

// Types and calling conventions of the Windows functions that PE drivers import.
//
// Every function of this folder that a driver can call is declared WINFN (or WINFN_C for the C
// runtime) and listed in its DLL's export table. Types come from <instdrv/windows_types.h>.
#pragma once

#include <instdrv/windows_types.h>

#include <cstdint>

#if defined(__x86_64__)
#define WINFN __attribute__((ms_abi, force_align_arg_pointer))
#define WINFN_C __attribute__((ms_abi, force_align_arg_pointer))
#else
#define WINFN __attribute__((stdcall, force_align_arg_pointer))
#define WINFN_C __attribute__((cdecl, force_align_arg_pointer))
#endif

namespace instdrv::winapi {

using SIZE_T = std::uintptr_t;
using LONGLONG = std::int64_t;
using ULONGLONG = std::uint64_t;
using LPVOID = void*;
using LPCVOID = const void*;
using MMRESULT = UINT;

// Windows' error codes that this layer reports (winerror.h).
constexpr DWORD ERROR_SUCCESS = 0;
constexpr DWORD ERROR_INVALID_FUNCTION = 1;
constexpr DWORD ERROR_FILE_NOT_FOUND = 2;
constexpr DWORD ERROR_PATH_NOT_FOUND = 3;
constexpr DWORD ERROR_ACCESS_DENIED = 5;
constexpr DWORD ERROR_INVALID_HANDLE = 6;
constexpr DWORD ERROR_NOT_ENOUGH_MEMORY = 8;
constexpr DWORD ERROR_NO_MORE_FILES = 18;
constexpr DWORD ERROR_NOT_SUPPORTED = 50;
constexpr DWORD ERROR_FILE_EXISTS = 80;
constexpr DWORD ERROR_INVALID_PARAMETER = 87;
constexpr DWORD ERROR_CALL_NOT_IMPLEMENTED = 120;
constexpr DWORD ERROR_INSUFFICIENT_BUFFER = 122;
constexpr DWORD ERROR_INVALID_NAME = 123;
constexpr DWORD ERROR_MOD_NOT_FOUND = 126;
constexpr DWORD ERROR_PROC_NOT_FOUND = 127;
constexpr DWORD ERROR_ALREADY_EXISTS = 183;
constexpr DWORD ERROR_MORE_DATA = 234;
constexpr DWORD ERROR_NO_MORE_ITEMS = 259;
constexpr DWORD ERROR_INVALID_ADDRESS = 487;
constexpr DWORD ERROR_NO_UNICODE_TRANSLATION = 1113;
constexpr DWORD ERROR_RESOURCE_DATA_NOT_FOUND = 1812;
constexpr DWORD ERROR_RESOURCE_TYPE_NOT_FOUND = 1813;
constexpr DWORD ERROR_RESOURCE_NAME_NOT_FOUND = 1814;

}  // namespace instdrv::winapi

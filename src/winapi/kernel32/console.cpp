// Consoles: there is none, as in a Windows program without one.
// https://learn.microsoft.com/windows/console/console-functions
#include "winapi/exports/export.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

HANDLE GetStdHandle(DWORD) { return nullptr; }
WINAPI_EXPORT(GetStdHandle, in_kernel32, Coverage::stub,
              "a null handle: the process has no console");

BOOL SetStdHandle(DWORD, HANDLE) { return TRUE; }
WINAPI_EXPORT(SetStdHandle, in_kernel32, Coverage::partial, "accepted without effect");

UINT SetHandleCount(UINT count) { return count; }
WINAPI_EXPORT(SetHandleCount, in_kernel32);

UINT GetConsoleCP() { return oem_code_page(); }
WINAPI_EXPORT(GetConsoleCP, in_kernel32);
WINAPI_EXPORT_AS("GetConsoleOutputCP", in_kernel32, GetConsoleCP);

BOOL GetConsoleMode(HANDLE, DWORD*) { return fail(ERROR_INVALID_HANDLE, FALSE); }
WINAPI_EXPORT(GetConsoleMode, in_kernel32, Coverage::stub,
              "ERROR_INVALID_HANDLE: the process has no console");

BOOL SetConsoleMode(HANDLE, DWORD) { return fail(ERROR_INVALID_HANDLE, FALSE); }
WINAPI_EXPORT(SetConsoleMode, in_kernel32, Coverage::stub,
              "ERROR_INVALID_HANDLE: the process has no console");

BOOL WriteConsole(HANDLE, const void*, DWORD, DWORD* written, void*) {
    if (written != nullptr) *written = 0;
    return fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT_AS("ReadConsoleA", in_kernel32, WriteConsole, Coverage::stub,
                 "ERROR_INVALID_HANDLE: the process has no console");
WINAPI_EXPORT_AS("ReadConsoleW", in_kernel32, WriteConsole, Coverage::stub,
                 "ERROR_INVALID_HANDLE: the process has no console");
WINAPI_EXPORT_AS("WriteConsoleA", in_kernel32, WriteConsole, Coverage::stub,
                 "ERROR_INVALID_HANDLE: the process has no console");
WINAPI_EXPORT_AS("WriteConsoleW", in_kernel32, WriteConsole, Coverage::stub,
                 "ERROR_INVALID_HANDLE: the process has no console");

BOOL SetConsoleCtrlHandler(const void*, BOOL) { return TRUE; }
WINAPI_EXPORT(SetConsoleCtrlHandler, in_kernel32, Coverage::partial, "the handler is never called");

BOOL AllocConsole() { return fail(ERROR_ACCESS_DENIED, FALSE); }
WINAPI_EXPORT(AllocConsole, in_kernel32, Coverage::stub, "ERROR_ACCESS_DENIED");

BOOL FreeConsole() { return fail(ERROR_INVALID_PARAMETER, FALSE); }
WINAPI_EXPORT(FreeConsole, in_kernel32, Coverage::stub,
              "ERROR_INVALID_PARAMETER: the process has no console");

}  // namespace

}  // namespace instdrv::winapi::kernel32

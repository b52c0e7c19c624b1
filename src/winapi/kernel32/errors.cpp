// Last errors, debugging aids and small arithmetic.
// https://learn.microsoft.com/windows/win32/debug/error-handling-functions
#include "image/pe/guarded_call.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

DWORD GetLastError() { return last_error(); }
WINAPI_EXPORT(GetLastError, in_kernel32);

void SetLastError(DWORD code) { set_last_error(code); }
WINAPI_EXPORT(SetLastError, in_kernel32);

void OutputDebugString(const void*) {}
WINAPI_EXPORT_AS("OutputDebugStringA", in_kernel32, OutputDebugString, Coverage::partial,
                 "there is no debugger that would listen");
WINAPI_EXPORT_AS("OutputDebugStringW", in_kernel32, OutputDebugString, Coverage::partial,
                 "there is no debugger that would listen");

BOOL IsDebuggerPresent() { return FALSE; }
WINAPI_EXPORT(IsDebuggerPresent, in_kernel32);

BOOL CheckRemoteDebuggerPresent(HANDLE, BOOL* present) {
    *present = FALSE;
    return TRUE;
}
WINAPI_EXPORT(CheckRemoteDebuggerPresent, in_kernel32);

[[noreturn]] void DebugBreak() {
    pe::break_off(Error{.code = ErrorCode::broken,
                        .operation = "run driver code",
                        .cause = "the driver stopped for a debugger (DebugBreak)",
                        .system_code = 0x80000003});
}
WINAPI_EXPORT(DebugBreak, in_kernel32, Coverage::partial, "ends the driver's call with an error");

BOOL Beep(DWORD, DWORD) { return TRUE; }
WINAPI_EXPORT(Beep, in_kernel32, Coverage::partial, "makes no sound");

// a * b / c, rounded to the nearest, halves away from zero; -1 where it does not fit.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-muldiv
int MulDiv(int a, int b, int c) {
    if (c == 0) return -1;
    const std::int64_t product = std::int64_t{a} * b;
    const std::int64_t divisor = c;
    const std::int64_t half = (divisor < 0 ? -divisor : divisor) / 2;
    const std::int64_t result = (product < 0 ? product - half : product + half) / divisor;
    return result == static_cast<int>(result) ? static_cast<int>(result) : -1;
}
WINAPI_EXPORT(MulDiv, in_kernel32);

// Any change of a pointer that can be taken back is an encoding, none as well.
void* EncodePointer(void* pointer) { return pointer; }
WINAPI_EXPORT_AS("DecodePointer", in_kernel32, EncodePointer, Coverage::partial,
                 "the pointer as it is");
WINAPI_EXPORT(EncodePointer, in_kernel32, Coverage::partial, "the pointer as it is");

}  // namespace

}  // namespace instdrv::winapi::kernel32

// Last errors, debugging aids and small arithmetic.
// https://learn.microsoft.com/windows/win32/debug/error-handling-functions
#include "image/pe/guarded_call.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"

namespace instdrv::winapi {
namespace {

DWORD WINFN GetLastError() { return last_error(); }

void WINFN SetLastError(DWORD code) { set_last_error(code); }

void WINFN OutputDebugString(const void*) {}

BOOL WINFN IsDebuggerPresent() { return FALSE; }

BOOL WINFN CheckRemoteDebuggerPresent(HANDLE, BOOL* present) {
    *present = FALSE;
    return TRUE;
}

[[noreturn]] void WINFN DebugBreak() {
    pe::break_off(Error{.code = ErrorCode::broken,
                        .operation = "run driver code",
                        .cause = "the driver stopped for a debugger (DebugBreak)",
                        .system_code = 0x80000003});
}

BOOL WINFN Beep(DWORD, DWORD) { return TRUE; }

// a * b / c, rounded to the nearest, halves away from zero; -1 where it does not fit.
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-muldiv
int WINFN MulDiv(int a, int b, int c) {
    if (c == 0) return -1;
    const std::int64_t product = std::int64_t{a} * b;
    const std::int64_t divisor = c;
    const std::int64_t half = (divisor < 0 ? -divisor : divisor) / 2;
    const std::int64_t result = (product < 0 ? product - half : product + half) / divisor;
    return result == static_cast<int>(result) ? static_cast<int>(result) : -1;
}

// Any change of a pointer that can be taken back is an encoding, none as well.
void* WINFN EncodePointer(void* pointer) { return pointer; }

}  // namespace

std::span<const Export> error_exports() {
    static const Export table[] = {
        {"Beep", address_of(Beep), Coverage::partial, "makes no sound"},
        {"CheckRemoteDebuggerPresent", address_of(CheckRemoteDebuggerPresent)},
        {"DebugBreak", address_of(DebugBreak), Coverage::partial,
         "ends the driver's call with an error"},
        {"DecodePointer", address_of(EncodePointer), Coverage::partial, "the pointer as it is"},
        {"EncodePointer", address_of(EncodePointer), Coverage::partial, "the pointer as it is"},
        {"GetLastError", address_of(GetLastError)},
        {"IsDebuggerPresent", address_of(IsDebuggerPresent)},
        {"MulDiv", address_of(MulDiv)},
        {"OutputDebugStringA", address_of(OutputDebugString), Coverage::partial,
         "there is no debugger that would listen"},
        {"OutputDebugStringW", address_of(OutputDebugString), Coverage::partial,
         "there is no debugger that would listen"},
        {"SetLastError", address_of(SetLastError)},
    };
    return table;
}

}  // namespace instdrv::winapi

// The calling thread's last error code, kept in its TEB where PE code may read it directly.
// https://learn.microsoft.com/windows/win32/debug/last-error-code
#pragma once

#include <utility>

#include "winapi/abi.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {

inline DWORD last_error() { return current_thread().teb().LastErrorValue; }
inline void set_last_error(DWORD code) { current_thread().teb().LastErrorValue = code; }

// For one-line failures: `return fail(ERROR_INVALID_HANDLE, FALSE);`
template <class Value>
Value fail(DWORD code, Value value) {
    set_last_error(code);
    return value;
}

// What a function that answers BOOL returns: TRUE for ERROR_SUCCESS; for any other code FALSE, and
// the code is the last error.
inline BOOL succeeded(DWORD code) { return code == ERROR_SUCCESS ? TRUE : fail(code, FALSE); }

// The Windows code for an errno of a file operation.
DWORD error_from_errno(int error_number) noexcept;
// ENOSPC for errors that mean that something is full; others as they are.
int full_or(int error_number) noexcept;

}  // namespace instdrv::winapi

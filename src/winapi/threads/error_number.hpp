// The errno of the runtimes: a number per thread, with Windows' values, which differ from the
// host's from 35 on. https://learn.microsoft.com/cpp/c-runtime-library/errno-constants
#pragma once

#include <cerrno>

#include "winapi/abi.hpp"

namespace instdrv::winapi::crt {

constexpr int STRUNCATE = 80;
constexpr int windows_EILSEQ = 42;

// PE code keeps the address: it is the same for the thread's whole life.
int& error_number() noexcept;
// The Windows code behind it, _doserrno.
DWORD& system_error_number() noexcept;

int windows_error_number(int host_error) noexcept;
// For the codes of winerror.h that file functions of this layer answer.
int error_number_of(DWORD windows_error) noexcept;

// For one-line failures: `return fail_with(EINVAL, -1);`
template <class Value>
Value fail_with(int error, Value answer) noexcept {
    error_number() = error;
    return answer;
}
// The same with the host's errno, for functions that answer -1.
inline int fail_with_errno() noexcept { return fail_with(windows_error_number(errno), -1); }

}  // namespace instdrv::winapi::crt

// The global variables of the runtimes: settings that a program's start may change, initial values,
// and the functions that return them.
// https://learn.microsoft.com/cpp/c-runtime-library/global-variables
#pragma once

namespace instdrv::winapi::crt {

// _fmode: _O_TEXT or _O_BINARY for files that are opened without saying which.
int default_file_mode() noexcept;

// Gives the variables of time.cpp their first values, before a driver can import them.
void prepare_time_variables();

// What functions such as __p__fmode do.
template <auto& variable>
auto* pointer_to() {
    return &variable;
}

}  // namespace instdrv::winapi::crt

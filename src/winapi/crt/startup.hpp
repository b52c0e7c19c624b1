// Variables of the runtimes: settings that a program's start may change, first values, and how they
// are handed out. https://learn.microsoft.com/cpp/c-runtime-library/global-variables
#pragma once

namespace instdrv::winapi::crt {

// _fmode: _O_TEXT or _O_BINARY for files that are opened without saying which.
int default_file_mode() noexcept;

// Gives the variables that drivers read themselves (_environ, _timezone ...) their first values.
void prepare_variables();
void prepare_time_variables();  // those of time.cpp

// What functions such as __p__fmode do.
template <auto& variable>
auto* pointer_to() {
    return &variable;
}

}  // namespace instdrv::winapi::crt

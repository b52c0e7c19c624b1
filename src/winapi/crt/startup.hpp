// Settings of the runtime that a program's start may change.
#pragma once

namespace instdrv::winapi::crt {

// _fmode: _O_TEXT or _O_BINARY for files that are opened without saying which.
int default_file_mode() noexcept;

// Gives the variables that drivers read themselves (_environ, _timezone ...) their first values.
void prepare_variables();
void prepare_time_variables();  // those of time.cpp

}  // namespace instdrv::winapi::crt

// Settings of the runtime that a program's start may change.
#pragma once

namespace instdrv::winapi::crt {

// _fmode: _O_TEXT or _O_BINARY for files that are opened without saying which.
int default_file_mode() noexcept;

}  // namespace instdrv::winapi::crt

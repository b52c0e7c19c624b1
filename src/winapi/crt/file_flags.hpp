// The constants of fcntl.h, sys/stat.h and io.h.
// https://learn.microsoft.com/cpp/c-runtime-library/file-constants
#pragma once

namespace instdrv::winapi::crt {

constexpr int WRONLY = 0x0001;
constexpr int RDWR = 0x0002;
constexpr int APPEND = 0x0008;
constexpr int TEMPORARY = 0x0040;
constexpr int CREAT = 0x0100;
constexpr int TRUNC = 0x0200;
constexpr int EXCL = 0x0400;
constexpr int TEXT = 0x4000;
constexpr int BINARY = 0x8000;
constexpr int WTEXT = 0x10000;
constexpr int U16TEXT = 0x20000;
constexpr int U8TEXT = 0x40000;

constexpr unsigned short S_FOLDER = 0x4000;
constexpr unsigned short S_DEVICE = 0x2000;
constexpr unsigned short S_REGULAR = 0x8000;
constexpr unsigned short S_READ = 0x0100;
constexpr unsigned short S_WRITE = 0x0080;
constexpr unsigned short S_EXECUTE = 0x0040;

// The byte that ends a text file.
constexpr char end_of_text = 0x1A;

}  // namespace instdrv::winapi::crt

// The one drive that a driver sees, C:\, and nothing else of the machine's files.
//
//   C:\windows\system32   the driver's folder, read-only
//   C:\ (all the rest)    the driver's state folder, writable; made on first write
//
// Names are compared without regard to case, `.` and `..` are resolved before anything is looked
// up, and links are never followed. What a call may see comes from the thread's DriverContext;
// without one nothing exists. Failures are Windows error codes. [any thread]
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/fd.hpp"
#include "winapi/abi.hpp"

namespace instdrv::winapi {

template <class T>
using WinResult = tl::expected<T, DWORD>;

// A file or folder of the view, which need not exist, as a name in an open folder: for openat(2)
// and its relatives, always with O_NOFOLLOW.
struct Place {
    Fd folder;
    std::string name;            // as it is written on disk, where it exists; "." for the root
    std::filesystem::path path;  // the host's name of it, for what takes no open folder
    bool exists = false;
    bool writable = false;
};

// "C:\a\b", "\\?\C:\a", "\a" or "a\b" (from C:\) to {"a", "b"}. Fails with ERROR_INVALID_NAME for
// characters Windows forbids, ERROR_PATH_NOT_FOUND for other drives, network paths and devices,
// ERROR_ACCESS_DENIED for names of journals (journaled_file.hpp) and C:\registry.reg, which lies in
// the state folder too; no folder shows them.
WinResult<std::vector<std::string>> components_of(std::string_view windows_path);

// Which file is meant. ERROR_PATH_NOT_FOUND where the folder does not exist; a missing last part is
// a Place that does not exist. With `make_state`, the state folder and the folders Windows always
// has (\windows, \windows\temp) are made.
//
// What is written there is what is read: changes of an INI file that are in a journal still
// (profiles.hpp) are taken into the file. Where that fails there is no Place: ERROR_DISK_FULL,
// ERROR_ACCESS_DENIED. locate_as_it_is leaves the file alone.
WinResult<Place> locate(std::string_view windows_path, bool make_state = false);
WinResult<Place> locate_as_it_is(std::string_view windows_path, bool make_state = false);

// Opens a regular file as open(2) does, `flags` being O_RDONLY, O_WRONLY or O_RDWR with any of
// O_CREAT, O_EXCL, O_TRUNC, O_APPEND.
WinResult<Fd> open_in_view(std::string_view windows_path, int flags);

// The full form of a path, "C:\a\b". Asks no file system.
WinResult<std::string> full_path(std::string_view windows_path);

// A folder's entries, "." and ".." excluded, in name order, with those that only the view has
// (system32).
WinResult<std::vector<std::string>> entries_of(std::string_view windows_folder);

}  // namespace instdrv::winapi

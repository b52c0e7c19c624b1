// Names of paths and temporary files, the current folder, drives and devices.
// https://learn.microsoft.com/windows/win32/fileio/directory-management-functions
#include <algorithm>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <sys/statvfs.h>

#include <fmt/format.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/driver_state.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr std::string_view root_folder = "C:\\";
constexpr std::string_view temp_folder = "C:\\windows\\temp\\";

template <class Character>
DWORD give_path(std::string_view utf8, Character* buffer, DWORD size) {
    const auto text = in_face<Character>(utf8);
    return give_text_or_size(std::basic_string_view<Character>(text), buffer, size);
}

template <class Character>
DWORD GetTempPath(DWORD size, Character* buffer) {
    return give_path(temp_folder, buffer, size);
}
WINAPI_EXPORT_AS("GetTempPathA", in_kernel32, GetTempPath<char>);
WINAPI_EXPORT_AS("GetTempPathW", in_kernel32, GetTempPath<WCHAR>);

DWORD make_file(std::string_view path) {
    const auto made = open_in_view(path, O_RDWR | O_CREAT | O_EXCL);
    if (made) return ERROR_SUCCESS;
    return made.error() == ERROR_PATH_NOT_FOUND ? ERROR_DIRECTORY : made.error();
}

// "<prefix><hexadecimal number>.tmp"; with a number of 0 one that is free, and the file is made.
template <class Character>
UINT GetTempFileName(const Character* folder, const Character* prefix, UINT number,
                     Character* buffer) {
    static std::atomic<UINT> counter = 0;
    const std::string begin =
        fmt::format("{}\\{}", to_utf8_text(folder), to_utf8(to_wide_text(prefix).substr(0, 3)));
    for (UINT attempt = 0; attempt <= 0xFFFF; ++attempt) {
        const UINT unique = number != 0 ? number & 0xFFFF : ++counter & 0xFFFF;
        if (unique == 0) continue;
        const std::string name = fmt::format("{}{:x}.tmp", begin, unique);
        const auto full = full_path(name);
        if (!full) return fail(full.error(), UINT{0});
        const DWORD error = number != 0 ? ERROR_SUCCESS : make_file(*full);
        if (error == ERROR_FILE_EXISTS) continue;
        if (error != ERROR_SUCCESS) return fail(error, UINT{0});
        constexpr DWORD largest_path = 260;
        give_path(*full, buffer, largest_path);
        return unique;
    }
    return fail(ERROR_FILE_EXISTS, UINT{0});
}
WINAPI_EXPORT_AS("GetTempFileNameA", in_kernel32, GetTempFileName<char>);
WINAPI_EXPORT_AS("GetTempFileNameW", in_kernel32, GetTempFileName<WCHAR>);

template <class Character>
DWORD GetFullPathName(const Character* name, DWORD size, Character* buffer, Character** file_part) {
    const auto full = full_path(to_utf8_text(name));
    if (!full) return fail(full.error(), DWORD{0});
    const DWORD length = give_path(*full, buffer, size);
    if (file_part != nullptr && length < size) {
        const auto given = structure_of(std::basic_string_view<Character>(buffer, length));
        const auto slash = given.rfind(Character{'\\'});
        *file_part = slash + 1 == given.size() ? nullptr : buffer + slash + 1;
    }
    return length;
}
WINAPI_EXPORT_AS("GetFullPathNameA", in_kernel32, GetFullPathName<char>);
WINAPI_EXPORT_AS("GetFullPathNameW", in_kernel32, GetFullPathName<WCHAR>);

// There are no short names: a path's short and long forms are the same.
template <class Character>
DWORD GetPathNameAsItIs(const Character* name, Character* buffer, DWORD size) {
    const std::string path = to_utf8_text(name);
    const auto facts = facts_at(path);
    return facts ? give_path(path, buffer, size) : fail(facts.error(), DWORD{0});
}
WINAPI_EXPORT_AS("GetLongPathNameA", in_kernel32, GetPathNameAsItIs<char>, Coverage::partial,
                 "there are no short names");
WINAPI_EXPORT_AS("GetLongPathNameW", in_kernel32, GetPathNameAsItIs<WCHAR>, Coverage::partial,
                 "there are no short names");
WINAPI_EXPORT_AS("GetShortPathNameA", in_kernel32, GetPathNameAsItIs<char>, Coverage::partial,
                 "there are no short names");
WINAPI_EXPORT_AS("GetShortPathNameW", in_kernel32, GetPathNameAsItIs<WCHAR>, Coverage::partial,
                 "there are no short names");

template <class Character>
DWORD GetCurrentDirectory(DWORD size, Character* buffer) {
    return give_path(root_folder, buffer, size);
}
WINAPI_EXPORT_AS("GetCurrentDirectoryA", in_kernel32, GetCurrentDirectory<char>, Coverage::partial,
                 "the current folder is always C:\\");
WINAPI_EXPORT_AS("GetCurrentDirectoryW", in_kernel32, GetCurrentDirectory<WCHAR>, Coverage::partial,
                 "the current folder is always C:\\");

template <class Character>
BOOL SetCurrentDirectory(const Character* name) {
    const auto full = full_path(to_utf8_text(name));
    if (!full) return fail(full.error(), FALSE);
    return *full == root_folder ? TRUE : fail(ERROR_ACCESS_DENIED, FALSE);
}
WINAPI_EXPORT_AS("SetCurrentDirectoryA", in_kernel32, SetCurrentDirectory<char>, Coverage::partial,
                 "the current folder is always C:\\");
WINAPI_EXPORT_AS("SetCurrentDirectoryW", in_kernel32, SetCurrentDirectory<WCHAR>, Coverage::partial,
                 "the current folder is always C:\\");

enum DriveType : UINT {
    DRIVE_NO_ROOT_DIR = 1,
    DRIVE_FIXED = 3,
};

// Without a name: the drive of the current folder.
template <class Character>
UINT GetDriveType(const Character* root) {
    if (root == nullptr) return DRIVE_FIXED;
    const auto full = full_path(to_utf8_text(root));
    return full && *full == root_folder ? DRIVE_FIXED : DRIVE_NO_ROOT_DIR;
}
WINAPI_EXPORT_AS("GetDriveTypeA", in_kernel32, GetDriveType<char>, Coverage::partial,
                 "there is one drive, C:, a fixed one");
WINAPI_EXPORT_AS("GetDriveTypeW", in_kernel32, GetDriveType<WCHAR>, Coverage::partial,
                 "there is one drive, C:, a fixed one");

DWORD GetLogicalDrives() { return 1U << ('C' - 'A'); }
WINAPI_EXPORT(GetLogicalDrives, in_kernel32);

template <class Character>
DWORD GetLogicalDriveStrings(DWORD size, Character* buffer) {
    using namespace std::string_view_literals;
    return give_path("C:\\\0"sv, buffer, size);
}
WINAPI_EXPORT_AS("GetLogicalDriveStringsA", in_kernel32, GetLogicalDriveStrings<char>);
WINAPI_EXPORT_AS("GetLogicalDriveStringsW", in_kernel32, GetLogicalDriveStrings<WCHAR>);

WinResult<struct statvfs> file_system_of(std::string_view path) {
    const auto facts = facts_at(path.empty() ? root_folder : path);
    if (!facts) return tl::unexpected(ERROR_PATH_NOT_FOUND);
    struct statvfs status {};
    // The state folder may not exist yet, its parent does.
    auto folder = current_context()->state->folder();
    while (::statvfs(folder.c_str(), &status) != 0) {
        if (errno != ENOENT || !folder.has_relative_path()) {
            return tl::unexpected(error_from_errno(errno));
        }
        folder = folder.parent_path();
    }
    return status;
}

template <class Character>
BOOL GetDiskFreeSpaceEx(const Character* path, ULONGLONG* available, ULONGLONG* total,
                        ULONGLONG* free_bytes) {
    const auto status = file_system_of(to_utf8_text(path));
    if (!status) return fail(status.error(), FALSE);
    if (available != nullptr) {
        const ULONGLONG on_disk = status->f_bavail * status->f_frsize;
        *available = std::min<ULONGLONG>(on_disk, current_context()->state->room().left());
    }
    if (total != nullptr) *total = status->f_blocks * status->f_frsize;
    if (free_bytes != nullptr) *free_bytes = status->f_bfree * status->f_frsize;
    return TRUE;
}
WINAPI_EXPORT_AS("GetDiskFreeSpaceExA", in_kernel32, GetDiskFreeSpaceEx<char>);
WINAPI_EXPORT_AS("GetDiskFreeSpaceExW", in_kernel32, GetDiskFreeSpaceEx<WCHAR>);

template <class Character>
BOOL GetVolumeInformation(const Character* root, Character* name, DWORD name_size, DWORD* serial,
                          DWORD* longest_name, DWORD* flags, Character* file_system,
                          DWORD file_system_size) {
    if (GetDriveType(root) != DRIVE_FIXED) return fail(ERROR_PATH_NOT_FOUND, FALSE);
    if (name != nullptr) give_path("", name, name_size);
    if (serial != nullptr) *serial = 0;
    if (longest_name != nullptr) *longest_name = 255;
    if (flags != nullptr) *flags = 0x6;  // case is kept, names are Unicode
    if (file_system != nullptr) give_path("NTFS", file_system, file_system_size);
    return TRUE;
}
WINAPI_EXPORT_AS("GetVolumeInformationA", in_kernel32, GetVolumeInformation<char>,
                 Coverage::partial, "no name, serial number 0, says NTFS");
WINAPI_EXPORT_AS("GetVolumeInformationW", in_kernel32, GetVolumeInformation<WCHAR>,
                 Coverage::partial, "no name, serial number 0, says NTFS");

BOOL DeviceIoControl(HANDLE handle, DWORD, void*, DWORD, void*, DWORD, DWORD* given, void*) {
    if (given != nullptr) *given = 0;
    return fail(find_object<FileObject>(handle) ? ERROR_INVALID_FUNCTION : ERROR_INVALID_HANDLE,
                FALSE);
}
WINAPI_EXPORT(DeviceIoControl, in_kernel32, Coverage::stub,
              "ERROR_INVALID_FUNCTION: there are no devices");

}  // namespace

}  // namespace instdrv::winapi::kernel32

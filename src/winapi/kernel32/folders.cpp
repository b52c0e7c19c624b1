// Names of paths and temporary files, the current folder, drives and devices.
// https://learn.microsoft.com/windows/win32/fileio/directory-management-functions
#include <algorithm>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <sys/statvfs.h>

#include <fmt/format.h>

#include "winapi/driver_state.hpp"
#include "winapi/file_object.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/last_error.hpp"
#include "winapi/process.hpp"
#include "winapi/text_arguments.hpp"
#include "winapi/text_out.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::string_view root_folder = "C:\\";
constexpr std::string_view temp_folder = "C:\\windows\\temp\\";

template <class Character>
DWORD give_path(std::string_view utf8, Character* buffer, DWORD size) {
    const auto text = in_face<Character>(utf8);
    return give_text_or_size(std::basic_string_view<Character>(text), buffer, size);
}

template <class Character>
DWORD WINFN GetTempPath(DWORD size, Character* buffer) {
    return give_path(temp_folder, buffer, size);
}

DWORD make_file(std::string_view path) {
    const auto made = open_in_view(path, O_RDWR | O_CREAT | O_EXCL);
    if (made) return ERROR_SUCCESS;
    return made.error() == ERROR_PATH_NOT_FOUND ? ERROR_DIRECTORY : made.error();
}

// "<prefix><hexadecimal number>.tmp"; with a number of 0 one that is free, and the file is made.
template <class Character>
UINT WINFN GetTempFileName(const Character* folder, const Character* prefix, UINT number,
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

template <class Character>
DWORD WINFN GetFullPathName(const Character* name, DWORD size, Character* buffer,
                            Character** file_part) {
    const auto full = full_path(to_utf8_text(name));
    if (!full) return fail(full.error(), DWORD{0});
    const DWORD length = give_path(*full, buffer, size);
    if (file_part != nullptr && length < size) {
        const std::basic_string_view<Character> given(buffer, length);
        const auto slash = given.rfind(Character{'\\'});
        *file_part = slash + 1 == given.size() ? nullptr : buffer + slash + 1;
    }
    return length;
}

// There are no short names: a path's short and long forms are the same.
template <class Character>
DWORD WINFN GetPathNameAsItIs(const Character* name, Character* buffer, DWORD size) {
    const std::string path = to_utf8_text(name);
    const auto facts = facts_at(path);
    return facts ? give_path(path, buffer, size) : fail(facts.error(), DWORD{0});
}

template <class Character>
DWORD WINFN GetCurrentDirectory(DWORD size, Character* buffer) {
    return give_path(root_folder, buffer, size);
}

template <class Character>
BOOL WINFN SetCurrentDirectory(const Character* name) {
    const auto full = full_path(to_utf8_text(name));
    if (!full) return fail(full.error(), FALSE);
    return *full == root_folder ? TRUE : fail(ERROR_ACCESS_DENIED, FALSE);
}

enum DriveType : UINT {
    DRIVE_NO_ROOT_DIR = 1,
    DRIVE_FIXED = 3,
};

// Without a name: the drive of the current folder.
template <class Character>
UINT WINFN GetDriveType(const Character* root) {
    if (root == nullptr) return DRIVE_FIXED;
    const auto full = full_path(to_utf8_text(root));
    return full && *full == root_folder ? DRIVE_FIXED : DRIVE_NO_ROOT_DIR;
}

DWORD WINFN GetLogicalDrives() { return 1U << ('C' - 'A'); }

template <class Character>
DWORD WINFN GetLogicalDriveStrings(DWORD size, Character* buffer) {
    using namespace std::string_view_literals;
    return give_path("C:\\\0"sv, buffer, size);
}

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
BOOL WINFN GetDiskFreeSpaceEx(const Character* path, ULONGLONG* available, ULONGLONG* total,
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

template <class Character>
BOOL WINFN GetVolumeInformation(const Character* root, Character* name, DWORD name_size,
                                DWORD* serial, DWORD* longest_name, DWORD* flags,
                                Character* file_system, DWORD file_system_size) {
    if (GetDriveType(root) != DRIVE_FIXED) return fail(ERROR_PATH_NOT_FOUND, FALSE);
    if (name != nullptr) give_path("", name, name_size);
    if (serial != nullptr) *serial = 0;
    if (longest_name != nullptr) *longest_name = 255;
    if (flags != nullptr) *flags = 0x6;  // case is kept, names are Unicode
    if (file_system != nullptr) give_path("NTFS", file_system, file_system_size);
    return TRUE;
}

BOOL WINFN DeviceIoControl(HANDLE handle, DWORD, void*, DWORD, void*, DWORD, DWORD* given, void*) {
    if (given != nullptr) *given = 0;
    return fail(find_object<FileObject>(handle) ? ERROR_INVALID_FUNCTION : ERROR_INVALID_HANDLE,
                FALSE);
}

}  // namespace

std::span<const Export> folder_exports() {
    constexpr std::string_view no_short_names = "there are no short names";
    constexpr std::string_view only_root = "the current folder is always C:\\";
    constexpr std::string_view only_c = "there is one drive, C:, a fixed one";
    static const Export table[] = {
        {"DeviceIoControl", address_of(DeviceIoControl), Coverage::stub,
         "ERROR_INVALID_FUNCTION: there are no devices"},
        {"GetCurrentDirectoryA", address_of(GetCurrentDirectory<char>), Coverage::partial,
         only_root},
        {"GetCurrentDirectoryW", address_of(GetCurrentDirectory<WCHAR>), Coverage::partial,
         only_root},
        {"GetDiskFreeSpaceExA", address_of(GetDiskFreeSpaceEx<char>)},
        {"GetDiskFreeSpaceExW", address_of(GetDiskFreeSpaceEx<WCHAR>)},
        {"GetDriveTypeA", address_of(GetDriveType<char>), Coverage::partial, only_c},
        {"GetDriveTypeW", address_of(GetDriveType<WCHAR>), Coverage::partial, only_c},
        {"GetFullPathNameA", address_of(GetFullPathName<char>)},
        {"GetFullPathNameW", address_of(GetFullPathName<WCHAR>)},
        {"GetLogicalDriveStringsA", address_of(GetLogicalDriveStrings<char>)},
        {"GetLogicalDriveStringsW", address_of(GetLogicalDriveStrings<WCHAR>)},
        {"GetLogicalDrives", address_of(GetLogicalDrives)},
        {"GetLongPathNameA", address_of(GetPathNameAsItIs<char>), Coverage::partial,
         no_short_names},
        {"GetLongPathNameW", address_of(GetPathNameAsItIs<WCHAR>), Coverage::partial,
         no_short_names},
        {"GetShortPathNameA", address_of(GetPathNameAsItIs<char>), Coverage::partial,
         no_short_names},
        {"GetShortPathNameW", address_of(GetPathNameAsItIs<WCHAR>), Coverage::partial,
         no_short_names},
        {"GetTempFileNameA", address_of(GetTempFileName<char>)},
        {"GetTempFileNameW", address_of(GetTempFileName<WCHAR>)},
        {"GetTempPathA", address_of(GetTempPath<char>)},
        {"GetTempPathW", address_of(GetTempPath<WCHAR>)},
        {"GetVolumeInformationA", address_of(GetVolumeInformation<char>), Coverage::partial,
         "no name, serial number 0, says NTFS"},
        {"GetVolumeInformationW", address_of(GetVolumeInformation<WCHAR>), Coverage::partial,
         "no name, serial number 0, says NTFS"},
        {"SetCurrentDirectoryA", address_of(SetCurrentDirectory<char>), Coverage::partial,
         only_root},
        {"SetCurrentDirectoryW", address_of(SetCurrentDirectory<WCHAR>), Coverage::partial,
         only_root},
    };
    return table;
}

}  // namespace instdrv::winapi

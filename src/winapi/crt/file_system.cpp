// Files and folders by name: _stat, _access, remove, _mkdir and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/file-handling
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/file_table.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using Native = std::conditional_t<sizeof(void*) == 8, LONGLONG, LONG>;  // msvcrt's time_t

int fail_with_code(DWORD code) { return fail_with(error_number_of(code), -1); }

// Windows aligns numbers of 64 bits to 8 bytes on i386, too.
template <class Time, class Size>
struct Status {
    unsigned device;
    unsigned short serial;
    unsigned short mode;
    short links;
    short user;
    short group;
    unsigned device_again;
    alignas(sizeof(Size)) Size size;
    alignas(sizeof(Time)) Time accessed;
    Time modified;
    alignas(sizeof(Time)) Time created;
};
static_assert(sizeof(Status<LONG, LONG>) == 36);
static_assert(sizeof(Status<LONGLONG, LONG>) == 48);
static_assert(sizeof(Status<LONGLONG, LONGLONG>) == 56);

template <class Time>
Time unix_seconds(const FileTime& time) {
    return static_cast<Time>(unix_time_of(ticks_of(time)).tv_sec);
}

bool has_program_extension(std::string_view name) {
    if (name.size() < 4) return false;
    const std::string extension = ascii_lower(name.substr(name.size() - 4));
    return extension == ".exe" || extension == ".com" || extension == ".bat" || extension == ".cmd";
}

template <class Time, class Size>
void describe(const FileFacts& facts, std::string_view name, Status<Time, Size>& status) {
    const bool folder = (facts.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const bool read_only = (facts.attributes & FILE_ATTRIBUTE_READONLY) != 0;
    unsigned mode = folder ? S_FOLDER | S_EXECUTE : S_REGULAR;
    mode |= S_READ | (read_only && !folder ? 0u : unsigned{S_WRITE});
    if (has_program_extension(name)) mode |= S_EXECUTE;
    // The owner's rights are the group's and everyone's.
    constexpr unsigned rights = S_READ | S_WRITE | S_EXECUTE;
    mode |= (mode & rights) >> 3 | (mode & rights) >> 6;
    status = {};
    status.device = status.device_again = 2;  // drive C
    status.mode = static_cast<unsigned short>(mode);
    status.links = 1;
    status.size = static_cast<Size>(facts.size);
    status.accessed = unix_seconds<Time>(facts.accessed);
    status.modified = unix_seconds<Time>(facts.written);
    status.created = unix_seconds<Time>(facts.created);
}

template <class Char, class Time, class Size>
int status_of_path(const Char* path, Status<Time, Size>* status) {
    if (path == nullptr || status == nullptr) return fail_with(EINVAL, -1);
    const std::string name = to_utf8_text(path);
    const auto facts = facts_at(name);
    if (!facts) return fail_with_code(facts.error());
    describe(*facts, name, *status);
    return 0;
}
CRT_EXPORT_AS("_stat", in_crt, (status_of_path<char, Native, LONG>));
CRT_EXPORT_AS("_stat32", in_crt, (status_of_path<char, LONG, LONG>));
CRT_EXPORT_AS("_stat32i64", in_crt, (status_of_path<char, LONG, LONGLONG>));
CRT_EXPORT_AS("_stat64", in_crt, (status_of_path<char, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_stat64i32", in_crt, (status_of_path<char, LONGLONG, LONG>));
CRT_EXPORT_AS("_stati64", in_crt, (status_of_path<char, Native, LONGLONG>));
CRT_EXPORT_AS("_wstat", in_crt, (status_of_path<WCHAR, Native, LONG>));
CRT_EXPORT_AS("_wstat32", in_crt, (status_of_path<WCHAR, LONG, LONG>));
CRT_EXPORT_AS("_wstat32i64", in_crt, (status_of_path<WCHAR, LONG, LONGLONG>));
CRT_EXPORT_AS("_wstat64", in_crt, (status_of_path<WCHAR, LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_wstati64", in_crt, (status_of_path<WCHAR, Native, LONGLONG>));
CRT_EXPORT_AS("_wstat64i32", in_crt, (status_of_path<WCHAR, LONGLONG, LONG>));

template <class Time, class Size>
int status_of_number(int number, Status<Time, Size>* status) {
    const auto file = open_files().find(number);
    if (file == nullptr || status == nullptr) return fail_with(EBADF, -1);
    *status = {};
    if (file->kind != OpenFile::Kind::file) {
        status->mode = S_DEVICE;
        return 0;
    }
    struct stat host {};
    if (::fstat(file->fd.get(), &host) != 0) return fail_with_errno();
    describe(facts_of(host, true), "", *status);
    return 0;
}
CRT_EXPORT_AS("_fstat", in_crt, (status_of_number<Native, LONG>));
CRT_EXPORT_AS("_fstat32", in_crt, (status_of_number<LONG, LONG>));
CRT_EXPORT_AS("_fstat32i64", in_crt, (status_of_number<LONG, LONGLONG>));
CRT_EXPORT_AS("_fstat64", in_crt, (status_of_number<LONGLONG, LONGLONG>));
CRT_EXPORT_AS("_fstat64i32", in_crt, (status_of_number<LONGLONG, LONG>));
CRT_EXPORT_AS("_fstati64", in_crt, (status_of_number<Native, LONGLONG>));

// Modes 0, 2, 4 and 6; everything that exists can be read.
template <class Char>
int access_path(const Char* path, int mode) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto facts = facts_at(to_utf8_text(path));
    if (!facts) return fail_with_code(facts.error());
    const bool folder = (facts->attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const bool read_only = (facts->attributes & FILE_ATTRIBUTE_READONLY) != 0;
    constexpr int write = 2;
    return (mode & write) != 0 && read_only && !folder ? fail_with(EACCES, -1) : 0;
}
CRT_EXPORT_AS("_access", in_crt, access_path<char>);
CRT_EXPORT_AS("_waccess", in_crt, access_path<WCHAR>);

template <class Char>
int access_path_checked(const Char* path, int mode) {
    return access_path(path, mode) == 0 ? 0 : error_number();
}
CRT_EXPORT_AS("_access_s", in_crt, access_path_checked<char>);
CRT_EXPORT_AS("_waccess_s", in_crt, access_path_checked<WCHAR>);

template <class Char>
int remove_file(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const DWORD error = delete_file(to_utf8_text(path));
    return error == ERROR_SUCCESS ? 0 : fail_with_code(error);
}
CRT_EXPORT_AS("_unlink", in_crt, remove_file<char>);
CRT_EXPORT_AS("_wremove", in_crt, remove_file<WCHAR>);
CRT_EXPORT_AS("_wunlink", in_crt, remove_file<WCHAR>);
CRT_EXPORT_AS("remove", in_crt, remove_file<char>);

// Windows' rename refuses to replace a file.
template <class Char>
int rename_path(const Char* from, const Char* to) {
    if (from == nullptr || to == nullptr) return fail_with(EINVAL, -1);
    const auto source = locate(to_utf8_text(from));
    const auto target = locate(to_utf8_text(to), true);
    if (!source) return fail_with_code(source.error());
    if (!target) return fail_with_code(target.error());
    if (!source->exists) return fail_with(ENOENT, -1);
    if (target->exists) return fail_with(EEXIST, -1);
    if (!source->writable || !target->writable) return fail_with(EACCES, -1);
    if (::renameat(source->folder.get(), source->name.c_str(), target->folder.get(),
                   target->name.c_str()) != 0) {
        return fail_with_errno();
    }
    return 0;
}
CRT_EXPORT_AS("_wrename", in_crt, rename_path<WCHAR>);
CRT_EXPORT_AS("rename", in_crt, rename_path<char>);

template <class Char>
int make_folder(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path), true);
    if (!place) return fail_with_code(place.error());
    if (place->exists) return fail_with(EEXIST, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    constexpr mode_t all = 0777;
    return ::mkdirat(place->folder.get(), place->name.c_str(), all) == 0 ? 0 : fail_with_errno();
}
CRT_EXPORT_AS("_mkdir", in_crt, make_folder<char>);
CRT_EXPORT_AS("_wmkdir", in_crt, make_folder<WCHAR>);

template <class Char>
int remove_folder(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path));
    if (!place) return fail_with_code(place.error());
    if (!place->exists) return fail_with(ENOENT, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    const int flags = AT_REMOVEDIR;
    return ::unlinkat(place->folder.get(), place->name.c_str(), flags) == 0 ? 0 : fail_with_errno();
}
CRT_EXPORT_AS("_rmdir", in_crt, remove_folder<char>);
CRT_EXPORT_AS("_wrmdir", in_crt, remove_folder<WCHAR>);

template <class Char>
int change_mode(const Char* path, int mode) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path));
    if (!place) return fail_with_code(place.error());
    if (!place->exists) return fail_with(ENOENT, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    const mode_t host_mode = (mode & S_WRITE) != 0 ? 0644 : 0444;
    return ::fchmodat(place->folder.get(), place->name.c_str(), host_mode, 0) == 0
               ? 0
               : fail_with_errno();
}
CRT_EXPORT_AS("_chmod", in_crt, change_mode<char>);
CRT_EXPORT_AS("_wchmod", in_crt, change_mode<WCHAR>);

template <class Time>
struct Times {
    alignas(sizeof(Time)) Time accessed;
    Time modified;
};

template <class Char, class Time>
int set_times(const Char* path, const Times<Time>* times) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path));
    if (!place) return fail_with_code(place.error());
    if (!place->exists) return fail_with(ENOENT, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    timespec host[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    if (times != nullptr) {
        host[0] = {static_cast<std::time_t>(times->accessed), 0};
        host[1] = {static_cast<std::time_t>(times->modified), 0};
    }
    return ::utimensat(place->folder.get(), place->name.c_str(), host, AT_SYMLINK_NOFOLLOW) == 0
               ? 0
               : fail_with_errno();
}
CRT_EXPORT_AS("_utime", in_crt, (set_times<char, Native>));
CRT_EXPORT_AS("_utime32", in_crt, (set_times<char, LONG>));
CRT_EXPORT_AS("_utime64", in_crt, (set_times<char, LONGLONG>));
CRT_EXPORT_AS("_wutime", in_crt, (set_times<WCHAR, Native>));
CRT_EXPORT_AS("_wutime32", in_crt, (set_times<WCHAR, LONG>));
CRT_EXPORT_AS("_wutime64", in_crt, (set_times<WCHAR, LONGLONG>));

}  // namespace

}  // namespace instdrv::winapi::crt

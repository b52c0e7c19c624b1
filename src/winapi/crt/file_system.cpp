// Files and folders by name: _stat, _access, remove, _mkdir and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/file-handling
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/file_table.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/file_object.hpp"
#include "winapi/text_arguments.hpp"

namespace instdrv::winapi::crt {
namespace {

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
int WINFN_C status_of_path(const Char* path, Status<Time, Size>* status) {
    if (path == nullptr || status == nullptr) return fail_with(EINVAL, -1);
    const std::string name = to_utf8_text(path);
    const auto facts = facts_at(name);
    if (!facts) return fail_with_code(facts.error());
    describe(*facts, name, *status);
    return 0;
}

template <class Time, class Size>
int WINFN_C status_of_number(int number, Status<Time, Size>* status) {
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

// Modes 0, 2, 4 and 6; everything that exists can be read.
template <class Char>
int WINFN_C access_path(const Char* path, int mode) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto facts = facts_at(to_utf8_text(path));
    if (!facts) return fail_with_code(facts.error());
    const bool folder = (facts->attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    const bool read_only = (facts->attributes & FILE_ATTRIBUTE_READONLY) != 0;
    constexpr int write = 2;
    return (mode & write) != 0 && read_only && !folder ? fail_with(EACCES, -1) : 0;
}

template <class Char>
int WINFN_C access_path_checked(const Char* path, int mode) {
    return access_path(path, mode) == 0 ? 0 : error_number();
}

template <class Char>
int WINFN_C remove_file(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const DWORD error = delete_file(to_utf8_text(path));
    return error == ERROR_SUCCESS ? 0 : fail_with_code(error);
}

// Windows' rename refuses to replace a file.
template <class Char>
int WINFN_C rename_path(const Char* from, const Char* to) {
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

template <class Char>
int WINFN_C make_folder(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path), true);
    if (!place) return fail_with_code(place.error());
    if (place->exists) return fail_with(EEXIST, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    constexpr mode_t all = 0777;
    return ::mkdirat(place->folder.get(), place->name.c_str(), all) == 0 ? 0 : fail_with_errno();
}

template <class Char>
int WINFN_C remove_folder(const Char* path) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    const auto place = locate(to_utf8_text(path));
    if (!place) return fail_with_code(place.error());
    if (!place->exists) return fail_with(ENOENT, -1);
    if (!place->writable) return fail_with(EACCES, -1);
    const int flags = AT_REMOVEDIR;
    return ::unlinkat(place->folder.get(), place->name.c_str(), flags) == 0 ? 0 : fail_with_errno();
}

template <class Char>
int WINFN_C change_mode(const Char* path, int mode) {
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

template <class Time>
struct Times {
    alignas(sizeof(Time)) Time accessed;
    Time modified;
};

template <class Char, class Time>
int WINFN_C set_times(const Char* path, const Times<Time>* times) {
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

}  // namespace

std::span<const Export> file_system_exports() {
    using Native = std::conditional_t<sizeof(void*) == 8, LONGLONG, LONG>;  // msvcrt's time_t
    static const Export table[] = {
        {"_access", address_of(access_path<char>)},
        {"_access_s", address_of(access_path_checked<char>)},
        {"_chmod", address_of(change_mode<char>)},
        {"_fstat", address_of(status_of_number<Native, LONG>)},
        {"_fstat32", address_of(status_of_number<LONG, LONG>)},
        {"_fstat32i64", address_of(status_of_number<LONG, LONGLONG>)},
        {"_fstat64", address_of(status_of_number<LONGLONG, LONGLONG>)},
        {"_fstat64i32", address_of(status_of_number<LONGLONG, LONG>)},
        {"_fstati64", address_of(status_of_number<Native, LONGLONG>)},
        {"_mkdir", address_of(make_folder<char>)},
        {"_rmdir", address_of(remove_folder<char>)},
        {"_stat", address_of(status_of_path<char, Native, LONG>)},
        {"_stat32", address_of(status_of_path<char, LONG, LONG>)},
        {"_stat32i64", address_of(status_of_path<char, LONG, LONGLONG>)},
        {"_stat64", address_of(status_of_path<char, LONGLONG, LONGLONG>)},
        {"_stat64i32", address_of(status_of_path<char, LONGLONG, LONG>)},
        {"_stati64", address_of(status_of_path<char, Native, LONGLONG>)},
        {"_unlink", address_of(remove_file<char>)},
        {"_utime", address_of(set_times<char, Native>)},
        {"_utime32", address_of(set_times<char, LONG>)},
        {"_utime64", address_of(set_times<char, LONGLONG>)},
        {"_waccess", address_of(access_path<WCHAR>)},
        {"_waccess_s", address_of(access_path_checked<WCHAR>)},
        {"_wchmod", address_of(change_mode<WCHAR>)},
        {"_wmkdir", address_of(make_folder<WCHAR>)},
        {"_wremove", address_of(remove_file<WCHAR>)},
        {"_wrename", address_of(rename_path<WCHAR>)},
        {"_wrmdir", address_of(remove_folder<WCHAR>)},
        {"_wstat", address_of(status_of_path<WCHAR, Native, LONG>)},
        {"_wstat32", address_of(status_of_path<WCHAR, LONG, LONG>)},
        {"_wstat32i64", address_of(status_of_path<WCHAR, LONG, LONGLONG>)},
        {"_wstat64", address_of(status_of_path<WCHAR, LONGLONG, LONGLONG>)},
        {"_wstati64", address_of(status_of_path<WCHAR, Native, LONGLONG>)},
        {"_wstat64i32", address_of(status_of_path<WCHAR, LONGLONG, LONG>)},
        {"_wunlink", address_of(remove_file<WCHAR>)},
        {"_wutime", address_of(set_times<WCHAR, Native>)},
        {"_wutime32", address_of(set_times<WCHAR, LONG>)},
        {"_wutime64", address_of(set_times<WCHAR, LONGLONG>)},
        {"remove", address_of(remove_file<char>)},
        {"rename", address_of(rename_path<char>)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

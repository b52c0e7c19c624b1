// _open, _read, _write and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/low-level-i-o
#include <cerrno>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "winapi/code_page.hpp"
#include "winapi/crt/arguments.hpp"
#include "winapi/crt/error_number.hpp"
#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/file_table.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/file_writes.hpp"

namespace instdrv::winapi::crt {
namespace {

// _open's permissions are given only with _O_CREAT.
int WINFN_C open_narrow(const char* path, int flags, int permissions) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    return open_file(utf8_from_ansi(path), flags, permissions);
}

int WINFN_C open_wide(LPCWSTR path, int flags, int permissions) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    return open_file(utf8_from_wide(path), flags, permissions);
}

int answer_error(int file, int* number) {
    if (number != nullptr) *number = file;
    return file < 0 ? error_number() : 0;
}

int WINFN_C open_narrow_checked(int* number, const char* path, int flags, int, int permissions) {
    return answer_error(open_narrow(path, flags, permissions), number);
}

int WINFN_C open_wide_checked(int* number, LPCWSTR path, int flags, int, int permissions) {
    return answer_error(open_wide(path, flags, permissions), number);
}

int WINFN_C sopen_narrow(const char* path, int flags, int, int permissions) {
    return open_narrow(path, flags, permissions);
}

int WINFN_C sopen_wide(LPCWSTR path, int flags, int, int permissions) {
    return open_wide(path, flags, permissions);
}

int WINFN_C create_narrow(const char* path, int permissions) {
    return open_narrow(path, CREAT | TRUNC | RDWR, permissions);
}

int WINFN_C create_wide(LPCWSTR path, int permissions) {
    return open_wide(path, CREAT | TRUNC | RDWR, permissions);
}

int WINFN_C low_close(int number) { return close_file(number); }

int WINFN_C low_read(int number, void* buffer, unsigned size) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : read_file(*file, buffer, size);
}

int WINFN_C low_write(int number, const void* bytes, unsigned size) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : write_file(*file, bytes, size);
}

LONGLONG WINFN_C low_seek64(int number, LONGLONG offset, int origin) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, LONGLONG{-1}) : seek_file(*file, offset, origin);
}

LONG WINFN_C low_seek(int number, LONG offset, int origin) {
    return static_cast<LONG>(low_seek64(number, offset, origin));
}

LONGLONG WINFN_C low_tell64(int number) { return low_seek64(number, 0, SEEK_CUR); }

LONG WINFN_C low_tell(int number) { return static_cast<LONG>(low_tell64(number)); }

LONGLONG WINFN_C file_length64(int number) {
    const auto file = open_files().find(number);
    struct stat status {};
    if (file == nullptr || ::fstat(file->fd.get(), &status) != 0) {
        return fail_with(EBADF, LONGLONG{-1});
    }
    return status.st_size;
}

LONG WINFN_C file_length(int number) { return static_cast<LONG>(file_length64(number)); }

int WINFN_C is_at_end(int number) {
    const LONGLONG position = low_tell64(number);
    return position < 0 ? -1 : position >= file_length64(number) ? 1 : 0;
}

int WINFN_C change_size_checked(int number, LONGLONG size) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, EBADF);
    if (file->kind != OpenFile::Kind::file || size < 0) return fail_with(EINVAL, EINVAL);
    const int failed = resize_file(file->fd.get(), size);
    if (failed == 0) return 0;
    const int error = windows_error_number(failed);
    return fail_with(error, error);
}

int WINFN_C change_size(int number, LONG size) {
    return change_size_checked(number, size) == 0 ? 0 : -1;
}

int WINFN_C commit(int number) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, -1);
    if (file->kind != OpenFile::Kind::file || ::fsync(file->fd.get()) == 0) return 0;
    return fail_with_errno();
}

int WINFN_C set_mode(int number, int mode) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, -1);
    if (mode != TEXT && mode != BINARY) return fail_with(EINVAL, -1);
    return file->text.exchange(mode == TEXT) ? TEXT : BINARY;
}

int WINFN_C is_terminal(int number) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, 0);
    return file->kind == OpenFile::Kind::file ? 0 : 0x40;
}

int WINFN_C duplicate(int number) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : open_files().add(file);
}

int WINFN_C duplicate_to(int number, int target) {
    const auto file = open_files().find(number);
    if (file == nullptr || !open_files().put(target, file)) return fail_with(EBADF, -1);
    return 0;
}

// -2: a file without a HANDLE, as documented for the standard ones of a program without a console.
std::intptr_t WINFN_C handle_of(int number) {
    constexpr std::intptr_t no_console = -2;
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, std::intptr_t{-1});
    const HANDLE handle = file->handle();
    return handle == nullptr ? no_console : reinterpret_cast<std::intptr_t>(handle);
}

int WINFN_C number_of_handle(std::intptr_t handle, int flags) {
    return adopt_handle(reinterpret_cast<HANDLE>(handle), flags);
}

}  // namespace

std::span<const Export> low_level_exports() {
    constexpr std::string_view no_unicode = "the Unicode text modes fail with EINVAL";
    constexpr std::string_view no_sharing = "the sharing mode is ignored";
    static const Export table[] = {
        {"_chsize", address_of(change_size)},
        {"_chsize_s", address_of(change_size_checked)},
        {"_close", address_of(low_close)},
        {"_commit", address_of(commit)},
        {"_creat", address_of(create_narrow)},
        {"_dup", address_of(duplicate)},
        {"_dup2", address_of(duplicate_to)},
        {"_eof", address_of(is_at_end)},
        {"_filelength", address_of(file_length)},
        {"_filelengthi64", address_of(file_length64)},
        {"_get_osfhandle", address_of(handle_of)},
        {"_isatty", address_of(is_terminal)},
        {"_lseek", address_of(low_seek)},
        {"_lseeki64", address_of(low_seek64)},
        {"_open", address_of(open_narrow), Coverage::partial, no_unicode},
        {"_open_osfhandle", address_of(number_of_handle)},
        {"_read", address_of(low_read)},
        {"_setmode", address_of(set_mode), Coverage::partial, no_unicode},
        {"_sopen", address_of(sopen_narrow), Coverage::partial, no_sharing},
        {"_sopen_s", address_of(open_narrow_checked), Coverage::partial, no_sharing},
        {"_tell", address_of(low_tell)},
        {"_telli64", address_of(low_tell64)},
        {"_wcreat", address_of(create_wide)},
        {"_wopen", address_of(open_wide), Coverage::partial, no_unicode},
        {"_write", address_of(low_write)},
        {"_wsopen", address_of(sopen_wide), Coverage::partial, no_sharing},
        {"_wsopen_s", address_of(open_wide_checked), Coverage::partial, no_sharing},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

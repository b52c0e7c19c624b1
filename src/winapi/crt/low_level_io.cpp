// _open, _read, _write and their relatives.
// https://learn.microsoft.com/cpp/c-runtime-library/low-level-i-o
#include <cerrno>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

#include "winapi/crt/arguments.hpp"
#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/file_table.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/text/code_page.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

// _open's permissions are given only with _O_CREAT.
int _open(const char* path, int flags, int permissions) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    return open_file(utf8_from_ansi(path), flags, permissions);
}
CRT_EXPORT(_open, in_crt, Coverage::partial, "the Unicode text modes fail with EINVAL");

int _wopen(LPCWSTR path, int flags, int permissions) {
    if (path == nullptr) return fail_with(EINVAL, -1);
    return open_file(utf8_from_wide(path), flags, permissions);
}
CRT_EXPORT(_wopen, in_crt, Coverage::partial, "the Unicode text modes fail with EINVAL");

int answer_error(int file, int* number) {
    if (number != nullptr) *number = file;
    return file < 0 ? error_number() : 0;
}

int _sopen_s(int* number, const char* path, int flags, int, int permissions) {
    return answer_error(_open(path, flags, permissions), number);
}
CRT_EXPORT(_sopen_s, in_crt, Coverage::partial, "the sharing mode is ignored");

int _wsopen_s(int* number, LPCWSTR path, int flags, int, int permissions) {
    return answer_error(_wopen(path, flags, permissions), number);
}
CRT_EXPORT(_wsopen_s, in_crt, Coverage::partial, "the sharing mode is ignored");

int _sopen(const char* path, int flags, int, int permissions) {
    return _open(path, flags, permissions);
}
CRT_EXPORT(_sopen, in_crt, Coverage::partial, "the sharing mode is ignored");

int _wsopen(LPCWSTR path, int flags, int, int permissions) {
    return _wopen(path, flags, permissions);
}
CRT_EXPORT(_wsopen, in_crt, Coverage::partial, "the sharing mode is ignored");

int _creat(const char* path, int permissions) {
    return _open(path, CREAT | TRUNC | RDWR, permissions);
}
CRT_EXPORT(_creat, in_crt);

int _wcreat(LPCWSTR path, int permissions) {
    return _wopen(path, CREAT | TRUNC | RDWR, permissions);
}
CRT_EXPORT(_wcreat, in_crt);

int _close(int number) { return close_file(number); }
CRT_EXPORT(_close, in_crt);

int _read(int number, void* buffer, unsigned size) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : read_file(*file, buffer, size);
}
CRT_EXPORT(_read, in_crt);

int _write(int number, const void* bytes, unsigned size) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : write_file(*file, bytes, size);
}
CRT_EXPORT(_write, in_crt);

LONGLONG _lseeki64(int number, LONGLONG offset, int origin) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, LONGLONG{-1}) : seek_file(*file, offset, origin);
}
CRT_EXPORT(_lseeki64, in_crt);

LONG _lseek(int number, LONG offset, int origin) {
    return static_cast<LONG>(_lseeki64(number, offset, origin));
}
CRT_EXPORT(_lseek, in_crt);

LONGLONG _telli64(int number) { return _lseeki64(number, 0, SEEK_CUR); }
CRT_EXPORT(_telli64, in_crt);

LONG _tell(int number) { return static_cast<LONG>(_telli64(number)); }
CRT_EXPORT(_tell, in_crt);

LONGLONG _filelengthi64(int number) {
    const auto file = open_files().find(number);
    struct stat status {};
    if (file == nullptr || ::fstat(file->fd.get(), &status) != 0) {
        return fail_with(EBADF, LONGLONG{-1});
    }
    return status.st_size;
}
CRT_EXPORT(_filelengthi64, in_crt);

LONG _filelength(int number) { return static_cast<LONG>(_filelengthi64(number)); }
CRT_EXPORT(_filelength, in_crt);

int _eof(int number) {
    const LONGLONG position = _telli64(number);
    return position < 0 ? -1 : position >= _filelengthi64(number) ? 1 : 0;
}
CRT_EXPORT(_eof, in_crt);

int _chsize_s(int number, LONGLONG size) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, EBADF);
    if (file->kind != OpenFile::Kind::file || size < 0) return fail_with(EINVAL, EINVAL);
    const int failed = resize_file(file->fd.get(), size);
    if (failed == 0) return 0;
    const int error = windows_error_number(failed);
    return fail_with(error, error);
}
CRT_EXPORT(_chsize_s, in_crt);

int _chsize(int number, LONG size) { return _chsize_s(number, size) == 0 ? 0 : -1; }
CRT_EXPORT(_chsize, in_crt);

int _commit(int number) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, -1);
    if (file->kind != OpenFile::Kind::file || ::fsync(file->fd.get()) == 0) return 0;
    return fail_with_errno();
}
CRT_EXPORT(_commit, in_crt);

int _setmode(int number, int mode) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, -1);
    if (mode != TEXT && mode != BINARY) return fail_with(EINVAL, -1);
    return file->text.exchange(mode == TEXT) ? TEXT : BINARY;
}
CRT_EXPORT(_setmode, in_crt, Coverage::partial, "the Unicode text modes fail with EINVAL");

int _isatty(int number) {
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, 0);
    return file->kind == OpenFile::Kind::file ? 0 : 0x40;
}
CRT_EXPORT(_isatty, in_crt);

int _dup(int number) {
    const auto file = open_files().find(number);
    return file == nullptr ? fail_with(EBADF, -1) : open_files().add(file);
}
CRT_EXPORT(_dup, in_crt);

int _dup2(int number, int target) {
    const auto file = open_files().find(number);
    if (file == nullptr || !open_files().put(target, file)) return fail_with(EBADF, -1);
    return 0;
}
CRT_EXPORT(_dup2, in_crt);

// -2: a file without a HANDLE, as documented for the standard ones of a program without a console.
std::intptr_t _get_osfhandle(int number) {
    constexpr std::intptr_t no_console = -2;
    const auto file = open_files().find(number);
    if (file == nullptr) return fail_with(EBADF, std::intptr_t{-1});
    const HANDLE handle = file->handle();
    return handle == nullptr ? no_console : reinterpret_cast<std::intptr_t>(handle);
}
CRT_EXPORT(_get_osfhandle, in_crt);

int _open_osfhandle(std::intptr_t handle, int flags) {
    return adopt_handle(reinterpret_cast<HANDLE>(handle), flags);
}
CRT_EXPORT(_open_osfhandle, in_crt);

}  // namespace

}  // namespace instdrv::winapi::crt

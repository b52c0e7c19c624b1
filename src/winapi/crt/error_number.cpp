#include "winapi/crt/error_number.hpp"
#include "winapi/export.hpp"

#include <cerrno>

namespace instdrv::winapi::crt {
namespace {

thread_local int this_error = 0;
thread_local DWORD this_system_error = 0;

int* _errno() { return &this_error; }
CRT_EXPORT(_errno, in_crt);

DWORD* doserrno() { return &this_system_error; }
CRT_EXPORT_AS("__doserrno", in_crt, doserrno);

int _get_errno(int* value) {
    if (value == nullptr) return EINVAL;
    *value = this_error;
    return 0;
}
CRT_EXPORT(_get_errno, in_crt);

int _set_errno(int value) {
    this_error = value;
    return 0;
}
CRT_EXPORT(_set_errno, in_crt);

int _get_doserrno(DWORD* value) {
    if (value == nullptr) return EINVAL;
    *value = this_system_error;
    return 0;
}
CRT_EXPORT(_get_doserrno, in_crt);

int _set_doserrno(DWORD value) {
    this_system_error = value;
    return 0;
}
CRT_EXPORT(_set_doserrno, in_crt);

}  // namespace

int& error_number() noexcept { return this_error; }

int windows_error_number(int host_error) noexcept {
    switch (host_error) {
        case EDEADLK: return 36;
        case ENAMETOOLONG: return 38;
        case ENOLCK: return 39;
        case ENOSYS: return 40;
        case ENOTEMPTY: return 41;
        case EILSEQ: return windows_EILSEQ;
        case EDQUOT:
        case EFBIG: return ENOSPC;
        case ELOOP:
        case EOPNOTSUPP: return EINVAL;
        default: return host_error;
    }
}

int error_number_of(DWORD windows_error) noexcept {
    this_system_error = windows_error;
    switch (windows_error) {
        case ERROR_SUCCESS: return 0;
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_NAME:
        case ERROR_NO_MORE_FILES: return ENOENT;
        case ERROR_ACCESS_DENIED: return EACCES;
        case ERROR_INVALID_HANDLE: return EBADF;
        case ERROR_NOT_ENOUGH_MEMORY: return ENOMEM;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS: return EEXIST;
        case ERROR_DISK_FULL: return ENOSPC;
        case ERROR_TOO_MANY_OPEN_FILES: return EMFILE;
        default: return EINVAL;
    }
}

}  // namespace instdrv::winapi::crt

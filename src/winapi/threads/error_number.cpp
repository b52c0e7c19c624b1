#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

thread_local int this_error = 0;
thread_local DWORD this_system_error = 0;

}  // namespace

int& error_number() noexcept { return this_error; }

DWORD& system_error_number() noexcept { return this_system_error; }

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
    system_error_number() = windows_error;
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

#include "winapi/crt/error_number.hpp"

#include <cerrno>

#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

thread_local int this_error = 0;
thread_local DWORD this_system_error = 0;

int* WINFN_C crt_errno() { return &this_error; }

DWORD* WINFN_C doserrno() { return &this_system_error; }

int WINFN_C get_errno(int* value) {
    if (value == nullptr) return EINVAL;
    *value = this_error;
    return 0;
}

int WINFN_C set_errno(int value) {
    this_error = value;
    return 0;
}

int WINFN_C get_doserrno(DWORD* value) {
    if (value == nullptr) return EINVAL;
    *value = this_system_error;
    return 0;
}

int WINFN_C set_doserrno(DWORD value) {
    this_system_error = value;
    return 0;
}

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

std::span<const Export> error_number_exports() {
    static const Export table[] = {
        {"__doserrno", address_of(doserrno)},        {"_errno", address_of(crt_errno)},
        {"_get_doserrno", address_of(get_doserrno)}, {"_get_errno", address_of(get_errno)},
        {"_set_doserrno", address_of(set_doserrno)}, {"_set_errno", address_of(set_errno)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt

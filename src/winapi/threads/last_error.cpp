#include "winapi/threads/last_error.hpp"

#include <cerrno>

namespace instdrv::winapi {

DWORD error_from_errno(int error_number) noexcept {
    switch (error_number) {
        case 0: return ERROR_SUCCESS;
        case ENOENT: return ERROR_FILE_NOT_FOUND;
        case ENOTDIR: return ERROR_PATH_NOT_FOUND;
        case EACCES:
        case EPERM:
        case EROFS:
        case EISDIR:
        case ELOOP:
        case ETXTBSY: return ERROR_ACCESS_DENIED;
        case EBADF: return ERROR_INVALID_HANDLE;
        case ENOMEM: return ERROR_NOT_ENOUGH_MEMORY;
        case EMFILE:
        case ENFILE: return ERROR_TOO_MANY_OPEN_FILES;
        case EEXIST: return ERROR_FILE_EXISTS;
        case ENOTEMPTY: return ERROR_DIR_NOT_EMPTY;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return ERROR_DISK_FULL;
        case ENAMETOOLONG: return ERROR_FILENAME_EXCED_RANGE;
        case EINVAL: return ERROR_INVALID_PARAMETER;
        case EXDEV: return ERROR_NOT_SAME_DEVICE;
        default: return ERROR_GEN_FAILURE;
    }
}

int full_or(int error_number) noexcept {
    return error_number == EDQUOT || error_number == EFBIG ? ENOSPC : error_number;
}

}  // namespace instdrv::winapi

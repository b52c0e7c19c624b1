// Open files.
// https://learn.microsoft.com/windows/win32/fileio/file-management-functions
#include <cerrno>
#include <climits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/kernel32/pseudo_handles.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

constexpr DWORD GENERIC_READ = 0x80000000;
constexpr DWORD GENERIC_WRITE = 0x40000000;
constexpr DWORD GENERIC_ALL = 0x10000000;
constexpr DWORD FILE_READ_DATA = 1;
constexpr DWORD FILE_WRITE_DATA = 2;
constexpr DWORD FILE_APPEND_DATA = 4;
constexpr DWORD FILE_FLAG_DELETE_ON_CLOSE = 0x04000000;
constexpr DWORD INVALID_SET_FILE_POINTER = 0xFFFFFFFF;
constexpr DWORD INVALID_FILE_SIZE = 0xFFFFFFFF;

enum Disposition : DWORD {
    CREATE_NEW = 1,
    CREATE_ALWAYS = 2,
    OPEN_EXISTING = 3,
    OPEN_ALWAYS = 4,
    TRUNCATE_EXISTING = 5,
};

int open_mode(DWORD access) {
    const bool reads = (access & (GENERIC_READ | GENERIC_ALL | FILE_READ_DATA)) != 0;
    const bool writes =
        (access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    if (!writes) return O_RDONLY;
    const bool only_appends = (access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_DATA)) == 0;
    return (reads ? O_RDWR : O_WRONLY) | (only_appends ? O_APPEND : 0);
}

// open(2)'s flags for a disposition; -1: there is no such.
int creation_flags(DWORD disposition) {
    switch (disposition) {
        case CREATE_NEW: return O_CREAT | O_EXCL;
        case CREATE_ALWAYS: return O_CREAT | O_TRUNC;
        case OPEN_EXISTING: return 0;
        case OPEN_ALWAYS: return O_CREAT;
        case TRUNCATE_EXISTING: return O_TRUNC;
        default: return -1;
    }
}

template <class Character>
HANDLE CreateFile(const Character* name, DWORD access, DWORD, void*, DWORD disposition, DWORD flags,
                  HANDLE) {
    const int creation = creation_flags(disposition);
    const bool only_reads = open_mode(access) == O_RDONLY;
    if (creation < 0 || (disposition == TRUNCATE_EXISTING && only_reads)) {
        return fail(ERROR_INVALID_PARAMETER, invalid_handle);
    }
    const std::string path = to_utf8_text(name);
    const bool existed = facts_at(path).has_value();
    auto fd = open_in_view(path, open_mode(access) | creation);
    if (!fd) return fail(fd.error(), invalid_handle);
    const bool tells = existed && (disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS);
    set_last_error(tells ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    const bool deletes = (flags & FILE_FLAG_DELETE_ON_CLOSE) != 0;
    return new_handle(std::make_shared<FileObject>(std::move(*fd), deletes ? path : std::string{}));
}
WINAPI_EXPORT_AS("CreateFileA", in_kernel32, CreateFile<char>, Coverage::partial,
                 "C:\\ only (see paths); share modes are ignored");
WINAPI_EXPORT_AS("CreateFileW", in_kernel32, CreateFile<WCHAR>, Coverage::partial,
                 "C:\\ only (see paths); share modes are ignored");

// The part of OVERLAPPED that says where to read and write. The work is always done at once.
struct Overlapped {
    DWORD_PTR status;
    DWORD_PTR transferred;
    DWORD offset_low;
    DWORD offset_high;
    HANDLE event;
};

off_t offset_of(const Overlapped& overlapped) {
    return static_cast<off_t>(std::uint64_t{overlapped.offset_high} << 32 | overlapped.offset_low);
}

DWORD transfer_error(int error_number) {
    if (error_number == EFAULT) return ERROR_NOACCESS;
    if (error_number == EBADF) return ERROR_ACCESS_DENIED;  // opened for something else
    return error_from_errno(error_number);
}

BOOL finish(ssize_t moved, DWORD* transferred, Overlapped* overlapped) {
    if (moved < 0) return fail(transfer_error(errno), FALSE);
    if (transferred != nullptr) *transferred = static_cast<DWORD>(moved);
    if (overlapped != nullptr) {
        overlapped->status = 0;
        overlapped->transferred = static_cast<DWORD_PTR>(moved);
        if (const auto event = find_object<Event>(overlapped->event)) event->set();
    }
    return TRUE;
}

BOOL ReadFile(HANDLE handle, void* buffer, DWORD size, DWORD* transferred, Overlapped* overlapped) {
    if (transferred != nullptr) *transferred = 0;
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (overlapped == nullptr) {
        return finish(::read(file->fd(), buffer, size), transferred, nullptr);
    }
    const ssize_t got = ::pread(file->fd(), buffer, size, offset_of(*overlapped));
    if (got == 0 && size != 0) return fail(ERROR_HANDLE_EOF, FALSE);
    return finish(got, transferred, overlapped);
}
WINAPI_EXPORT(ReadFile, in_kernel32, Coverage::partial, "overlapped work is done at once");

BOOL WriteFile(HANDLE handle, const void* buffer, DWORD size, DWORD* transferred,
               Overlapped* overlapped) {
    if (transferred != nullptr) *transferred = 0;
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    const int error = overlapped == nullptr
                          ? write_whole(file->fd(), buffer, size)
                          : write_whole_at(file->fd(), buffer, size, offset_of(*overlapped));
    if (error != 0) return fail(transfer_error(error), FALSE);
    return finish(static_cast<ssize_t>(size), transferred, overlapped);
}
WINAPI_EXPORT(WriteFile, in_kernel32, Coverage::partial, "overlapped work is done at once");

BOOL GetOverlappedResult(HANDLE, const Overlapped* overlapped, DWORD* transferred, BOOL) {
    *transferred = static_cast<DWORD>(overlapped->transferred);
    return TRUE;
}
WINAPI_EXPORT(GetOverlappedResult, in_kernel32);

BOOL CancelIo(HANDLE handle) {
    return find_object<FileObject>(handle) ? TRUE : fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT(CancelIo, in_kernel32);

BOOL SetFilePointerEx(HANDLE handle, LONGLONG distance, LONGLONG* position, DWORD method) {
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    if (method > 2) return fail(ERROR_INVALID_PARAMETER, FALSE);
    constexpr int origins[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    const off_t moved = ::lseek(file->fd(), distance, origins[method]);
    if (moved < 0) return fail(ERROR_NEGATIVE_SEEK, FALSE);
    if (position != nullptr) *position = moved;
    return TRUE;
}
WINAPI_EXPORT(SetFilePointerEx, in_kernel32);

// Without `high` the distance is a signed 32-bit number.
DWORD SetFilePointer(HANDLE handle, LONG low, LONG* high, DWORD method) {
    const LONGLONG distance =
        high == nullptr ? low
                        : static_cast<LONGLONG>(std::uint64_t{static_cast<DWORD>(*high)} << 32 |
                                                static_cast<DWORD>(low));
    LONGLONG position = 0;
    if (SetFilePointerEx(handle, distance, &position, method) == FALSE) {
        return INVALID_SET_FILE_POINTER;
    }
    set_last_error(ERROR_SUCCESS);
    if (high != nullptr) *high = static_cast<LONG>(position >> 32);
    return static_cast<DWORD>(position);
}
WINAPI_EXPORT(SetFilePointer, in_kernel32);

WinResult<struct stat> status_of(HANDLE handle) {
    const auto file = find_object<FileObject>(handle);
    struct stat status {};
    if (!file) return tl::unexpected(ERROR_INVALID_HANDLE);
    if (::fstat(file->fd(), &status) != 0) return tl::unexpected(error_from_errno(errno));
    return status;
}

BOOL GetFileSizeEx(HANDLE handle, LONGLONG* size) {
    const auto status = status_of(handle);
    if (!status) return fail(status.error(), FALSE);
    *size = status->st_size;
    return TRUE;
}
WINAPI_EXPORT(GetFileSizeEx, in_kernel32);

DWORD GetFileSize(HANDLE handle, DWORD* high) {
    LONGLONG size = 0;
    if (GetFileSizeEx(handle, &size) == FALSE) return INVALID_FILE_SIZE;
    set_last_error(ERROR_SUCCESS);
    if (high != nullptr) *high = static_cast<DWORD>(size >> 32);
    return static_cast<DWORD>(size);
}
WINAPI_EXPORT(GetFileSize, in_kernel32);

BOOL SetEndOfFile(HANDLE handle) {
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    const int error = resize_file(file->fd(), ::lseek(file->fd(), 0, SEEK_CUR));
    return error == 0 ? TRUE : fail(error_from_errno(error), FALSE);
}
WINAPI_EXPORT(SetEndOfFile, in_kernel32);

BOOL FlushFileBuffers(HANDLE handle) {
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    return ::fsync(file->fd()) == 0 ? TRUE : fail(error_from_errno(errno), FALSE);
}
WINAPI_EXPORT(FlushFileBuffers, in_kernel32);

DWORD GetFileType(HANDLE handle) {
    constexpr DWORD FILE_TYPE_UNKNOWN = 0;
    constexpr DWORD FILE_TYPE_DISK = 1;
    if (find_object<FileObject>(handle)) return FILE_TYPE_DISK;
    return fail(ERROR_INVALID_HANDLE, FILE_TYPE_UNKNOWN);
}
WINAPI_EXPORT(GetFileType, in_kernel32);

BOOL GetFileTime(HANDLE handle, FileTime* created, FileTime* accessed, FileTime* written) {
    const auto status = status_of(handle);
    if (!status) return fail(status.error(), FALSE);
    const FileFacts facts = facts_of(*status, true);
    if (created != nullptr) *created = facts.created;
    if (accessed != nullptr) *accessed = facts.accessed;
    if (written != nullptr) *written = facts.written;
    return TRUE;
}
WINAPI_EXPORT(GetFileTime, in_kernel32);

BOOL SetFileTime(HANDLE handle, const FileTime*, const FileTime* accessed,
                 const FileTime* written) {
    const auto file = find_object<FileObject>(handle);
    if (!file) return fail(ERROR_INVALID_HANDLE, FALSE);
    timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                         {.tv_sec = 0, .tv_nsec = UTIME_OMIT}};
    if (accessed != nullptr) times[0] = unix_time_of(ticks_of(*accessed));
    if (written != nullptr) times[1] = unix_time_of(ticks_of(*written));
    return ::futimens(file->fd(), times) == 0 ? TRUE : fail(error_from_errno(errno), FALSE);
}
WINAPI_EXPORT(SetFileTime, in_kernel32, Coverage::partial, "the time of creation is not kept");

struct ByHandleFileInformation {
    DWORD attributes;
    FileTime created;
    FileTime accessed;
    FileTime written;
    DWORD volume;
    DWORD size_high;
    DWORD size_low;
    DWORD links;
    DWORD index_high;
    DWORD index_low;
};
static_assert(sizeof(ByHandleFileInformation) == 52);

BOOL GetFileInformationByHandle(HANDLE handle, ByHandleFileInformation* information) {
    const auto status = status_of(handle);
    if (!status) return fail(status.error(), FALSE);
    const FileFacts facts = facts_of(*status, true);
    *information = {
        .attributes = facts.attributes,
        .created = facts.created,
        .accessed = facts.accessed,
        .written = facts.written,
        .volume = 0,
        .size_high = static_cast<DWORD>(facts.size >> 32),
        .size_low = static_cast<DWORD>(facts.size),
        .links = 1,
        .index_high = static_cast<DWORD>(status->st_ino >> 32),
        .index_low = static_cast<DWORD>(status->st_ino),
    };
    return TRUE;
}
WINAPI_EXPORT(GetFileInformationByHandle, in_kernel32);

BOOL LockFile(HANDLE handle, DWORD, DWORD, DWORD, DWORD) {
    return find_object<FileObject>(handle) ? TRUE : fail(ERROR_INVALID_HANDLE, FALSE);
}
WINAPI_EXPORT(LockFile, in_kernel32, Coverage::partial,
              "accepted without effect: files are a driver's own");
WINAPI_EXPORT_AS("UnlockFile", in_kernel32, LockFile, Coverage::partial,
                 "accepted without effect: files are a driver's own");

}  // namespace

}  // namespace instdrv::winapi::kernel32

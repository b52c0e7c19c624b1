// Files by their names: attributes, deleting, moving, copying, folders.
// https://learn.microsoft.com/windows/win32/fileio/file-management-functions
#include <cerrno>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

template <class Character>
DWORD GetFileAttributes(const Character* name) {
    const auto facts = facts_at(to_utf8_text(name));
    return facts ? facts->attributes : fail(facts.error(), INVALID_FILE_ATTRIBUTES);
}
WINAPI_EXPORT_AS("GetFileAttributesA", in_kernel32, GetFileAttributes<char>);
WINAPI_EXPORT_AS("GetFileAttributesW", in_kernel32, GetFileAttributes<WCHAR>);

struct FileAttributeData {
    DWORD attributes;
    FileTime created;
    FileTime accessed;
    FileTime written;
    DWORD size_high;
    DWORD size_low;
};
static_assert(sizeof(FileAttributeData) == 36);

template <class Character>
BOOL GetFileAttributesEx(const Character* name, int level, FileAttributeData* data) {
    if (level != 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    const auto facts = facts_at(to_utf8_text(name));
    if (!facts) return fail(facts.error(), FALSE);
    *data = {facts->attributes,
             facts->created,
             facts->accessed,
             facts->written,
             static_cast<DWORD>(facts->size >> 32),
             static_cast<DWORD>(facts->size)};
    return TRUE;
}
WINAPI_EXPORT_AS("GetFileAttributesExA", in_kernel32, GetFileAttributesEx<char>);
WINAPI_EXPORT_AS("GetFileAttributesExW", in_kernel32, GetFileAttributesEx<WCHAR>);

template <class Character>
BOOL SetFileAttributes(const Character* name, DWORD) {
    const auto place = locate(to_utf8_text(name));
    if (!place) return fail(place.error(), FALSE);
    if (!place->exists) return fail(ERROR_FILE_NOT_FOUND, FALSE);
    return place->writable ? TRUE : fail(ERROR_ACCESS_DENIED, FALSE);
}
WINAPI_EXPORT_AS("SetFileAttributesA", in_kernel32, SetFileAttributes<char>, Coverage::partial,
                 "accepted without effect");
WINAPI_EXPORT_AS("SetFileAttributesW", in_kernel32, SetFileAttributes<WCHAR>, Coverage::partial,
                 "accepted without effect");

template <class Character>
BOOL DeleteFile(const Character* name) {
    return succeeded(delete_file(to_utf8_text(name)));
}
WINAPI_EXPORT_AS("DeleteFileA", in_kernel32, DeleteFile<char>);
WINAPI_EXPORT_AS("DeleteFileW", in_kernel32, DeleteFile<WCHAR>);

DWORD make_folder(std::string_view path) {
    const auto place = locate(path, true);
    if (!place) return place.error();
    if (place->exists) return ERROR_ALREADY_EXISTS;
    if (!place->writable || !place->folder) return ERROR_ACCESS_DENIED;
    return ::mkdirat(place->folder.get(), place->name.c_str(), 0777) == 0 ? ERROR_SUCCESS
                                                                          : error_from_errno(errno);
}

template <class Character>
BOOL CreateDirectory(const Character* name, void*) {
    return succeeded(make_folder(to_utf8_text(name)));
}
WINAPI_EXPORT_AS("CreateDirectoryA", in_kernel32, CreateDirectory<char>);
WINAPI_EXPORT_AS("CreateDirectoryW", in_kernel32, CreateDirectory<WCHAR>);

DWORD remove_folder(std::string_view path) {
    const auto place = locate(path);
    if (!place) return place.error();
    if (!place->exists) return ERROR_FILE_NOT_FOUND;
    if (!place->writable || !place->folder || place->name == ".") return ERROR_ACCESS_DENIED;
    if (::unlinkat(place->folder.get(), place->name.c_str(), AT_REMOVEDIR) == 0) {
        return ERROR_SUCCESS;
    }
    return errno == ENOTDIR ? ERROR_DIRECTORY : error_from_errno(errno);
}

template <class Character>
BOOL RemoveDirectory(const Character* name) {
    return succeeded(remove_folder(to_utf8_text(name)));
}
WINAPI_EXPORT_AS("RemoveDirectoryA", in_kernel32, RemoveDirectory<char>);
WINAPI_EXPORT_AS("RemoveDirectoryW", in_kernel32, RemoveDirectory<WCHAR>);

constexpr DWORD MOVEFILE_REPLACE_EXISTING = 1;

bool are_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool are_same(const Place& a, const Place& b) {
    struct stat of_a {};
    struct stat of_b {};
    return ::fstatat(a.folder.get(), a.name.c_str(), &of_a, AT_SYMLINK_NOFOLLOW) == 0 &&
           ::fstatat(b.folder.get(), b.name.c_str(), &of_b, AT_SYMLINK_NOFOLLOW) == 0 &&
           are_same(of_a, of_b);
}

DWORD move_file(std::string_view from, std::string_view to, bool replaces) {
    const auto source = locate(from);
    if (!source) return source.error();
    if (!source->exists) return ERROR_FILE_NOT_FOUND;
    const auto target = locate(to, true);
    if (!target) return target.error();
    if (!source->writable || !source->folder || !target->writable || !target->folder) {
        return ERROR_ACCESS_DENIED;
    }
    // A name whose letters alone change in case is the same file's.
    const bool onto_itself = target->exists && are_same(*source, *target);
    if (onto_itself) {
        const auto components = components_of(to);
        if (!components || components->empty()) return ERROR_ACCESS_DENIED;
        return ::renameat(source->folder.get(), source->name.c_str(), target->folder.get(),
                          components->back().c_str()) == 0
                   ? ERROR_SUCCESS
                   : error_from_errno(errno);
    }
    const unsigned flags = replaces ? 0 : RENAME_NOREPLACE;
    const int result = ::renameat2(source->folder.get(), source->name.c_str(), target->folder.get(),
                                   target->name.c_str(), flags);
    if (result == 0) return ERROR_SUCCESS;
    return errno == EEXIST ? ERROR_ALREADY_EXISTS : error_from_errno(errno);
}

template <class Character>
BOOL MoveFile(const Character* from, const Character* to) {
    return succeeded(move_file(to_utf8_text(from), to_utf8_text(to), false));
}
WINAPI_EXPORT_AS("MoveFileA", in_kernel32, MoveFile<char>);
WINAPI_EXPORT_AS("MoveFileW", in_kernel32, MoveFile<WCHAR>);

template <class Character>
BOOL MoveFileEx(const Character* from, const Character* to, DWORD flags) {
    if (to == nullptr) return fail(ERROR_ACCESS_DENIED, FALSE);
    const bool replaces = (flags & MOVEFILE_REPLACE_EXISTING) != 0;
    return succeeded(move_file(to_utf8_text(from), to_utf8_text(to), replaces));
}
WINAPI_EXPORT_AS("MoveFileExA", in_kernel32, MoveFileEx<char>, Coverage::partial,
                 "at once only, not at the next start");
WINAPI_EXPORT_AS("MoveFileExW", in_kernel32, MoveFileEx<WCHAR>, Coverage::partial,
                 "at once only, not at the next start");

// 0 or an errno.
int copy_content(int from, int to) {
    std::vector<char> buffer(std::size_t{256} << 10);
    for (;;) {
        const ssize_t got = ::read(from, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0 ? 0 : errno;
        const int error = write_whole(to, buffer.data(), static_cast<std::size_t>(got));
        if (error != 0) return error;
    }
}

// A copy that fails leaves no file.
DWORD copy_file(std::string_view from, std::string_view to, bool must_be_new) {
    const auto source = open_in_view(from, O_RDONLY);
    if (!source) return source.error();
    // It is emptied once it is known to be another file.
    const auto target = open_in_view(to, O_WRONLY | O_CREAT | (must_be_new ? O_EXCL : 0));
    if (!target) return target.error();
    struct stat of_source {};
    struct stat of_target {};
    if (::fstat(source->get(), &of_source) != 0 || ::fstat(target->get(), &of_target) != 0) {
        return error_from_errno(errno);
    }
    if (are_same(of_source, of_target)) return ERROR_SHARING_VIOLATION;
    int error = resize_file(target->get(), 0);
    if (error == 0) error = copy_content(source->get(), target->get());
    if (error == 0) return ERROR_SUCCESS;
    delete_file(to);
    return error_from_errno(error);
}

template <class Character>
BOOL CopyFile(const Character* from, const Character* to, BOOL must_be_new) {
    return succeeded(copy_file(to_utf8_text(from), to_utf8_text(to), must_be_new != FALSE));
}
WINAPI_EXPORT_AS("CopyFileA", in_kernel32, CopyFile<char>);
WINAPI_EXPORT_AS("CopyFileW", in_kernel32, CopyFile<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::kernel32

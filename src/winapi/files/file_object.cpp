#include "winapi/files/file_object.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "winapi/files/profiles.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {

FileObject::~FileObject() {
    if (!delete_on_close_.empty()) delete_file(delete_on_close_);
}

FileFacts facts_of(const struct stat& status, bool writable) {
    FileFacts facts;
    const bool is_folder = S_ISDIR(status.st_mode);
    facts.attributes = is_folder ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_ARCHIVE;
    if (!writable && !is_folder) facts.attributes |= FILE_ATTRIBUTE_READONLY;
    facts.created = file_time_of(ticks_of(status.st_ctim));
    facts.accessed = file_time_of(ticks_of(status.st_atim));
    facts.written = file_time_of(ticks_of(status.st_mtim));
    facts.size = is_folder ? 0 : static_cast<std::uint64_t>(status.st_size);
    return facts;
}

WinResult<FileFacts> facts_of(const Place& place) {
    if (!place.exists) return tl::unexpected(ERROR_FILE_NOT_FOUND);
    if (!place.folder) return FileFacts{.attributes = FILE_ATTRIBUTE_DIRECTORY};
    struct stat status {};
    if (::fstatat(place.folder.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return tl::unexpected(error_from_errno(errno));
    }
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        return tl::unexpected(ERROR_FILE_NOT_FOUND);
    }
    return facts_of(status, place.writable);
}

WinResult<FileFacts> facts_at(std::string_view windows_path) {
    const auto place = locate(windows_path);
    return place ? facts_of(*place) : tl::unexpected(place.error());
}

DWORD delete_file(std::string_view windows_path) {
    const auto place = locate_as_it_is(windows_path);  // a full disk keeps nothing from going
    if (!place) return place.error();
    if (!place->exists) return ERROR_FILE_NOT_FOUND;
    if (!place->writable || !place->folder) return ERROR_ACCESS_DENIED;
    if (::unlinkat(place->folder.get(), place->name.c_str(), 0) != 0) {
        return error_from_errno(errno);
    }
    (void)fold_profile_at(*place);  // drops its journal; the next use of the name would as well
    return ERROR_SUCCESS;
}

}  // namespace instdrv::winapi

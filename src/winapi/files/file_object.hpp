// The open files behind HANDLEs, and code that several groups of file functions share.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <sys/stat.h>

#include "base/fd.hpp"
#include "winapi/files/file_time.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/objects/objects.hpp"

namespace instdrv::winapi {

constexpr DWORD FILE_ATTRIBUTE_READONLY = 0x1;
constexpr DWORD FILE_ATTRIBUTE_DIRECTORY = 0x10;
constexpr DWORD FILE_ATTRIBUTE_ARCHIVE = 0x20;
constexpr DWORD FILE_ATTRIBUTE_NORMAL = 0x80;
constexpr DWORD INVALID_FILE_ATTRIBUTES = 0xFFFFFFFF;

class FileObject final : public KernelObject {
public:
    FileObject(Fd fd, std::string delete_on_close)
        : fd_(std::move(fd)), delete_on_close_(std::move(delete_on_close)) {}
    ~FileObject() override;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

private:
    Fd fd_;
    std::string delete_on_close_;  // a Windows path; empty: stays
};

// What Windows' structures say about a file.
struct FileFacts {
    DWORD attributes = 0;
    FileTime created{};
    FileTime accessed{};
    FileTime written{};
    std::uint64_t size = 0;
};
FileFacts facts_of(const struct stat& status, bool writable);
// ERROR_FILE_NOT_FOUND where there is none, and for links and devices, which a driver does not see.
WinResult<FileFacts> facts_of(const Place& place);
WinResult<FileFacts> facts_at(std::string_view windows_path);

// Removes a file. ERROR_ACCESS_DENIED for folders and in the driver's own folder.
DWORD delete_file(std::string_view windows_path);

}  // namespace instdrv::winapi

#include "winapi/crt/file_table.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/crt/file_flags.hpp"
#include "winapi/crt/startup.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/files/file_writes.hpp"
#include "winapi/files/paths.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/text/driver_output.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

int host_flags(int flags) {
    int result = (flags & RDWR) != 0 ? O_RDWR : (flags & WRONLY) != 0 ? O_WRONLY : O_RDONLY;
    if ((flags & APPEND) != 0) result |= O_APPEND;
    if ((flags & CREAT) != 0) result |= O_CREAT;
    if ((flags & TRUNC) != 0) result |= O_TRUNC;
    if ((flags & (CREAT | EXCL)) == (CREAT | EXCL)) result |= O_EXCL;
    return result;
}

// Removes the '\r' before each '\n'; a '\r' at the end of the bytes stays.
std::size_t to_text(char* bytes, std::size_t size) {
    char* to = bytes;
    for (const char* from = bytes; from != bytes + size; ++from) {
        const bool line_end = *from == '\r' && from + 1 != bytes + size && from[1] == '\n';
        if (!line_end) *to++ = *from;
    }
    return static_cast<std::size_t>(to - bytes);
}

// Is the '\r' that a read ended with the first half of a line end? Then the '\n' is taken, too.
void complete_line_end(int fd, char& last) {
    char next = 0;
    const auto got = ::read(fd, &next, 1);
    if (got == 1 && next == '\n') {
        last = '\n';
    } else if (got == 1) {
        ::lseek(fd, -1, SEEK_CUR);
    }
}

int read_text(int fd, char* buffer, unsigned size) {
    const auto got = ::read(fd, buffer, size);
    if (got < 0) return fail_with_errno();
    auto length = static_cast<std::size_t>(got);
    if (const auto end = std::find(buffer, buffer + got, end_of_text); end != buffer + got) {
        // What follows is never read.
        ::lseek(fd, 0, SEEK_END);
        length = static_cast<std::size_t>(end - buffer);
    } else if (got > 0 && buffer[got - 1] == '\r') {
        complete_line_end(fd, buffer[got - 1]);
    }
    return static_cast<int>(to_text(buffer, length));
}

bool wants_text(int flags) {
    return (flags & (TEXT | BINARY)) == 0 ? default_file_mode() != BINARY : (flags & BINARY) == 0;
}

std::string to_file_text(const char* bytes, unsigned size) {
    std::string result;
    result.reserve(size);
    for (unsigned i = 0; i < size; ++i) {
        if (bytes[i] == '\n') result.push_back('\r');
        result.push_back(bytes[i]);
    }
    return result;
}

}  // namespace

OpenFile::~OpenFile() {
    if (handle_ != nullptr) kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle_));
}

HANDLE OpenFile::handle() {
    if (kind != Kind::file) return nullptr;
    const std::lock_guard lock(mutex_);
    if (handle_ == nullptr) {
        Fd copy(::dup(fd.get()));
        if (copy) handle_ = new_handle(std::make_shared<FileObject>(std::move(copy), ""));
    }
    return handle_;
}

FileTable::FileTable() {
    files_[0] = std::make_shared<OpenFile>(OpenFile::Kind::no_input);
    files_[1] = std::make_shared<OpenFile>(OpenFile::Kind::output_for_people);
    files_[2] = std::make_shared<OpenFile>(OpenFile::Kind::output_for_people);
}

int FileTable::add(std::shared_ptr<OpenFile> file) {
    const std::lock_guard lock(mutex_);
    const auto free = std::find(files_.begin(), files_.end(), nullptr);
    if (free == files_.end()) return fail_with(EMFILE, -1);
    *free = std::move(file);
    return static_cast<int>(free - files_.begin());
}

bool FileTable::put(int number, std::shared_ptr<OpenFile> file) {
    if (number < 0 || number >= capacity) return false;
    const std::lock_guard lock(mutex_);
    files_[static_cast<std::size_t>(number)].swap(file);
    return true;
}

std::shared_ptr<OpenFile> FileTable::find(int number) const {
    if (number < 0 || number >= capacity) return nullptr;
    const std::lock_guard lock(mutex_);
    return files_[static_cast<std::size_t>(number)];
}

std::shared_ptr<OpenFile> FileTable::remove(int number) {
    if (number < 0 || number >= capacity) return nullptr;
    const std::lock_guard lock(mutex_);
    return std::exchange(files_[static_cast<std::size_t>(number)], nullptr);
}

FileTable& open_files() {
    static FileTable table;
    return table;
}

int open_file(std::string_view windows_path, int flags, int permissions) {
    if ((flags & (WTEXT | U16TEXT | U8TEXT)) != 0) return fail_with(EINVAL, -1);
    auto opened = open_in_view(windows_path, host_flags(flags));
    if (!opened) return fail_with(error_number_of(opened.error()), -1);
    const bool read_only = (flags & CREAT) != 0 && (permissions & S_WRITE) == 0;
    if (read_only && ::fchmod(opened->get(), 0444) != 0) return fail_with_errno();
    return open_files().add(std::make_shared<OpenFile>(std::move(*opened), wants_text(flags)));
}

int adopt_handle(HANDLE handle, int flags) {
    const auto object = find_object<FileObject>(handle);
    Fd copy(object == nullptr ? -1 : ::dup(object->fd()));
    if (!copy) return fail_with(EBADF, -1);
    kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
    // Here, unlike in _open, binary is the default.
    return open_files().add(std::make_shared<OpenFile>(std::move(copy), (flags & TEXT) != 0));
}

int read_file(OpenFile& file, void* buffer, unsigned size) {
    switch (file.kind) {
        case OpenFile::Kind::no_input: return 0;
        case OpenFile::Kind::output_for_people: return fail_with(EBADF, -1);
        case OpenFile::Kind::file: break;
    }
    if (file.text) return read_text(file.fd.get(), static_cast<char*>(buffer), size);
    const auto got = ::read(file.fd.get(), buffer, size);
    return got < 0 ? fail_with_errno() : static_cast<int>(got);
}

int write_file(OpenFile& file, const void* bytes, unsigned size) {
    const auto* const text = static_cast<const char*>(bytes);
    switch (file.kind) {
        case OpenFile::Kind::no_input: return fail_with(EBADF, -1);
        case OpenFile::Kind::output_for_people:
            print_for_driver({text, size});
            return static_cast<int>(size);
        case OpenFile::Kind::file: break;
    }
    int error = 0;
    if (file.text) {
        const std::string translated = to_file_text(text, size);
        error = write_whole(file.fd.get(), translated.data(), translated.size());
    } else {
        error = write_whole(file.fd.get(), text, size);
    }
    return error == 0 ? static_cast<int>(size) : fail_with(windows_error_number(error), -1);
}

std::int64_t seek_file(const OpenFile& file, std::int64_t offset, int origin) {
    if (file.kind != OpenFile::Kind::file) return fail_with(ESPIPE, std::int64_t{-1});
    static_assert(SEEK_SET == 0 && SEEK_CUR == 1 && SEEK_END == 2);  // Windows' values as well
    const auto position = ::lseek(file.fd.get(), offset, origin);
    return position < 0 ? fail_with_errno() : position;
}

int close_file(int number) {
    return open_files().remove(number) == nullptr ? fail_with(EBADF, -1) : 0;
}

}  // namespace instdrv::winapi::crt

#include "winapi/files/file_writes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <tuple>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "winapi/files/driver_state.hpp"
#include "winapi/state/file_lock.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

// Room in the state folder for a file that grows; given back unless the file has it.
class Growth {
public:
    Growth(off_t from, off_t to) : bytes_(to > from ? static_cast<std::uint64_t>(to - from) : 0) {
        if (bytes_ == 0) return;
        const DriverState* const state = DriverState::current();
        room_ = state == nullptr ? nullptr : &state->room();
        granted_ = room_ == nullptr || room_->take(bytes_);
        if (!granted_) room_ = nullptr;
    }
    ~Growth() {
        if (room_ != nullptr) room_->give_back(bytes_);
    }
    Growth(const Growth&) = delete;
    Growth& operator=(const Growth&) = delete;

    [[nodiscard]] bool granted() const noexcept { return granted_; }
    void keep() noexcept { room_ = nullptr; }

private:
    std::uint64_t bytes_;
    StateRoom* room_ = nullptr;
    bool granted_ = true;
};

// -1 and errno where it is not known.
off_t size_of(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 ? status.st_size : -1;
}

// Takes back the part that was written beyond the file's old end, if it is still the file's end.
void take_back(int fd, off_t old_size, off_t end_of_part) {
    if (end_of_part > old_size && size_of(fd) == end_of_part)
        std::ignore = ::ftruncate(fd, old_size);
}

// `write_part(bytes, size, done)` is one write(2).
template <class WritePart>
int write_parts(int fd, const void* bytes, std::size_t size, off_t start, WritePart write_part) {
    const FileLock no_fold(fd, LOCK_SH);
    const off_t old_size = size_of(fd);
    if (old_size < 0) return errno;
    Growth growth(old_size, start + static_cast<off_t>(size));
    if (!growth.granted()) return ENOSPC;
    std::size_t done = 0;
    do {
        const ssize_t part = write_part(static_cast<const char*>(bytes) + done, size - done, done);
        if (part < 0 && errno == EINTR) continue;
        if (part < 0) {
            const int error = full_or(errno);
            take_back(fd, old_size, start + static_cast<off_t>(done));
            return error;
        }
        done += static_cast<std::size_t>(part);
    } while (done < size);
    growth.keep();
    return 0;
}

}  // namespace

int write_whole(int fd, const void* bytes, std::size_t size) {
    const bool appends = (::fcntl(fd, F_GETFL) & O_APPEND) != 0;
    const off_t start = appends ? size_of(fd) : ::lseek(fd, 0, SEEK_CUR);
    if (start < 0) return errno;
    const int error =
        write_parts(fd, bytes, size, start, [&](const char* part, std::size_t length, std::size_t) {
            return ::write(fd, part, length);
        });
    if (error != 0 && !appends) ::lseek(fd, start, SEEK_SET);
    return error;
}

int write_whole_at(int fd, const void* bytes, std::size_t size, off_t offset) {
    return write_parts(fd, bytes, size, offset,
                       [&](const char* part, std::size_t length, std::size_t done) {
                           return ::pwrite(fd, part, length, offset + static_cast<off_t>(done));
                       });
}

int resize_file(int fd, off_t size) {
    const FileLock no_fold(fd, LOCK_SH);
    const off_t old_size = size_of(fd);
    if (old_size < 0) return errno;
    Growth growth(old_size, size);
    if (!growth.granted()) return ENOSPC;
    if (::ftruncate(fd, size) != 0) return full_or(errno);
    growth.keep();
    return 0;
}

}  // namespace instdrv::winapi

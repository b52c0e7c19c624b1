// A lock of flock(2) on an open file, held while this object lives. It is advisory: it excludes
// only those who take it, too.
#pragma once

#include <cerrno>

#include <sys/file.h>

namespace instdrv::winapi {

class FileLock {
public:
    // LOCK_SH or LOCK_EX; waits. The file stays open meanwhile.
    FileLock(int fd, int kind) noexcept : fd_(fd) {
        while (::flock(fd_, kind) != 0) {
            if (errno == EINTR) continue;
            error_ = errno;
            return;
        }
    }
    ~FileLock() {
        if (error_ == 0) ::flock(fd_, LOCK_UN);
    }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

    [[nodiscard]] int error() const noexcept { return error_; }  // an errno; 0: it is held

private:
    int fd_;
    int error_ = 0;
};

}  // namespace instdrv::winapi

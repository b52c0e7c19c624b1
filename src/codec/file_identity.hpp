// The identity of the file behind a descriptor, by whatever name it was opened.
#pragma once

#include <optional>

#include <sys/stat.h>

namespace instdrv::codec {

struct FileIdentity {
    dev_t device = 0;
    ino_t number = 0;
    bool operator==(const FileIdentity&) const = default;
};

// Nothing for what is no regular file: others can be read and written at once.
inline std::optional<FileIdentity> identity_in(const struct stat& status) {
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    return FileIdentity{.device = status.st_dev, .number = status.st_ino};
}

inline std::optional<FileIdentity> identity_of(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return std::nullopt;
    return identity_in(status);
}

}  // namespace instdrv::codec

#include "base/file_part.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace instdrv {

Result<Fd> open_regular_file(const std::filesystem::path& file) {
    Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return failure(io_error("open", file, errno));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return failure(io_error("read", file, errno));
    if (S_ISREG(status.st_mode)) return fd;
    auto error = io_error("read", file, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
    if (!S_ISDIR(status.st_mode)) error.cause = "it is not a regular file";
    return failure(std::move(error));
}

Result<std::span<const std::byte>> read_part(const Fd& fd, const std::filesystem::path& name,
                                             std::uint64_t offset, std::span<std::byte> room) {
    std::size_t filled = 0;
    while (filled < room.size()) {
        const auto got = ::pread(fd.get(), room.data() + filled, room.size() - filled,
                                 static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(io_error("read", name, errno));
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    return room.first(filled);
}

}  // namespace instdrv

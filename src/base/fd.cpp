#include "base/fd.hpp"

#include <algorithm>
#include <cerrno>
#include <random>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv {

Fd& Fd::operator=(Fd&& other) noexcept {
    const Fd old(std::exchange(fd_, other.release()));
    return *this;
}

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

Status Fd::close() {
    if (::close(release()) != 0) return failure(io_error("close", {}, errno));
    return {};
}

Error io_error(std::string operation, const std::filesystem::path& file, int error_number) {
    return {.code = ErrorCode::io,
            .operation = std::move(operation),
            .driver = file.string(),
            .cause = std::generic_category().message(error_number),
            .advice = {},
            .system_code = error_number};
}

namespace {

Result<std::size_t> size_of_regular(int fd, const std::filesystem::path& file) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return failure(io_error("read", file, errno));
    if (S_ISDIR(status.st_mode)) return failure(io_error("read", file, EISDIR));
    if (S_ISREG(status.st_mode)) return static_cast<std::size_t>(status.st_size);
    auto error = io_error("read", file, EINVAL);
    error.cause = "it is not a regular file";
    return failure(std::move(error));
}

}  // namespace

Result<std::vector<std::byte>> read_file(const std::filesystem::path& file, std::size_t limit) {
    constexpr std::size_t smallest_step = 4096;
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return failure(io_error("open", file, errno));
    const auto size = size_of_regular(fd.get(), file);
    if (!size) return failure(size.error());
    if (*size > limit) return failure(io_error("read", file, EFBIG));
    // To the end and not to the size, which is 0 for files of /proc and may change meanwhile. There
    // is room for a byte more than the size, so that reading on finds the end.
    std::vector<std::byte> content(std::max(smallest_step, *size + 1));
    std::size_t filled = 0;
    for (;;) {
        if (filled > limit) return failure(io_error("read", file, EFBIG));
        if (filled == content.size()) content.resize(filled * 2);
        const auto got = ::read(fd.get(), content.data() + filled, content.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(io_error("read", file, errno));
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return content;
}

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

Status write_all(int fd, std::span<const std::byte> content, const std::filesystem::path& file) {
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure(io_error("write", file, errno));
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

namespace {

// Behind symbolic links, of which one is not to be replaced by a file.
std::filesystem::path resolved(const std::filesystem::path& file) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(file, error);
    return error ? file : path;
}

struct Temporary {
    Fd fd;
    std::string name;
};

// A new file in the same folder, with the mode of the one it is to replace, else the usual one.
Result<Temporary> create_beside(const Fd& folder, const std::string& name,
                                const std::filesystem::path& shown) {
    constexpr mode_t usual = 0666;  // less what the umask takes
    std::random_device random;
    auto temporary = fmt::format(".{}.{:08x}{:08x}", name, random(), random());
    Fd fd(
        ::openat(folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, usual));
    if (!fd) return failure(io_error("create a file beside", shown, errno));
    struct stat old {};
    if (::fstatat(folder.get(), name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(old.st_mode)) {
        (void)::fchmod(fd.get(), old.st_mode & 0777);
    }
    return Temporary{.fd = std::move(fd), .name = std::move(temporary)};
}

Status replace(Temporary& temporary, const Fd& folder, const std::string& name,
               std::span<const std::byte> content, const std::filesystem::path& shown) {
    if (auto status = write_all(temporary.fd.get(), content, shown); !status) return status;
    if (::fsync(temporary.fd.get()) != 0) return failure(io_error("flush", shown, errno));
    if (auto status = temporary.fd.close(); !status) return status;
    if (::renameat(folder.get(), temporary.name.c_str(), folder.get(), name.c_str()) == 0) {
        return {};
    }
    return failure(io_error("replace", shown, errno));
}

}  // namespace

Status write_file_atomically(const Fd& folder, const std::string& name,
                             std::span<const std::byte> content,
                             const std::filesystem::path& shown) {
    auto temporary = create_beside(folder, name, shown);
    if (!temporary) return failure(std::move(temporary.error()));
    if (auto status = replace(*temporary, folder, name, content, shown); !status) {
        ::unlinkat(folder.get(), temporary->name.c_str(), 0);
        return status;
    }
    if (::fsync(folder.get()) != 0) return failure(io_error("flush", shown.parent_path(), errno));
    return {};
}

Status write_file_atomically(const std::filesystem::path& file,
                             std::span<const std::byte> content) {
    std::error_code error;
    const auto target = resolved(std::filesystem::absolute(file, error));
    if (error) return failure(io_error("write", file, error.value()));
    const Fd folder(::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) return failure(io_error("create a file beside", target, errno));
    return write_file_atomically(folder, target.filename().string(), content, target);
}

}  // namespace instdrv

#include "base/fd.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv {

Fd& Fd::operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
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

Result<std::vector<std::byte>> read_file(const std::filesystem::path& file, std::size_t limit) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return failure(io_error("open", file, errno));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) return failure(io_error("read", file, errno));
    if (S_ISDIR(status.st_mode)) return failure(io_error("read", file, EISDIR));
    if (!S_ISREG(status.st_mode)) return failure(io_error("read", file, EINVAL));
    if (static_cast<std::size_t>(status.st_size) > limit) {
        return failure(io_error("read", file, EFBIG));
    }
    std::vector<std::byte> content(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < content.size()) {
        const auto got = ::read(fd.get(), content.data() + filled, content.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(io_error("read", file, errno));
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    content.resize(filled);
    return content;
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

Status flush_folder(const std::filesystem::path& folder) {
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return failure(io_error("flush", folder, errno));
    return {};
}

}  // namespace

Status write_file_atomically(const std::filesystem::path& file,
                             std::span<const std::byte> content) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::string beside = (folder / fmt::format(".{}.XXXXXX", file.filename().string())).string();
    Fd fd(::mkostemp(beside.data(), O_CLOEXEC));
    if (!fd) return failure(io_error("create a file beside", file, errno));
    auto status = write_all(fd.get(), content, file);
    if (status && ::fsync(fd.get()) != 0) status = failure(io_error("flush", file, errno));
    if (status) status = fd.close();
    if (status && ::rename(beside.c_str(), file.c_str()) != 0) {
        status = failure(io_error("replace", file, errno));
    }
    if (!status) {
        ::unlink(beside.c_str());
        return status;
    }
    return flush_folder(folder);
}

}  // namespace instdrv

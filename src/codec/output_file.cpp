#include "codec/output_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace instdrv::codec {
namespace {

// Behind symbolic links: replacing a link would leave the file it names as it was.
std::filesystem::path resolved(const std::filesystem::path& target) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(target, error);
    return error ? target : path;
}

// mkostemp makes files that only their owner reads; a result is for whom the umask says.
void give_usual_permissions(int fd) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    (void)::fchmod(fd, 0666 & ~mask);
}

Status flush_folder_of(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return failure(io_error("write", file, errno));
    return {};
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::filesystem::path& target) {
    if (target == "-") {
        Fd fd(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
        if (!fd) return failure(io_error("write", "standard output", errno));
        return OutputFile(std::move(fd), "standard output", {});
    }
    std::error_code unknown;
    const auto status = std::filesystem::status(target, unknown);
    if (std::filesystem::is_directory(status)) return failure(io_error("write", target, EISDIR));
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        Fd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
        if (!fd) return failure(io_error("write", target, errno));
        return OutputFile(std::move(fd), target, {});
    }
    const auto real = resolved(target);
    std::string name = (real.parent_path() / ("." + real.filename().string() + ".XXXXXX")).string();
    Fd fd(::mkostemp(name.data(), O_CLOEXEC));
    if (!fd) return failure(io_error("write", target, errno));
    give_usual_permissions(fd.get());
    return OutputFile(std::move(fd), real, name);
}

OutputFile::~OutputFile() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status OutputFile::write(std::span<const std::byte> content) {
    return write_all(fd_.get(), content, target_);
}

Status OutputFile::patch(std::uint64_t position, std::span<const std::byte> content) {
    while (!content.empty()) {
        const auto written =
            ::pwrite(fd_.get(), content.data(), content.size(), static_cast<off_t>(position));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure(io_error("write", target_, errno));
        content = content.subspan(static_cast<std::size_t>(written));
        position += static_cast<std::uint64_t>(written);
    }
    return {};
}

Status OutputFile::commit() {
    if (temporary_.empty()) return fd_.close();
    if (::fsync(fd_.get()) != 0) return failure(io_error("write", target_, errno));
    if (const Status closed = fd_.close(); !closed) return closed;
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        return failure(io_error("write", target_, errno));
    }
    temporary_.clear();
    return flush_folder_of(target_);
}

}  // namespace instdrv::codec
